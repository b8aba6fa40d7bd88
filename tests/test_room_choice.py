"""Where a pitch is proposed to go: the room that fits, the time that suits, and the reason."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from agenda import barcamp, placing
from agenda.cells import cells
from agenda.models import Event, Period, Proposal, Room, Slot
from agenda.room_choice import Choice, choose, expected
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def event() -> Event:
    event = make_event(zone="UTC")
    make_barcamp(event)
    for position, (name, seats) in enumerate((("Hall", 120), ("Loft", 40), ("Den", 25))):
        make_room(event, name, capacity=seats, position=position)
    make_period(event, "10:00")
    make_period(event, "11:00")
    return event


def choice(event: Event, now: str = "09:00", **fields: Any) -> Choice:
    slots = list(Slot.objects.of(event))
    return choose(make_proposal(event, **fields), event, cells(event, slots), slots, at(now))


def where(found: Choice) -> tuple[str, str]:
    assert found.place is not None
    cell = found.place.cell
    return cell.room.name, f"{cell.period.starts_at:%H:%M}"


def occupy(event: Event, room: str, start: str, host: str = "") -> Proposal:
    taken = make_proposal(event, host=host)
    period = Period.objects.get(event=event, starts_at=at(start))
    barcamp.place(taken, Room.objects.get(name=room), period.starts_at, period.ends_at)
    return taken


@pytest.mark.parametrize(
    ("hands", "room", "reason"),
    [
        (25, "Den", "fits: 25 seats"),
        (26, "Loft", "fits: 40 seats"),
        (41, "Hall", "fits: 120 seats"),
        (0, "Den", "fits: 25 seats"),
        (None, "Hall", "free: 120 seats"),
        (300, "Hall", "largest free room: 120 seats"),
    ],
)
def test_smallest_room_that_seats_the_hands(
    event: Event, hands: int | None, room: str, reason: str
) -> None:
    found = choice(event, hands=hands)
    assert (where(found), found.reason) == ((room, "10:00"), reason)


def test_phones_count_where_no_hands_were(event: Event) -> None:
    assert where(choice(event, votes=30)) == ("Loft", "10:00")
    assert where(choice(event, votes=30, hands=10)) == ("Den", "10:00")
    assert expected(make_proposal(event)) is None


def test_an_earlier_time_comes_before_a_smaller_room(event: Event) -> None:
    occupy(event, "Den", "10:00")
    occupy(event, "Loft", "10:00")
    assert where(choice(event, hands=10)) == ("Hall", "10:00")


def test_a_room_large_enough_later_comes_before_one_too_small_now(event: Event) -> None:
    occupy(event, "Hall", "10:00")
    assert where(choice(event, hands=90)) == ("Hall", "11:00")


def test_what_has_begun_is_not_proposed(event: Event) -> None:
    assert where(choice(event, now="10:00", hands=10)) == ("Den", "11:00")
    late = choice(event, now="11:00")
    assert (late.place, late.reason, late.places) == (None, "The board is full.", [])


def test_nobody_is_in_two_rooms(event: Event) -> None:
    occupy(event, "Den", "10:00", host="ece  Beispiel")
    found = choice(event, hands=10, host="Nils und Ece Beispiel")
    assert (where(found), found.reason) == (
        ("Den", "11:00"),
        "fits: 25 seats, Ece Beispiel is in Den then",
    )
    told = {one.cell.room.name: one.remark for one in found.places[:2]}
    assert told == dict.fromkeys(("Hall", "Loft"), "Ece Beispiel is in Den then")


def test_a_speaker_of_a_fixed_session_is_busy_and_a_cancelled_one_is_not(event: Event) -> None:
    keynote = make_slot(
        event,
        session=make_session(event, host="Ada"),
        room=make_room(event, "Tent", barcamp=False),
        start="10:00",
    )
    assert where(choice(event, host="Ada")) == ("Hall", "11:00")
    placing.cancel(keynote)
    assert where(choice(event, host="Ada")) == ("Hall", "10:00")


def test_whose_host_is_never_free_is_not_placed(event: Event) -> None:
    for start in ("10:00", "11:00"):
        occupy(event, "Den", start, host="Ece")
    found = choice(event, host="Ece")
    assert found.place is None
    assert "elsewhere" in found.reason


def test_wishes_are_kept_and_said(event: Event) -> None:
    found = choice(event, hands=30, not_before=at("11:00"))
    assert (where(found), found.reason) == (
        ("Loft", "11:00"),
        "fits: 40 seats, not wished before 11:00",
    )
    assert where(choice(event, not_after=at("10:45"))) == ("Hall", "10:00")


def test_a_wish_gives_way_before_a_pitch_gets_nothing(event: Event) -> None:
    found = choice(event, not_before=at("15:00"), hands=30)
    assert where(found) == ("Loft", "10:00")
    assert found.reason == "nothing else is free: not wished before 15:00"


def test_lunch_and_rooms_without_barcamp_are_no_places(event: Event) -> None:
    make_slot(event, start="10:00")  # everywhere
    Room.objects.filter(name="Den").update(barcamp=False)
    assert where(choice(event, hands=10)) == ("Loft", "11:00")


def test_a_room_of_unknown_size_comes_last_of_those_that_fit(event: Event) -> None:
    make_room(event, "Yard", position=9)
    assert where(choice(event, hands=30)) == ("Loft", "10:00")
    for room in ("Loft", "Hall"):
        occupy(event, room, "10:00")
    found = choice(event, hands=30)
    assert (where(found), found.reason) == (("Yard", "10:00"), "free")
