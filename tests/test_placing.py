"""Sessions are placed, moved, swapped, cancelled and taken off; people can read what changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from agenda import placing
from agenda.models import Event, Room, Slot
from agenda.placing import ChangedMeanwhile, ImpossiblePlace, Place, place_of
from eventhub.live.log import changing
from tests.factories import at, make_event, make_room, make_session, make_slot
from tests.replay import assert_replay, changes_since, head

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def hall(event: Event) -> Room:
    return make_room(event, "Hall")


@pytest.fixture
def loft(event: Event) -> Room:
    return make_room(event, "Loft")


def row(slot: Slot) -> Slot:
    return Slot.objects.get(pk=slot.pk)


def where(slot: Slot) -> tuple[int | None, str, int]:
    """(room, start, minutes) as stored."""
    slot = row(slot)
    return slot.room_id, f"{slot.starts_at:%H:%M}", (slot.ends_at - slot.starts_at).seconds // 60


def moved(slot: Slot, room: Room | None, start: str, minutes: int = 30, **more: Any) -> Slot:
    starts_at = at(start)
    ends_at = starts_at + timedelta(minutes=minutes)
    return placing.move(slot, room=room, starts_at=starts_at, ends_at=ends_at, **more)


def was(slot: Slot) -> tuple[int | None, str | None]:
    slot = row(slot)
    assert (slot.moved_at is None) == (slot.was_starts_at is None)
    return slot.was_room_id, f"{slot.was_starts_at:%H:%M}" if slot.was_starts_at else None


def age(slot: Slot, by: timedelta) -> None:
    """As if `slot` had been moved that long ago."""
    assert slot.moved_at is not None
    slot.moved_at -= by
    with changing(slot.event_id) as log:
        log.write_quietly(slot)


# --- placed


def test_placed_session_stands_there_with_a_number(event: Event, hall: Room) -> None:
    session = make_session(event)

    slot = placing.place(event, session, hall, at("10:00"), at("11:00"))

    assert where(slot) == (hall.pk, "10:00", 60)
    assert (slot.number, slot.sequence, slot.moved_at) == (1, 0, None)
    assert changes_since(event, 0) == [("slot", slot.key)]


def test_placing_twice_in_the_same_place_is_one_slot(event: Event, hall: Room) -> None:
    session = make_session(event)
    slot = placing.place(event, session, hall, at("10:00"), at("11:00"), unplaced=True)

    again = placing.place(event, session, hall, at("10:00"), at("11:00"), unplaced=True)

    assert (again, Slot.objects.count(), head(event)) == (slot, 1, 1)


def test_session_may_be_repeated_in_the_afternoon(event: Event, hall: Room) -> None:
    session = make_session(event)
    placing.place(event, session, hall, at("10:00"), at("11:00"))

    second = placing.place(event, session, hall, at("15:00"), at("16:00"))

    assert (second.number, Slot.objects.count()) == (2, 2)


def test_session_placed_meanwhile_is_not_placed_again(event: Event, hall: Room) -> None:
    session = make_session(event, "Open data")
    placing.place(event, session, hall, at("10:00"), at("11:00"))

    with pytest.raises(ChangedMeanwhile) as refusal, translation.override("en"):
        placing.place(event, session, None, at("12:00"), at("13:00"), unplaced=True)

    with translation.override("en"):
        assert "“Open data” is now at 12:00, Hall" in refusal.value.message  # in the event's zone
    assert Slot.objects.count() == 1


def test_what_ends_before_it_starts_or_is_anothers_is_refused(event: Event, hall: Room) -> None:
    session, elsewhere = make_session(event), make_event()
    foreign = make_room(elsewhere)
    slot = make_slot(event, room=hall)

    deeds: list[Callable[[], object]] = [
        lambda: placing.place(event, session, hall, at("10:00"), at("10:00")),
        lambda: placing.place(elsewhere, session, None, at("10:00"), at("11:00")),
        lambda: moved(slot, foreign, "12:00"),
        lambda: placing.swap(slot, make_slot(elsewhere)),
    ]
    for refused in deeds:
        with pytest.raises(ImpossiblePlace):
            refused()

    assert (where(slot), head(event)) == ((hall.pk, "10:00", 30), 1)


# --- moved


def test_moved_slot_keeps_its_name_and_tells_where_it_was(
    event: Event, hall: Room, loft: Room
) -> None:
    slot = make_slot(event, room=hall, start="10:00")
    before = head(event)

    moved(slot, loft, "11:00", 45)

    now = row(slot)
    assert where(slot) == (loft.pk, "11:00", 45)
    assert (now.guid, now.number, now.key) == (slot.guid, slot.number, slot.key)
    assert (now.sequence, was(slot)) == (1, (hall.pk, "10:00"))
    assert now.changed_at == now.moved_at
    assert now.changed_at > slot.changed_at
    assert changes_since(event, before) == [("slot", slot.key)]


def test_moving_to_where_it_is_writes_nothing(event: Event, hall: Room) -> None:
    slot = make_slot(event, room=hall, start="10:00")

    moved(slot, hall, "10:00", version=0)

    assert (head(event), row(slot).sequence) == (1, 0)


def test_another_length_is_a_change_but_no_move(event: Event, hall: Room) -> None:
    slot = make_slot(event, room=hall, start="10:00")

    moved(slot, hall, "10:00", 60)

    assert (row(slot).sequence, was(slot)) == (1, (None, None))


def test_several_moves_in_a_row_name_the_first_place(event: Event, hall: Room, loft: Room) -> None:
    slot = make_slot(event, room=hall, start="10:00")

    moved(slot, loft, "10:00")
    moved(slot, loft, "12:00")

    assert (row(slot).sequence, was(slot)) == (2, (hall.pk, "10:00"))


def test_moved_back_at_once_it_never_moved(event: Event, hall: Room, loft: Room) -> None:
    slot = make_slot(event, room=hall, start="10:00")

    moved(slot, loft, "11:00")
    moved(slot, hall, "10:00")

    assert (row(slot).sequence, was(slot)) == (2, (None, None))


def test_hours_later_the_last_place_is_the_one_people_know(
    event: Event, hall: Room, loft: Room
) -> None:
    slot = make_slot(event, room=hall, start="10:00")
    age(moved(slot, loft, "11:00"), placing.KNOWN_AFTER + timedelta(minutes=1))

    moved(slot, hall, "10:00")

    assert was(slot) == (loft.pk, "11:00")


def test_move_of_what_changed_since_it_was_seen_says_what_is_there(
    event: Event, hall: Room, loft: Room
) -> None:
    slot = make_slot(event, session=make_session(event, "Open data"), room=hall)
    seen = slot.version
    moved(slot, loft, "11:00", version=seen)
    before = head(event)

    with pytest.raises(ChangedMeanwhile) as refusal, translation.override("en"):
        moved(slot, hall, "12:00", version=seen)

    with translation.override("en"):
        assert "“Open data” is now at 13:00, Loft" in refusal.value.message
    assert refusal.value.slot == row(slot)
    assert (where(slot), head(event)) == ((loft.pk, "11:00", 30), before)


def test_move_without_a_version_is_taken(event: Event, hall: Room, loft: Room) -> None:
    """The negative control: only the version keeps a later one from overwriting an earlier one."""
    slot = make_slot(event, room=hall)
    moved(slot, loft, "11:00")

    moved(slot, hall, "12:00")

    assert where(slot) == (hall.pk, "12:00", 30)


# --- swapped, cancelled, taken off


def test_swapped_slots_stand_in_each_others_place(event: Event, hall: Room, loft: Room) -> None:
    one = make_slot(event, room=hall, start="10:00", minutes=30)
    other = make_slot(event, room=loft, start="11:00", minutes=60)
    before = head(event)

    placing.swap(one, other, versions=(one.version, other.version))

    assert where(one) == (loft.pk, "11:00", 60)
    assert where(other) == (hall.pk, "10:00", 30)
    assert (was(one), was(other)) == ((hall.pk, "10:00"), (loft.pk, "11:00"))
    assert sorted(changes_since(event, before)) == sorted([("slot", one.key), ("slot", other.key)])


def test_swap_is_whole_or_not_at_all(event: Event, hall: Room, loft: Room) -> None:
    one, other = make_slot(event, room=hall), make_slot(event, room=loft, start="11:00")
    moved(other, loft, "12:00")

    with pytest.raises(ChangedMeanwhile):
        placing.swap(one, other, versions=(one.version, other.version))

    assert (where(one), where(other)) == ((hall.pk, "10:00", 30), (loft.pk, "12:00", 30))


def test_cancelled_slot_stays_in_its_place_until_restored(event: Event, hall: Room) -> None:
    slot = make_slot(event, room=hall)

    for verb, cancelled, sequence in (
        (placing.cancel, True, 1),
        (placing.cancel, True, 1),
        (placing.restore, False, 2),
        (placing.restore, False, 2),
    ):
        verb(slot)
        assert (row(slot).cancelled, row(slot).sequence) == (cancelled, sequence)

    assert (where(slot), was(slot), head(event)) == ((hall.pk, "10:00", 30), (None, None), 3)


def test_taken_off_twice_is_taken_off_once_and_the_session_keeps(event: Event) -> None:
    slot = make_slot(event)
    session = slot.session

    assert placing.unplace(slot) is True
    assert placing.unplace(slot) is False

    session.refresh_from_db()
    assert list(session.slots.all()) == []


def test_what_is_taken_off_cannot_be_moved_and_says_so(event: Event, hall: Room) -> None:
    slot = make_slot(event)
    placing.unplace(Slot.objects.get(pk=slot.pk))

    deeds: list[Callable[[], object]] = [
        lambda: moved(slot, hall, "12:00"),
        lambda: placing.cancel(slot),
    ]
    for verb in deeds:
        with pytest.raises(ChangedMeanwhile) as refusal:
            verb()
        assert refusal.value.slot is None


def test_taking_off_what_moved_meanwhile_is_refused(event: Event, hall: Room) -> None:
    slot = make_slot(event)
    moved(slot, hall, "12:00")

    with pytest.raises(ChangedMeanwhile):
        placing.unplace(slot, version=slot.version)

    assert where(slot) == (hall.pk, "12:00", 30)


@pytest.mark.parametrize(
    "act",
    [
        lambda one, other, room: moved(one, room, "15:00"),
        lambda one, other, room: placing.swap(one, other),
        lambda one, other, room: placing.cancel(one),
        lambda one, other, room: placing.unplace(one),
        lambda one, other, room: placing.place(
            one.event, make_session(one.event), room, at("16:00"), at("17:00")
        ),
    ],
)
def test_every_verb_reaches_open_pages(
    event: Event, hall: Room, act: Callable[[Slot, Slot, Room], object]
) -> None:
    one, other = make_slot(event, room=hall), make_slot(event, start="12:00")

    assert_replay(event, lambda: act(one, other, hall))


def test_place_of_a_slot_is_what_calendars_show(event: Event, hall: Room) -> None:
    slot = make_slot(event, room=hall)

    assert place_of(slot) == Place(hall.pk, at("10:00"), at("10:30"), cancelled=False)
    assert placing.keep_track(slot, place_of(slot), timezone.now()) is False
