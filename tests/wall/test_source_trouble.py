"""What a source's trouble looks like at the desk and on its page, read from scripted servers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from agenda.models import Event, Membership
from tests import factories, guests
from tests.bluesky_server import BlueskyServer
from tests.mastodon_server import MastodonServer
from tests.two_events import Hall
from wall.collector import Collector
from wall.demo_organizer import add_organizer
from wall.egress import Egress
from wall.models import Source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(scope="module")
def mastodon() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


@pytest.fixture
def server(mastodon: MastodonServer, settings: Settings, tmp_path: Path) -> MastodonServer:
    settings.DATA_DIR = tmp_path
    mastodon.forget()
    return mastodon


@pytest.fixture
def event() -> Event:
    return factories.make_event(zone="UTC", language="en")


@pytest.fixture
def ina(event: Event) -> Client:
    guests.refill_buckets()
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


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


def words(answer: object) -> str:
    return " ".join(guests.everything_said(answer).split())


def desk(ina: Client, event: Event) -> str:
    return words(ina.get(f"/{event.slug}/desk/"))


def own_page(ina: Client, source: Source) -> str:
    return words(ina.get(f"/{source.event.slug}/home/sources/{source.key}/"))


# --- a token that is refused
@pytest.mark.parametrize(
    ("fault", "token", "said"),
    [
        ("401", "falsch", "The server does not accept this access token. You make a new one"),
        ("403", "falsch", "The server does not let this access token read the hashtag."),
        ("403", "", "The server lets nobody read this hashtag without an access token."),
    ],
)
def test_refused_token_is_told_at_the_desk_with_where_to_get_one(
    ina: Client, event: Event, server: MastodonServer, fault: str, token: str, said: str
) -> None:
    source = reading(event, server, token=token)
    server.answer(fault)

    look(server)

    place = "Preferences, Development, New application. <span>Next try at"
    for page in (desk(ina, event), own_page(ina, source).replace(" Next", " <span>Next")):
        assert said in page
        assert place in page
        assert "falsch" not in page
    assert f'href="{server.url}/settings/applications"' in own_page(ina, source)


def test_refused_app_password_is_told_at_the_desk_with_where_to_get_one(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    with BlueskyServer() as bluesky:
        source = factories.make_source(
            event, adapter="bluesky", config=bluesky.config, token="falsch"
        )
        look(bluesky)

    place = "Settings, Privacy and security, App passwords."
    assert place in desk(ina, event)
    page = own_page(ina, source)
    assert page.count(place) == 1
    assert 'href="https://bsky.app/settings/app-passwords"' in page
    assert "falsch" not in page


@pytest.mark.parametrize(
    ("kind", "config", "link"),
    [
        ("mastodon", {"server": "https://netz.example"}, "https://netz.example/settings/applic"),
        ("mastodon", {"server": "javascript:alert(1)"}, ""),
        ("mastodon", {"server": "https://mira@netz.example"}, ""),
        ("bluesky", {}, "https://bsky.app/settings/app-passwords"),
        ("feed", {"url": "https://blog.example/"}, ""),
    ],
)
@pytest.mark.parametrize("state", ["good", "stopped"])
def test_trouble_opens_the_words_about_the_secret_with_a_safe_link(
    ina: Client, event: Event, kind: str, config: dict[str, str], link: str, state: str
) -> None:
    source = factories.make_source(event, adapter=kind, config=config, state=state)

    said = own_page(ina, source)

    assert ('<details class="where" open>' in said) is (state == "stopped" and kind != "feed")
    assert said.count("where__page") == bool(link)
    assert f'<a class="link where__page" href="{link}' in said or not link
