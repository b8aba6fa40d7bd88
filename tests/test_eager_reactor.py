"""Our reactor writes at once, keeps the order, and still waits for a socket that is full.

Twisted's own tests for reactors (`twisted.internet.test`) pass on it as on the stock one; these
are for what differs.
"""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet import tcp
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.protocol import Protocol

from eventhub.eager_reactor import EagerReactor

Connection: Any = tcp.Connection


class Counting(asyncio.SelectorEventLoop):
    """Remembers how often the kernel was asked for "writable"."""

    asked = 0

    def add_writer(self, fd: Any, callback: Any, *args: Any) -> None:  # type: ignore[override]
        self.asked += 1
        super().add_writer(fd, callback, *args)


class Recorder(Protocol):
    lost: Any = None

    def connectionLost(self, reason: Any = None) -> None:
        self.lost = reason


class Pair:
    """A transport of the reactor and the other end, a plain socket."""

    def __init__(self, reactor: AsyncioSelectorReactor, loop: Counting) -> None:
        self.loop = loop
        near, self.far = socket.socketpair()
        near.setblocking(False)
        self.far.setblocking(False)
        self.protocol = Recorder()
        self.near = near
        self.transport = Connection(near, self.protocol, reactor)
        self.transport.connected = 1
        self.protocol.transport = self.transport

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()

    def received(self) -> bytes:
        try:
            return self.far.recv(1 << 20)
        except BlockingIOError:
            return b""


def pair_on(kind: type[AsyncioSelectorReactor]) -> Iterator[Pair]:
    loop = Counting()
    pair = Pair(kind(loop), loop)
    yield pair
    pair.far.close()
    pair.near.close()
    loop.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    yield from pair_on(EagerReactor)


@pytest.fixture
def stock() -> Iterator[Pair]:
    yield from pair_on(AsyncioSelectorReactor)


def send(pair: Pair, *texts: bytes) -> bytes:
    for text in texts:
        pair.transport.write(text)
    pair.turn(3)
    return pair.received()


def test_writes_without_asking_the_kernel(pair: Pair, stock: Pair) -> None:
    assert send(pair, b"one ", b"two") == b"one two"
    assert send(pair, b"three") == b"three"
    assert pair.loop.asked == 0
    # The stock reactor, for comparison: this is what is saved.
    assert send(stock, b"one") == b"one"
    assert stock.loop.asked == 1


def test_what_is_written_in_one_turn_leaves_in_the_next(pair: Pair) -> None:
    pair.transport.write(b"x")
    assert pair.received() == b""
    pair.turn(2)
    assert pair.received() == b"x"


def test_a_full_socket_waits_for_the_kernel_and_loses_nothing(pair: Pair) -> None:
    sent = b"".join(number.to_bytes(4) for number in range(500_000))
    pair.transport.write(sent)
    pair.turn(2)
    assert pair.loop.asked == 1
    pair.transport.write(b"the end")
    pair.turn(2)
    assert pair.loop.asked == 1, "registered once, not again with each write"

    got = b""
    for _ in range(1000):
        got += pair.received()
        if got.endswith(b"the end"):
            break
        pair.turn()
    assert got == sent + b"the end"
    # Drained: the next write is eager again.
    assert send(pair, b"more") == b"more"
    assert pair.loop.asked == 1


def test_who_closes_after_writing_is_heard_to_the_end(pair: Pair) -> None:
    pair.transport.write(b"good-bye")
    pair.transport.loseConnection()
    pair.turn(3)
    assert pair.received() == b"good-bye"
    assert pair.far.recv(1) == b""
    assert pair.protocol.lost is not None


def test_who_is_gone_disturbs_nobody(pair: Pair) -> None:
    reactor = pair.transport.reactor
    other = Pair(reactor, pair.loop)
    pair.far.close()
    pair.transport.write(b"to nobody")
    other.transport.write(b"to the next")
    pair.turn(3)
    assert pair.protocol.lost is not None
    assert other.received() == b"to the next"
    assert reactor.getWriters() == []
    other.far.close()
    other.near.close()


def test_who_changes_his_mind_before_his_turn_writes_nothing(pair: Pair) -> None:
    pair.transport.write(b"never")
    pair.transport.stopWriting()
    pair.turn(3)
    assert pair.received() == b""
    assert pair.transport.reactor.getWriters() == []


def test_a_writer_that_breaks_is_closed_and_disturbs_nobody(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twisted.python import log

    monkeypatch.setattr(log, "err", lambda *_: None)
    other = Pair(pair.transport.reactor, pair.loop)
    monkeypatch.setattr(pair.transport, "doWrite", lambda: 1 / 0)
    pair.transport.write(b"x")
    other.transport.write(b"to the next")
    pair.turn(3)
    assert other.received() == b"to the next"
    assert pair.protocol.lost is not None
    other.far.close()
    other.near.close()


def test_taking_everything_off_includes_who_waits_for_his_turn(pair: Pair) -> None:
    pair.transport.write(b"x")
    assert pair.transport.reactor.removeAll() == [pair.transport]
    pair.turn(2)
    assert pair.received() == b""
