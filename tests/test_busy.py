"""Too much at once, or the database away: 503 with Retry-After, and no note is lost."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from agenda.models import Attendee, Event
from eventhub.gate import AdmissionGate, refuse_busy
from tests import factories, guests
from wall.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

PAGES = ["", "wall/", "me", "desk/", "impressum", "datenschutz", "join?code=x"]
TABLES = ["agenda_event", "agenda_attendee", "wall_post", "live_change", "django_session"]
BUSY = "Too much is going on right now. Please try again in a moment."


@contextmanager
def database_away(*, after: int = 0, table: str = "") -> Iterator[None]:
    """After so many statements (about `table`) every further one fails as if nobody answered."""
    numbers = count()

    def refuse(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        # The test's own transaction has to survive.
        if "SAVEPOINT" not in sql and table in sql and next(numbers) >= after:
            raise OperationalError("the database is away")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def moderator(event: Event) -> Client:
    """A browser that has joined and signed in: it gets everywhere."""
    guests.refill_buckets()
    client = guests.signed_in(factories.make_moderator(event))
    client.cookies.load(guests.guest(event).cookies.output(header="", sep=";"))
    return client


def addresses(event: Event) -> list[str]:
    return [
        *("/", "/login/", "/screen", "/admin/", "/nowhere/"),
        *(f"/{event.code}", f"/poll/{event.slug}?topics=wall"),
        *(f"/{event.slug}/{page}" for page in PAGES),
    ]


def test_every_page_says_that_it_is_busy(event: Event, moderator: Client) -> None:
    with database_away():
        answers = [moderator.get(where) for where in addresses(event)]

    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [
        (503, "2")
    ] * len(answers)
    heading = guests.in_english("A lot is going on right now")
    assert [heading in answer.content.decode() for answer in answers] == [True] * len(answers)


def test_every_script_is_told_that_it_is_busy(event: Event, moderator: Client) -> None:
    with database_away():
        answers = [moderator.get(where, headers=guests.JSON) for where in addresses(event)]

    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [
        (503, "2")
    ] * len(answers)
    expected = {"error": {"code": "busy", "message": guests.in_english(BUSY)}}
    assert [answer.json() for answer in answers] == [expected] * len(answers)


@pytest.mark.parametrize("table", TABLES)
def test_wherever_the_database_is_missed_the_page_is_busy(
    event: Event, moderator: Client, table: str
) -> None:
    where = f"/{event.slug}/desk/" if table == "django_session" else f"/{event.slug}/wall/"

    with database_away(table=table):
        answer = moderator.get(where)

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert moderator.get(where).status_code == 200


def test_busy_page_names_the_imprint_of_its_event(event: Event, moderator: Client) -> None:
    with database_away(table="wall_post"):
        said = moderator.get(f"/{event.slug}/wall/").content.decode()

    assert f'href="/{event.slug}/impressum"' in said


def test_note_that_met_a_busy_database_is_taken_once_when_it_is_sent_again(event: Event) -> None:
    client = guests.guest(event)
    form = guests.note("Kept on the phone", nickname="Mira")
    refused = 0

    for after in count():
        guests.refill_buckets()
        with database_away(after=after):
            answer = client.post(f"/{event.slug}/notes", form, headers=guests.JSON)
        if answer.status_code in {200, 201}:
            break
        refused += 1
        assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        # Nothing half done; what was committed before the answer failed is found again by its key.
        assert (Post.objects.count(), Attendee.objects.count()) in {(0, 0), (1, 1)}
    again = client.post(f"/{event.slug}/notes", form, headers=guests.JSON)

    assert refused > 8  # each statement failed once
    assert (again.status_code, again.json()["note"]) == (200, answer.json()["note"])
    assert [post.text for post in Post.objects.all()] == ["Kept on the phone"]


def test_note_whose_answer_got_lost_is_answered_again(event: Event) -> None:
    client = guests.guest(event)
    form = guests.note()

    class LostError(Exception):
        pass

    def lose(*_: Any) -> None:
        raise LostError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wall.views.notes.as_own_note", lose)
        lost = client.post(f"/{event.slug}/notes", form, headers=guests.JSON)
    again = client.post(f"/{event.slug}/notes", form, headers=guests.JSON)

    assert (lost.status_code, again.status_code) == (500, 200)
    assert lost.json()["error"]["code"] == "failed"
    assert [post.key for post in Post.objects.all()] == [again.json()["note"]["key"]]


def scope(number: int = 0, method: str = "GET", **headers: str) -> dict[str, Any]:
    given = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {"type": "http", "method": method, "headers": given, "number": number}


async def refused(asked: dict[str, Any]) -> tuple[dict[bytes, bytes], str]:
    """Headers and body of the answer to whom the gate sends away."""
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await refuse_busy(asked, send)
    start, body = said
    assert start["status"] == 503
    return dict(start["headers"]), body["body"].decode()


async def test_gate_lets_some_in_keeps_some_waiting_and_sends_the_rest_away() -> None:
    opened = asyncio.Event()
    served: list[int] = []

    async def page(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await opened.wait()
        served.append(scope["number"])

    said: dict[int, list[dict[str, Any]]] = {number: [] for number in range(5)}

    async def ask(number: int) -> None:
        async def send(message: dict[str, Any]) -> None:
            said[number].append(message)

        await gate(scope(number, accept="application/json"), None, send)

    gate = AdmissionGate(page, running=2, waiting=2)
    requests = [asyncio.create_task(ask(number)) for number in range(5)]
    await requests[4]
    opened.set()
    await asyncio.gather(*requests)

    start, body = said[4]
    assert (start["status"], dict(start["headers"])[b"retry-after"]) == (503, b"2")
    assert b'"code": "busy"' in body["body"]
    assert sorted(served) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("browser", "language", "said"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de", "Gerade ist viel los"),
        ("en-GB,en;q=0.9,de;q=0.8", "en", "A lot is going on right now"),
        ("fr", "de", "Gerade ist viel los"),
        ("", "de", "Gerade ist viel los"),
    ],
)
async def test_who_is_sent_away_is_told_in_the_language_of_the_browser(
    browser: str, language: str, said: str
) -> None:
    _, page = await refused(scope(accept="text/html", accept_language=browser))
    _, data = await refused(scope(accept="application/json", accept_language=browser))

    assert f'<html lang="{language}">' in page
    assert f"<h1>{said}</h1>" in page
    assert json.loads(data) == {"error": {"code": "busy", "message": said}}


async def test_page_of_who_is_sent_away_needs_nothing_and_comes_again_by_itself() -> None:
    headers, page = await refused(scope(accept="text/html"))

    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"content-security-policy"] == b"default-src 'none'"
    assert headers[b"retry-after"] == b"2"
    assert int(headers[b"content-length"]) == len(page.encode())
    assert re.search(r'<meta http-equiv="refresh" content="[2-6]">', page)
    assert not re.search(r"style|src=", page)
    assert re.findall(r'href="([^"]+)"', page) == ["/impressum", "/datenschutz"]


async def test_form_that_is_sent_away_is_not_sent_again_by_itself() -> None:
    _, page = await refused(scope(method="POST", accept="text/html", accept_language="en"))

    assert "http-equiv" not in page
    assert "Nothing has been sent yet." in page
