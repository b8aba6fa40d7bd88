"""What the collector itself says about a source in trouble, in the words of its event."""

import asyncio
import logging
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone, translation
from pytest_django import Settings

from agenda.erasure import erase
from agenda.models import Event
from eventhub.live import check_log
from tests import factories
from wall import collector as collecting
from wall.collector import Collector
from wall.egress import Egress
from wall.lease import Lease
from wall.models import Source
from wall.sources.base import Adapter, Batch


class Silent:
    kind = "silent"

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        await asyncio.Event().wait()
        raise AssertionError


class Broken:
    kind = "broken"

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        raise RuntimeError("an answer that nobody thought of")


class Leaving:
    """Brings a post for an event that is deleted while it asks."""

    kind = "leaving"

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        await asyncio.to_thread(self.erase)
        return factories.make_batch(factories.make_incoming())

    def erase(self) -> None:
        for event in Event.objects.all():
            erase(event)
        connections.close_all()


ADAPTERS: dict[str, Adapter] = {each.kind: each for each in (Silent(), Broken(), Leaving())}


async def look() -> None:
    """One look at every source that is due, by a collector of its own."""
    collector = Collector(Egress(), adapters=ADAPTERS)
    await collector.step()
    await collector.settle()
    collector._database.close()
    collector._database.join()
    collector._lease.give_back()


@pytest.mark.parametrize(
    ("language", "adapter", "said"),
    [
        ("en", "silent", "The server did not answer in time."),
        ("de", "silent", "Der Server hat nicht rechtzeitig geantwortet."),
        ("en", "broken", "The server gave an answer we cannot read."),
        ("de", "broken", "Der Server hat etwas geantwortet, das wir nicht lesen können."),
    ],
)
def test_trouble_is_told_in_the_language_of_the_event(
    language: str,
    adapter: str,
    said: str,
    transactional_db: None,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(collecting, "LONGEST_FETCH_S", 0.0)
    event = factories.make_event(language=language)
    source = factories.make_source(event, adapter=adapter, next_try_at=timezone.now())

    with translation.override("en" if language == "de" else "de"):
        asyncio.run(look())

    told = Source.objects.get(pk=source.pk)
    assert (told.state, told.error) == (Source.State.FAILING, said)


def test_event_deleted_while_its_source_is_read_leaves_nothing(
    transactional_db: None, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = tmp_path
    source = factories.make_source(
        factories.make_event(), adapter="leaving", next_try_at=timezone.now()
    )

    with caplog.at_level(logging.INFO, logger="wall.collector"):
        asyncio.run(look())

    said = [record.message for record in caplog.records if record.name == "wall.collector"]
    assert (said, check_log.event_ids()) == (["source gone"], [])
    assert not Source.objects.filter(pk=source.pk).exists()


def test_collector_that_ends_while_it_takes_the_lease_leaves_it_to_the_next(
    transactional_db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    inside, door, next_one = threading.Event(), threading.Event(), Lease()
    took: list[bool] = []

    def hold_slowly(lease: Lease) -> bool:
        inside.set()
        door.wait(30)
        took.append(take(lease))
        return took[0]

    async def end_at_once() -> None:
        collector = Collector(Egress(), adapters=ADAPTERS)
        running = asyncio.create_task(collector.run())
        await asyncio.to_thread(inside.wait, 30)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        door.set()
        await asyncio.to_thread(collector._database.join)

    take = Lease.hold
    with monkeypatch.context() as patch:
        patch.setattr(Lease, "hold", hold_slowly)
        asyncio.run(end_at_once())

    held = next_one.hold()
    next_one.give_back()
    assert (took, held) == ([True], True)
