"""What the collector itself says about a source in trouble, in the words of its event."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone, translation
from pytest_django import Settings

from tests import factories
from wall import collector as collecting
from wall.collector import Collector
from wall.egress import Egress
from wall.models import Source
from wall.sources.base import Batch


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


async def look() -> None:
    """One look at every source that is due, by a collector of its own."""
    collector = Collector(Egress(), adapters={"silent": Silent(), "broken": Broken()})
    await collector.step()
    await collector.settle()
    await collector._database.run("test", connections.close_all)
    collector._database.close()
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
