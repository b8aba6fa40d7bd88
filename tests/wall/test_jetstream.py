"""A Jetstream on loopback: what concerns the tag comes once, in whatever order it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from tests.bluesky_server import BlueskyServer, profile_of
from tests.jetstream_server import START_US, JetstreamServer, commit, identity
from wall.egress import Egress
from wall.sources import jetstream as jetstream_module
from wall.sources.base import Batch, SourceError
from wall.sources.jetstream import Jetstream
from wall.sources.jetstream_sieve import Sieve

TAG = "sommerfest"
MIRA, JOST = "did:plc:mira", "did:plc:jost"
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def appview() -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        yield server


@pytest.fixture
def stream() -> Iterator[JetstreamServer]:
    with JetstreamServer() as stream:
        yield stream


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream_module, "FLUSH_S", 0.01)
    monkeypatch.setattr(jetstream_module, "DELETIONS_S", 0.01)


async def listen(
    stream: JetstreamServer, appview: BlueskyServer, *, cursor: str = "", batches: int = 0
) -> list[Batch]:
    """What one connection brings: `batches` of them, or all until the server hangs up."""
    config = appview.config | {"host": stream.url}
    egress = Egress(allow=[stream.address, appview.address])
    got: list[Batch] = []
    async with aclosing(Jetstream(now=lambda: NOW).stream(config, "", cursor, egress)) as told:
        async for batch in told:
            got.append(batch)
            if len(got) == batches:
                break
    return got


def uri(did: str, rkey: str) -> str:
    return f"at://{did}/app.bsky.feed.post/{rkey}"


def know(appview: BlueskyServer, *dids: str, **fields: Any) -> None:
    for did in dids:
        appview.profiles[did] = profile_of(did, **fields)


def sieved(*messages: dict[str, Any] | bytes, tag: str = TAG) -> Sieve:
    sieve = Sieve(tag.split(), lambda: NOW)
    for message in messages:
        sieve.take(message if isinstance(message, bytes) else json.dumps(message).encode())
    return sieve


async def test_matching_post_comes_with_name_face_and_cursor(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    know(appview, MIRA)
    stream.says(
        commit(JOST, "3ka", "Etwas anderes #winter", at_us=1),
        commit(MIRA, "3kb", "Hallo #Sommerfest", at_us=2),
    )

    (batch,) = await listen(stream, appview, batches=1)

    (item,) = batch.items
    assert (item.key, item.author, item.name) == (uri(MIRA, "3kb"), "@mira.bsky.social", "Mira")
    assert (item.identity, item.text) == (MIRA, "Hallo #Sommerfest")
    assert item.face == "https://cdn.bsky.app/img/avatar/mira.jpg"
    assert batch.cursor == str(START_US + 2)
    assert appview.asked() == ["getProfiles"]


async def test_stream_begins_five_seconds_before_its_cursor(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    know(appview, MIRA)
    stream.says(commit(MIRA, "3kb", "Hallo #sommerfest", at_us=2))

    await listen(stream, appview, cursor=str(START_US + 3), batches=1)

    assert stream.queries[0]["cursor"] == [str(START_US + 3 - 5_000_000)]
    assert stream.queries[0]["wantedCollections"] == ["app.bsky.feed.post"]


async def test_author_who_does_not_want_to_be_shown_never_comes(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    know(appview, JOST, labels=[{"val": "!no-unauthenticated"}])
    know(appview, MIRA)
    stream.says(
        commit(JOST, "3ka", "Nur für uns #sommerfest", at_us=1),
        commit(MIRA, "3kb", "Hallo #sommerfest", at_us=2),
    )

    (batch,) = await listen(stream, appview, batches=1)

    assert [item.identity for item in batch.items] == [MIRA]


async def test_pictures_have_the_addresses_of_the_view(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    embed = {"$type": "app.bsky.embed.images", "images": [{"image": {}, "alt": "Ein Boot"}]}
    shown = {"images": [{"fullsize": "https://cdn.bsky.app/1.jpg", "alt": "Ein Boot"}]}
    key = appview.add("Bild #sommerfest", did=MIRA, embed=shown)
    rkey = key.rpartition("/")[2]
    stream.says(commit(MIRA, rkey, "Bild #sommerfest", at_us=1, embed=embed))

    (batch,) = await listen(stream, appview, batches=1)

    assert [image.url for image in batch.items[0].pictures] == ["https://cdn.bsky.app/1.jpg"]


async def test_cursor_never_passes_a_post_whose_author_is_not_known_yet(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    know(appview, MIRA)
    stream.says(
        commit(JOST, "3ka", "Bin neu #sommerfest", at_us=100),
        commit(MIRA, "3kb", "Hallo #sommerfest", at_us=200),
    )

    (batch,) = await listen(stream, appview, batches=1)

    assert batch.cursor == str(START_US + 99)


async def test_appview_in_trouble_ends_the_stream_and_loses_nothing(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    know(appview, MIRA)
    stream.says(commit(MIRA, "3kb", "Hallo #sommerfest", at_us=1))
    appview.answer("503")

    with pytest.raises(SourceError):
        await listen(stream, appview, batches=1)

    assert len((await listen(stream, appview, batches=1))[0].items) == 1


@pytest.mark.parametrize("status", [401, 404, 429, 503])
async def test_refusal_to_stream_is_told_in_words(
    stream: JetstreamServer, appview: BlueskyServer, status: int
) -> None:
    stream.refuses_with = status

    with pytest.raises(SourceError) as failure, translation.override("en"):
        await listen(stream, appview)

    assert str(failure.value.message)
    assert not failure.value.permanent


async def test_server_that_talks_nonsense_is_no_jetstream(
    stream: JetstreamServer, appview: BlueskyServer
) -> None:
    stream.says(*[b"<html>hello"] * 30)
    egress = Egress(allow=[stream.address])

    with pytest.raises(SourceError):
        await listen(stream, appview)
    with pytest.raises(SourceError):
        await Jetstream().fetch({"tag": TAG, "host": stream.url}, "", "", egress)


async def test_look_says_that_the_server_speaks_and_leaves_the_cursor(
    stream: JetstreamServer,
) -> None:
    stream.says(identity(MIRA, at_us=1))

    batch = await Jetstream().fetch(
        {"tag": TAG, "host": stream.url}, "", "17", Egress(allow=[stream.address])
    )

    assert (batch.items, batch.cursor) == ((), "17")


# --- the sieve


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("sommerfest", "SOMMERFEST"),
        ("Ändern", "ändern"),
        ("strasse", "Straße"),
        ("日本", "日本"),
        ("fest", "ＦＥＳＴ"),
    ],
)
def test_tag_is_found_however_it_is_spelled(tag: str, told: str) -> None:
    spelled = commit(MIRA, "3ka", f"Hallo #{told}", at_us=1)
    escaped = json.dumps(spelled).encode()  # with \u for whatever is not ASCII
    plain = json.dumps(spelled, ensure_ascii=False).encode()

    assert [len(sieved(one, tag=tag).caught.posts) for one in (plain, escaped)] == [1, 1]


def test_hidden_tag_counts_and_a_word_in_the_text_does_not() -> None:
    hidden = commit(MIRA, "3ka", "Hallo", at_us=1, tags=["Sommerfest"])
    word = commit(MIRA, "3kb", "Ein #sommerfest", at_us=2, facets=[], tags=["sommer"])
    disguised = b'{"did":"did:plc:mira","time_us":1780000000000009,"kind":"commit","commit":{"rev":"1","operation":"create","collection":"app.bsky.feed.post","rkey":"3kc","record":{"text":"","t\\u0061gs":["s\\u006fmmerfest"]}}}'  # noqa: E501

    assert list(sieved(hidden, word, disguised).caught.posts) == [
        uri(MIRA, "3ka"),
        uri(MIRA, "3kc"),
    ]


def test_further_tags_are_read_as_well() -> None:
    posts = [commit(MIRA, f"3k{tag}", f"#{tag}", at_us=1) for tag in ("ufer", "kanal", "berg")]

    found = sieved(*posts, tag="kanal ufer").caught.posts

    assert list(found) == [uri(MIRA, "3kufer"), uri(MIRA, "3kkanal")]


def test_highest_moment_counts_and_none_in_the_future() -> None:
    events = [commit(MIRA, f"3k{at}", "x", at_us=at) for at in (5, 9, 7)]
    future = commit(MIRA, "3kz", "x", at_us=10**15)
    second_version = {"did": MIRA, "time_us": 17, "kind": "identity"}

    assert sieved(*events, second_version).highest_us == START_US + 9
    assert sieved(*events, future).highest_us == int(NOW.timestamp() * 1_000_000)


def test_deleted_stays_deleted_against_late_and_repeated_creations() -> None:
    create = commit(MIRA, "3ka", "Hallo #sommerfest", at_us=1)
    delete = commit(MIRA, "3ka", at_us=2, operation="delete")

    caught = sieved(delete, create, create).drain()

    assert (list(caught.posts), list(caught.deleted)) == ([], [uri(MIRA, "3ka")])


def test_damaged_events_cost_themselves_only() -> None:
    whole = json.dumps(commit(MIRA, "3ka", "Hallo #sommerfest", at_us=1)).encode()
    damaged = [b"", b"\xff\xfe", b"[]", b"null", b'{"did":1}', whole[:-20], b"[" * 10_000]
    odd = [
        commit(MIRA, "../..", "Hallo #sommerfest", at_us=2),
        commit("mira", "3kb", "Hallo #sommerfest", at_us=3),
        commit(MIRA, "3kc", "Hallo #sommerfest", at_us=4) | {"commit": {}},
    ]

    sieve = sieved(*damaged, *odd, whole)

    assert list(sieve.caught.posts) == [uri(MIRA, "3ka")]
    assert sieve.odd == len(damaged) + 1
