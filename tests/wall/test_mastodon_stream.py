"""What a Mastodon server tells at once, and what it says when asked about single posts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import aclosing

import pytest
from django.utils import translation

from tests.mastodon_server import MastodonServer
from tests.mastodon_streams import SCOPELESS, TOKEN, Streams
from tests.wall.recorder import Recorder
from tests.wall.spellings import PUBLIC
from wall.egress import Egress
from wall.sources.base import Batch, Incoming, Known, SourceError
from wall.sources.mastodon import Mastodon


@pytest.fixture(scope="module")
def running() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


@pytest.fixture
def server(running: MastodonServer) -> MastodonServer:
    running.answer("ok")
    running.streams = Streams()
    running.lists = False
    running.requests.clear()
    return running


def words(error: SourceError) -> str:
    with translation.override("en"):
        return str(error.message)


async def listen(
    server: MastodonServer,
    *told: tuple[str, object] | bytes,
    token: str = TOKEN,
    also: str = "",
    streams: int = 1,
) -> list[Batch]:
    """What comes of `told`, said as soon as the stream stands; then the server hangs up."""
    config = {"server": server.url, "tag": server.tag} | ({"also": also} if also else {})
    egress = Egress(allow=[server.address])
    batches: list[Batch] = []
    async with aclosing(Mastodon().stream(config, token, "", egress)) as stream:
        async for batch in stream:
            if not batches:
                await _until_open(server, streams)
                for one in told:
                    if isinstance(one, bytes):
                        server.streams.say(one)
                    else:
                        server.streams.tell(*one)
                server.streams.cut()
            batches.append(batch)
    return batches


async def _until_open(server: MastodonServer, streams: int) -> None:
    while server.streams.opened < streams:
        await asyncio.sleep(0.005)


def items_of(batches: Sequence[Batch]) -> list[Incoming]:
    assert {batch.cursor for batch in batches} == {""}
    return [item for batch in batches for item in batch.items]


async def check(server: MastodonServer, *ids: str, token: str = "") -> list[Incoming]:
    known = [Known(f"{server.url}/users/x/statuses/{one}", one) for one in ids]
    config = {"server": server.url, "tag": server.tag}
    return list(await Mastodon().check(config, token, known, Egress(allow=[server.address])))


@pytest.mark.parametrize("sockets", [True, False])
async def test_what_is_written_edited_and_deleted_is_told(
    server: MastodonServer, sockets: bool
) -> None:
    server.streams.sockets = sockets
    first, second = server.add("Eins #{tag}"), server.add("Zwei #{tag}")
    told = [("update", server.post(first)), ("update", server.post(second))]
    edited = server.post(first) | {"content": "<p>Eins, besser</p>"}  # type: ignore[operator]

    batches = await listen(server, *told, ("status.update", edited), ("delete", second))

    assert batches[0].items == ()
    assert [(item.remote_id, item.text, item.gone) for item in items_of(batches)] == [
        (first, f"Eins #{server.tag}", False),
        (second, f"Zwei #{server.tag}", False),
        (first, "Eins, besser", False),
        (second, "", True),
    ]
    assert server.streams.tags == [server.tag]
    paths = [path for path, _headers in server.requests]
    assert TOKEN not in " ".join(paths)
    assert {headers["authorization"] for path, headers in server.requests if "stream" in path} == {
        f"Bearer {TOKEN}"
    }


async def test_events_carry_every_tag_of_the_source(server: MastodonServer) -> None:
    server.streams.sockets = False
    post = server.post(server.add("Nur #andersherum"))
    config = {"server": server.url, "tag": server.tag, "also": "Andersherum Grüße"}
    egress = Egress(allow=[server.address])
    got: list[Batch] = []

    async with aclosing(Mastodon().stream(config, TOKEN, "", egress)) as stream:
        async for batch in stream:
            got.append(batch)
            if len(got) == 1:
                await _until_open(server, 3)
                server.streams.tell("update", post, tag="Andersherum")
            else:
                server.streams.cut(tag="Grüße")  # they fall together

    assert sorted(server.streams.tags) == ["Andersherum", "Grüße", server.tag]
    assert [[item.text for item in batch.items] for batch in got] == [[], ["Nur #andersherum"]]


async def test_what_is_told_of_one_tag_comes_and_further_tags_are_few(
    server: MastodonServer,
) -> None:
    server.streams.sockets = False
    told = ("update", server.post(server.add("Da #{tag}")))

    batches = await listen(server, told, also="b c d e f", streams=4)

    assert sorted(server.streams.tags) == ["b", "c", "d", server.tag]
    assert {item.text for item in items_of(batches)} == {f"Da #{server.tag}"}


async def test_what_means_nothing_is_passed_over(server: MastodonServer) -> None:
    good = server.post(server.add("Gut #{tag}"))
    assert good is not None
    folded = good | {"id": "5", "tags": [{"name": "sömmerfest"}], "content": "<p>#sömmerfest</p>"}
    private = good | {"visibility": "private"}

    batches = await listen(
        server,
        ("filters_changed", "null"),
        ("update", "{halb"),
        ("update", private),
        ("update", folded),
        ("delete", "../../1"),
        ("delete", ""),
        b"\x81\x07nothing",
        b"\x81\x02[]",
        b"\x82\x02\xff\xfe",
        b"\x89\x00",
        ("update", good),
        b"\x81\x7e\x10\x00half a frame, and then it hangs up",
    )

    assert [item.text for item in items_of(batches)] == [f"Gut #{server.tag}"]


@pytest.mark.parametrize(
    ("token", "said", "retry_s"),
    [
        ("wrong", "The server wants an access token, or does not accept the one given.", 300),
        (SCOPELESS, "The server opens its stream only for a token that may read posts.", 300),
    ],
)
async def test_token_that_does_not_do_is_said(
    server: MastodonServer, token: str, said: str, retry_s: float
) -> None:
    with pytest.raises(SourceError) as caught:
        await listen(server, token=token)

    assert (words(caught.value), caught.value.retry_after_s) == (said, retry_s)
    assert not caught.value.permanent


async def test_without_a_token_nothing_is_asked(server: MastodonServer) -> None:
    with pytest.raises(SourceError) as caught:
        await listen(server, token="")

    assert caught.value.permanent
    assert server.requests == []


@pytest.mark.parametrize("fault", ["429", "500", "html", "garbage", "loop", "cut", "deep"])
async def test_fault_before_the_stream_stands_ends_it_in_words(
    server: MastodonServer, fault: str
) -> None:
    server.answer(fault, times=3)

    with pytest.raises(SourceError) as caught:
        await listen(server)

    assert words(caught.value)
    assert not caught.value.permanent


async def test_streaming_host_within_our_own_network_is_never_connected_to() -> None:
    for host in ("wss://127.0.0.1", "wss://[::1]", "ws://netz.example", "wss://10.0.0.1/x", "wss:"):
        about = json.dumps({"configuration": {"urls": {"streaming": host}}}).encode()
        page = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(about) + about
        recorder = Recorder(pages=[page])
        config = {"server": "netz.example", "tag": "fest"}

        with pytest.raises(SourceError):
            async with aclosing(Mastodon().stream(config, TOKEN, "", recorder.egress())) as stream:
                await anext(stream)

        assert recorder.connected == [(PUBLIC, 443)]
        assert TOKEN.encode() not in bytes(recorder.streams[0].sent)


# --- asked about single posts
@pytest.mark.parametrize("lists", [False, True])
async def test_posts_are_told_as_they_are_now(server: MastodonServer, lists: bool) -> None:
    server.lists = lists
    kept, edited, untagged, deleted = (server.add(f"{n} #{{tag}}") for n in range(4))
    server.edit(edited, "neu #{tag}")
    server.edit(untagged, "ohne")
    server.post(untagged)["tags"] = []  # type: ignore[index]
    server.delete(deleted)

    heard = await check(server, kept, edited, untagged, deleted, "")

    assert [(item.remote_id, item.text, item.gone) for item in heard] == [
        (kept, f"0 #{server.tag}", False),
        (edited, f"neu #{server.tag}", False),
        (untagged, "", True),
        (deleted, "", True),
    ]


async def test_post_whose_author_was_limited_since_leaves(server: MastodonServer) -> None:
    kept, limited, unread = (server.add(f"{n} #{{tag}}") for n in range(3))
    server.post(limited)["account"]["limited"] = True  # type: ignore[index]
    server.post(unread)["content"] = 7  # type: ignore[index]

    heard = await check(server, kept, limited, unread)

    assert [(item.remote_id, item.gone) for item in heard] == [(kept, False), (limited, True)]


async def test_twenty_posts_are_one_request_where_the_server_gives_lists(
    server: MastodonServer,
) -> None:
    server.lists = True
    mastodon, config = Mastodon(), {"server": server.url, "tag": server.tag}
    ids = [server.add(f"{number} #{{tag}}") for number in range(100)]
    for one in ids[:30]:
        server.delete(one)
    known = [Known(f"{server.url}/users/x/statuses/{one}", one) for one in ids[::-1]]
    assert mastodon.check_at_once(config) == 16

    heard = await mastodon.check(config, "", known, Egress(allow=[server.address]))

    gone = [item.remote_id for item in heard if item.gone]
    assert (mastodon.check_at_once(config), len(server.requests)) == (100, 17)
    # What is not in the list was asked about by itself, as far as one call may ask.
    assert (gone, len(heard)) == (ids[18:30][::-1], 82)


async def test_lists_that_a_server_does_not_mean_delete_nothing(server: MastodonServer) -> None:
    ids = [server.add(f"{number} #{{tag}}") for number in range(3)]
    for nonsense in ("object", "html", "types", "404", "422"):
        server.answer(nonsense)

        heard = await check(server, *ids)

        assert [(item.remote_id, item.gone) for item in heard] == [(one, False) for one in ids]


async def test_source_that_reads_another_tag_now_loses_no_post(server: MastodonServer) -> None:
    post = server.add("Von gestern #alt")
    known = [Known(f"{server.url}/users/x/statuses/{post}", post, "Von gestern #alt")]
    config, egress = {"server": server.url, "tag": "neu"}, Egress(allow=[server.address])

    (kept,) = await Mastodon().check(config, "", known, egress)
    server.edit(post, "Ohne alles")
    (lost,) = await Mastodon().check(config, "", known, egress)

    assert (kept.gone, lost.gone) == (False, True)


@pytest.mark.parametrize("fault", ["401", "403", "429", "500", "cut"])
async def test_fault_is_no_deletion(server: MastodonServer, fault: str) -> None:
    posts = [server.add(), server.add()]
    server.answer(fault, times=2)
    with pytest.raises(SourceError):
        await check(server, *posts)

    server.answer("ok")
    assert [item.gone for item in await check(server, *posts)] == [False, False]


async def test_page_about_a_missing_server_is_no_deletion() -> None:
    page = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n<h1>404</"
    config = {"server": "netz.example", "tag": "fest"}
    egress = Recorder(pages=[page]).egress()

    with pytest.raises(SourceError):
        await Mastodon().check(config, "", [Known("https://netz.example/1", "1")], egress)


async def test_further_tags_are_asked_for_together(server: MastodonServer) -> None:
    config = {"server": server.url, "tag": server.tag, "also": "Feier sommerfest Grüße x y z"}

    await Mastodon().fetch(config, "", "", Egress(allow=[server.address]))

    (path, _headers), *_rest = server.requests
    assert path.endswith("?limit=20&any[]=Feier&any[]=Gr%C3%BC%C3%9Fe&any[]=x")
