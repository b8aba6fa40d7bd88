"""How many sockets one visitor holds: a guest five, a hall behind one address hundreds."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pytest_django import Settings

from agenda.models import Event
from eventhub.live.connection import CLOSE_CROWDED, CLOSE_PROTOCOL, Connection
from eventhub.live.hub import Hub
from eventhub.live.seats import PER_GUEST, PER_RIGHT, Seats, network_of
from eventhub.live.topics import Visitor
from tests import guests
from tests.factories import make_attendee, make_moderator, make_screen
from tests.live.doors import Open, Socket, door, hello
from tests.live.sockets import Tab, aside, guest_cookies, signed_in
from tests.live.test_credit import Recorder

VENUE = "203.0.113.7"


def arriving(network: str = VENUE) -> Connection:
    return Connection(Recorder(), Visitor(network=network))


def filled(seats: Seats, holder: str, count: int, *, network: str = VENUE) -> list[Connection]:
    """`count` sockets of `holder`, and nobody had to go."""
    connections = [arriving(network) for _ in range(count)]
    for connection in connections:
        assert seats.arrive(connection) is None
        assert seats.take(connection, holder) is None
    return connections


# --- who gives way


def test_sixth_socket_of_a_guest_drives_out_the_first() -> None:
    seats = Seats()
    first, second, *_ = filled(seats, "mine:a", PER_GUEST)
    filled(seats, "mine:b", PER_GUEST)

    assert seats.take(arriving(), "mine:a") is first
    seats.leave(first)
    assert seats.take(arriving(), "mine:a") is second


def test_seat_that_is_left_is_free() -> None:
    seats = Seats()
    first, *_ = filled(seats, "mine:a", PER_GUEST)

    seats.leave(first)

    assert seats.take(arriving(), "mine:a") is None


def test_screen_and_staff_have_more_room() -> None:
    seats = Seats()
    first, *_ = filled(seats, "screen:3", PER_RIGHT)
    filled(seats, "user:3", PER_RIGHT)

    assert seats.take(arriving(), "screen:3") is first


def test_hall_behind_one_address_fills_half_of_the_process(settings: Settings) -> None:
    settings.MAX_SOCKETS = 40
    seats = Seats()
    filled(seats, "", 20)
    late = arriving()

    assert seats.take(late, "") is late
    seats.leave(late)
    filled(seats, "mine:a", 2)  # with a cookie from the same hall
    filled(seats, "", 20, network="198.51.100.9")


def test_default_has_room_for_a_large_hall_without_cookies() -> None:
    filled(Seats(), "", 2000)


def test_this_machine_itself_is_not_counted(settings: Settings) -> None:
    settings.MAX_SOCKETS = 4

    filled(Seats(), "", 1500, network="")


def test_longest_silence_gives_way_before_hello(settings: Settings) -> None:
    """Who opens sockets and says nothing keeps nobody out who says hello at once."""
    settings.MAX_SOCKETS = 40
    seats = Seats()
    silent = [arriving() for _ in range(10)]
    assert [seats.arrive(each) for each in silent] == [None] * 10
    page = arriving()

    assert seats.arrive(page) is silent[0]
    assert seats.take(page, "mine:a") is None
    seats.leave(silent[0])
    assert seats.arrive(arriving()) is None


def test_nothing_is_remembered_of_those_who_left() -> None:
    seats = Seats()
    everybody = [*filled(seats, "mine:a", 3), *filled(seats, "", 3), *filled(seats, "user:1", 3)]
    silent = arriving()
    seats.arrive(silent)

    for connection in [*everybody, silent, *everybody]:
        seats.leave(connection)

    assert (seats._held, seats._silent) == ({}, {})


# --- where a socket comes from


def scope(client: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return {"client": [client, 1] if client else None, "headers": headers}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", ""),
        ("127.8.8.8", ""),
        ("::1", ""),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:127.0.0.1", ""),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a proxy's mood", "unknown"),
        (None, ""),
    ],
)
def test_network_of_an_address(address: str | None, network: str) -> None:
    assert network_of(scope(address)) == network


@pytest.mark.parametrize(
    ("trusted", "network"), [(0, "192.0.2.1"), (1, "203.0.113.7"), (2, "198.51.100.9")]
)
def test_only_trusted_proxies_are_believed(settings: Settings, trusted: int, network: str) -> None:
    settings.TRUSTED_PROXIES = trusted

    assert network_of(scope("192.0.2.1", "10.0.0.1, 198.51.100.9", "203.0.113.7")) == network


# --- at the door


@pytest.fixture
async def opens(hub: Hub, event: Event) -> AsyncIterator[Open]:
    async with door(hub, event) as open_socket:
        yield open_socket


async def said(socket: Socket, *topics: str) -> dict[str, Any]:
    await socket.enter()
    await socket.say(hello(*topics))
    return await socket.hear()


def from_the_venue(socket: Socket) -> Socket:
    socket.scope["client"] = [VENUE, 1]
    return socket


@pytest.mark.django_db(transaction=True)
async def test_newest_page_of_a_guest_is_served_and_the_oldest_told(hub: Hub, event: Event) -> None:
    mira, jo = [guest_cookies(await aside(hub, make_attendee, event)) for _ in range(2)]
    groups = {"shared": ["wall"], "mine": ["mine"]}
    tabs = [Tab(hub, event, groups, cookies=mira) for _ in range(PER_GUEST + 1)]
    other = Tab(hub, event, {"shared": ["programme"]}, cookies=jo)

    for tab in (other, *tabs):
        await tab.open()

    assert [tab.closed_with for tab in tabs] == [CLOSE_CROWDED, *[None] * PER_GUEST]
    assert other.closed_with is None
    assert hub.connections == {tab.connection for tab in (other, *tabs[1:])}
    assert len(tabs[-1].inbox) == 2


@pytest.mark.django_db(transaction=True)
async def test_screens_and_desks_have_room_for_more(hub: Hub, event: Event) -> None:
    def both() -> list[dict[str, str]]:
        make_screen(event, key="k" * 22)
        return [{"screen": "k" * 22}, signed_in(make_moderator(event))]

    screen, desk = await aside(hub, both)
    beamers = [Tab(hub, event, {"shared": ["screen", "wall"]}, cookies=screen) for _ in range(8)]
    desks = [Tab(hub, event, {"shared": ["desk"]}, cookies=desk) for _ in range(8)]

    for tab in (*beamers, *desks):
        await tab.open()

    assert {tab.closed_with for tab in (*beamers, *desks)} == {None}


@pytest.mark.django_db(transaction=True)
async def test_full_hall_lets_guests_with_a_cookie_in(
    hub: Hub, event: Event, opens: Open, settings: Settings
) -> None:
    settings.MAX_SOCKETS = 8
    client = await aside(hub, lambda: guests.guest(event))

    strangers = [(await said(from_the_venue(opens()), "wall")) for _ in range(5)]
    forged = from_the_venue(opens(further={"cookie": f"attendee-{event.pk}=made-up"}))
    guest = from_the_venue(opens(client=client))

    assert [heard.get("closed") for heard in strangers] == [*[None] * 4, CLOSE_CROWDED]
    assert await said(forged, "wall") == {"closed": CLOSE_CROWDED}
    assert (await said(guest, "wall"))["t"] in {"frame", "reset"}
    assert len(hub.connections) == 5


@pytest.mark.django_db(transaction=True)
async def test_silent_sockets_keep_no_page_out(hub: Hub, opens: Open, settings: Settings) -> None:
    settings.MAX_SOCKETS = 8
    silent = [from_the_venue(opens()) for _ in range(12)]

    for socket in silent:
        assert await socket.enter() == 0
    heard = await said(from_the_venue(opens()), "wall")

    assert heard["t"] in {"frame", "reset"}
    assert await silent[0].hear() == {"closed": CLOSE_PROTOCOL}
    assert len(hub.connections) == 2


@pytest.mark.django_db(transaction=True)
async def test_thousand_sockets_of_this_machine_are_let_in(hub: Hub, event: Event) -> None:
    """As a load generator opens them: without cookies, all from one address."""
    tabs = [Tab(hub, event, {"shared": ["wall"]}) for _ in range(1100)]

    for tab in tabs:
        await tab.open()

    assert {tab.closed_with for tab in tabs} == {None}
