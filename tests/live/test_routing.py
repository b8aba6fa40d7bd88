"""Who may open a socket: our own pages, at addresses that are one; refused before accept."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from agenda.models import Event
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED
from eventhub.live.hub import Hub
from tests.live.doors import Open, door

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def opens(hub: Hub, event: Event) -> AsyncIterator[Open]:
    async with door(hub, event) as open_socket:
        yield open_socket


EMBEDDED = "192.168.1.5:8000"
NOT_OURS = [
    None,
    "",
    "null",
    "http://evil.example",
    "http://192.168.1.5",
    "http://192.168.1.5:8001",
    "http://192.168.1.5:80000",
    "http://192.168.1.50:8000",
    "http://192.168.1.5:8000.evil.example",
    "http://evil.example/192.168.1.5:8000",
    "http://evil.example#http://192.168.1.5:8000",
    "http://192.168.1.5:8000@evil.example",
    "http://192.168.1.5:8000/",
    "HTTP://192.168.1.5:8000",
    "ws://192.168.1.5:8000",
    "file://",
    "192.168.1.5:8000",
    "http://192.168.1.5:8000, http://evil.example",
]
NOT_LISTED = [
    None,
    "",
    "null",
    "http://hub.example",
    "https://hub.example:443",
    "https://hub.example:8443",
    "https://hub.example.evil.example",
    "https://evilhub.example",
    "https://www.hub.example",
    "https://hub.example/",
    "https://HUB.example",
    "https://evil.example",
    "https://evil.example?https://hub.example",
    "https://hub.example@evil.example",
]


async def test_page_of_this_laptop_may_open_a_socket(opens: Open) -> None:
    pages = [
        (f"{scheme}://{host}", host)
        for host in [EMBEDDED, "localhost:8000", "[::1]:8000", "127.0.0.1"]
        for scheme in ["http", "https"]
    ]

    assert [await opens(origin=origin, host=host).enter() for origin, host in pages] == [0] * 8


async def test_foreign_page_opens_no_socket_on_a_laptop(hub: Hub, opens: Open) -> None:
    codes = {origin: await opens(origin=origin, host=EMBEDDED).enter() for origin in NOT_OURS}

    assert codes == dict.fromkeys(NOT_OURS, CLOSE_NOT_ALLOWED)
    assert hub.connections == set()


async def test_foreign_name_that_leads_to_us_opens_no_socket(opens: Open) -> None:
    """DNS rebinding: the page and the socket agree on a host, but it is not ours."""
    hosts = [
        "evil.example",
        "evil.example:8000",
        "",
        "[::1",
        "a/b",
        "ä",
        "@",
        "localhost.x.example",
    ]

    codes = {host: await opens(origin=f"http://{host}", host=host).enter() for host in hosts}

    assert codes == dict.fromkeys(hosts, CLOSE_NOT_ALLOWED)


async def test_only_listed_origins_open_a_socket_in_production(
    opens: Open, settings: Settings
) -> None:
    settings.EMBEDDED = False
    settings.ORIGINS = ("https://hub.example", "https://live.example:8443")
    settings.ALLOWED_HOSTS = ["hub.example", "live.example"]

    listed = [await opens(origin=each, host="hub.example").enter() for each in settings.ORIGINS]
    codes = {each: await opens(origin=each, host="hub.example").enter() for each in NOT_LISTED}

    assert listed == [0, 0]
    assert codes == dict.fromkeys(NOT_LISTED, CLOSE_NOT_ALLOWED)


async def test_address_that_is_none_opens_no_socket(opens: Open) -> None:
    paths = ["/", "/ws", "/ws/", "/ws/a/b", "/ws/a b", "/ws/\x00", "/ws/ä", "/ws/a/"]
    paths += ["/wss/a", "//ws/a", "/ws/../admin", "/ws/" + "a" * 51, "/" + "a" * 9000]

    assert {path: await opens(path).enter() for path in paths} == dict.fromkeys(
        paths, CLOSE_NOT_ALLOWED
    )


async def test_process_that_is_full_refuses_before_accept(
    hub: Hub, opens: Open, settings: Settings
) -> None:
    settings.MAX_SOCKETS = 2

    codes = [await opens().enter() for _ in range(3)]

    assert codes == [0, 0, CLOSE_GOING_AWAY]
    assert len(hub.connections) == 2
