"""What the director of the screens reads and says: a programme, its settings, scenes with their
times. Plain values: knows no database, no clock and no pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

BREAK_KIND = "break"  # agenda.models.Session.Kind, of which only these say what a screen does
SPEECHES = ("talk", "panel")  # somebody speaks to all who are there
HALL, FOYER = "hall", "foyer"


class Scene(StrEnum):
    """What the programme means for a screen."""

    BEFORE = "before"
    TALK = "talk"
    ENDING = "ending"
    BREAK = "break"
    SESSIONS = "sessions"
    PITCH = "pitch"
    BOARD = "board"
    AFTER = "after"


class Days(Protocol):
    """Event days, which need not be calendar days; an Event is one of these."""

    def day_of(self, at: datetime) -> date: ...

    def day_frame(self, day: date) -> tuple[datetime, datetime]: ...


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot as the director reads it: [starts_at, ends_at), `room` None: everywhere."""

    key: str
    starts_at: datetime
    ends_at: datetime
    room: int | None = None
    kind: str = "talk"
    cancelled: bool = False

    @property
    def is_break(self) -> bool:
        return self.kind == BREAK_KIND


@dataclass(frozen=True, slots=True)
class Late:
    """That a room, or all of them (None), runs `minutes` late since then, on that event day."""

    minutes: int
    since: datetime
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """All that is planned. `rows`: [from, until) of the barcamp's time rows, filled or not."""

    days: Days
    occurrences: tuple[Occurrence, ...] = ()
    rooms: tuple[int, ...] = ()
    rows: tuple[tuple[datetime, datetime], ...] = ()
    delays: tuple[Late, ...] = ()
    phase: str = ""  # of the barcamp, "" without one


@dataclass(frozen=True, slots=True)
class Settings:
    """How the screens of one event follow its programme; the defaults need no row."""

    ending_minutes: int = 10
    slide_s: int = 15
    wall_in_talks: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def ending(self) -> timedelta:
        return timedelta(minutes=self.ending_minutes)


@dataclass(frozen=True, slots=True)
class Spell:
    """A scene from `at` until the next spell.

    `now`: what it is about, the title first; `next`: what comes next here; both are keys.
    `ends`: when that is over, delays included; None between sessions.
    """

    at: datetime
    scene: Scene
    now: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    ends: datetime | None = None

    @property
    def look(self) -> tuple[object, ...]:
        return self.scene, self.now, self.next, self.ends


@dataclass(frozen=True, slots=True)
class Plan:
    """The spells of every place, and by how many minutes which slot ends later than planned.

    `happening`: what takes place, delays included, by its start. `planned`: all that is planned.
    """

    settings: Settings = field(default_factory=Settings)
    phase: str = ""
    places: Mapping[str, tuple[Spell, ...]] = field(default_factory=dict)
    minutes_late: Mapping[str, int] = field(default_factory=dict)
    happening: tuple[Occurrence, ...] = ()
    planned: tuple[Occurrence, ...] = ()

    def spells_of(self, stands: str) -> tuple[Spell, ...]:
        """The row of a place, never empty. A place nobody knows is the hall."""
        return self.places.get(stands) or self.places[HALL]

    def spell(self, stands: str, at: datetime) -> Spell:
        """What holds at `at` for a screen that stands there."""
        spells = self.spells_of(stands)
        begun = [spell for spell in spells if spell.at <= at]
        return begun[-1] if begun else spells[0]
