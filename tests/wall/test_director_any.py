"""Whatever the programme is: the plan is unbroken, in order, and nobody speaks before the wall."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.wall.programmes import DAYS, at, programme, slot
from wall import turns as turning
from wall.director import Late, Occurrence, Plan, Programme, Scene, Settings, Spell, plan, turns
from wall.models import Screen

DAYS_SEEN = ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-10-07")
ROOMS = (1, 2, 3)
Planner = Callable[[Programme, Settings, datetime], Plan]


@st.composite
def occurrences(draw: st.DrawFn) -> Occurrence:
    start = at("00:00", draw(st.sampled_from(DAYS_SEEN))) + timedelta(
        minutes=draw(st.integers(0, 36 * 60))
    )
    return Occurrence(
        key=draw(st.uuids()).hex[:8],
        starts_at=start,
        ends_at=start + timedelta(minutes=draw(st.integers(1, 400))),
        room=draw(st.sampled_from([None, *ROOMS])),
        kind=draw(st.sampled_from(["talk", "panel", "workshop", "break", "barcamp"])),
        cancelled=draw(st.booleans()),
    )


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Programme, datetime]:
    day = draw(st.sampled_from(DAYS_SEEN))
    delays = st.builds(
        Late,
        minutes=st.integers(-120, 120),
        since=st.integers(0, 30 * 60).map(lambda m: at("00:00", day) + timedelta(minutes=m)),
        room=st.sampled_from([None, *ROOMS]),
    )
    found = programme(
        *draw(st.lists(occurrences(), max_size=12)),
        rooms=draw(st.sampled_from([(), (1,), ROOMS])),
        delays=tuple(draw(st.lists(delays, max_size=3))),
        phase=draw(st.sampled_from(["", "collect", "pitch", "board", "running", "closed"])),
    )
    return found, at("00:00", day) + timedelta(minutes=draw(st.integers(0, 26 * 60)))


def complaints(planner: Planner, wanted: Programme, when: datetime) -> list[str]:
    """What is wrong with the plan; nothing, if the promises are kept."""
    found = planner(wanted, Settings(), when)
    day = DAYS.day_of(when)
    start = DAYS.day_frame(day)[0]
    end = DAYS.day_frame(day + timedelta(days=2))[1]
    said = []
    for stands, spells in found.places.items():
        times = [spell.at for spell in spells]
        if not times or times[0] != start:
            said.append(f"{stands} does not begin with the day")
        if times != sorted(set(times)) or any(one >= end for one in times):
            said.append(f"{stands} is out of order")
        if any(one.look == other.look for one, other in pairwise(spells)):
            said.append(f"{stands} changes to the same")
        said += [f"{stands}: {words}" for words in _behind_speakers(spells, stands, wanted, end)]
    if not {"hall", "foyer", *map(str, wanted.rooms)} <= set(found.places):
        said.append("a place is missing")
    return said


def _behind_speakers(
    spells: Sequence[Spell], stands: str, wanted: Programme, end: datetime
) -> list[str]:
    """Where somebody speaks by the programme as it stands, delays aside, and the wall is shown."""
    if wanted.delays or stands == "foyer":
        return []
    said = []
    for one in wanted.occurrences:
        heard = one.room is None or str(one.room) == stands or stands == "hall"
        if one.cancelled or not heard or one.kind not in ("talk", "panel"):
            continue
        untils = [*(spell.at for spell in spells[1:]), end][: len(spells)]
        for spell, until in zip(spells, untils, strict=True):
            during = max(spell.at, one.starts_at) < min(until, one.ends_at)
            if during and "wall" in turns(spell.scene, Settings()):
                said.append(f"wall behind {one.key}")
    return said


@settings(max_examples=200, deadline=None)
@given(programmes())
@example((programme(), at("12:00")))
def test_every_plan_keeps_its_promises(drawn: tuple[Programme, datetime]) -> None:
    assert complaints(plan, *drawn) == []


# --- negative controls: the same complaints find planners that do not keep them

TALK_AND_LUNCH = programme(
    slot("talk", "09:00", "10:00"), slot("lunch", "09:30", "10:30", None, "break")
)


def _with(found: Plan, change: Callable[[tuple[Spell, ...]], tuple[Spell, ...]]) -> Plan:
    return replace(found, places={name: change(row) for name, row in found.places.items()})


BROKEN: dict[str, Callable[[tuple[Spell, ...]], tuple[Spell, ...]]] = {
    "empty": lambda row: (),
    "late": lambda row: row[1:],
    "backwards": lambda row: tuple(reversed(row)),
    "twice": lambda row: (*row, replace(row[-1], at=row[-1].at + timedelta(seconds=1))),
    "wall": lambda row: tuple(replace(one, scene=Scene.BREAK) for one in row),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_planner_is_caught(name: str) -> None:
    def planner(wanted: Programme, told: Settings, when: datetime) -> Plan:
        return _with(plan(wanted, told, when), BROKEN[name])

    assert complaints(plan, TALK_AND_LUNCH, at("08:00")) == []
    assert complaints(planner, TALK_AND_LUNCH, at("08:00")) != []


def test_planner_that_forgets_a_room_is_caught() -> None:
    def planner(wanted: Programme, told: Settings, when: datetime) -> Plan:
        found = plan(wanted, told, when)
        return replace(found, places={"hall": found.places["hall"]})

    assert complaints(planner, TALK_AND_LUNCH, at("08:00")) == ["a place is missing"]


# --- turns, for every way a screen may be set


SETTINGS = st.builds(
    Settings,
    ending_minutes=st.integers(0, 60),
    wall_in_talks=st.booleans(),
    left_out=st.sets(st.sampled_from(turning.OPTIONAL)).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(
    told=SETTINGS,
    scene=st.sampled_from(sorted(Scene)),
    view=st.sampled_from(sorted(Screen.View.values)),
    wiring=st.sampled_from(sorted(Screen.Wiring.values)),
    left_out=st.lists(st.sampled_from([*turning.OPTIONAL, "talk", "nonsense"])),
    phase=st.sampled_from(["", "board", "closed", "collect", "pitch", "running"]),
)
def test_every_scene_has_a_turn_and_no_wall_while_somebody_speaks(
    told: Settings, scene: Scene, view: str, wiring: str, left_out: list[str], phase: str
) -> None:
    found = turns(scene, told, phase=phase, view=view, wiring=wiring, left_out=left_out)

    assert found
    if view == "auto" and scene in (Scene.TALK, Scene.ENDING):
        asked_for = told.wall_in_talks and wiring == "own" and scene == Scene.TALK
        assert ("wall" in found) <= asked_for


# --- cost


class Counting(datetime):
    """A time that counts how often it is compared with another."""

    compared = 0

    def __lt__(self, other: Any) -> bool:
        Counting.compared += 1
        return super().__lt__(other)

    def __le__(self, other: Any) -> bool:
        Counting.compared += 1
        return super().__le__(other)

    def __gt__(self, other: Any) -> bool:
        Counting.compared += 1
        return super().__gt__(other)


def comparisons(count: int) -> int:
    """For so many slots in ten rooms on three days, each room with one after the other."""
    rooms = tuple(range(1, 11))
    slots = []
    for number in range(count):
        day, place = divmod(number, count // 3)
        minute = place // len(rooms) * 15
        start = Counting(2026, 10, 7 + day, 6, tzinfo=UTC) + timedelta(minutes=minute)
        slots.append(
            Occurrence(f"{number}", start, start + timedelta(minutes=15), rooms[place % len(rooms)])
        )
    wanted = programme(*slots, rooms=rooms)
    before = Counting.compared
    found = plan(wanted, Settings(), at("12:00"))
    assert len(found.places["1"]) > count // len(rooms)
    return Counting.compared - before


def test_cost_grows_with_the_slots_and_not_with_their_square() -> None:
    """Counted, not timed: five times the slots may cost as much as five times, and sorting."""
    assert comparisons(1500) < 7 * comparisons(300)
