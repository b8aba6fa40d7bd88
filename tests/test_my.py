"""One's own programme: in order, with what overlaps and what is next; a calendar of one's own."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import placing, stars
from agenda.models import Attendee, Event, Session
from tests import factories, guests
from tests.factories import at
from wall import guests as wall_guests

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def make_talk(event: Event, title: str, start: str, minutes: int = 30) -> Session:
    session = factories.make_session(event, title)
    factories.make_slot(event, session=session, start=start, minutes=minutes)
    return session


def starring(event: Event, *sessions: Session) -> Attendee:
    attendee = factories.make_attendee(event)
    for session in sessions:
        stars.put(event, attendee.key, session.pk, on=True)
    return attendee


def my_page(event: Event, attendee: Attendee, clock: str = "09:00") -> str:
    with time_machine.travel(at(clock), tick=False):
        answer = guests.guest(event, attendee.key).get(f"/{event.slug}/my/")
    return str(answer.content.decode())


def feed(event: Event, attendee: Attendee) -> str:
    return f"/{event.slug}/my/{stars.token_of(attendee)}.ics"


# --- the page, without scripts as well


def test_page_shows_starred_sessions_in_order_and_no_others(event: Event) -> None:
    late, early, _other = (
        make_talk(event, title, start)
        for title, start in (("Late", "14:00"), ("Early", "10:00"), ("Unstarred", "11:00"))
    )

    words = my_page(event, starring(event, late, early))

    assert "Unstarred" not in words
    assert words.index("Early") < words.index("Late")


def test_overlap_is_marked_on_both(event: Event) -> None:
    sessions = [make_talk(event, title, "10:00") for title in ("One", "Other")]

    words = my_page(event, starring(event, *sessions))

    assert "At the same time: <bdi>Other</bdi>" in words
    assert "At the same time: <bdi>One</bdi>" in words


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("09:40", "Next, in 20 minutes"),
        ("09:59", "Next, in 1 minute<"),
        ("10:05", "Now, 25 minutes left"),
        ("08:00", "data-when-words>Next<"),
    ],
)
def test_next_one_says_how_long_it_takes(event: Event, clock: str, said: str) -> None:
    assert said in my_page(event, starring(event, make_talk(event, "Talk", "10:00")), clock)


def test_what_is_over_is_folded_away(event: Event) -> None:
    words = my_page(event, starring(event, make_talk(event, "Talk", "10:00")), "10:30")

    assert words.index("data-past>") < words.index("Talk")


def test_guest_without_a_star_reads_how_to_set_one(event: Event) -> None:
    words = my_page(event, factories.make_attendee(event))

    assert "Nothing starred yet." in words
    assert ".ics" not in words


def test_stranger_is_told_that_stars_stay_on_the_device(event: Event) -> None:
    words = guests.browser().get(f"/{event.slug}/my/").content.decode()

    assert "On this device only" in words
    assert f'action="/{event.slug}/join"' in words


def test_page_is_kept_by_this_browser_only(event: Event) -> None:
    assert guests.guest(event).get(f"/{event.slug}/my/")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["", "slots?sessions=1"])
def test_closed_event_shows_nothing_to_strangers(event: Event, path: str) -> None:
    Event.objects.update(closed=True)

    assert guests.browser().get(f"/{event.slug}/my/{path}").status_code == 403
    assert guests.guest(event).get(f"/{event.slug}/my/{path}")["Cache-Control"] == (
        "private, no-store"
    )


@pytest.mark.parametrize("path", ["", "slots?sessions={sessions}"])
def test_number_of_queries_does_not_grow_with_the_stars(event: Event, path: str) -> None:
    talks = [make_talk(event, f"Talk {n}", "10:00") for n in range(3)]
    asked = []
    for some in (talks[:1], talks):
        client = guests.guest(event, starring(event, *some).key)
        where = path.format(sessions=",".join(str(talk.pk) for talk in some))
        client.get(f"/{event.slug}/my/{where}")  # what is drawn once is kept
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/{event.slug}/my/{where}")
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_slots_are_given_as_the_programme_draws_them(event: Event) -> None:
    talk = make_talk(event, "Talk", "10:00")
    foreign = make_talk(factories.make_event(), "Foreign", "10:00")

    sessions = f"{talk.pk},{foreign.pk},x,,{'9' * 40}"
    said = guests.browser().get(f"/{event.slug}/my/slots?sessions={sessions}").json()["items"]

    assert [item["key"] for item in said] == [talk.slots.get().key]
    assert f'data-session="{talk.pk}"' in said[0]["html"]


# --- the calendar


def test_calendar_is_read_without_a_cookie_and_holds_ones_stars(event: Event) -> None:
    attendee = starring(event, make_talk(event, "Mine", "10:00"))
    make_talk(event, "Not mine", "11:00")

    answer = guests.browser().get(feed(event, attendee))

    words = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert words.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Mine" in words


def test_calendar_keeps_what_is_cancelled(event: Event) -> None:
    talk = make_talk(event, "Mine", "10:00")
    placing.cancel(talk.slots.get())

    words = guests.browser().get(feed(event, starring(event, talk))).content.decode()

    assert "STATUS:CANCELLED" in words


def test_page_names_the_address_of_the_calendar(event: Event) -> None:
    attendee = starring(event, make_talk(event, "Mine", "10:00"))

    words = my_page(event, attendee)

    assert 'href="webcal://' in words
    assert feed(event, attendee) in words
    assert attendee.key not in words


@pytest.mark.parametrize("way", ["other proof", "other guest", "no number", "cut", "huge"])
def test_calendar_opens_to_no_other_word(event: Event, way: str) -> None:
    attendee, other = (starring(event) for _ in range(2))
    number, _, proof = stars.token_of(attendee).partition("-")
    word = {
        "other proof": f"{number}-{proof[:-1]}{'A' if proof[-1] != 'A' else 'B'}",
        "other guest": f"{other.pk}-{proof}",
        "no number": f"x-{proof}",
        "cut": number,
        "huge": f"{'9' * 30}-{proof}",
    }[way]

    assert guests.browser().get(f"/{event.slug}/my/{word}.ics").status_code == 404


def test_calendar_of_another_event_is_not_there(event: Event) -> None:
    attendee, other = starring(event), factories.make_event()

    answer = guests.browser().get(f"/{other.slug}/my/{stars.token_of(attendee)}.ics")

    assert answer.status_code == 404


def test_calendar_ends_when_the_guest_erases_everything(event: Event) -> None:
    attendee = starring(event, make_talk(event, "Mine", "10:00"))
    address = feed(event, attendee)
    wall_guests.erase(event, attendee.key)
    again = guests.guest(event, attendee.key)  # another device, with the same cookie
    again.post(f"/{event.slug}/stars", {"session": event.sessions.get().pk, "on": 1})

    assert guests.browser().get(address).status_code == 404
    assert Attendee.objects.filter(key=attendee.key).exists()


def test_calendar_of_a_closed_event_opens_to_its_guests_only(event: Event) -> None:
    Event.objects.update(closed=True)
    attendee = starring(event, make_talk(event, "Mine", "10:00"))

    answers: list[Any] = [
        client.get(feed(event, attendee))
        for client in (guests.browser(), guests.guest(event, attendee.key))
    ]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert "Mine" not in answers[0].content.decode()
    assert "webcal://" not in my_page(event, attendee)


def test_word_in_the_address_says_nothing_about_the_guest(event: Event) -> None:
    attendee = starring(event)
    attendee.created_at -= timedelta(days=1)

    token = stars.token_of(attendee)

    assert attendee.key not in token
    assert len(token.partition("-")[2]) == 22
