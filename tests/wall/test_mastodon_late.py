"""What a Mastodon server files below the last post we have seen: found, once, and in order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from agenda.models import Event
from tests import factories
from tests.mastodon_server import FIRST_ID, MastodonServer
from tests.wall.looks import look, reading, told
from wall.models import Post
from wall.sources.mastodon import Mastodon
from wall.sources.registry import ADAPTERS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[MastodonServer]:
    settings.DATA_DIR = tmp_path
    with MastodonServer() as server:
        yield server


@pytest.fixture
def event() -> Event:
    return factories.make_event(zone="UTC", language="en")


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of an adapter that no other test has used: it remembers when it looked back."""
    clock = Clock()
    monkeypatch.setitem(ADAPTERS, "mastodon", Mastodon(now=clock))
    return clock


def texts() -> list[str]:
    return [post.text for post in Post.objects.order_by("pk")]


def test_post_that_travelled_is_found_within_a_minute(
    event: Event, server: MastodonServer, clock: Clock
) -> None:
    source = reading(event, server)
    newest = server.add("Eins #sommerfest")
    look(server)
    for number, written in ((2, timezone.now() - DAY), (3, timezone.now() - 3 * DAY)):
        server.add(f"Spät {number} #sommerfest", below=newest, created_at=written.isoformat())
        newest = str(int(newest) - 1)
    look(server, times=3)
    missed = texts()

    clock.now += timedelta(seconds=61)
    look(server, times=2)

    asked = [path.partition("?")[2] for path, _headers in server.requests]
    assert missed == ["Eins #sommerfest"]  # asking for what is above the last one does not find it
    assert texts() == ["Eins #sommerfest", "Spät 2 #sommerfest"]  # the other was there before us
    assert [query for query in asked if "min_id" not in query] == ["limit=20", "limit=40"]
    assert told(source.key).lag_s in range(86_400 - 60, 86_400 + 120)


def test_looking_back_takes_nothing_twice_and_moves_no_lag(
    event: Event, server: MastodonServer, clock: Clock
) -> None:
    source = reading(event, server)
    for number in range(30):
        server.add(f"Nummer {number} #sommerfest")
    look(server)
    first = texts()

    clock.now += timedelta(seconds=61)
    look(server)
    more, before = texts(), told(source.key)
    clock.now += timedelta(seconds=61)
    look(server)

    assert (len(first), len(more), texts() == more) == (20, 30, True)  # of today: rather all
    after = told(source.key)
    assert (after.lag_s, after.version) == (before.lag_s, before.version)
    assert before.lag_s is not None


def test_flood_between_two_looks_back_is_read_in_order_without_a_gap(
    event: Event, server: MastodonServer, clock: Clock
) -> None:
    source = reading(event, server)
    server.add("Anfang #sommerfest")
    look(server)
    for number in range(90):
        newest = server.add(f"Nummer {number} #sommerfest")

    clock.now += timedelta(seconds=61)
    look(server, times=4)

    assert texts()[1:] == [f"Nummer {number} #sommerfest" for number in range(90)]
    assert told(source.key).cursor == newest


def test_server_that_begins_its_ids_anew_is_heard_again(
    event: Event, server: MastodonServer, clock: Clock
) -> None:
    """Its clock was a day ahead, or it was restored: nothing comes above the last one for long."""
    reading(event, server, cursor=str(FIRST_ID << 4))
    server.add("Eins #sommerfest")
    look(server, times=2)
    silent = texts()

    clock.now += timedelta(seconds=61)
    look(server)
    server.add("Zwei #sommerfest")
    look(server)

    assert (silent, texts()) == ([], ["Eins #sommerfest", "Zwei #sommerfest"])
