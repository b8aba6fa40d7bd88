"""Requests no page of ours sends: answered calmly, with nothing said and never with a 5xx."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from agenda.models import Event
from eventhub.live.models import new_key
from tests import factories, guests
from wall.models import Post

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//localhost@evil.example/",
    "//localhost.evil.example/",
    " //evil.example",
    "\t//evil.example",
    "/%09/evil.example",
    "http://localhost:8001/",
    "ftp://localhost/",
    "evil",
    "evil.example",
    "admin:index",
    "",
    "\x00",
    "/a\r\nSet-Cookie: x=1",
    "/" + "a" * 5000,
]
PUBLIC_POSTS = ["/language", "/login/", "/logout/", "/screen/enter", "/admin/login/"]
EVENT_POSTS = ["notes", "me", "desk/mode", "desk/posts/k/show", "desk/posts/k/hide"]
PAGES = ["", "wall/", "me", "qr.svg", "impressum", "datenschutz", "desk/", "join?code=x"]


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def posts_of(event: Event) -> list[str]:
    return [*PUBLIC_POSTS, *(f"/{event.slug}/{path}" for path in EVENT_POSTS)]


def pages_of(event: Event) -> list[str]:
    return [
        *(
            "/",
            "/login/",
            "/screen",
            "/admin/",
            f"/{event.code}",
            f"/poll/{event.slug}?topics=wall",
        ),
        *(f"/{event.slug}/{path}" for path in PAGES),
    ]


# --- redirects and headers


def test_language_leads_nowhere_else(event: Event) -> None:
    client = guests.browser()

    answers = {
        target: client.post("/language", {"language": "en", "next": target})["Location"]
        for target in ELSEWHERE
    }

    away = {
        target: location
        for target, location in answers.items()
        if urlsplit(location).netloc
        or not location.startswith("/")
        or location.startswith(("//", "/\\"))
        or set("\r\n\t\x00") & set(location)
    }
    assert away == {}


@pytest.mark.parametrize("where", ["/login/", "/admin/login/", "/logout/"])
def test_signing_in_and_out_leads_nowhere_else(
    event: Event, settings: Settings, where: str
) -> None:
    settings.PASSWORD_HASHERS = guests.FAST_HASHERS
    user = factories.make_user("mira", password="tisch-lampe-4711", is_staff=True)
    form = {"username": "mira", "password": "tisch-lampe-4711"}

    answers = {
        target: guests.signed_in(user).post(where, form | {"next": target})["Location"]
        for target in ELSEWHERE
    }

    away = {
        target: location
        for target, location in answers.items()
        if urlsplit(location).netloc not in {"", "localhost"}
        or urlsplit(location).scheme not in {"", "http"}
        or location.startswith(("//", "/\\", "\\"))
    }
    assert away == {}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:80", "[::1", "a b", "ä", ""],
)
def test_unknown_host_is_refused(event: Event, host: str) -> None:
    client = guests.browser()

    page = client.get(f"/{event.slug}/", HTTP_HOST=host)
    answer = client.get(f"/{event.slug}/me", HTTP_HOST=host, headers=guests.JSON)

    assert (page.status_code, answer.status_code) == (400, 400)
    assert answer.json()["error"]["code"] == "bad_request"
    assert event.name not in page.content.decode()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]", "10.0.0.9"])
def test_own_host_is_answered(event: Event, host: str) -> None:
    assert guests.browser().get(f"/{event.slug}/", HTTP_HOST=host).status_code == 200


def test_forged_forwarding_header_refills_no_budget(event: Event) -> None:
    client = guests.guest(event)

    answers = [
        client.post(
            f"/{event.slug}/notes", guests.note(), headers={"X-Forwarded-For": f"192.0.2.{number}"}
        ).status_code
        for number in range(12)
    ]

    assert answers == [302] * 10 + [429] * 2


# --- methods, sizes, bytes


@pytest.mark.parametrize(
    "value", ['"aaaaaaaa\\000"', "a" * 4000, "ä" * 30, '"', "=;=", "\\", "%00" * 10]
)
def test_odd_session_cookie_is_no_session(event: Event, value: str) -> None:
    client = guests.browser()
    header = {"Cookie": f"{configured.SESSION_COOKIE_NAME}={value}"}

    answers = [client.get(where, headers=header).status_code for where in pages_of(event)]

    assert [status for status in answers if status >= 500] == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "BREW"])
def test_method_without_meaning_is_refused(event: Event, method: str) -> None:
    client = guests.guest(event)
    public = [where for where in pages_of(event) if where not in {"/login/", "/admin/"}]

    answers = {where: client.generic(method, where).status_code for where in public}

    # The desk asks who it is first.
    assert answers == dict.fromkeys(public, 405) | {f"/{event.slug}/desk/": 302}


def test_reading_is_not_writing(event: Event) -> None:
    client = guests.guest(event)
    writes = ["/language", "/logout/", "/screen/enter", f"/{event.slug}/notes"]

    assert [client.get(where).status_code for where in writes] == [405] * 4


def test_post_without_csrf_token_is_refused(event: Event) -> None:
    client = guests.guest(event, checks_csrf=True)

    # The language is only a wish, and error pages offer it without a cookie.
    guarded = [where for where in posts_of(event) if where != "/language"]

    answers = [client.post(where, guests.note(), headers=guests.JSON) for where in guarded]

    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [
        (403, "csrf")
    ] * len(answers)


def test_body_that_is_too_large_is_refused(event: Event) -> None:
    client = guests.guest(event)

    large = guests.post_note(client, event, "a" * 3_000_000)
    many = client.post(f"/{event.slug}/notes", {f"f{n}": "" for n in range(1001)})

    assert (large.status_code, large.json()["error"]["code"]) == (400, "bad_request")
    assert many.status_code == 400


BODIES: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b"text=%ff%fe&idempotency=aaaaaaaaaaaaaaaaaaaa&%"),
    ("application/x-www-form-urlencoded", b"\xff\xfe\x00=\x80&;;==&text"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"text=a"),
    ("application/json", b'{"text": "a"}'),
    ("application/json", b"[" * 10_000),
    ("multipart/form-data", b"--x"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\x00"),
    ("multipart/form-data; boundary=" + "x" * 500, b""),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'),
    ("", b"\x00" * 1000),
]


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_body_that_is_no_form_breaks_nothing(event: Event, kind: str, body: bytes) -> None:
    client = guests.guest(event)

    answers = [client.generic("POST", w, body, kind).status_code for w in posts_of(event)]

    assert [status for status in answers if status >= 500] == []
    assert Post.objects.exclude(text="\ufffd\ufffd").count() == 0


ODD: list[Callable[[Client, Event], Any]] = [
    lambda c, e: c.get("/%ff%fe/"),
    lambda c, e: c.get("/%00/"),
    lambda c, e: c.get(f"/{e.slug}%00/wall/"),
    lambda c, e: c.get(f"/{e.slug}/join?code=%00"),
    lambda c, e: c.get(f"/{e.slug}/join?code={'A' * 100_000}"),
    lambda c, e: c.get("/login/?next=/%00/desk/"),
    lambda c, e: c.get("/screen?theme=%ff"),
    lambda c, e: c.post("/screen/enter", {"key": "\x00"}),
    lambda c, e: c.post("/login/", {"username": "a\x00", "password": "b\x00"}),
    lambda c, e: c.post("/login/", {"username": "ä" * 5000, "password": "b" * 100_000}),
    lambda c, e: c.post(f"/{e.slug}/me", {"nickname": "\x00\ud7ff\ufffe" * 500}),
    lambda c, e: c.get(f"/poll/{e.slug}?topics=wall&topics=desk&cursor=1.0&cursor=%00"),
    lambda c, e: c.get("/", HTTP_ACCEPT_LANGUAGE="\x00;q=" + "9" * 5000),
    lambda c, e: c.get("/", HTTP_ACCEPT="application/json\x00"),
    lambda c, e: c.get("/", HTTP_COOKIE="\x00=\x00; ; =; a"),
    lambda c, e: c.get("/" + "a/" * 5000),
    lambda c, e: c.get(f"/{e.slug}/desk/posts/%00/show"),
    lambda c, e: c.get("/../../etc/passwd"),
    lambda c, e: c.get("//evil.example//"),
]


@pytest.mark.parametrize("ask", ODD)
def test_odd_bytes_break_nothing(event: Event, ask: Callable[[Client, Event], Any]) -> None:
    member = guests.signed_in(factories.make_moderator(event))

    answers = [ask(client, event).status_code for client in [guests.guest(event), member]]

    assert [status for status in answers if status >= 500] == []


def test_of_two_values_of_one_field_the_last_counts(event: Event) -> None:
    body = f"text=One&text=Two&idempotency={new_key()}&idempotency={new_key()}"

    guests.guest(event).generic(
        "POST", f"/{event.slug}/notes", body, "application/x-www-form-urlencoded"
    )

    assert [post.text for post in Post.objects.all()] == ["Two"]
