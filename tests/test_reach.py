"""Whether any other device has come: what counts as one, and who is told that none has."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from agenda.models import Event
from eventhub import reach
from eventhub.addresses import lan_address
from tests import factories, guests

HERE, ELSEWHERE = "127.0.0.1", "192.0.2.9"
WORDS = "No other device has reached this address yet"


@pytest.fixture(autouse=True)
def nobody_was_here() -> Iterator[None]:
    reach.forget()
    yield
    reach.forget()


def scope(address: str, forwarded_for: str = "") -> dict[str, Any]:
    headers = [(b"x-forwarded-for", forwarded_for.encode())] if forwarded_for else []
    return {"type": "http", "client": (address, 5000) if address else None, "headers": headers}


# --- which addresses are this machine's own


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "::1%lo", "", "unix:/run/hub.sock"],
)
def test_loopback_and_what_is_no_address_are_this_machine(address: str) -> None:
    assert reach.is_own(address)


def test_address_of_an_interface_is_this_machine() -> None:
    assert reach.is_own(lan_address())
    assert reach.is_own(f"::ffff:{lan_address()}")


@pytest.mark.parametrize("address", [ELSEWHERE, "::ffff:192.0.2.9", "2001:db8::7", "8.8.8.8"])
def test_other_addresses_are_somebody_else(address: str) -> None:
    assert not reach.is_own(address)


def test_looking_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was sent")

    for name in ("connect", "sendto", "send"):
        monkeypatch.setattr(socket.socket, name, refuse, raising=False)

    assert not reach.is_own(ELSEWHERE)


# --- what is remembered


def test_first_request_from_elsewhere_is_remembered() -> None:
    for address in (HERE, "", lan_address()):
        reach.notice(scope(address))
    before = reach.has_been_reached()

    reach.notice(scope(ELSEWHERE))
    reach.notice(scope(HERE))

    assert (before, reach.has_been_reached()) == (False, True)


@pytest.mark.parametrize(
    ("trusted", "forwarded_for", "reached"),
    [
        (0, ELSEWHERE, False),
        (1, ELSEWHERE, True),
        (1, f"{ELSEWHERE}, {HERE}", False),
        (1, "", False),
    ],
)
def test_behind_a_proxy_its_word_counts_and_no_others(
    settings: Settings, trusted: int, forwarded_for: str, reached: bool
) -> None:
    settings.TRUSTED_PROXIES = trusted

    reach.notice(scope(HERE, forwarded_for))

    assert reach.has_been_reached() is reached


# --- who is told


@pytest.mark.django_db
def test_start_page_on_the_laptop_says_that_nobody_else_has_come(event: Event) -> None:
    laptop = guests.browser(address=HERE)

    alone = laptop.get("/")
    reach.notice(scope(ELSEWHERE))
    after = laptop.get("/")

    page = alone.content.decode()
    assert (alone.status_code, WORDS in page, "PUBLIC_URL" in page) == (200, True, True)
    assert f'href="/{event.slug}/"' in page
    assert (after.status_code, after["Location"]) == (302, f"/{event.slug}/")


@pytest.mark.django_db
def test_pages_of_the_staff_say_so_on_the_laptop_only(event: Event) -> None:
    user = factories.make_moderator(event)
    pages = {
        address: guests.signed_in(user, address=address).get(f"/{event.slug}/desk/")
        for address in (HERE, ELSEWHERE)
    }

    assert {address: WORDS in page.content.decode() for address, page in pages.items()} == {
        HERE: True,
        ELSEWHERE: False,
    }


@pytest.mark.django_db
def test_other_devices_and_public_servers_are_not_told(event: Event, settings: Settings) -> None:
    from_elsewhere = guests.browser(address=ELSEWHERE).get("/")
    settings.EMBEDDED, settings.ALLOWED_HOSTS = False, ["localhost"]
    public = guests.browser(address=HERE).get("/")

    assert [answer.status_code for answer in (from_elsewhere, public)] == [302, 302]


@pytest.mark.django_db
def test_note_learns_when_it_may_go() -> None:
    client = guests.browser()
    before = client.get("/reach")
    reach.notice(scope(ELSEWHERE))

    after = client.get("/reach")

    assert [answer.json() for answer in (before, after)] == [{"reached": False}, {"reached": True}]
    assert "no-store" in after["Cache-Control"]
