"""Looks at sources as the collector takes them, one after the other, at scripted servers."""

import asyncio

from agenda.models import Event
from tests import factories
from tests.bluesky_server import BlueskyServer
from tests.mastodon_server import MastodonServer
from wall.collector import Collector
from wall.egress import Egress
from wall.models import Source


def reading(event: Event, server: MastodonServer, **fields: object) -> Source:
    config = {"server": server.url, "tag": server.tag}
    return factories.make_source(event, adapter="mastodon", config=config, **fields)


def look(*servers: MastodonServer | BlueskyServer, times: int = 1) -> None:
    """So many looks at every source, whether it is due or not, by a collector of its own."""
    asyncio.run(_look([server.address for server in servers], times))


async def _look(allow: list[tuple[str, int]], times: int) -> None:
    collector = Collector(Egress(allow=allow))
    for _time in range(times):
        sources = Source.objects.select_related("event")
        for source in await collector._database.run("look", list, sources):
            await collector._fetch(source)
    collector._database.close()
    collector._database.join()


def told(key: str) -> Source:
    return Source.objects.get(key=key)
