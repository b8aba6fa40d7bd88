"""The staff's boards follow every change, and drop what is not for them (any more)."""

from typing import Any

import pytest

from agenda import arranging, barcamp, descriptions, pitching, placing, votes
from agenda.models import Event, Proposal, Room, Slot, Vote
from tests.factories import (
    at,
    make_attendee,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)
from tests.replay import assert_replay, keys, page

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def event() -> Event:
    event = make_event(zone="UTC")
    make_barcamp(event, "board")
    return event


def placed(event: Event, room: Room, title: str) -> Slot:
    return barcamp.place(make_proposal(event, title), room, at("10:00"), at("10:45"))


def acts(event: Event) -> dict[str, Any]:
    rooms = [make_room(event, name) for name in ("R1", "R2")]
    make_period(event, "10:00")
    slot, other = placed(event, rooms[0], "A"), placed(event, rooms[1], "B")
    waiting = make_proposal(event, "C", hands=99)
    make_slot(event, session=make_session(event, "Lunch"), start="12:00")
    Vote.objects.create(attendee=make_attendee(event), proposal=waiting)
    return {
        "placed": lambda: barcamp.place(waiting, rooms[0], at("14:00"), at("14:45")),
        "swapped": lambda: placing.swap(slot, other),
        "cancelled": lambda: placing.cancel(slot),
        "taken off": lambda: placing.unplace(slot),
        "counted": lambda: pitching.count(waiting, 5),
        "told": lambda: votes.publish(event),
        "merged": lambda: barcamp.merge(
            Proposal.objects.get(title="A"), Proposal.objects.get(title="B")
        ),
        "new row": lambda: make_period(event, "15:00"),
        "room gone": lambda: descriptions.removed(make_room(event)),
    }


@pytest.mark.parametrize(
    "name",
    [
        "placed",
        "swapped",
        "cancelled",
        "taken off",
        "counted",
        "told",
        "merged",
        "new row",
        "room gone",
    ],
)
def test_boards_follow(event: Event, name: str) -> None:
    assert_replay(event, acts(event)[name], topics=["plan"])


@pytest.mark.parametrize("name", ["placed", "cancelled", "told"])
def test_warnings_follow(event: Event, name: str) -> None:
    assert_replay(event, acts(event)[name], topics=["warnings"])


def test_declined_card_leaves_the_board(event: Event) -> None:
    card = make_proposal(event, "A")
    assert card.key in keys(event, "plan")

    arranging.decline(card, version=card.version)

    assert card.key not in keys(event, "plan")


def test_card_is_drawn_at_each_of_its_places(event: Event) -> None:
    room = make_room(event)
    first = placed(event, room, "A")
    second = barcamp.place(Proposal.objects.get(), room, at("14:00"), at("14:45"), again=True)

    html = page(event, ["plan"]).topic("plan")[Proposal.objects.get().key].html or ""

    assert [f'data-slot="{slot.key}"' in html for slot in (first, second)] == [True, True]


def test_what_stands_in_rooms_of_others_is_not_on_the_board(event: Event) -> None:
    here = make_slot(event, room=make_room(event))
    there = make_slot(event, room=make_room(event, barcamp=False))

    found = keys(event, "plan")

    assert (here.key in found, there.key in found) == (True, False)
