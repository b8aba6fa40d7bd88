"""A plan travels in few characters and loses nothing on the way."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import example, given, settings

from agenda.models import Appearance, Event, Session, Slot
from eventhub.live.log import changing
from tests.factories import at as clock_at
from tests.factories import (
    make_event,
    make_room,
    make_speaker,
)
from tests.wall.plan_reader import html_of, named, read, shortened, told_to_screens
from tests.wall.programmes import at, late, planned, programme, slot
from tests.wall.test_director_any import programmes
from wall import plan_text
from wall.director import Plan, Programme, Settings, plan

SAMPLE = Path(__file__).parents[1] / "js" / "plan-told.js"
LARGE, MOST_CHARACTERS = 1500, 60_000


# --- written and read again


@settings(max_examples=60, deadline=None)
@given(programmes())
@example((programme(), at("12:00")))
@example((programme(slot("only", "10:00", "10:07"), rooms=()), at("12:00")))
def test_whatever_is_written_is_read_again(drawn: tuple[Programme, datetime]) -> None:
    found = plan(drawn[0], Settings(), drawn[1])

    told = json.loads(json.dumps(plan_text.written(found)))

    assert lost(found, told) == []


def lost(found: Plan, told: dict[str, Any]) -> list[str]:
    """The places whose spells do not come back; times are told to the millisecond."""
    wanted = shortened(found, told["letters"])
    try:
        back = read(told)
    except IndexError:
        return [*wanted]
    return [place for place in wanted if back.get(place) != wanted[place]]


DAY = programme(
    slot("aaaa1", "09:00", "10:00"),
    slot("aaaa2", "10:00", "11:00", 2),
    slot("lunch", "11:00", "12:00", None, "break"),
    slot("aaaa3", "12:00", "12:10", 2),
    delays=(late(7, "09:30", 1),),
)


@pytest.mark.parametrize("part", ["keys", "rooms", "rows", "shapes", "starts"])
def test_nothing_of_it_may_be_spoiled(part: str) -> None:
    found = planned(DAY)
    told = json.loads(json.dumps(plan_text.written(found)))
    assert lost(found, told) == []

    told[part] = told[part] + 1000 if part == "starts" else told[part][::-1]

    assert lost(found, told) != []


def test_slots_are_named_by_as_many_letters_as_tell_them_apart() -> None:
    assert plan_text.written(planned(programme(slot("abcdefgh", "09:00", "10:00"))))["letters"] == 4
    told = plan_text.written(planned(DAY))

    assert told["letters"] == 5
    assert named(told) == ["aaaa1", "aaaa2", "lunch", "aaaa3"]


def test_cancelled_slot_that_is_called_alike_is_told_apart() -> None:
    both = programme(
        slot("aaaaaa1", "09:00", "10:00"), slot("aaaaaa2", "09:00", "10:00", cancelled=True)
    )

    assert named(plan_text.written(planned(both))) == ["aaaaaa1"]


def test_what_is_late_says_when_it_begins_and_ends() -> None:
    told = plan_text.written(planned(DAY))

    assert told["late"] == [(0, 0, 420)]  # the title runs: it has begun, and ends later


def test_browser_reads_the_same_sample() -> None:
    """What tests/js/plan-text.test.js reads is what is written here."""
    found = planned(DAY)
    told = plan_text.written(found)
    spells = {
        place: [
            {
                "at": plan_text.ms(one.at),
                "scene": one.scene,
                "now": one.now,
                "next": one.next,
                "ends": plan_text.ms(one.ends) if one.ends else None,
            }
            for one in row
        ]
        for place, row in shortened(found, told["letters"]).items()
    }
    lines = [
        f"export const {name} = {json.dumps(what)}"
        for name, what in (("TOLD", told), ("SPELLS", spells))
    ]

    assert SAMPLE.read_text(encoding="utf-8").splitlines()[-2:] == lines


# --- how large it is


def large_event(rooms: int, minutes: int, pause: int, days: int, begins: str) -> Event:
    """1,500 sessions, each with a speaker of whom it is known what they are."""
    event = make_event(zone="UTC", ends_at=clock_at("18:00") + timedelta(days=days - 1))
    places = [make_room(event, f"Room {number:02}", position=number) for number in range(rooms)]
    speakers = [
        make_speaker(event, f"Karin Probst-Meier {number}", organisation="Amt für Wirtschaft")
        for number in range(100)
    ]
    kinds = ("talk", "workshop", "barcamp")
    made = Session.objects.bulk_create(
        Session(event=event, title=f"Talk {number}", kind=kinds[number % 3])
        for number in range(LARGE)
    )
    Appearance.objects.bulk_create(
        Appearance(session=one, speaker=speakers[number % 100], position=0)
        for number, one in enumerate(made)
    )
    slots = []
    for number, session in enumerate(made):
        day, within = divmod(number, LARGE // days)
        row, room = divmod(within, rooms)
        starts_at = clock_at(begins) + timedelta(days=day, minutes=(minutes + pause) * row)
        ends_at = starts_at + timedelta(minutes=minutes)
        slots.append(
            Slot(
                event=event,
                session=session,
                room=places[room],
                number=number + 1,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        )
    with changing(event) as log:
        log.add_all(slots)
    return event


@pytest.mark.django_db
@pytest.mark.sqlite
def test_plan_of_1500_slots_is_small() -> None:
    with time_machine.travel(clock_at("12:02"), tick=False):
        event = large_event(rooms=10, minutes=20, pause=5, days=3, begins="04:30")

        html = html_of(event)

        assert len(html.encode()) < MOST_CHARACTERS
        told = told_to_screens(event)
        spells = sum(len(row) for row in told["plan"]["rows"])
        assert spells > 3 * LARGE  # all of them, and not a part
        plain = json.dumps([[str(o) for o in row] for row in read(told["plan"]).values()])
        assert len(plain) > 5 * MOST_CHARACTERS  # negative control: as it was before
