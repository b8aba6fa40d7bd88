"""Decide what the screens of an event show when: scenes by the programme, slides by the scene.

Pure functions of a programme, settings and a time. Knows no database, no clock and no pages; rows
are read into it by `wall.directing`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from agenda.models import Barcamp
from wall.cues import cues
from wall.lateness import shifted
from wall.scenes import (
    FOYER,
    HALL,
    Days,
    Late,
    Occurrence,
    Plan,
    Programme,
    Scene,
    Settings,
    Spell,
)
from wall.spells import Day, Place, spells
from wall.turns import of_screen, turns

__all__ = [
    "FOYER",
    "HALL",
    "Late",
    "Occurrence",
    "Plan",
    "Programme",
    "Scene",
    "Settings",
    "Spell",
    "cues",
    "of_screen",
    "plan",
    "turns",
]
DAYS_AHEAD = 3  # event days in one plan: a screen without network goes on with it
BY_PHASE = {Barcamp.Phase.PITCH: Scene.PITCH, Barcamp.Phase.BOARD: Scene.BOARD}


def plan(
    programme: Programme, settings: Settings, at: datetime, *, also: Iterable[datetime] = ()
) -> Plan:
    """The spells of hall, foyer and every room, from the start of the event day of `at` on.

    The barcamp's phase is what people do on that day; it says nothing of the days to come. The
    plan reaches as far as the days of `also`, which are rehearsed.
    """
    happening, minutes_late = shifted(programme.days, programme.occurrences, programme.delays)
    days = _days(programme, happening, [at, *also])
    today = programme.days.day_frame(programme.days.day_of(at))
    instead = BY_PHASE.get(Barcamp.Phase(programme.phase)) if programme.phase else None
    only = len(programme.rooms) <= 1
    places = {}
    for stands in (HALL, FOYER, *map(str, programme.rooms)):
        found = spells(Place(stands, only), happening, days, settings)
        places[stands] = _instead(found, instead, today) if instead else found
    return Plan(
        settings, programme.phase, places, minutes_late, tuple(happening), programme.occurrences
    )


def _days(
    programme: Programme, happening: Sequence[Occurrence], times: Iterable[datetime]
) -> list[Day]:
    """Each event day of the plan, with the times at which the house is busy on it."""
    days = programme.days
    busy: dict[object, list[tuple[datetime, datetime, bool]]] = {}
    for one in happening:
        span = (one.starts_at, one.ends_at, not one.is_break)
        busy.setdefault(days.day_of(one.starts_at), []).append(span)
    for start, end in programme.rows:
        busy.setdefault(days.day_of(start), []).append((start, end, True))
    frames = {days.day_frame(day) for day in _dates(days, times)}
    found: list[Day] = []
    for start, end in sorted(frames):
        if found and found[-1].ends_at < start:  # the days between, of which nobody asks more
            found.append(Day(found[-1].ends_at, start, start, start))
        found.append(_day(start, end, busy.get(days.day_of(start), []), happening))
    return found


def _dates(days: Days, times: Iterable[datetime]) -> Iterator[date]:
    for at in times:
        day = days.day_of(at)
        yield from (day + timedelta(days=number) for number in range(DAYS_AHEAD))


def _day(
    start: datetime,
    end: datetime,
    spans: Sequence[tuple[datetime, datetime, bool]],
    happening: Sequence[Occurrence],
) -> Day:
    if not spans:
        earlier = any(one.starts_at < start for one in happening)
        later = any(one.starts_at >= end for one in happening)
        quiet = Scene.BREAK
        if earlier != later:
            quiet = Scene.AFTER if earlier else Scene.BEFORE
        return Day(start, end, start, start, quiet)
    # Coffee on arrival does not open the day; wine after the last talk closes it.
    opens = min((span[0] for span in spans if span[2]), default=min(span[0] for span in spans))
    return Day(start, end, opens, max(span[1] for span in spans))


def _instead(
    found: Sequence[Spell], scene: Scene, today: tuple[datetime, datetime]
) -> tuple[Spell, ...]:
    """The hall pitches, or looks for its rooms, whatever the programme calls it. Not at night."""
    changed: list[Spell] = []
    for spell in found:
        if today[0] <= spell.at < today[1] and spell.scene != Scene.AFTER:
            spell = replace(spell, scene=scene)
        if not changed or changed[-1].look != spell.look:
            changed.append(spell)
    return tuple(changed)
