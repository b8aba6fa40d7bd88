"""Streams beside the looks, and questions about what is visible: the wall ends as servers do."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone
from pytest_django import Settings

from agenda.models import Event
from agenda.sealing import seal
from eventhub.live.check_log import check
from eventhub.live.executor import DatabaseThreads
from eventhub.live.log import changing
from tests.factories import (
    make_event,
    make_incoming,
    make_post,
    make_rule,
    make_session,
    make_source,
)
from tests.mastodon_server import MastodonServer
from tests.mastodon_streams import TOKEN
from wall import ingest, listening, rechecking
from wall.egress import Egress
from wall.listening import Listeners
from wall.models import Author, Post, Source, Tombstone
from wall.models.post import WALL_WINDOW
from wall.models.source import SEALED_FOR
from wall.sources.base import Adapter, Batch, Incoming, Known, SourceError
from wall.sources.mastodon import Mastodon
from wall.sources.registry import ADAPTERS


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


def source_of(event: Event, server: MastodonServer) -> Source:
    config = {"server": server.url, "tag": server.tag}
    sealed = seal(TOKEN, purpose=SEALED_FOR)
    return make_source(event, config=config, cursor="1", token_sealed=sealed)


# --- the end of every story is what the servers have
async def _told(servers: Sequence[MastodonServer], script: Callable[[], None]) -> list[list[Batch]]:
    """What each server's stream tells while `script` runs."""

    async def listen(server: MastodonServer, stands: asyncio.Event) -> list[Batch]:
        config = {"server": server.url, "tag": server.tag}
        egress = Egress(allow=[server.address])
        got = []
        async with aclosing(Mastodon().stream(config, TOKEN, "", egress)) as stream:
            async for batch in stream:
                got.append(batch)
                stands.set()
        return got

    stands = [asyncio.Event() for _ in servers]
    tasks = [
        asyncio.create_task(listen(server, stand))
        for server, stand in zip(servers, stands, strict=True)
    ]
    await asyncio.gather(*(stand.wait() for stand in stands))
    while not all(server.streams.opened for server in servers):
        await asyncio.sleep(0.005)
    script()
    return await asyncio.gather(*tasks)


def _happenings(server: MastodonServer, rng: random.Random) -> None:
    """Posts come, change and go; the stream tells late, twice, out of order, or not at all."""
    told: list[tuple[float, str, object]] = []
    ids = [server.add(f"Beitrag {number} #{{tag}}") for number in range(12)]
    for number, post in enumerate(ids):
        told.append((number + rng.random() * 4, "update", server.post(post)))
    for number, post in enumerate(rng.sample(ids, 5)):
        server.edit(post, f"Neu {number} #{{tag}}")
        told.append(
            (12 + number + rng.random() * 4, "status.update", dict(server.post(post) or {}))
        )
    for post in rng.sample(ids, 4):
        server.delete(post)
        told.append((rng.random() * 20, "delete", post))
    told += rng.sample(told, 6)
    told.sort(key=lambda one: one[0])
    for _at, event, payload in told:
        if rng.random() > 0.2:
            server.streams.tell(event, payload)
        if rng.random() < 0.1:
            server.streams.say(b"\x81\x05{half")
    server.streams.cut()


async def _look(source: Source, server: MastodonServer) -> Batch:
    config = {"server": server.url, "tag": server.tag}
    return await Mastodon().fetch(config, TOKEN, source.cursor, Egress(allow=[server.address]))


def _recheck(source: Source, server: MastodonServer) -> None:
    rechecking.doubt(source)
    while found := [posts for one, posts in rechecking.due(ADAPTERS, set()) if one == source]:
        config = {"server": server.url, "tag": server.tag}
        egress = Egress(allow=[server.address])
        heard = asyncio.run(Mastodon().check(config, TOKEN, found[0], egress))
        rechecking.take_heard(source, found[0], heard)


@pytest.mark.each_case
@pytest.mark.parametrize("seed", range(4))
def test_wall_ends_as_the_server_does_whatever_its_stream_told(
    event: Event, server: MastodonServer, seed: int
) -> None:
    make_rule(event)
    rng = random.Random(seed)
    source = source_of(event, server)

    (told,) = asyncio.run(_told([server], lambda: _happenings(server, rng)))
    looks = [asyncio.run(_look(source, server))]
    portions: list[tuple[Batch, bool]] = [(batch, True) for batch in told if batch.items]
    portions.insert(rng.randrange(len(portions)), (looks[0], False))
    for batch, unasked in portions:
        ingest.take(source, batch, unasked=unasked)
    _recheck(source, server)

    expected = {
        (item.key, item.text)
        for item in asyncio.run(_look(make_source(event), server)).items
        if not item.gone
    }
    shown = set(Post.objects.filter(event=event).shown().values_list("origin", "text"))
    assert shown == expected
    assert len(shown) == 8
    assert check(event.pk) == []


def test_servers_that_know_the_same_posts_make_one_wall(event: Event) -> None:
    make_rule(event)
    posts = [make_incoming() for _ in range(6)]
    rng = random.Random(7)
    sources = [
        make_source(event, config={"server": f"https://s{number}.example", "tag": "x"})
        for number in range(3)
    ]
    for source in sources * 2:
        seen = rng.sample(posts, 4)
        items = [replace(post, remote_id=f"{source.pk}-{post.text}") for post in seen]
        ingest.take(source, Batch(items=tuple(items), cursor="1", wait_s=1))
    ingest.take(sources[0], Batch(items=tuple(posts), cursor="2", wait_s=1))

    found = Post.objects.filter(event=event).values_list("origin", flat=True)
    assert sorted(found) == sorted(post.key for post in posts)


# --- the questions
def test_only_what_is_visible_and_long_unasked_is_asked_about(event: Event) -> None:
    source, stopped = make_source(event), make_source(event, state=Source.State.STOPPED)
    poor = make_source(event, rate_left=10, state=Source.State.GOOD)
    paused = make_source(event, rate_left=10, state=Source.State.GOOD, paused=True)
    now = timezone.now()
    old = now - rechecking.EVERY
    for one in (source, stopped, poor, paused):
        make_post(event, source=one, remote_id="old", checked_at=old, origin=f"old{one.pk}")
    make_post(event, source=source, remote_id="never", checked_at=None, origin="never")
    make_post(event, source=source, remote_id="new", checked_at=now, origin="new")
    make_post(event, source=source, checked_at=old, origin="hidden", state=Post.State.HIDDEN)
    make_post(event, checked_at=None, origin="of nobody")

    asked = rechecking.due(ADAPTERS, set(), at=now)

    assert asked == [
        (source, [Known("never", "never"), Known(f"old{source.pk}", "old")]),
        (stopped, [Known(f"old{stopped.pk}", "old")]),
        (paused, [Known(f"old{paused.pk}", "old")]),
    ]
    busy = {source.pk, stopped.pk, paused.pk}
    assert rechecking.due(ADAPTERS, busy, at=now) == []


def test_what_a_paused_source_has_brought_is_asked_about_and_nothing_new_comes(
    event: Event,
) -> None:
    make_rule(event)
    source = make_source(event)
    here, purged = make_incoming(remote_id="1"), make_incoming(remote_id="2")
    ingest.take(source, Batch(items=(here,), cursor="7", wait_s=1))
    pause(source)

    asked = [Known(here.key, "1"), Known(purged.key, "2")]
    said = [replace(here, text="neu"), purged]
    soon = timezone.now() + rechecking.EVERY
    assert rechecking.due(ADAPTERS, set(), at=soon) == [(source, [Known(here.key, "1")])]
    assert rechecking.take_heard(source, asked, said) == 1

    assert list(Post.objects.values_list("text", flat=True)) == ["neu"]
    gone = [replace(here, gone=True), replace(purged, gone=True)]
    assert rechecking.take_heard(source, asked, gone) == 1
    assert list(Post.objects.values_list("state", flat=True)) == ["withdrawn"]
    assert Author.objects.count() == 1
    assert not Tombstone.objects.exists()


def test_as_many_are_asked_about_at_once_as_its_server_takes(event: Event) -> None:
    searched, tooted = make_source(event, adapter="bluesky"), make_source(event)
    for source in (searched, tooted):
        for number in range(120):
            origin = f"{source.adapter}-{number}"
            make_post(event, source=source, remote_id=origin, origin=origin, checked_at=None)

    found = rechecking.due(ADAPTERS, set(), at=timezone.now())

    assert {source.adapter: len(posts) for source, posts in found} == {
        "bluesky": 100,
        "mastodon": 16,  # by lists more, once it is known that the server gives them
    }


def test_what_can_be_seen_is_asked_about_first(event: Event) -> None:
    source, now = make_source(event), timezone.now()
    aged: dict[str, Any] = {"checked_at": now - timedelta(hours=1), "source": source}
    make_post(event, origin="under the wall's window, longest unasked", **aged)
    session = make_session(event)
    make_post(event, origin="on a session's page", session=session, **aged)
    for number in range(WALL_WINDOW):
        at = now - rechecking.EVERY - timedelta(seconds=number)
        make_post(event, source=source, origin=f"window {number}", checked_at=at)
    lists = {"mastodon": Lists()}

    ((_source, asked),) = rechecking.due(lists, set(), at=now)

    names = [post.key for post in asked]
    assert names[:2] == ["on a session's page", f"window {WALL_WINDOW - 1}"]
    assert names[-1] == "under the wall's window, longest unasked"
    assert len(names) == WALL_WINDOW + 2


def test_what_could_not_be_asked_about_in_time_is_said(event: Event) -> None:
    make_rule(event)
    source, now = make_source(event), timezone.now()
    late = now - rechecking.PROMISED - timedelta(seconds=1)
    posts = [
        make_post(event, source=source, origin=f"{number}", remote_id=f"{number}", checked_at=late)
        for number in range(WALL_WINDOW + 3)
    ]

    rechecking.note_unchecked(ADAPTERS, now)
    rechecking.note_unchecked(ADAPTERS, now)

    source.refresh_from_db()
    before = source.version
    assert source.unchecked == WALL_WINDOW  # the others cannot be seen
    known = [Known(post.origin, post.remote_id) for post in posts]
    rechecking.take_heard(source, known, known)
    rechecking.note_unchecked(ADAPTERS, now)
    source.refresh_from_db()
    assert (source.unchecked, source.version > before) == (0, True)


def test_answer_about_another_post_is_not_taken(event: Event) -> None:
    make_rule(event)
    source = make_source(event)
    post = make_post(event, source=source, remote_id="1", origin="https://social.example/1")
    asked = [Known(post.origin, "1")]
    lies = [
        make_incoming("https://social.example/2", remote_id="1"),
        replace(make_incoming(remote_id="2", gone=True), key=""),
    ]

    assert rechecking.take_heard(source, asked, lies) == 0
    assert list(Post.objects.values_list("origin", "state")) == [(post.origin, "shown")]
    assert rechecking.due(ADAPTERS, set()) == [(source, asked)]
    assert rechecking.due(ADAPTERS, set(), [(source.pk, post.origin)]) == []


def test_deletion_that_was_missed_is_found_by_asking(event: Event) -> None:
    make_rule(event)
    source = make_source(event)
    post = make_post(event, source=source, remote_id="1", origin="https://social.example/1")
    gone = replace(make_incoming(remote_id="1", gone=True), key="")

    assert rechecking.take_heard(source, [Known(post.origin, "1")], [gone]) == 1
    post.refresh_from_db()
    assert (post.state, post.text) == ("withdrawn", "")


# --- the listeners
class Lists(Mastodon):
    """Of a server that is known to tell of many posts at once."""

    def check_at_once(self, config: Mapping[str, str]) -> int:
        return 100


class Wild:
    """Streams that end at once, in a way nobody thought of."""

    kind = "wild"
    opened = 0

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        raise AssertionError

    async def stream(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> AsyncIterator[Batch]:
        self.opened += 1
        yield Batch(items=(), cursor="", wait_s=0)
        raise SourceError("over") if self.opened % 2 else RuntimeError("an odd message")


def pause(source: Source) -> None:
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        fresh.paused = True
        log.touch(fresh)


def test_streams_stand_fall_and_stand_again_beside_a_wild_one(
    transactional_db: None,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: MastodonServer,
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(listening, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(listening, "LONGEST_PAUSE_S", 0.02)
    event = make_event()
    source = source_of(event, server)
    wild = Wild()
    make_source(event, adapter="wild")
    adapters: dict[str, Adapter] = {"mastodon": Mastodon(), "wild": wild}

    async def story() -> list[object]:
        database = DatabaseThreads("test", workers=1)
        listeners = Listeners(Egress(allow=[server.address]), adapters, database)
        seen: list[object] = []

        async def until(ask: Callable[[], object], wanted: object) -> None:
            async with asyncio.timeout(120):
                while True:
                    await listeners.step()
                    if (found := await database.run("test", ask)) == wanted:
                        seen.append(found)
                        return
                    await asyncio.sleep(0.01)

        def streaming() -> bool:
            return Source.objects.get(pk=source.pk).streaming

        def texts() -> list[str]:
            return sorted(Post.objects.values_list("text", flat=True))

        await until(streaming, True)
        for number in range(3):
            server.streams.tell("update", server.post(server.add(f"{number}")))
        await until(texts, ["0", "1", "2"])
        server.streams.cut()
        await until(lambda: server.streams.opened, 2)
        await until(streaming, True)
        server.streams.tell("update", server.post(server.add("danach")))
        await until(texts, ["0", "1", "2", "danach"])
        doubted = Q(checked_at__lte=timezone.now() - rechecking.EVERY)
        await until(lambda: Post.objects.filter(doubted).count(), 3)
        await until(lambda: wild.opened > 3, True)
        await database.run("test", pause, source)
        await until(streaming, False)
        listeners.stop()
        await asyncio.sleep(0)
        database.close()
        database.join()
        return seen

    assert asyncio.run(story())[-1] is False


def test_what_was_told_together_is_one_portion() -> None:
    async def portions() -> list[Batch | None]:
        line: asyncio.Queue[Batch | None] = asyncio.Queue()
        items: list[Incoming] = [make_incoming() for _ in range(listening.TOGETHER + 10)]
        for number, item in enumerate(items):
            line.put_nowait(Batch(items=(item,), cursor=str(number % 7 or ""), wait_s=0))
        line.put_nowait(None)
        return [await listening._portion(line) for _ in range(3)]

    first, second, over = asyncio.run(portions())

    assert first is not None
    assert second is not None
    last = listening.TOGETHER - 1
    assert (len(first.items), first.cursor) == (last + 1, str(last % 7 or 6))
    assert (len(second.items), second.cursor) == (10, str((last + 10) % 7 or 6))
    assert over is None
