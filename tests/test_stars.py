"""A star is set once however often it is sent, belongs to one guest, travels and goes with them."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda import carry, stars
from agenda.models import Attendee, Event, Session, Slot, Star
from eventhub.live.models import Change
from tests import factories, guests
from tests.factories import at
from wall import guests as wall_guests
from wall import purge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def talk(event: Event) -> Session:
    return factories.make_session(event, "Open data")


def send(client: Client, event: Event, session: object, on: object = 1) -> Any:
    form = {"session": session, "on": on}
    return client.post(f"/{event.slug}/stars", form, headers=guests.JSON)


def own(client: Client, event: Event) -> list[int]:
    found: list[int] = client.get(f"/{event.slug}/stars").json()["stars"]
    return found


def starred(event: Event, *sessions: Session) -> Attendee:
    """A guest who has starred them."""
    attendee = factories.make_attendee(event)
    for session in sessions:
        stars.put(event, attendee.key, session.pk, on=True)
    return attendee


# --- set, taken away


def test_star_that_is_sent_twice_counts_once(event: Event, talk: Session) -> None:
    client = guests.guest(event)

    answers = [send(client, event, talk.pk) for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"session": talk.pk, "on": True}] * 2
    assert (Star.objects.count(), own(client, event)) == (1, [talk.pk])


def test_star_is_taken_away_and_a_second_time_harmlessly(event: Event, talk: Session) -> None:
    client = guests.guest(event)
    send(client, event, talk.pk)

    answers = [send(client, event, talk.pk, 0) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert own(client, event) == []


def test_database_refuses_a_second_star_of_the_same_guest(event: Event, talk: Session) -> None:
    attendee = starred(event, talk)

    with pytest.raises(IntegrityError):
        Star.objects.create(attendee=attendee, session=talk)


def test_star_is_told_to_nobody(event: Event, talk: Session) -> None:
    factories.make_slot(event, session=talk)
    before = Change.objects.count()

    starred(event, talk)

    assert Change.objects.count() == before


def test_guests_see_their_own_stars_only(event: Event, talk: Session) -> None:
    starred(event, talk)
    client = guests.guest(event)

    assert own(client, event) == []
    assert own(guests.browser(), event) == []


def test_reading_stars_makes_no_row(event: Event) -> None:
    own(guests.guest(event), event)

    assert Attendee.objects.count() == 0


# --- refused


def test_who_has_not_scanned_the_code_sets_no_star(event: Event, talk: Session) -> None:
    answer = send(guests.browser(), event, talk.pk)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_joined")
    assert Star.objects.count() == 0


@pytest.mark.parametrize(
    ("session", "on"), [("", 1), ("x", 1), ("1" * 30, 1), ("٣", 1), ("-1", 1), (1, 2), (1, "")]
)
def test_what_no_page_of_ours_sends_is_refused(event: Event, session: object, on: object) -> None:
    assert send(guests.guest(event), event, session, on).status_code == 422


def test_session_of_another_event_is_not_there(event: Event) -> None:
    foreign = factories.make_session(factories.make_event())

    answer = send(guests.guest(event), event, foreign.pk)

    assert (answer.status_code, Star.objects.count()) == (404, 0)


def test_star_of_a_session_that_is_gone_can_be_taken_away(event: Event, talk: Session) -> None:
    client, number = guests.guest(event), talk.pk
    send(client, event, number)
    talk.delete()

    assert [send(client, event, number, on).status_code for on in (0, 1)] == [200, 404]


def test_who_sends_without_end_is_slowed_and_nobody_else(event: Event, talk: Session) -> None:
    client = guests.guest(event)

    statuses = [send(client, event, talk.pk, n % 2).status_code for n in range(120)]

    assert (statuses[0], statuses[-1]) == (200, 429)
    assert send(guests.guest(event), event, talk.pk).status_code == 200


def test_nothing_is_stored_after_everything_was_deleted(event: Event, talk: Session) -> None:
    Event.objects.update(purge_on="2026-01-01")

    assert send(guests.guest(event), event, talk.pk).status_code == 410
    assert Attendee.objects.count() == 0


def test_form_without_scripts_leads_to_ones_own_programme(event: Event, talk: Session) -> None:
    form = {"session": talk.pk, "on": 1}

    answer = guests.guest(event).post(f"/{event.slug}/stars", form, headers=guests.HTML)

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/my/")


# --- one's own programme


def test_slots_that_touch_do_not_clash_and_those_that_overlap_do(event: Event) -> None:
    times = [("10:00", 30), ("10:30", 30), ("10:45", 30)]
    first, second, third = (factories.make_slot(event, start=s, minutes=m) for s, m in times)

    marks = stars.programme_of([first, second, third])

    assert [mark.clashes for mark in marks] == [(), (third,), (second,)]


def test_cancelled_slot_clashes_with_nothing_and_is_not_next(event: Event) -> None:
    off, on = (factories.make_slot(event, start="10:00") for _ in range(2))
    off.cancelled = True

    assert [mark.clashes for mark in stars.programme_of([off, on])] == [(), ()]
    assert stars.next_of([off, on], at("09:00")) == on
    assert stars.next_of([off, on], at("10:30")) is None  # [10:00, 10:30) is over


# --- with the guest


def test_stars_come_along_to_another_device(event: Event, talk: Session) -> None:
    other = factories.make_session(event)
    here, there = starred(event, talk), starred(event, talk, other)

    wall_guests.go_on_as(event, carry.make(there).key, here=here.key)

    assert stars.sessions_of(event, there.key) == [talk.pk, other.pk]
    assert Star.objects.count() == 2


def test_stars_of_the_device_that_carries_on_are_kept(event: Event, talk: Session) -> None:
    here, there = starred(event, talk), factories.make_attendee(event)

    wall_guests.go_on_as(event, carry.make(there).key, here=here.key)

    assert stars.sessions_of(event, there.key) == [talk.pk]


def test_ones_own_data_name_the_stars(event: Event, talk: Session) -> None:
    attendee = starred(event, talk)

    said = guests.guest(event, attendee.key).get(f"/{event.slug}/you/data.json").json()

    assert [star["session"] for star in said["stars"]] == ["Open data"]


def test_stars_are_erased_with_the_guest(event: Event, talk: Session) -> None:
    attendee, other = starred(event, talk), starred(event, talk)

    wall_guests.erase(event, attendee.key)

    assert list(Star.objects.values_list("attendee", flat=True)) == [other.pk]


def test_stars_are_purged_with_the_guests(event: Event, talk: Session) -> None:
    starred(event, talk)
    Event.objects.update(purge_on="2026-01-01")

    purge.purge(event)

    assert Star.objects.count() == 0
    assert Session.objects.filter(pk=talk.pk).exists()


# --- how much it asks


@pytest.mark.parametrize("number", [1, 3])
def test_stars_are_read_with_one_query_however_many(event: Event, number: int) -> None:
    attendee = starred(event, *(factories.make_session(event) for _ in range(number)))

    with CaptureQueriesContext(
        connection,
    ) as captured:
        stars.sessions_of(event, attendee.key)

    assert len(captured) == 1


def test_slots_of_another_event_are_not_found(event: Event, talk: Session) -> None:
    slot = factories.make_slot(event, session=talk)
    foreign = factories.make_slot(factories.make_event())

    found = stars.slots_of(event, [talk.pk, foreign.session_id])

    assert found == [slot]
    assert Slot.objects.count() == 2
