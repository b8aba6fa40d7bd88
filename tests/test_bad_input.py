"""What people write: refused with a clear sentence and kept, or shown harmlessly as text."""

from html import escape

import pytest
from django.test import Client

from agenda.models import Attendee, Event
from tests import guests
from wall.models import Post

pytestmark = pytest.mark.django_db

EMPTY = "There is nothing in it yet. Write a few words."
TOO_LONG = "That is %(count)d characters; 280 fit on the wall. Please shorten it."
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f466"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def phone(event: Event) -> Client:
    return guests.guest(event)


# --- refused with a sentence


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\r\n\t", "\u200b\u2060\ufeff", "\x00\x07\x1b", "\u202e"]
)
def test_note_without_a_visible_character_is_refused(
    event: Event, phone: Client, text: str
) -> None:
    answer = guests.post_note(phone, event, text)

    assert answer.status_code == 422
    assert answer.json() == {"error": {"code": "empty", "message": guests.in_english(EMPTY)}}
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 281, 281),
        ("a" * 400, 400),
        ("word " * 2000, 9999),
        ("a" * 50_000, 20_000),
        (FAMILY * 281, 281),
        ("ö" * 280 + "!", 281),
    ],
)
def test_note_that_is_too_long_is_refused_with_its_length(
    event: Event, phone: Client, text: str, count: int
) -> None:
    answer = guests.post_note(phone, event, text)

    assert answer.status_code == 422
    assert answer.json() == {
        "error": {"code": "too_long", "message": guests.in_english(TOO_LONG, count=count)}
    }
    assert Post.objects.count() == 0


@pytest.mark.parametrize("text", ["a" * 280, FAMILY * 280, "o\u0308" * 280, "\n".join("a" * 12)])
def test_note_of_280_characters_as_people_count_them_is_taken(
    event: Event, phone: Client, text: str
) -> None:
    assert guests.post_note(phone, event, text).status_code == 201


@pytest.mark.parametrize("text", ["a" * 281, "ä</textarea>& " * 714])
def test_refused_note_stays_in_the_form(event: Event, phone: Client, text: str) -> None:
    answer = phone.post(f"/{event.slug}/notes", guests.note(text), headers=guests.HTML)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f">{escape(text)}</textarea>" in page
    assert escape(guests.in_english(TOO_LONG, count=len(text.strip()))) in page


def test_note_of_somebody_who_has_not_joined_stays_unsent(event: Event) -> None:
    answer = guests.post_note(guests.browser(), event)

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_joined"
    assert Post.objects.count() == 0


def test_note_written_too_fast_is_refused_with_the_seconds_to_wait(
    event: Event, phone: Client
) -> None:
    answers = [guests.post_note(phone, event) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[-1].json()["error"]["code"] == "too_fast"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 5


def test_other_guests_still_write_when_one_writes_too_fast(event: Event, phone: Client) -> None:
    for _ in range(20):
        guests.post_note(phone, event)

    assert guests.post_note(guests.guest(event), event).status_code == 201


# --- shown harmlessly


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a\x00b\x07c\x1b[31md", "abc[31md"),
        ("left \u202eright\u202c \u2066x\u2069", "left right x"),
        ("zo\u0335\u0336\u0337\u0338\u0339lgo", "zo\u0335\u0336lgo"),
        ("u\u0308ber\u00adall", "überall"),
        ("one\u2028two\r\nthree", "one\ntwo\nthree"),
        ("a" * 270 + "\u200b" * 3000, "a" * 270),
        ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "\U0001f600"),
    ],
)
def test_note_is_kept_without_what_would_break_a_card(
    event: Event, phone: Client, written: str, stored: str
) -> None:
    guests.post_note(phone, event, written)

    assert Post.objects.get().text == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("", ""),
        ("  Mira \n Lund ", "Mira Lund"),
        ("Mira\u202e\x00\u2714\ufe0f", "Mira"),
        ("<b>Mira</b>", "<b>Mira</b>"),
        (FAMILY * 40, FAMILY * 40),
    ],
)
def test_nickname_is_kept_on_one_line_without_badges(
    event: Event, phone: Client, written: str, stored: str
) -> None:
    answer = phone.post(f"/{event.slug}/me", {"nickname": written}, headers=guests.JSON)

    assert answer.json() == {"nickname": stored, "organisation": ""}
    assert Attendee.objects.get().nickname == stored
