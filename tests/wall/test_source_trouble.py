"""What a source's trouble looks like at the desk and on its page, read from scripted servers."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agenda.models import Event, Membership
from tests import factories, guests
from tests.bluesky_server import BlueskyServer
from tests.mastodon_server import FIRST_ID, MastodonServer
from tests.two_events import Hall
from wall import scheduling
from wall.collector import Collector
from wall.demo_organizer import add_organizer
from wall.egress import Egress
from wall.models import Post, Source
from wall.sources.mastodon import Mastodon
from wall.sources.registry import ADAPTERS

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


# --- a clock that is a day off
DAY = timedelta(days=1)


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def told(key: str) -> Source:
    return Source.objects.get(key=key)


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (DAY, "Its newest post says that it was written 24 hours after it came."),
        (-DAY, "Its newest post says that it was written 24 hours before it came."),
    ],
)
def test_post_from_another_day_is_in_our_order_and_the_desk_says_why(
    ina: Client, event: Event, server: MastodonServer, off: timedelta, said: str
) -> None:
    source = reading(event, server)
    server.add("Vorher #sommerfest")
    look(server)
    began = timezone.now()
    server.add("Anderntags #sommerfest", created_at=iso(began + off))
    look(server)
    assert said in desk(ina, event)
    assert said in own_page(ina, source)

    server.add("Danach #sommerfest")
    look(server)

    posts = list(Post.objects.order_by("shown_seq"))
    assert [post.text.split()[0] for post in posts] == ["Vorher", "Anderntags", "Danach"]
    assert all(began - DAY <= post.written_at <= timezone.now() for post in posts)
    assert posts[1].received_at >= began
    assert said not in desk(ina, event)


def test_post_from_tomorrow_leaves_the_queue_after_our_hour(
    event: Event, server: MastodonServer
) -> None:
    factories.make_rule(event, "review")
    reading(event, server)
    server.add("Morgen #sommerfest", created_at=iso(timezone.now() + DAY))
    look(server)

    waiting = Post.objects.pending().count()
    scheduling.expire(timezone.now() + timedelta(minutes=61))

    assert (waiting, Post.objects.pending().count()) == (1, 0)


def test_any_year_is_a_clock_that_is_wrong(event: Event, server: MastodonServer) -> None:
    source = reading(event, server, cursor="1")
    for year, lag in (("9999", -(2**31 - 1)), ("0001", 2**31 - 1)):
        server.add(f"Jahr {year} #sommerfest", created_at=f"{year}-01-02T00:00:00Z")
        look(server)

        assert told(source.key).lag_s == lag
        assert told(source.key).state == Source.State.GOOD


# --- a post that is filed below what we have seen
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
        server.add(f"Spät {number} #sommerfest", below=newest, created_at=iso(written))
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
