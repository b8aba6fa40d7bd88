"""The feed adapter against recorded feeds of our own writing, and against what is none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from tests.wall.recorder import Recorder
from wall.sources import feed_reading
from wall.sources.base import Batch, Image, Known, SourceError
from wall.sources.choice import ALSO
from wall.sources.feed import Feed
from wall.sources.feed_reading import Limits, UnreadableFeed

NOW = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
TOOTS = (FIXTURES / "mastodon_tag.rss").read_bytes()
BLOG = (FIXTURES / "blog.atom").read_bytes()
CONFIG = {"url": "https://moor.example/feed"}


def page(body: bytes, *, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def fetch(*pages: bytes, cursor: str = "", config: Mapping[str, str] = CONFIG) -> Batch:
    return await Feed(now=lambda: NOW).fetch(config, "", cursor, Recorder(pages=pages).egress())


async def failure(answer: bytes) -> SourceError:
    with pytest.raises(SourceError) as refused:
        await fetch(answer)
    return refused.value


def said(error: SourceError) -> str:
    with translation.override("en"):
        return str(error.message)


# --- what an entry becomes
async def test_toot_without_title_and_author_is_known_by_its_address() -> None:
    batch = await fetch(page(TOOTS), config={"url": "https://netz.example/tags/moorfest.rss"})

    older, newer = batch.items
    assert (older.name, older.author, older.text) == ("jost", "@jost@netz.example", "Bin da.")
    assert (newer.name, newer.author) == ("mira", "@mira@netz.example")
    assert newer.text == "Zwei Bilder vom Moor #moorfest"
    assert [(facet.kind, facet.value) for facet in newer.facets] == [("tag", "moorfest")]
    assert newer.tags == ("moorfest", "wollgras")
    assert newer.written_at == datetime(2026, 6, 5, 10, 20, tzinfo=UTC)
    assert newer.url == newer.remote_id == "https://netz.example/@mira/1111"


async def test_pictures_keep_their_own_descriptions_and_their_warning() -> None:
    _older, newer = (await fetch(page(TOOTS))).items

    assert newer.pictures == (
        Image("https://netz.example/media/a.png", "Ein Steg im Nebel"),
        Image("https://netz.example/media/b.png", "Wollgras"),
    )
    assert newer.sensitive


async def test_article_is_title_and_summary_by_its_author() -> None:
    article, short = (await fetch(page(BLOG))).items

    assert article.text == "Wie man ein Moor liest\n\nSchicht um Schicht & Jahr um Jahr."
    assert (article.name, article.author, article.language) == ("Hedwig Torf", "", "de")
    assert article.url == "https://moor.example/2026/moor-lesen"
    assert article.key == "feed:tag:moor.example,2026:1"
    assert (short.text, short.name) == ("Nur ein Titel, und mehr.", "Moorblog")


async def test_clock_that_is_a_day_ahead_moves_nothing_into_the_future() -> None:
    _article, ahead = (await fetch(page(BLOG))).items

    assert ahead.written_at == NOW


async def test_only_entries_with_a_wanted_tag_come_in() -> None:
    assert [
        one.name for one in (await fetch(page(TOOTS), config=CONFIG | {ALSO: "Wollgras"})).items
    ] == ["mira"]


async def test_entry_without_a_name_of_its_own_keeps_the_one_we_gave_it() -> None:
    rss = b"<rss version='2.0'><channel><item><title>Hallo</title></item></channel></rss>"

    keys = [(await fetch(page(rss))).items[0].key for _again in range(2)]

    assert keys[0] == keys[1]
    assert keys[0].startswith("feed:https://moor.example/feed ")


# --- asking
async def test_feed_that_has_not_changed_is_not_sent_again() -> None:
    first = page(TOOTS, ETag='"abc"', Last_Modified="Fri, 05 Jun 2026 10:20:00 GMT")
    batch = await fetch(first)
    recorder = Recorder(pages=[page(b"", status="304 Not Modified")])

    again = await Feed(now=lambda: NOW).fetch(CONFIG, "", batch.cursor, recorder.egress())

    sent = bytes(recorder.streams[0].sent).decode().lower()
    assert 'if-none-match: "abc"\r\n' in sent
    assert "if-modified-since: fri, 05 jun 2026 10:20:00 gmt\r\n" in sent
    assert (again.items, again.cursor, again.wait_s) == ((), batch.cursor, 60.0)


async def test_of_a_feed_that_has_changed_only_what_is_new_or_different_comes_again() -> None:
    batch = await fetch(page(TOOTS))
    edited = TOOTS.replace(b"Bin da.", b"Bin wieder da.")

    again = await fetch(page(edited), cursor=batch.cursor)

    assert [item.text for item in again.items] == ["Bin wieder da."]


async def test_cursor_of_another_hand_is_no_mark() -> None:
    assert len((await fetch(page(TOOTS), cursor="111000")).items) == 2


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (page(b"", status="401 No"), "This feed asks for a password. Only public feeds can be"),
        (page(b"", status="403 No"), "The server does not let us read this feed."),
        (page(b"", status="404 No"), "There is no feed at this address."),
        (page(b"", status="410 No"), "This feed has been given up: the server says that it is"),
        (page(b"", status="500 No"), "The server has a problem (HTTP 500)."),
        (page(b"", status="429 No"), "The server asks us to wait before we ask again."),
        (page(b""), "The server answers, but not with a feed."),
        (page(b'{"posts": []}'), "The server answers, but not with a feed."),
        (page(b"\x00\xff\x13garbage\xc3\x28" * 50), "The server answers, but not with a feed."),
        (page(b"<!doctype html><p>Hallo"), "This is a web page, not a feed. Look on it for a link"),
        (
            page(
                b"<!doctype html><link rel=alternate type='application/rss+xml' href='/f.xml'><p>"
            ),
            "This is a web page, not a feed. The page names this feed: https://moor.example/f.xml",
        ),
    ],
)
async def test_what_is_no_feed_is_said_in_words(answer: bytes, message: str) -> None:
    error = await failure(answer)

    assert said(error).startswith(message)
    assert not error.permanent


async def test_address_that_is_none_waits_for_somebody_who_mends_it() -> None:
    with pytest.raises(SourceError) as refused:
        await fetch(page(TOOTS), config={"url": "javascript:alert(1)"})

    assert refused.value.permanent


# --- hostile feeds
BILLION = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'>" + b"".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>".encode() for n in range(9)
)
HOSTILE = {
    "bomb": BILLION + b"]><rss version='2.0'><channel><title>&j;</title></channel></rss>",
    "file": b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    b"<rss version='2.0'><channel><item><title>&x;</title></item></channel></rss>",
    "deep": b"<rss version='2.0'><channel>" + b"<item>" * 20_000,
    "long": b"<rss version='2.0'><channel><item><title>" + b"a" * 1_500_000,
    "many": b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 3_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_hostile_feed_costs_its_own_source_only(name: str) -> None:
    try:
        batch = await fetch(page(HOSTILE[name]))
    except SourceError:
        return
    assert len(batch.items) <= 200
    assert all(len(item.text) <= 2_000 and "root:" not in item.text for item in batch.items)


async def test_child_without_memory_or_time_is_an_unreadable_feed() -> None:
    with pytest.raises(UnreadableFeed):
        await feed_reading.read(TOOTS, "", limits=Limits(memory_bytes=20 << 20))
    with pytest.raises(UnreadableFeed):
        await feed_reading.read(TOOTS, "", limits=Limits(wall_s=0.01))


async def test_file_and_address_are_texts_and_never_opened() -> None:
    for words in (b"/etc/passwd", b"https://moor.example/feed"):
        assert said(await failure(page(words))) == "The server answers, but not with a feed."


# --- asked for one by one
async def test_entry_whose_page_is_gone_is_gone_and_of_others_nothing_is_heard() -> None:
    posts = [Known(f"feed:{n}", f"https://moor.example/{n}") for n in range(4)]
    pages = [
        page(b"", status="410 Gone"),
        page(b"<p>"),
        page(b"", status="500 No"),
        page(b"", status="404 No"),
    ]

    heard = await Feed(now=lambda: NOW).check(CONFIG, "", posts, Recorder(pages=pages).egress())

    assert [(one.key, getattr(one, "gone", False)) for one in heard] == [
        ("feed:0", True),
        ("feed:1", False),
        ("feed:3", True),
    ]
