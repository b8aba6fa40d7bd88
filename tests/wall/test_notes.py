"""What a guest is told about notes: how long a look takes, whom to ask, what can be written to."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from agenda.models import Event, Session
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests.factories import (
    at,
    make_attendee,
    make_event,
    make_moderator,
    make_note,
    make_post,
    make_rule,
    make_session,
    make_slot,
)
from wall import ingest, moderation, notes
from wall.models import Decision, Post, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def decided(event: Event, waits_s: list[float], *, ago: timedelta = timedelta(0)) -> None:
    """Notes that a moderator has shown, each after it had waited so long."""
    mira = make_moderator(event)
    for wait_s in waits_s:
        note = make_note(event, state="pending")
        moderation.show(note, by=mira)
        decision = Decision.objects.latest_of(note)
        assert decision is not None
        decision.at = timezone.now() - ago
        decision.save()
        with changing(event) as log:
            fresh = log.fresh(note)
            fresh.received_at = decision.at - timedelta(seconds=wait_s)
            log.touch(fresh)


# --- how long a look takes


@pytest.mark.parametrize(
    ("waits_s", "words"),
    [
        ([], ""),
        ([20, 30], ""),
        ([20, 30, 40], "mostly within a minute"),
        ([20, 61, 4000], "mostly within 2 minutes"),
        ([600] * 5, "mostly within 10 minutes"),
        ([4000] * 3, "may take longer than an hour"),
    ],
)
def test_wait_is_the_median_of_the_last_decisions(
    event: Event, waits_s: list[float], words: str
) -> None:
    decided(event, waits_s)

    assert notes.expected_wait(event) == words


def test_wait_knows_nothing_of_an_hour_ago_or_of_another_event(event: Event) -> None:
    decided(event, [30] * 5, ago=timedelta(minutes=61))
    decided(make_event(), [30] * 5)

    assert notes.expected_wait(event) == ""


def test_wait_does_not_count_what_nobody_waited_for(event: Event) -> None:
    """Shown at once, taken down by a moderator, taken back by its guest: no look at what waits."""
    mira = make_moderator(event)
    for _ in range(3):
        moderation.hide(make_note(event), by=mira)
        moderation.show(make_post(event, state="pending"), by=mira)
        guest = make_attendee(event)
        waiting = make_note(event, attendee=guest, state="pending")
        moderation.withdraw(waiting, attendee_key=guest.key)

    assert notes.expected_wait(event) == ""


@pytest.mark.parametrize("contact", ["", "Infotresen im Foyer"])
def test_whoever_asks_is_sent_to_the_contact(contact: str) -> None:
    event = make_event(contact=contact)

    assert notes.whom_to_ask(event) == f"Questions? {contact or 'Ask the organizers.'}"


# --- since when


@time_machine.travel(at("10:00"), tick=False)
def test_note_is_what_it_is_since_the_last_decision(event: Event) -> None:
    guest = make_attendee(event)
    note = make_note(event, attendee=guest, state="pending", received_at=at("09:00"))
    free = make_note(event, attendee=guest, received_at=at("09:30"))
    moderation.show(note, by=None)

    own = {row.pk: notes.since(row) for row in notes.of_guest(event.pk, guest.key)}

    assert own == {note.pk: at("10:00"), free.pk: at("09:30")}


# --- to whom


@time_machine.travel(at("10:15"))
def test_sessions_that_run_now_are_offered(event: Event) -> None:
    for start in ("09:00", "10:00", "11:00"):
        make_slot(event, session=make_session(event, f"At {start}"), start=start)
    lunch = make_session(event, "Lunch", kind=Session.Kind.BREAK)
    make_slot(event, session=lunch, start="10:00")

    found = notes.addressees(event, timezone.now(), "")

    assert [(each.session.title, each.offered) for each in found] == [
        ("At 10:00", True),
        ("At 11:00", False),
    ]


@time_machine.travel(at("10:15"))
def test_wanted_session_comes_first_and_is_chosen(event: Event) -> None:
    running = make_slot(event, start="10:00").session
    over = make_slot(event, start="09:00").session

    found = notes.addressees(event, timezone.now(), str(over.pk))

    assert [(each.session, each.chosen) for each in found] == [(over, True), (running, False)]


@pytest.mark.parametrize("wanted", ["0", "x", "-1", "1e3", "٣", "9" * 30, " 1"])
def test_wanted_session_that_is_none_is_passed_over(event: Event, wanted: str) -> None:
    assert notes.addressees(event, timezone.now(), wanted) == []


def test_session_of_another_event_is_not_wanted_here(event: Event) -> None:
    foreign = make_session(make_event())

    assert notes.addressees(event, timezone.now(), str(foreign.pk)) == []


def take(event: Event, **fields: Any) -> Post:
    known: dict[str, Any] = {"attendee_key": new_key(), "idempotency": new_key()}
    return ingest.take_note(event, written="Hello", **known | fields).post


def test_note_is_written_to_a_session(event: Event) -> None:
    session = make_session(event)

    assert take(event, session=session.pk).session == session


def test_note_to_a_session_that_is_gone_is_written_to_all(event: Event) -> None:
    """It may have waited long for a network; and nobody writes to another event's session."""
    foreign = make_session(make_event())

    assert [take(event, session=pk).session for pk in (foreign.pk, 10**12, 0)] == [None] * 3


def test_note_carries_name_and_organisation_as_they_were(event: Event) -> None:
    make_rule(event, Rule.Mode.FREE)
    guest = make_attendee(event, "Mira")
    guest.organisation = "Hafen"
    guest.save()

    note = take(event, attendee_key=guest.key)
    guest.organisation = "Another"
    guest.save()

    row = Post.objects.get(pk=note.pk)
    assert (row.author_name, row.organisation) == ("Mira", "Hafen")
