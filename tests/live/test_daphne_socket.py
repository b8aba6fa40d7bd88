"""The fast path writes what Autobahn would write, only where it is safe, and in order."""

import asyncio
import functools
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from eventhub.live import daphne_socket
from eventhub.live.daphne_socket import DaphneSender, sender_for
from eventhub.live.senders import Packet, PortableSender
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.stream_client import Options, StreamClient

OPEN = 3
OPENED: "list[Transport]" = []


class Transport:
    """Twisted's buffers and a real socket; the exact type is what the guard asks for."""

    TLS = False
    connected = True
    disconnecting = False

    def __init__(self) -> None:
        self.socket, self.far = socket.socketpair()
        self.socket.setblocking(False)
        self.dataBuffer = b""
        self.offset = 0
        self._tempDataBuffer: list[bytes] = []
        self._tempDataLen = 0
        OPENED.append(self)

    def write(self, data: bytes) -> None:
        self._tempDataBuffer.append(data)
        self._tempDataLen += len(data)

    def close(self) -> None:
        self.socket.close()
        self.far.close()

    def arrived(self) -> bytes:
        self.far.setblocking(False)
        got = b""
        try:
            while part := self.far.recv(1 << 20):
                got += part
        except BlockingIOError:
            return got
        return got


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def sender(**changes: Any) -> tuple[DaphneSender, Transport, list[dict[str, Any]]]:
    """A sender whose guard has said yes, over our transport; and what went the long way."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    transport = Transport()
    protocol = SimpleNamespace(transport=transport, state=OPEN, send_queue=[])
    for name, value in changes.items():
        setattr(protocol if hasattr(protocol, name) else transport, name, value)
    made = DaphneSender.__new__(DaphneSender)
    made._portable = PortableSender(send)
    made._protocol, made._transport, made._plain = protocol, transport, True
    return made, transport, sent


def test_libraries_look_as_they_did() -> None:
    assert daphne_socket._unknown() == ""
    assert daphne_socket.usable()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 200_000])
def test_frame_is_the_one_autobahn_writes(size: int) -> None:
    payload = b"a" * size

    assert Packet(payload).frame == daphne_socket._autobahn_frame(payload)


def test_packet_goes_straight_to_the_socket() -> None:
    fast, transport, sent = sender()

    fast.write(Packet(b"hello"))

    assert transport.arrived() == Packet(b"hello").frame
    assert sent == []
    assert fast.buffered() == 0


def test_rest_of_a_short_write_waits_in_twisteds_buffer_in_order() -> None:
    fast, transport, _ = sender()
    big, small = Packet(b"x" * 4_000_000), Packet(b"after")

    fast.write(big)
    fast.write(small)

    waiting = b"".join(transport._tempDataBuffer)
    assert fast.buffered() == len(waiting) > 0
    assert transport.arrived() + waiting == big.frame + small.frame


@pytest.mark.parametrize(
    "change",
    [
        {"state": 2},
        {"send_queue": [b"queued"]},
        {"TLS": True},
        {"connected": False},
        {"disconnecting": True},
    ],
)
def test_guard_sends_everything_unusual_the_long_way(change: dict[str, Any]) -> None:
    """Negative control of the guard: each of these once put wrong bytes on a wire."""
    fast, transport, sent = sender(**change)

    fast.write(Packet(b"careful"))

    assert transport.arrived() == b""
    assert sent == [{"type": "websocket.send", "text": "careful"}]


def test_tls_transport_is_refused_although_it_has_a_socket() -> None:
    """A TLS transport delegates `socket`: asking for the attribute alone wrote plain text."""
    transport = SimpleNamespace(socket=object(), TLS=False)
    protocol = SimpleNamespace(
        transport=transport, _perMessageCompress=None, maskServerFrames=False
    )

    assert daphne_socket._is_plain(protocol) is False


def test_any_other_server_gets_the_portable_sender() -> None:
    async def send(message: dict[str, Any]) -> None:
        pass

    assert sender_for(send) is None
    assert sender_for(functools.partial(send, {})) is None


def test_unknown_daphne_switches_the_path_off(monkeypatch: pytest.MonkeyPatch) -> None:
    import daphne

    monkeypatch.setattr(daphne, "__version__", "5.0.0")

    assert "daphne" in daphne_socket._unknown()


@pytest.mark.processes
@pytest.mark.sqlite
@pytest.mark.parametrize("way", ["auto", "portable"])
async def test_both_senders_bring_everybody_the_same(tmp_path: Path, way: str) -> None:
    """Twenty readers, ten of them late, a burst of notes: every replica is whole at the end."""
    installation = Installation(tmp_path, settings={"EVENTHUB_SENDER": way})
    known = furnish(installation, "tests.browser.venue")
    with ExitStack() as stack:
        served = stack.enter_context(Served(installation))
        clients = [
            StreamClient(Options(port=served.port, slug=known["slug"], seed=n)) for n in range(20)
        ]
        tasks = [asyncio.create_task(client.run()) for client in clients[:10]]
        await write_notes(served.url, known, range(5))
        tasks += [asyncio.create_task(client.run()) for client in clients[10:]]
        await write_notes(served.url, known, range(5, 30))

        try:
            await until(lambda: all(len(c.replica.topic("wall")) == 30 for c in clients))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    walls = [sorted(client.replica.topic("wall")) for client in clients]
    assert all(wall == walls[0] for wall in walls)
    assert len(walls[0]) == 30


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.05)


async def write_notes(base: str, known: dict[str, str], numbers: range) -> None:
    for number in numbers:
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            await http.get(f"/{known['code']}")
            token = (await http.get(f"/{known['slug']}/me")).json()["csrf"]
            answer = await http.post(
                f"/{known['slug']}/notes",
                data={"text": f"Notiz {number}", "idempotency": f"burst-of-notes-{number:04}"},
                headers={"Accept": "application/json", "X-CSRFToken": token, "Origin": base},
            )
            assert answer.status_code == 201
