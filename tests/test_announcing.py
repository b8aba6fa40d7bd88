"""A new time, place or cancellation is a line for those who starred it; a new title is none."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import announcing, placing, programme
from agenda.models import Event, Slot
from tests import factories, guests
from tests.factories import at
from tests.replay import assert_replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(event: Event) -> Slot:
    session = factories.make_session(event, "Open data")
    return factories.make_slot(event, session=session, room=factories.make_room(event, "Hall"))


def move(slot: Slot, *, minutes: int = 0, room: str = "") -> Slot:
    later = timedelta(minutes=minutes)
    return placing.move(
        slot,
        room=factories.make_room(slot.event, room) if room else slot.room,
        starts_at=slot.starts_at + later,
        ends_at=slot.ends_at + later,
    )


def lines(event: Event, clock: str = "09:00") -> list[str]:
    with time_machine.travel(at(clock), tick=False):
        return [str(each.html) for each in announcing.on_pages(event)]


def test_slot_that_never_changed_has_no_line(event: Event, slot: Slot) -> None:
    slot.session.title = "Renamed"
    slot.session.save()
    programme.session_changed(slot.session)

    assert lines(event) == []


def test_moved_and_cancelled_slots_have_one_line_each(event: Event, slot: Slot) -> None:
    other = factories.make_slot(event, start="12:00")
    with time_machine.travel(at("08:30"), tick=False):
        move(slot, room="Cellar")
        placing.cancel(other)

    said = " ".join(lines(event))

    assert "Cellar" in said
    assert len(lines(event)) == 2
    assert f'data-session="{slot.session_id}"' in said


def test_change_that_is_taken_back_is_told_as_well(event: Event, slot: Slot) -> None:
    """Who was told of the first one would stand in the wrong room."""
    with time_machine.travel(at("08:30"), tick=False):
        placing.restore(placing.cancel(slot))

    (said,) = lines(event)

    assert "12:00" in said  # in the event's own zone
    assert "Hall" in said
    assert 'data-sequence="2"' in said


def test_what_is_over_or_long_known_has_no_line(event: Event, slot: Slot) -> None:
    with time_machine.travel(at("08:30"), tick=False):
        move(slot, minutes=5)

    assert len(lines(event, "10:34")) == 1
    assert lines(event, "10:35") == []
    with time_machine.travel(at("08:30") + timedelta(hours=25), tick=False):
        assert announcing.on_pages(event) == []


def test_lines_are_replayable(event: Event, slot: Slot) -> None:
    with time_machine.travel(at("08:30"), tick=False):
        assert_replay(event, lambda: move(slot, minutes=5))


@pytest.mark.parametrize("page", ["", "wall/", "my/"])
def test_every_page_of_a_phone_begins_with_the_lines(event: Event, slot: Slot, page: str) -> None:
    with time_machine.travel(at("08:30"), tick=False):
        move(slot, room="Cellar")
        words = guests.browser().get(f"/{event.slug}/{page}").content.decode()

    assert '<star-news topic="moves"' in words
    assert 'data-sequence="1"' in words
    assert " moves" in words.rpartition("<event-stream")[2]


def test_number_of_queries_does_not_grow_with_the_lines(event: Event) -> None:
    asked = []
    with time_machine.travel(at("08:30"), tick=False):
        for _ in range(2):
            move(factories.make_slot(event, room=factories.make_room(event)), minutes=5)
            with CaptureQueriesContext(connection) as captured:
                announcing.on_pages(event)
            asked.append(len(captured))

    assert asked[0] == asked[1]


def test_stranger_of_a_closed_event_reads_no_line(event: Event, slot: Slot) -> None:
    with time_machine.travel(at("08:30"), tick=False):
        move(slot, room="Cellar")
        Event.objects.update(closed=True)
        words = guests.browser().get(f"/{event.slug}/carry/in").content.decode()

    assert "Cellar" not in words
