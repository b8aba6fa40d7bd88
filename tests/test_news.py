"""What guests read about a slot that moved or is cancelled, and where it stands by then."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from agenda import placing
from agenda.models import Event, Room, Slot
from agenda.news import news
from agenda.programme import arrange, slots_of_day
from tests.factories import at, make_event, make_room, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    """Running since two hours ago, whatever day it is: what moves now is news."""
    now = timezone.now()
    return make_event(starts_at=now - timedelta(hours=2), ends_at=now + timedelta(hours=6))


@pytest.fixture
def hall(event: Event) -> Room:
    return make_room(event, "Hall")


def said(slot: Slot) -> str:
    slot = Slot.objects.with_names().select_related("event").get(pk=slot.pk)
    with translation.override("en"):
        return news(slot, slot.event)


def move(slot: Slot, room: Room | None, start: str) -> None:
    length = slot.ends_at - slot.starts_at
    placing.move(slot, room=room, starts_at=at(start), ends_at=at(start) + length)


def test_moved_slot_says_where_it_was(event: Event, hall: Room) -> None:
    loft, slot = make_room(event, "Loft"), make_slot(event, room=hall, start="10:00")

    assert said(slot) == ""
    move(slot, loft, "10:00")
    assert said(slot) == "now Loft instead of Hall"
    move(slot, loft, "11:00")
    assert said(slot) == "now at 13:00, Loft, instead of 12:00"  # in the event's zone
    move(slot, hall, "11:00")
    assert said(slot) == "now at 13:00 instead of 12:00"
    move(slot, None, "10:00")
    assert said(slot) == "now everywhere instead of Hall"


def test_day_is_named_only_if_it_is_another_one(event: Event) -> None:
    slot = make_slot(event, start="20:00")

    move(slot, None, "23:30")  # half past one at night, still the same evening
    assert said(slot) == "now at 01:30 instead of 22:00"
    move(slot, None, "34:00")
    assert said(slot) == "now at Thu 12:00 instead of Wed 22:00"


def test_cancelled_slot_says_so_and_nothing_else(event: Event, hall: Room) -> None:
    slot = make_slot(event, room=hall)
    move(slot, None, "11:00")

    placing.cancel(slot)

    assert said(slot) == "is cancelled"


def test_room_that_is_no_more_is_not_named(event: Event, hall: Room) -> None:
    slot = make_slot(event, room=make_room(event, "Loft"))
    move(slot, hall, "10:00")
    Room.objects.get(name="Loft").delete()

    assert said(slot) == "now: Hall"


def test_move_while_the_programme_was_being_made_is_no_news() -> None:
    event = make_event(
        starts_at=timezone.now() + timedelta(days=9), ends_at=timezone.now() + timedelta(days=10)
    )
    slot = make_slot(event)

    move(slot, None, "11:00")

    assert said(slot) == ""


def test_cancelled_slots_stand_in_their_place_and_count_for_nothing() -> None:
    event = make_event(zone="UTC")
    clocks = ("10:00", "11:00", "11:30", "12:00")
    running, cancelled, following, last = (make_slot(event, start=clock) for clock in clocks)
    for slot in (running, cancelled, last):
        placing.cancel(slot)

    sections = arrange(slots_of_day(event, at("10:15")), at("10:15"))

    assert (sections.now, sections.running) == ([running], [])
    assert (sections.next, sections.next_at) == ([cancelled, following], at("11:30"))
    assert sections.later == [last]


def test_day_of_which_everything_left_is_cancelled_is_over() -> None:
    event = make_event(zone="UTC")
    placing.cancel(make_slot(event, start="11:00"))

    sections = arrange(slots_of_day(event, at("10:15")), at("10:15"))

    assert (sections.next_at, len(sections.later)) == (None, 1)
