"""Bluesky's servers as they should not be: nobody waits, nothing fills up, nobody is led inwards.

And with all of it at once: the wall ends as it would have without, and other sources go on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, aclosing
from pathlib import Path

import pytest
from pytest_django import Settings
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from eventhub.live.check_log import check
from eventhub.live.executor import DatabaseThreads
from tests.bluesky_server import HANDLE, PASSWORD, RUDE, BlueskyServer
from tests.factories import make_event, make_rule, make_source
from tests.jetstream_server import START_US, JetstreamServer, commit
from tests.mastodon_server import MastodonServer
from tests.wall.test_jetstream import JOST, MIRA, NOW, TAG, know, uri
from wall import collector as collecting
from wall import egress as egress_module
from wall import listening
from wall.collector import Collector
from wall.egress import Egress
from wall.models import Post, Source
from wall.sources import bluesky as bluesky_module
from wall.sources import jetstream as jetstream_module
from wall.sources import mastodon as mastodon_module
from wall.sources.base import SourceError
from wall.sources.bluesky import Bluesky
from wall.sources.jetstream import Jetstream
from wall.sources.mastodon import Mastodon

MIB = 1 << 20


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        yield server


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """Listens on loopback; whoever connects could be accepted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_module, "TOTAL_S", 1.0)
    for name in ("FLUSH_S", "DELETIONS_S"):
        monkeypatch.setattr(jetstream_module, name, 0.01)


def was_reached(canary: socket.socket) -> bool:
    try:
        canary.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def inward(canary: socket.socket) -> str:
    return f"http://127.0.0.1:{canary.getsockname()[1]}/latest/meta-data"


# --- the search
@pytest.mark.parametrize("before", [0, 1], ids=["at the sign-in", "at the search"])
@pytest.mark.parametrize("fault", RUDE)
async def test_rude_answer_is_a_failure_in_words_and_nothing_is_lost(
    server: BlueskyServer, canary: socket.socket, fault: str, before: int
) -> None:
    bluesky, egress = Bluesky(now=lambda: NOW), Egress(allow=[server.address])
    post = server.add("Eins #sommerfest")
    server.inward = inward(canary)
    server.answer("", before)
    server.answer(fault, 4)

    with pytest.raises(SourceError) as failure:
        await bluesky.fetch(server.config, PASSWORD, "", egress)
    server._faults.clear()

    assert str(failure.value.message)
    assert not failure.value.permanent
    assert not was_reached(canary)
    assert server.sent_bytes < 64 * MIB  # what kernels hold, far from the whole
    batch = await bluesky.fetch(server.config, PASSWORD, "", egress)
    assert [item.key for item in batch.items] == [post]


def test_canary_would_sing(canary: socket.socket) -> None:
    socket.create_connection(canary.getsockname()).close()

    assert was_reached(canary)


# --- the Jetstream
WHOLE = json.dumps(commit(MIRA, "3ka", "Hallo #sommerfest", at_us=1)).encode()


def frame(data: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin=fin).serialize(mask=False)


GIGABYTE_FRAME = b"\x81\x7f" + (1 << 30).to_bytes(8) + b"x" * 1000
SAID = {
    "a frame of a gigabyte": frame(WHOLE) + GIGABYTE_FRAME,
    "frames without end": frame(WHOLE) + frame(b"x" * 9, fin=False) + frame(b"x", Opcode.PONG) * 3,
    "half a frame": frame(WHOLE) + frame(WHOLE)[:40],
    "a frame of no kind": frame(WHOLE) + b"\x8f\x00",
    "a continuation of nothing": frame(WHOLE) + frame(b"x", Opcode.CONT),
    "text that is no text": frame(WHOLE) + frame(b"\xff\xfe\x00") * 50,
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID.keys())
async def test_stream_that_breaks_off_tells_what_was_whole_before(
    server: BlueskyServer, said: bytes
) -> None:
    know(server, MIRA)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        while not (events := protocol.events_received()):
            protocol.receive_data(await reader.read(4096))
        protocol.send_response(protocol.accept(events[0]))  # type: ignore[arg-type]
        writer.writelines([*protocol.data_to_send(), said])
        await writer.drain()
        await asyncio.sleep(0.3)  # until names were asked for
        writer.close()

    keys: list[str] = []
    failures: list[SourceError] = []
    async with await asyncio.start_server(talk, "127.0.0.1", 0) as hostile:
        address = hostile.sockets[0].getsockname()[:2]
        config = server.config | {"host": f"http://127.0.0.1:{address[1]}"}
        egress = Egress(allow=[address, server.address])
        try:
            async with aclosing(Jetstream(now=lambda: NOW).stream(config, "", "", egress)) as told:
                async for batch in told:
                    keys += [item.key for item in batch.items]
                    assert batch.cursor in ("", str(START_US + 1))
        except SourceError as error:
            failures.append(error)

    assert keys == [uri(MIRA, "3ka")]
    assert [error.permanent for error in failures] in ([], [False])


async def test_stream_that_leads_inwards_is_not_followed(
    server: BlueskyServer, canary: socket.socket
) -> None:
    server.answer("inward")
    server.inward = inward(canary)
    config = server.config | {"host": server.config["service"]}

    with pytest.raises(SourceError) as failure:
        async with aclosing(
            Jetstream(now=lambda: NOW).stream(config, "", "", Egress(allow=[server.address]))
        ) as told:
            await anext(told)

    assert str(failure.value.message)
    assert not was_reached(canary)


# --- all of it at once, through the collector
# None that asks us to wait for minutes: we would.
FAULTS_IN_A_ROW = ("slow", "500", "half", "bomb", "deep", "cut", "gigabyte", "html", "503")


class Venue:
    """One event that hears of Bluesky in two ways and of Mastodon; collectors come and go."""

    def __init__(self, jets: JetstreamServer, server: BlueskyServer, mast: MastodonServer) -> None:
        self.event = make_event()
        make_rule(self.event)
        self.mast = mast
        tooted = {"server": mast.url, "tag": mast.tag}
        heard = {"tag": TAG, "host": jets.url, "appview": server.config["appview"]}
        searched = {**server.config, "handle": HANDLE}
        self.tooted = make_source(self.event, config=tooted, budget=10_000)
        self.heard = make_source(self.event, adapter="jetstream", config=heard, budget=10_000)
        self.searched = make_source(
            self.event, adapter="bluesky", config=searched, token=PASSWORD, budget=10_000
        )
        self._egress = Egress(allow=[jets.address, server.address, mast.address])

    def shown(self) -> set[str]:
        rows = Post.objects.filter(event=self.event).shown()
        return set(rows.values_list("text", flat=True))

    def run_until(self, is_so: Callable[[], bool]) -> None:
        """A new collector leads until then, and ends as a process does."""
        try:
            asyncio.run(self._lead(is_so))
        except TimeoutError:
            said = Source.objects.values_list("adapter", "state", "error", "cursor", "next_try_at")
            pytest.fail(f"{list(Post.objects.values_list('text', 'state'))} {list(said)}")

    async def _lead(self, is_so: Callable[[], bool]) -> None:
        kinds = (Mastodon(now=lambda: NOW), Bluesky(now=lambda: NOW), Jetstream(now=lambda: NOW))
        collector = Collector(self._egress, adapters={kind.kind: kind for kind in kinds})
        leading, looking = asyncio.create_task(collector.run()), DatabaseThreads("test", workers=1)
        try:
            async with asyncio.timeout(240):  # a machine may be busy
                while not await looking.run("test", is_so):
                    assert not leading.done()
                    await asyncio.sleep(0.05)
        finally:
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)
            for threads in (looking, collector._database):
                threads.close()
                threads.join()


@pytest.fixture
def venue(
    transactional_db: None,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: BlueskyServer,
) -> Iterator[tuple[Venue, JetstreamServer]]:
    settings.DATA_DIR = tmp_path
    for module, names in (
        (collecting, ("TICK_S", "FIRST_RETRY_S", "LONGEST_RETRY_S")),
        (listening, ("FIRST_PAUSE_S", "LONGEST_PAUSE_S")),
        (bluesky_module, ("POLL_S",)),
        (mastodon_module, ("POLL_S",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, 0.05)
    monkeypatch.setattr(egress_module, "TOTAL_S", 0.5)
    with ExitStack() as stack:
        jets = stack.enter_context(JetstreamServer(hangs_up_after=(2, 4)))
        yield Venue(jets, server, stack.enter_context(MastodonServer())), jets


def test_wall_ends_as_it_would_have_and_other_sources_go_on(
    venue: tuple[Venue, JetstreamServer], server: BlueskyServer, caplog: pytest.LogCaptureFixture
) -> None:
    hall, jets = venue
    know(server, MIRA, JOST)
    for fault in FAULTS_IN_A_ROW:
        server.answer(fault, 2)
    server.add("Gesucht #sommerfest")
    hall.mast.add("Getrötet #{tag}")
    jets.says(
        commit(MIRA, "3ka", "Eins #sommerfest", at_us=1_000),
        b"garbage" + WHOLE[:50],
        commit(MIRA, "3kb", "Zwei #sommerfest", at_us=2_000),
        commit(JOST, "3kc", "Drei #sommerfest", at_us=2_500),
        commit(MIRA, "3ka", "Eins #sommerfest", at_us=1_000),
        commit(JOST, "3kc", at_us=3_000, operation="delete"),
        commit(MIRA, "3kb", "Zwei, besser #sommerfest", at_us=4_000, operation="update"),
        commit(JOST, "3kc", "Drei #sommerfest", at_us=2_500),
    )
    toot = f"Getrötet #{hall.mast.tag}"
    ours = {"Eins #sommerfest", "Zwei, besser #sommerfest"}

    hall.run_until(lambda: toot in hall.shown())
    assert server._faults  # Mastodon was heard while Bluesky still raged
    hall.run_until(lambda: {toot, "Gesucht #sommerfest", *ours} == hall.shown())

    assert check(hall.event.pk) == []
    assert [one.message for one in caplog.records if one.levelno >= logging.ERROR] == []
    told = {source.pk for source in (hall.tooted, hall.heard, hall.searched)}
    good = Source.objects.filter(pk__in=told, state=Source.State.GOOD)
    hall.run_until(lambda: set(good.values_list("pk", flat=True)) == told)


def test_jetstream_goes_on_at_its_cursor_after_a_restart_and_hears_deletions(
    venue: tuple[Venue, JetstreamServer], server: BlueskyServer
) -> None:
    hall, jets = venue
    know(server, MIRA)
    jets._hangs_up_after.clear()
    far_us = 60_000_000
    jets.says(commit(MIRA, "3ka", "Eins #sommerfest", at_us=far_us))

    def read_to(at_us: int) -> bool:
        return Source.objects.get(pk=hall.heard.pk).cursor == str(START_US + at_us)

    hall.run_until(lambda: hall.shown() == {"Eins #sommerfest"} and read_to(far_us))
    jets.says(
        commit(MIRA, "3kb", "Zwei #sommerfest", at_us=far_us + 1),
        commit(MIRA, "3ka", at_us=far_us + 2, operation="delete"),
    )
    asked = len(jets.queries)
    hall.run_until(lambda: hall.shown() == {"Zwei #sommerfest"})

    begun = [query["cursor"] for query in jets.queries[asked:] if "cursor" in query]
    assert [str(START_US + far_us - 5_000_000)] in begun
    assert Post.objects.get(origin=uri(MIRA, "3ka")).state == "withdrawn"
    assert check(hall.event.pk) == []
