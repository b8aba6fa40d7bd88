"""Cookies, codes, slugs, idempotency keys and cursors: forged, guessed, foreign, repeated."""

import time
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from agenda import attendees
from agenda.models import Event
from agenda.models.event import RESERVED
from agenda.views import start
from eventhub import http
from eventhub.live.models import new_key
from tests import factories, guests
from wall.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


# --- cookies


def forged_cookies(event: Event, other: Event) -> dict[str, str]:
    key = new_key()
    good = attendees.sign(event.pk, key)
    with time_machine.travel(timezone.now() - timedelta(days=61)):
        old = attendees.sign(event.pk, key)
    return {
        "nothing": "",
        "words": "guest",
        "key alone": key,
        "of another event": attendees.sign(other.pk, key),
        "one letter changed": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "without signature": good.rpartition(":")[0],
        "signed for something else": signing.dumps([event.pk, key]),
        "another shape": signing.dumps({"event": event.pk}, salt=attendees.SALT),
        "no text inside": signing.dumps([event.pk, 7], salt=attendees.SALT),
        "too old": old,
        "huge": "a" * 3000,
        "octal": '"\\000\\377"',
    }


def test_forged_attendee_cookie_is_nobodys(event: Event) -> None:
    cookies = forged_cookies(event, factories.make_event())
    answers = {}

    for name, value in cookies.items():
        client = guests.browser()
        client.cookies[guests.attendee_cookie(event)] = value
        joined = client.get(f"/{event.slug}/me").json()["joined"]
        answers[name] = (joined, guests.post_note(client, event).status_code)

    assert answers == dict.fromkeys(cookies, (False, 403))
    assert Post.objects.count() == 0


def test_cookie_of_one_event_is_worth_nothing_in_another(event: Event) -> None:
    other = factories.make_event()
    client = guests.guest(other)

    assert guests.post_note(client, event).status_code == 403
    assert guests.post_note(client, other).status_code == 201


# --- codes and slugs


def test_code_is_read_in_upper_and_lower_case(event: Event) -> None:
    for code in [event.code, event.code.lower(), event.code.title()]:
        answer = guests.browser().get(f"/{code}")

        assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/")


def test_guessed_code_is_answered_like_any_unknown_page(event: Event) -> None:
    client = guests.browser()
    addresses = [
        "/ZZZZZZZZ",
        "/zzzz",
        "/nowhere/",
        "/nowhere/wall/",
        "/poll/nowhere?topics=wall",
        "/media/x/y/z",
    ]

    answers = [client.get(where) for where in addresses]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert [answer.cookies.output() for answer in answers] == [""] * len(addresses)


def test_guessing_codes_has_an_end_and_never_locks_the_hall_out(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine takes its time, and a try comes back every two seconds.
    still = time.monotonic()
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: still))
    client = guests.browser()
    while client.get("/ZZZZZ").status_code == 404:
        pass

    answers = [client.get(where) for where in ("/ZZZZZ", f"/{event.slug}/join?code=ZZZZZ")]
    told = client.get("/ZZZZZ", headers=guests.JSON)

    assert [answer.status_code for answer in answers] == [429, 429]
    assert {answer["Retry-After"] for answer in answers} <= {"1", "2"}
    assert "A code that fits is always taken" in answers[0].content.decode()
    assert (told.status_code, told.json()["error"]["code"]) == (429, "too_fast")
    right = [f"/{event.code}", f"/{event.code.lower()}", f"/{event.slug}/join?code={event.code}"]
    assert [client.get(where).status_code for where in right] == [302] * 3
    assert guests.browser(address="192.0.2.9").get("/ZZZZZ").status_code == 404


def test_right_codes_are_not_counted(event: Event) -> None:
    for _ in range(100):
        guests.browser().get(f"/{event.code}")
        guests.browser().get(f"/{event.slug}/join?code={event.code}")

    assert start._misses._levels == {}


@time_machine.travel("2026-10-07")
def test_code_of_an_event_that_is_cleared_is_answered_in_words(db: None) -> None:
    over = factories.make_event(purge_on=date(2026, 10, 6))
    last_day = factories.make_event(purge_on=date(2026, 10, 7))

    answer = guests.browser().get(f"/{over.code}")

    assert (answer.status_code, answer.cookies.output()) == (410, "")
    assert "This event is over" in answer.content.decode()
    assert f'href="/{over.slug}/impressum"' in answer.content.decode()
    assert guests.browser().get(f"/{last_day.code}").status_code == 302


@pytest.mark.parametrize("slug", sorted(RESERVED))
def test_reserved_word_is_no_slug(event: Event, slug: str) -> None:
    event.slug = slug

    with pytest.raises(ValidationError) as caught:
        event.full_clean()

    assert list(caught.value.error_dict) == ["slug"]


def test_code_wins_over_a_slug_that_equals_it(event: Event) -> None:
    twin = factories.make_event(slug=event.code.lower())
    client = guests.browser()

    assert client.get(f"/{event.code.lower()}")["Location"] == f"/{event.slug}/"
    assert client.get(f"/{twin.slug}/").status_code == 200


def test_slash_that_is_missing_at_the_end_is_added(event: Event) -> None:
    short = factories.make_event(slug="demo")
    client = guests.browser()

    found = {word: client.get(f"/{word}")["Location"] for word in ["admin", "login", short.slug]}

    assert found == {"admin": "/admin/", "login": "/login/", "demo": "/demo/"}


# --- the same note twice


def test_note_sent_twice_with_one_key_is_one_post(event: Event) -> None:
    client = guests.guest(event)
    form = guests.note("First")

    first, second = (
        client.post(f"/{event.slug}/notes", form | {"text": text}, headers=guests.JSON)
        for text in ["First", "Second"]
    )

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert [post.text for post in Post.objects.all()] == ["First"]


def test_same_key_of_two_guests_is_two_posts(event: Event) -> None:
    form = guests.note()

    answers = [
        guests.guest(event).post(f"/{event.slug}/notes", form, headers=guests.JSON)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 15, "a" * 65, "a" * 20 + "\n", "ä" * 20, "a b" * 6, "../" * 6]
)
def test_odd_idempotency_key_is_refused(event: Event, key: str) -> None:
    answer = guests.post_note(guests.guest(event), event, idempotency=key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_request")
    assert Post.objects.count() == 0


# --- polling


@pytest.mark.parametrize(
    "topics",
    ["", ",", "votes", "wall,votes", "wall," * 9 + "wall", "x" * 100_000, "%00", "wall+"],
)
def test_unknown_topics_are_not_found(event: Event, topics: str) -> None:
    assert guests.browser().get(f"/poll/{event.slug}?topics={topics}").status_code == 404


ODD_CURSORS = [
    *("", "0", "1.", ".1", "-1.0", "1.-1", "x.y", "1.1.1", "²." + "0", "9" * 30 + ".0"),
    *("9223372036854775808.0", "9223372036854775807.ffffffffffffffff", "1.1" + "0" * 16),
    *("1." + "f" * 100, "%00", "1.%00", "' OR 1=1--", "0x1.1", "a" * 50_000),
]


def test_cursor_that_proves_nothing_gets_the_complete_list(event: Event) -> None:
    post = factories.make_post(event)
    client, where = guests.browser(), f"/poll/{event.slug}?topics=wall&cursor="

    answers = {cursor: client.get(where + cursor).json() for cursor in ODD_CURSORS}

    found = {cursor: (said["t"], len(said["items"])) for cursor, said in answers.items()}
    assert found == dict.fromkeys(ODD_CURSORS, ("reset", 1))
    assert {said["items"][0]["key"] for said in answers.values()} == {post.key}


@pytest.mark.parametrize("language", ["", "fr", "de-at", "../../etc", "%00", "e" * 10_000])
def test_odd_language_is_answered_in_the_events(event: Event, language: str) -> None:
    answer = guests.browser().get(f"/poll/{event.slug}?topics=wall&language={language}")

    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (200, 1)
