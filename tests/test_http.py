"""Who asks, from which page, how much at once: the tables and the arithmetic of `eventhub.http`."""

import asyncio
import socket
from typing import Any

import pytest
from pytest_django import Settings

from eventhub.gate import AdmissionGate
from eventhub.http import (
    BUSY_RETRY_S,
    Buckets,
    client_address,
    host_allowed,
    origin_allowed,
)

OWN = socket.gethostname().lower()
GET = {"type": "http", "method": "GET", "headers": [(b"accept", b"application/json")]}

# --- the gate


class Inside:
    """An application whose requests stay inside until they are let go."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.door = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.door.wait()
            if self.error is not None:
                raise self.error
            await send({"type": "http.response.start", "status": 200, "headers": []})
        finally:
            self.inside -= 1


async def ask(gate: AdmissionGate) -> dict[str, Any]:
    """The start of the response."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await gate(GET, None, send)
    return sent[0]


async def asked(gate: AdmissionGate, count: int) -> list["asyncio.Task[dict[str, Any]]"]:
    """`count` requests, each as far as it gets by itself."""
    tasks = [asyncio.create_task(ask(gate)) for _ in range(count)]
    await settled()
    return tasks


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.django_db
async def test_gate_lets_in_as_many_as_there_are_places_and_sends_away_who_finds_no_seat() -> None:
    app = Inside()
    gate = AdmissionGate(app, running=3, waiting=2)

    tasks = await asked(gate, 7)

    assert (app.inside, gate.waiting) == (3, 2)
    assert [task.done() for task in tasks] == [False] * 5 + [True] * 2
    refused = tasks[5].result()
    assert refused["status"] == 503
    assert dict(refused["headers"])[b"retry-after"] == str(BUSY_RETRY_S).encode()

    app.door.set()
    answers = await asyncio.gather(*tasks)

    assert [answer["status"] for answer in answers] == [200] * 5 + [503] * 2
    assert (app.most, app.inside, gate.waiting) == (3, 0, 0)


@pytest.mark.django_db
async def test_gate_without_waiting_room_sends_the_next_one_away() -> None:
    app = Inside()
    gate = AdmissionGate(app, running=1, waiting=0)

    tasks = await asked(gate, 2)
    app.door.set()

    assert [answer["status"] for answer in await asyncio.gather(*tasks)] == [200, 503]
    assert (await ask(gate))["status"] == 200


async def test_request_that_fails_gives_its_place_back() -> None:
    app = Inside()
    app.error = ZeroDivisionError()
    app.door.set()
    gate = AdmissionGate(app, running=1, waiting=0)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await ask(gate)

    app.error = None
    assert (await ask(gate))["status"] == 200


@pytest.mark.parametrize("which", [0, 1, 2], ids=["inside", "first waiting", "second waiting"])
async def test_browser_that_gives_up_leaves_its_place_and_its_seat(which: int) -> None:
    app = Inside()
    gate = AdmissionGate(app, running=1, waiting=2)
    tasks = await asked(gate, 3)

    tasks[which].cancel()
    await settled()
    tasks += await asked(gate, 1)
    app.door.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(answer) is dict for answer in answers] == [n != which for n in range(3)] + [True]
    assert {answer["status"] for answer in answers if isinstance(answer, dict)} == {200}
    assert (app.inside, gate.waiting, app.most) == (0, 0, 1)


# --- hosts and origins


@pytest.fixture
def embedded(settings: Settings) -> None:
    settings.EMBEDDED = True


@pytest.fixture
def production(settings: Settings) -> None:
    settings.EMBEDDED = False
    settings.ORIGINS = ("https://hub.example", "https://wall.example:8443")
    settings.ALLOWED_HOSTS = ["hub.example", "wall.example", "127.0.0.1"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8000", "demo.localhost", OWN, f"{OWN}.local:8000", OWN.upper()),
        *("127.0.0.1:8000", "192.168.1.20", "[::1]:8000", "[fe80::1]"),
    ],
)
def test_embedded_answers_to_loopback_own_name_and_addresses(host: str) -> None:
    assert host_allowed(host) is True


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", "evil.example:8000", "localhost.evil.example", f"{OWN}.evil.example"),
        *("127.0.0.1.nip.example", "user@", "[", "[::1", "localhost.", "256.1.1.1", "0x7f.1"),
    ],
)
def test_embedded_answers_to_no_other_name(host: str) -> None:
    """A foreign name that leads to this machine is how a foreign page would reach it."""
    assert host_allowed(host) is False


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("hub.example", True),
        ("wall.example:8443", True),
        ("127.0.0.1:8000", True),
        ("localhost", False),
        ("192.168.1.20", False),
        ("evil.example", False),
        ("sub.hub.example", False),
        ("", False),
    ],
)
def test_production_answers_to_listed_hosts_alone(host: str, allowed: bool) -> None:
    assert host_allowed(host) is allowed


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://192.168.1.20:8000", "192.168.1.20:8000", True),
        ("https://localhost", "localhost", True),
        (f"http://{OWN}:8000", f"{OWN}:8000", True),
        (None, "localhost:8000", False),
        ("", "localhost:8000", False),
        ("null", "localhost:8000", False),
        ("http://localhost:8000", "localhost:9000", False),
        ("http://localhost", "localhost:8000", False),
        ("http://127.0.0.1:8000", "localhost:8000", False),
        ("ftp://localhost", "localhost", False),
        ("http://evil.example", "localhost", False),
        ("http://evil.example", "evil.example", False),
        ("http://localhost:8000/", "localhost:8000", False),
    ],
)
def test_embedded_socket_opens_from_its_own_page_alone(
    origin: str | None, host: str, allowed: bool
) -> None:
    assert origin_allowed(origin, host) is allowed


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://hub.example", True),
        ("https://wall.example:8443", True),
        ("http://hub.example", False),
        ("https://hub.example:443", False),
        ("https://wall.example", False),
        ("https://sub.hub.example", False),
        ("https://hub.example.evil.example", False),
        ("https://localhost", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("host", ["hub.example", "evil.example", ""])
def test_production_socket_opens_from_listed_origins_alone(
    origin: str | None, host: str, allowed: bool
) -> None:
    """Scheme, host and port all count; what the browser calls the host does not."""
    assert origin_allowed(origin, host) is allowed


# --- the address behind proxies


@pytest.mark.parametrize(
    ("trusted", "forwarded_for", "address"),
    [
        (0, "", "10.0.0.9"),
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (1, " 6.6.6.6 ,203.0.113.7 ,", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (2, "203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
    ],
)
def test_client_address_is_counted_from_the_right(
    settings: Settings, trusted: int, forwarded_for: str, address: str
) -> None:
    """What stands further left was written by whoever asks."""
    settings.TRUSTED_PROXIES = trusted

    assert client_address("10.0.0.9", forwarded_for) == address


# --- buckets


def test_bucket_gives_its_tokens_and_then_one_after_the_other() -> None:
    buckets = Buckets(at_once=3, per_second=0.5)

    assert [buckets.take("guest", now=100) for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.take("guest", now=101) == 1
    assert [buckets.take("guest", now=102) for _ in range(2)] == [0, 2]


def test_asking_in_vain_costs_nothing() -> None:
    buckets = Buckets(at_once=1, per_second=1)
    buckets.take("guest", now=0)

    assert {buckets.take("guest", now=0.5) for _ in range(10)} == {0.5}
    assert buckets.take("guest", now=1) == 0


def test_full_bucket_holds_no_more_than_its_size() -> None:
    buckets = Buckets(at_once=2, per_second=1)

    assert [buckets.take("guest", now=0)] == [0]
    assert [buckets.take("guest", now=10_000) for _ in range(3)] == [0, 0, 1]


def test_guests_have_a_bucket_each_and_a_fresh_one_on_request() -> None:
    buckets = Buckets(at_once=1, per_second=0.1)
    buckets.take("a", now=0)

    assert (buckets.take("b", now=0), buckets.take("a", now=0)) == (0, 10)
    buckets.refill("a")
    buckets.refill("nobody")
    assert buckets.take("a", now=0) == 0


def test_buckets_forget_who_has_not_asked_for_longest() -> None:
    buckets = Buckets(at_once=1, per_second=0.001)
    buckets.MAX_KEYS = 3
    for key in "abc":
        buckets.take(key, now=0)
    buckets.take("a", now=0)

    buckets.take("d", now=0)

    assert set(buckets._levels) == {"c", "a", "d"}
