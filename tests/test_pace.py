"""How fast one visitor may ask: who counts as one, and that nobody is slowed for another."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as now_set
from django.test import Client
from pytest_django import Settings

from agenda import attendees
from agenda.models import Event
from eventhub import pace
from eventhub.application import _guest
from eventhub.live.models import new_key
from eventhub.pace import Pace, address_of, proven
from tests import factories, guests

HALL = "192.0.2.7"


@pytest.fixture(autouse=True)
def nothing_proven(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has just started, and in which no time passes."""
    monkeypatch.setattr("eventhub.http.time", SimpleNamespace(monotonic=lambda: 1000.0))
    proven._hashes.clear()
    yield
    proven._hashes.clear()


def scope(
    path: str = "/demo/",
    *,
    port: int = 40_000,
    address: str = HALL,
    cookies: dict[str, str] | None = None,
    **headers: str,
) -> dict[str, Any]:
    jar = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    given = headers | ({"cookie": jar} if jar else {})
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "client": (address, port),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
    }


def guest(event_id: int = 1) -> dict[str, str]:
    return {f"attendee-{event_id}": attendees.sign(event_id, new_key())}


async def nobody(scope: dict[str, Any], receive: Any, send: Any) -> None:
    raise AssertionError("only asked how long to wait")


def paced() -> Pace:
    return Pace(nobody, recognise=_guest)


def let_in(gate: Pace, asked: list[dict[str, Any]]) -> int:
    """How many of these requests, all in the same instant, may come in."""
    return sum(not gate.wait_s(one) for one in asked)


def from_many_connections(count: int, path: str = "/demo/", **fields: Any) -> list[dict[str, Any]]:
    return [scope(path, port=port, **fields) for port in range(1000, 1000 + count)]


# --- who is one visitor


def test_guest_who_floods_is_slowed_alone() -> None:
    gate, flooder = paced(), guest()

    in_time = let_in(gate, from_many_connections(1000, cookies=flooder))

    assert in_time == 150
    assert let_in(gate, [scope(port=port, cookies=guest()) for port in range(300)]) == 300
    assert let_in(gate, [scope(port=port) for port in range(300)]) == 300


def test_connection_without_a_cookie_is_slowed_alone() -> None:
    gate = paced()

    in_time = let_in(gate, [scope() for _ in range(1000)])

    assert in_time == 200
    assert let_in(gate, [scope(port=port) for port in range(300)]) == 300


def test_address_is_a_high_ceiling_for_those_without_a_cookie() -> None:
    gate = paced()

    assert let_in(gate, from_many_connections(3000)) == 1000
    assert let_in(gate, [scope(cookies=guest()) for _ in range(300)]) == 300
    assert let_in(gate, from_many_connections(10, address="192.0.2.8")) == 10


def test_hall_can_join_while_its_address_is_flooded() -> None:
    gate = paced()
    proven.add("code", "DEMO7")
    let_in(gate, from_many_connections(3000))

    assert let_in(gate, from_many_connections(300, "/demo7")) == 300
    assert let_in(gate, from_many_connections(300, "/DEMO8")) == 0


@pytest.mark.parametrize("kind", ["session", "screen"])
def test_staff_and_screens_have_a_pace_of_their_own_once_proven(kind: str) -> None:
    gate, cookies = paced(), {kind: "k" * 22}
    let_in(gate, from_many_connections(3000))
    before = let_in(gate, from_many_connections(100, cookies=cookies))

    proven.add(kind, "k" * 22)

    assert before == 0
    assert let_in(gate, from_many_connections(100, cookies=cookies)) == 100
    assert let_in(gate, from_many_connections(100, cookies={kind: "other"})) == 0


@pytest.mark.parametrize(
    "forged",
    [
        {"attendee-1": "forged"},
        {"attendee-x": attendees.SALT},
        {"attendee-99999999999999999999": "1:1:1"},
        {"attendee-²": "1:1:1"},
        {"attendee": "x"},
        {"session": "x" * 32, "screen": "y" * 22},
    ],
)
def test_forged_cookie_is_none(forged: dict[str, str]) -> None:
    gate = paced()
    asked = [scope(cookies={k: f"{v}{n}" for k, v in forged.items()}) for n in range(1000)]

    assert let_in(gate, asked) == 200


def test_cookie_of_one_event_proves_nothing_under_the_name_of_another() -> None:
    stolen = guest(1)["attendee-1"]

    assert _guest({"attendee-2": stolen}) == ""
    assert _guest({"attendee-1": stolen}) != ""


@pytest.mark.parametrize(
    "header",
    ["x-forwarded-for", "forwarded", "x-real-ip", "client-ip", "cf-connecting-ip", "via"],
)
def test_forged_forwarding_headers_change_nothing(header: str) -> None:
    gate = paced()
    asked = from_many_connections(3000)
    for number, one in enumerate(asked):
        one["headers"] = [(header.encode(), f"203.0.113.{number % 250}".encode())]

    assert let_in(gate, asked) == 1000


def test_behind_a_proxy_each_address_counts_and_connections_do_not(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    gate = paced()
    phones = [
        scope(address="127.0.0.1", port=5000, x_forwarded_for=f"6.6.6.{n % 250}, 198.51.100.{n}")
        for n in range(250)
    ]
    flood = [
        scope(address="127.0.0.1", port=5000, x_forwarded_for=f"10.0.0.{n % 250}, 198.51.100.255")
        for n in range(3000)
    ]

    assert let_in(gate, phones) == 250
    assert let_in(gate, flood) == 1000


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_address_is_that_of_a_household(address: str, key: str) -> None:
    assert address_of(scope(address=address)) == key


def test_loopback_is_an_address_like_any_other() -> None:
    assert let_in(paced(), from_many_connections(3000, address="127.0.0.1")) == 1000


def test_pictures_cost_little() -> None:
    one = scope("/media/abc", cookies=guest())

    assert let_in(paced(), [one] * 3000) == 1500


def test_address_rate_is_a_setting(settings: Settings) -> None:
    settings.ADDRESS_RATE = 8

    assert let_in(paced(), from_many_connections(500)) == 100


def test_proven_words_are_kept_as_hashes_and_not_for_ever() -> None:
    words = pace.Proven()
    words.MAX_WORDS = 2
    for word in ("a", "b", "a", "c"):
        words.add("code", word)

    assert [words.has("code", word) for word in "abc"] == [True, False, True]
    assert (words.has("session", "a"), words.has("code", "")) == (False, False)
    assert all(len(digest) == 16 for digest in words._hashes)


# --- what proves itself


@pytest.mark.django_db
def test_what_was_right_once_is_remembered(event: Event) -> None:
    factories.make_screen(event, key="k" * 22)
    desk = guests.signed_in(factories.make_moderator(event))
    word = desk.cookies[now_set.SESSION_COOKIE_NAME].value

    for client, where in [
        (guests.browser(), f"/{event.code.lower()}"),
        (guests.beamer("k" * 22), "/screen"),
        (desk, f"/{event.slug}/desk/"),
    ]:
        client.get(where)

    assert proven.has("code", event.code)
    assert proven.has("screen", "k" * 22)
    assert proven.has("session", word)


@pytest.mark.django_db
def test_what_was_wrong_is_not_remembered(event: Event) -> None:
    wrong = Client(SERVER_NAME="localhost")
    wrong.cookies.load({"session": "x" * 32, "screen": "y" * 22})

    for where in ("/ZZZZZ", "/screen", f"/{event.slug}/desk/", f"/{event.slug}/"):
        wrong.get(where)

    assert proven._hashes == {}


# --- what one is told


@pytest.mark.parametrize(("accept", "is_page"), [("text/html", True), ("application/json", False)])
async def test_who_is_too_fast_is_told_when_to_come_again(accept: str, is_page: bool) -> None:
    gate = paced()
    asked = scope(accept=accept, accept_language="en")
    let_in(gate, [asked] * 1000)
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await gate(asked, None, send)

    start, body = said
    words = guests.in_english("That was a lot at once")
    assert (start["status"], dict(start["headers"])[b"retry-after"]) == (429, b"1")
    if is_page:
        assert f"<h1>{words}</h1>".encode() in body["body"]
        assert b'href="/impressum"' in body["body"]
    else:
        assert json.loads(body["body"]) == {"error": {"code": "too_fast", "message": words}}
