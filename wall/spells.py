"""The spells of one place: what each moment of some event days means for a screen there. Pure.

Slots are half-open: at 10:00 the one that ends at 10:00 is over. All times are instants, so a day
on which the clock is changed is longer or shorter and nothing else.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from wall.scenes import FOYER, HALL, SPEECHES, Occurrence, Scene, Settings, Spell

MOST = 6  # keys in one spell; more are not read from the last row


@dataclass(frozen=True, slots=True)
class Day:
    """One event day of the house: when it begins and ends, and from when until when it is busy.

    A day on which nothing happens is `quiet` as a whole.
    """

    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    quiet: Scene = Scene.BREAK

    def between(self, at: datetime) -> Scene:
        """What it is while nothing runs."""
        if self.opens_at == self.closes_at:
            return self.quiet
        if at < self.opens_at:
            return Scene.BEFORE
        return Scene.AFTER if at >= self.closes_at else Scene.BREAK


@dataclass(frozen=True, slots=True)
class Place:
    """Where screens may stand. `only`: there is no other room, so whatever runs runs here."""

    stands: str
    only: bool = False

    def concerns(self, one: Occurrence) -> bool:
        return self.stands in (HALL, FOYER) or one.room is None or str(one.room) == self.stands

    def heard(self, one: Occurrence) -> bool:
        """Whether somebody speaks in front of this place while `one` runs."""
        if one.is_break or self.stands == FOYER:
            return False
        plenary = one.room is None or one.kind in SPEECHES
        return plenary or self.only or self.stands != HALL


def spells(
    place: Place, occurrences: Sequence[Occurrence], days: Sequence[Day], settings: Settings
) -> tuple[Spell, ...]:
    """An unbroken row from the start of the first of `days` to the end of the last.

    `occurrences` by their start. Time grows with them, not with their square.
    """
    here = [one for one in occurrences if place.concerns(one)]
    coming = _Coming(here)
    stretches = _Stretches(here)
    found: list[Spell] = []
    for running, at, until, day in _moments(here, days):
        for spell in _split(place, running, at, until, day, settings, stretches, coming):
            if not found or found[-1].look != spell.look:
                found.append(spell)
    return tuple(found)


def _moments(
    here: Sequence[Occurrence], days: Sequence[Day]
) -> Iterator[tuple[list[Occurrence], datetime, datetime, Day]]:
    """Each stretch of time in which nothing begins and nothing ends, with what runs."""
    first, last = days[0].starts_at, days[-1].ends_at
    seams = {at for one in here for at in (one.starts_at, one.ends_at)}
    seams |= {at for day in days for at in (day.starts_at, day.opens_at, day.closes_at)}
    cuts = [first, *sorted(at for at in seams if first < at < last), last]
    running: list[Occurrence] = []
    begun, of_day = 0, 0
    for at, until in pairwise(cuts):
        running = [one for one in running if one.ends_at > at]
        while begun < len(here) and here[begun].starts_at <= at:
            if here[begun].ends_at > at:
                running.append(here[begun])
            begun += 1
        while days[of_day].ends_at <= at:
            of_day += 1
        yield running, at, until, days[of_day]


def _split(
    place: Place,
    running: Sequence[Occurrence],
    at: datetime,
    until: datetime,
    day: Day,
    settings: Settings,
    stretches: "_Stretches",
    coming: "_Coming",
) -> Iterator[Spell]:
    following = coming.after(at)
    ends: datetime | None
    busy = [one for one in running if not one.is_break]
    heard = _by_title([one for one in busy if place.heard(one)])
    if heard:
        scene, about, ends = Scene.TALK, heard, heard[0].ends_at
        last = _ending(heard[0].starts_at, ends, settings.ending)
    elif busy:
        scene, about = Scene.SESSIONS, _by_title(busy)
        ends = max(one.ends_at for one in busy)
        last = ends
        if place.stands == FOYER:
            last = _ending(*stretches.around(at), settings.ending)
    else:
        about, last = _by_title(running), until
        # Coffee before the first talk is still the time before the day.
        quiet = day.between(at)
        scene = Scene.BREAK if running and quiet != Scene.BEFORE else quiet
        ends = about[0].ends_at if about else None
    keys = tuple(one.key for one in about[:MOST])
    if at < last:
        yield Spell(at, scene, keys, following, ends)
    if last < until:
        yield Spell(max(at, last), Scene.ENDING, keys, following, ends)


def _ending(start: datetime, end: datetime, ending: timedelta) -> datetime:
    """From when on what comes next is told: the last minutes, of a short session a third."""
    length = end - start
    return end - (ending if length >= 2 * ending else length / 3)


def _by_title(running: Sequence[Occurrence]) -> list[Occurrence]:
    """Whatever began last is what it is about, even if something else overruns."""
    return sorted(running, key=lambda one: one.starts_at, reverse=True)


class _Stretches:
    """The times at which everybody is in sessions, without a moment between them."""

    def __init__(self, here: Sequence[Occurrence]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for one in here:
            if one.is_break:
                continue
            if not self._ends or one.starts_at > self._ends[-1]:
                self._starts.append(one.starts_at)
                self._ends.append(one.ends_at)
            self._ends[-1] = max(self._ends[-1], one.ends_at)

    def around(self, at: datetime) -> tuple[datetime, datetime]:
        """Since when and until when; asked only while a session runs."""
        index = bisect_right(self._starts, at) - 1
        return self._starts[index], self._ends[index]


class _Coming:
    """What starts next, row by row; a break brings along what comes after it."""

    def __init__(self, here: Sequence[Occurrence]) -> None:
        rows: dict[datetime, list[Occurrence]] = {}
        for one in here:
            rows.setdefault(one.starts_at, []).append(one)
        self._starts = list(rows)
        self._keys: list[tuple[str, ...]] = []
        after: tuple[str, ...] = ()
        for row in reversed(rows.values()):
            keys = tuple(one.key for one in row)
            only_breaks = all(one.is_break for one in row)
            self._keys.append((keys + after if only_breaks else keys)[:MOST])
            after = after if only_breaks else keys
        self._keys.reverse()

    def after(self, at: datetime) -> tuple[str, ...]:
        index = bisect_right(self._starts, at)
        return self._keys[index] if index < len(self._keys) else ()
