"""What a source's trouble looks like at the desk and on its page, read from scripted servers."""

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
from tests.mastodon_server import MastodonServer
from tests.two_events import Hall
from tests.wall.looks import look, reading, told
from wall import api, hook_secrets, ingest, scheduling
from wall.demo_organizer import add_organizer
from wall.models import Post, Source

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


# --- what is no feed, and no delivery
def test_feed_that_becomes_a_web_page_is_told_and_nothing_of_it_is_taken(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    config = {"url": f"{server.url}/tags/sommerfest.rss"}
    source = factories.make_source(event, adapter="feed", config=config, cursor='{"etag": "7"}')
    server.answer("html")

    look(server)

    for page in (desk(ina, event), own_page(ina, source)):
        assert "This is a web page, not a feed. Look on it for a link that says RSS" in page
    assert "Bitte anmelden" not in desk(ina, event)
    kept = told(source.key)
    assert (kept.state, kept.cursor, Post.objects.count()) == ("failing", '{"etag": "7"}', 0)
    assert kept.next_try_at is not None


def deliver(source: Source, nonce: str, *, off: timedelta, flip: int) -> int:
    body = b'{"posts": [{"id": "1", "text": "Bin da #fest"}]}'
    at = str(int((timezone.now() + off).timestamp()))
    headers = {
        "Eventhub-Timestamp": at,
        "Eventhub-Nonce": nonce,
        "Eventhub-Signature": hook_secrets.sign("geheim", at, nonce, body),
    }
    url, sent = f"/api/v1/hooks/{source.key}", bytes([body[0] ^ flip]) + body[1:]
    answer = guests.browser().post(url, sent, content_type="application/json", headers=headers)
    return answer.status_code


def test_forged_repeated_and_late_deliveries_are_counted_at_the_desk(
    ina: Client, event: Event
) -> None:
    api.refusals._levels.clear()
    source = factories.make_source(event, adapter="hook", config={}, token="geheim")
    now = timedelta(0)

    answers = [
        deliver(source, "nonce-0001", off=now, flip=1),
        deliver(source, "nonce-0001", off=now, flip=0),
        deliver(source, "nonce-0001", off=now, flip=0),
        deliver(source, "nonce-0002", off=-DAY, flip=0),
    ]

    assert answers == [401, 200, 409, 401]
    assert [post.text for post in Post.objects.all()] == ["Bin da #fest"]
    last = deliver(source, "nonce-0003", off=DAY, flip=0)
    assert "The last delivery was refused" in own_page(ina, source)
    assert "the last delivery was refused" in desk(ina, event)
    assert last == 401
    for page in (desk(ina, event), own_page(ina, source)):
        assert "4 deliveries were refused: forged, repeated, too late or unreadable." in page
        assert "The time stamp is more than 5 minutes off." in page


@pytest.mark.parametrize("tag", ["zwei worte", "fest🎉", "🎉", "2026", "ä" * 400, "#", "a/../b"])
@pytest.mark.parametrize("adapter", ["bluesky", "jetstream", "mastodon"])
def test_tag_that_is_none_stops_its_source_with_words_and_asks_nobody(
    ina: Client, event: Event, adapter: str, tag: str
) -> None:
    config = {"server": "netz.example", "handle": "mira.bsky.social", "tag": tag}
    factories.make_source(event, adapter=adapter, config=config, token="geheim")

    look()

    assert "stopped" in desk(ina, event)
    assert "The hashtag must be one word of letters and digits." in desk(ina, event)


# --- a server that lets us ask seldom


@pytest.mark.parametrize(("wait_s", "told"), [(300, True), (60, False)])
def test_long_pause_of_a_good_source_is_told_and_ends(
    ina: Client, event: Event, wait_s: float, told: bool
) -> None:
    source = factories.make_source(event)
    ingest.take(source, factories.make_batch(wait_s=10))
    ingest.take(source, factories.make_batch(cursor="2", wait_s=wait_s))

    source.refresh_from_db()
    at = f"asks again at <time>{source.next_try_at:%H:%M:%S}</time>"
    for page in (desk(ina, event), own_page(ina, source)):
        assert (at in page) is told
        assert ("asks again" in page) is told

    ingest.take(source, factories.make_batch(cursor="3", wait_s=10))
    assert "asks again" not in desk(ina, event)
