"""Who comes to the door: browsers with and without cookies, and what they send; asserts nothing."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from agenda import attendees, login
from agenda.models import Event, User
from agenda.views import at_board, feedback, help, hosting, pitch, plan, stars, start
from eventhub.http import Buckets
from eventhub.live.models import new_key
from wall.views import (
    carry,
    notes,
    phone,
    screen,
    screen_ground,
    screen_pair,
    screen_pairing,
    screen_signs,
    screens,
    source_told,
    you,
)

JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}
FAST_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BUCKETS: tuple[Buckets, ...] = (
    *at_board.deeds,
    *at_board.taps,
    hosting.misses_of_guest,
    hosting.misses_of_address,
    start._misses,
    feedback._per_guest,
    help._guesses,
    feedback._per_event,
    feedback._per_address,
    login._guesses,
    login._addresses,
    plan._per_person,
    pitch._per_person,
    pitch._per_event,
    stars._per_guest,
    stars._per_event,
    stars._per_address,
    carry._ways,
    carry._misses,
    you._questions,
    phone._per_guest,
    phone._per_event,
    phone._per_address,
    notes._withdrawals,
    screen._tries,
    screen_signs._per_screen,
    screen_ground._per_person,
    screen_pair._tries_of_person,
    screen_pair._tries_of_address,
    screen_pair._tries_of_event,
    screen_pairing._codes,
    screen_pairing._questions,
    screens._per_person,
    source_told.per_person,
    source_told.tests,
)


def refill_buckets() -> None:
    """Nobody has asked for anything yet. Buckets live as long as the process, tests do not."""
    for bucket in BUCKETS:
        bucket._levels.clear()


def browser(*, address: str = "127.0.0.1", checks_csrf: bool = False) -> Client:
    """A browser without cookies, in English. An exception becomes the page a person would see."""
    return Client(
        SERVER_NAME="localhost",
        REMOTE_ADDR=address,
        HTTP_ACCEPT_LANGUAGE="en",
        enforce_csrf_checks=checks_csrf,
        raise_request_exception=False,
    )


def guest(event: Event, key: str = "", **options: Any) -> Client:
    """A browser that has scanned the code of `event`; `key` is the attendee's, else a new one."""
    client = browser(**options)
    client.cookies[attendee_cookie(event)] = attendees.sign(event.pk, key or new_key())
    return client


def signed_in(user: User, **options: Any) -> Client:
    """A browser in which `user` has just signed in, without a password."""
    client = browser(**options)
    client.force_login(user)
    return client


def beamer(key: str) -> Client:
    """A browser that has entered with a screen's key."""
    client = browser()
    client.cookies[settings.SCREEN_COOKIE_NAME] = key
    return client


def attendee_cookie(event: Event) -> str:
    return attendees.cookie_name(event.pk, settings.ATTENDEE_COOKIE_NAME)


def note(text: str = "A note", **fields: str) -> dict[str, str]:
    """The form of a note, with an idempotency key of its own."""
    return {"text": text, "idempotency": new_key(), **fields}


def post_note(client: Client, event: Event, text: str = "A note", **fields: str) -> Any:
    """The answer to a note sent as the page's script sends it."""
    return client.post(f"/{event.slug}/notes", note(text, **fields), headers=JSON)


def in_english(sentence: str, **values: object) -> str:
    """What a browser of ours reads where the code says `_(sentence)`."""
    with translation.override("en"):
        return gettext(sentence) % values if values else gettext(sentence)


def everything_said(response: Any) -> str:
    """Status line, headers, cookies and body: all that leaves the server."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{response.cookies.output()}\n{response.content.decode(errors='replace')}"


def socket_headers(
    client: Client | None = None,
    *,
    origin: str | None = "http://localhost",
    host: str = "localhost",
    further: Mapping[str, str] | None = None,
) -> list[tuple[bytes, bytes]]:
    """The headers of a websocket handshake, with `client`'s cookies."""
    headers = {"host": host, **(further or {})}
    if origin is not None:
        headers["origin"] = origin
    if client is not None and client.cookies:
        headers["cookie"] = "; ".join(
            f"{name}={morsel.value}" for name, morsel in client.cookies.items()
        )
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
