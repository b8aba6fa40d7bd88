"""Credit: who stops reading is closed, everybody else goes on. Own clock, no waiting."""

import pytest

from agenda.models import Event
from eventhub.live.connection import (
    CLOSE_GOING_AWAY,
    CLOSE_PROTOCOL,
    CLOSE_STALLED,
    HELLO_S,
    LIFETIME_S,
    MAX_BUFFERED_BYTES,
    MAX_UNREAD_BYTES,
    Connection,
)
from eventhub.live.groups import Group
from eventhub.live.hub import Hub
from eventhub.live.reading import START
from eventhub.live.senders import Packet
from eventhub.live.topics import Visitor
from tests.factories import make_post
from tests.live.sockets import Tab, aside, until

STALLED_S = 20.0
NOW = 1000.0


class Recorder:
    """A sender that keeps what it is given."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.closed_with: int | None = None
        self.waiting_bytes = 0

    def write(self, packet: Packet) -> None:
        assert self.closed_with is None
        self.packets.append(packet)

    def close(self, code: int) -> None:
        self.closed_with = code

    def buffered(self) -> int:
        return self.waiting_bytes


@pytest.fixture
def connection() -> Connection:
    """A socket that has said hello and joined, at NOW."""
    connection = Connection(Recorder(), Visitor())
    connection.groups["shared"] = Group(frozenset({"wall"}), "de", START)
    connection.opened, connection.expires = NOW, NOW + LIFETIME_S[0]
    return connection


def overdue(connection: Connection, after_s: float) -> int:
    return connection.overdue(NOW + after_s, STALLED_S)


def test_socket_that_reads_is_never_overdue(connection: Connection) -> None:
    for second in range(100):
        connection.send(Packet(b"x" * 50_000))
        connection.acknowledge(connection.sent)

        assert overdue(connection, second) == 0


def test_socket_that_stops_reading_is_closed_after_twenty_seconds(connection: Connection) -> None:
    connection.send(Packet(b"x"))

    assert [overdue(connection, s) for s in (0, 10, 20, 20.1)] == [0, 0, 0, CLOSE_STALLED]


def test_reading_a_part_begins_the_time_anew(connection: Connection) -> None:
    for _ in range(2):
        connection.send(Packet(b"x"))
    overdue(connection, 0)
    connection.acknowledge(1)
    connection.unread_since = NOW + 15

    assert [overdue(connection, s) for s in (16, 35, 35.1)] == [0, 0, CLOSE_STALLED]


def test_silence_of_the_hub_is_not_held_against_a_reader(connection: Connection) -> None:
    connection.send(Packet(b"x"))
    overdue(connection, 0)
    connection.acknowledge(1)

    assert overdue(connection, 1000) == 0
    connection.send(Packet(b"x"))
    assert [overdue(connection, s) for s in (1000, 1020, 1020.1)] == [0, 0, CLOSE_STALLED]


def test_too_much_in_our_own_buffers_is_closed_at_once(connection: Connection) -> None:
    connection.send(Packet(b"x"))
    assert isinstance(connection.sender, Recorder)
    connection.sender.waiting_bytes = MAX_BUFFERED_BYTES
    assert overdue(connection, 0) == 0

    connection.sender.waiting_bytes += 1

    assert overdue(connection, 0) == CLOSE_STALLED


def test_too_much_unread_is_closed_also_where_the_server_hides_its_buffers(
    connection: Connection,
) -> None:
    connection.send(Packet(b"x" * MAX_UNREAD_BYTES))
    assert overdue(connection, 0) == 0

    connection.send(Packet(b"x"))

    assert overdue(connection, 1) == CLOSE_STALLED


def test_acknowledged_bytes_are_counted_from_the_last_mark(connection: Connection) -> None:
    for second in range(4):
        connection.send(Packet(b"x" * (MAX_UNREAD_BYTES // 2)))
        overdue(connection, second)
        connection.acknowledge(second)

    assert connection.sent_bytes - connection.acked_bytes == MAX_UNREAD_BYTES // 2


@pytest.mark.parametrize("count", [-1, 0, 3, 10**30])
def test_acknowledging_what_was_not_sent_changes_nothing(
    connection: Connection, count: int
) -> None:
    for _ in range(2):
        connection.send(Packet(b"x"))

    connection.acknowledge(count)

    assert (connection.acked, connection.acked_bytes) == (0, 0)


def test_socket_without_hello_is_closed(connection: Connection) -> None:
    connection.groups.clear()

    assert [overdue(connection, s) for s in (HELLO_S, HELLO_S + 0.1)] == [0, CLOSE_PROTOCOL]


def test_every_socket_is_rotated_one_day(connection: Connection) -> None:
    assert [overdue(connection, LIFETIME_S[0] + s) for s in (0, 1)] == [0, CLOSE_GOING_AWAY]


def test_closed_connection_is_written_to_no_more(connection: Connection) -> None:
    connection.close(CLOSE_STALLED)
    connection.close(CLOSE_PROTOCOL)
    connection.send(Packet(b"x"))

    assert isinstance(connection.sender, Recorder)
    assert (connection.sender.packets, connection.sender.closed_with) == ([], CLOSE_STALLED)


@pytest.mark.django_db(transaction=True)
async def test_hub_closes_the_stalled_and_goes_on_with_the_others(hub: Hub, event: Event) -> None:
    tabs = [Tab(hub, event, {"shared": ["wall"]}) for _ in range(3)]
    for tab in tabs:
        await tab.open()
    stalled = tabs[1].connection
    stalled.unread_since = 1.0  # long ago
    for tab in tabs[::2]:
        await tab.say({"t": "ack", "n": len(tab.inbox)})

    await hub._check()
    post = await aside(hub, make_post, event)
    await until(lambda: tabs[0].read() or tabs[0].keys())
    tabs[2].read()

    assert [tab.closed_with for tab in tabs] == [None, CLOSE_STALLED, None]
    assert stalled not in hub.connections
    assert stalled.groups == {}
    assert [tabs[n].keys() for n in (0, 2)] == [[post.key], [post.key]]
