"""The portable sender keeps the order whatever the server's `send` does; a wreck hurts nobody."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from agenda.models import Event
from eventhub.live.hub import Hub
from eventhub.live.senders import Packet, PortableSender
from tests.factories import make_post
from tests.live.sockets import Tab, aside, until

WAYS: dict[str, Callable[[int], int]] = {
    "never waits": lambda n: 0,
    "always waits": lambda n: 2,
    "waits now and then": lambda n: (n % 3) * 2,
    "waits ever less": lambda n: 20 - n,
    "waits once": lambda n: 5 if n == 0 else 0,
}


@pytest.mark.parametrize("turns", WAYS.values(), ids=WAYS)
async def test_messages_arrive_in_order_and_the_close_last(turns: Callable[[int], int]) -> None:
    arrived: list[Any] = []

    async def send(message: dict[str, Any]) -> None:
        number = int(message["text"]) if message["type"] == "websocket.send" else 0
        for _ in range(turns(number)):
            await asyncio.sleep(0)
        arrived.append(message.get("text") or message["code"])

    sender = PortableSender(send)
    for number in range(20):
        sender.write(Packet(str(number).encode()))
        if number % 4 == 0:
            await asyncio.sleep(0)
    sender.close(1001)

    await until(lambda: len(arrived) == 21)
    assert arrived == [*(str(number) for number in range(20)), 1001]
    assert (sender._tasks, sender.buffered()) == ([], 0)


async def test_send_that_finishes_at_once_needs_no_task() -> None:
    arrived: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        arrived.append(message["text"])

    before = asyncio.all_tasks()
    PortableSender(send).write(Packet(b"x"))

    assert arrived == ["x"]
    assert asyncio.all_tasks() == before


async def test_send_may_wait_for_a_future_and_be_refused() -> None:
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    arrived: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        try:
            await gate
        except ConnectionError:
            arrived.append("refused")
            raise
        arrived.append(message["text"])

    sender = PortableSender(send)
    sender.write(Packet(b"x"))
    gate.set_exception(ConnectionResetError())

    await until(lambda: not sender._tasks)
    assert arrived == ["refused"]


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after a moment"])
async def test_broken_socket_raises_nothing_at_whoever_writes(late: bool) -> None:
    async def send(message: dict[str, Any]) -> None:
        if late:
            await asyncio.sleep(0)
        raise RuntimeError("Unexpected ASGI message 'websocket.send', after 'websocket.close'.")

    sender = PortableSender(send)
    sender.write(Packet(b"x"))
    sender.write(Packet(b"y"))
    sender.close(1001)

    await until(lambda: not sender._tasks)


@pytest.mark.django_db(transaction=True)
async def test_broken_socket_keeps_nothing_from_the_others(hub: Hub, event: Event) -> None:
    tabs = [Tab(hub, event, {"shared": ["wall"]}) for _ in range(3)]
    for tab in tabs:
        await tab.open()
        tab.read()

    async def broken(message: dict[str, Any]) -> None:
        raise RuntimeError("Unexpected ASGI message 'websocket.send', after 'websocket.close'.")

    tabs[1].connection.sender = PortableSender(broken)
    posts = [await aside(hub, make_post, event) for _ in range(2)]

    await until(lambda: tabs[0].read() or len(tabs[0].keys()) == 2)
    tabs[2].read()
    assert [tab.keys() for tab in tabs] == [[p.key for p in posts], [], [p.key for p in posts]]


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_frame_carries_its_length_as_the_protocol_wants(size: int) -> None:
    packet = Packet(b"x" * size)

    head = {0: 2, 125: 2, 126: 4, 65535: 4, 65536: 10}[size]
    assert packet.size == size
    assert len(packet.frame) == head + size
    assert packet.frame[0] == 0x81
    short, extended = packet.frame[1], int.from_bytes(packet.frame[2:head])
    assert (short if head == 2 else extended) == size
    assert packet.message == {"type": "websocket.send", "text": "x" * size}
