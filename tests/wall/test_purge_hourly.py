"""Who purges: a command, and the collector that leads, once an hour."""

import asyncio
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from agenda.models import Event
from tests import factories
from wall import scrub
from wall.collector import Collector
from wall.egress import Egress
from wall.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


@pytest.fixture
def over(db: None) -> Event:
    """An event whose day of deletion is long past."""
    return factories.make_event(purge_on=date(2020, 1, 1))


# --- the command


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("purge", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def no_rewriting(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests run inside a transaction, in which no database rewrites its files."""
    monkeypatch.setattr(scrub, "_rewrite_sqlite", lambda: None)
    monkeypatch.setattr(scrub, "_rewrite_postgresql", lambda: None)


@pytest.mark.usefixtures("no_rewriting")
def test_command_deletes_what_is_due_and_nothing_else(over: Event) -> None:
    other = factories.make_event()
    for event in (over, other):
        factories.make_post(event)

    said = run()

    assert f"{over.slug}: deleted 1 posts\n" in said
    assert "rewritten" in said
    assert [post.event for post in Post.objects.all()] == [other]
    assert not scrub.is_due()


def test_dry_run_counts_and_deletes_nothing(over: Event) -> None:
    factories.make_note(over)

    assert run("--dry-run") == f"{over.slug}: would delete 1 posts, 1 guests\n"
    assert Post.objects.count() == 1
    assert not scrub.is_due()


@pytest.mark.usefixtures("no_rewriting")
def test_command_takes_one_event_and_none_before_its_day(over: Event) -> None:
    other = factories.make_event(purge_on=over.purge_on)
    for event in (over, other):
        factories.make_post(event)

    run("--event", over.slug)

    assert [post.event for post in Post.objects.all()] == [other]
    later = factories.make_event()
    with pytest.raises(CommandError, match="not before"):
        run("--event", later.slug)
    with pytest.raises(CommandError, match="There is no event"):
        run("--event", "nothing")


# --- the collector


@pytest.mark.django_db(transaction=True)
async def test_collector_that_leads_deletes_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    events = await asyncio.to_thread(_two_over)
    collector = Collector(Egress(), adapters={})
    monkeypatch.setattr(collector._lease, "hold", lambda: True)

    await collector.step()
    await collector.settle()
    assert await asyncio.to_thread(_posts_of, events) == 0

    await asyncio.to_thread(factories.make_post, events[0])
    await collector.step()
    await collector.settle()
    assert await asyncio.to_thread(_posts_of, events) == 1  # the hour is not over

    collector._purge_at = 0
    await collector.step()
    await collector.settle()
    assert await asyncio.to_thread(_posts_of, events) == 0
    collector._database.close()
    collector._database.join()


@pytest.mark.django_db(transaction=True)
async def test_collector_that_waits_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    events = await asyncio.to_thread(_two_over)
    collector = Collector(Egress(), adapters={})
    monkeypatch.setattr(collector._lease, "hold", lambda: False)

    await collector.step()
    await collector.settle()

    assert await asyncio.to_thread(_posts_of, events) == 2
    collector._database.close()
    collector._database.join()


def _two_over() -> list[Event]:
    events = [factories.make_event(purge_on=date(2020, 1, 1)) for _ in range(2)]
    for event in events:
        factories.make_post(event)
    connections.close_all()
    return events


def _posts_of(events: list[Event]) -> int:
    found = Post.objects.filter(event__in=events).count()
    connections.close_all()
    return found
