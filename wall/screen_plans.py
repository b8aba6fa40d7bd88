"""The plan of a place as a small picture: the event day as one bar, scene by scene. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from agenda.models import Event
from wall.directing import ms
from wall.scenes import HALL, Plan, Scene, Spell

MARGIN = timedelta(minutes=30)  # of the quiet time before and after that is drawn
QUIET = (Scene.BEFORE, Scene.AFTER)
LEAST_MINUTES = 4  # so that a change of rooms can be seen


@dataclass(frozen=True, slots=True)
class Part:
    """One spell: where it lies on the bar, in minutes, and when it begins."""

    scene: str
    x: int
    width: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """`minutes` is the whole bar. `next`: the spell after the one that holds now."""

    stands: str
    parts: tuple[Part, ...]
    minutes: int
    from_ms: int
    until_ms: int
    next: Spell | None


def picture(event: Event, plan: Plan, stands: str, at: datetime) -> Picture:
    """The event day of `at`. A place nobody knows is the hall."""
    spells = plan.places.get(stands) or plan.places[HALL]
    day_start, day_end = event.day_frame(event.day_of(at))
    today = [spell for spell in spells if spell.at < day_end]
    begins, ends = _frame(today, day_start, day_end)
    ahead = [spell for spell in spells if spell.at > at]
    return Picture(
        stands=stands,
        parts=tuple(_parts(today, begins, ends)),
        minutes=_minutes(ends - begins),
        from_ms=ms(begins),
        until_ms=ms(ends),
        next=ahead[0] if ahead else None,
    )


def _frame(spells: Sequence[Spell], start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """From a little before something begins until a little after all is over."""
    busy = [(one.at, after) for one, after in _spans(spells, end) if one.scene not in QUIET]
    if not busy:
        return start, end
    return max(start, busy[0][0] - MARGIN), min(end, busy[-1][1] + MARGIN)


def _parts(spells: Sequence[Spell], begins: datetime, ends: datetime) -> list[Part]:
    found = []
    for spell, after in _spans(spells, ends):
        at, until = max(spell.at, begins), min(after, ends)
        if until > at:
            width = max(LEAST_MINUTES, _minutes(until - at))
            found.append(Part(spell.scene, _minutes(at - begins), width, spell.at))
    return found


def _spans(spells: Sequence[Spell], end: datetime) -> list[tuple[Spell, datetime]]:
    """Each spell with its end."""
    return [
        *((one, after.at) for one, after in pairwise(spells)),
        *((last, end) for last in spells[-1:]),
    ]


def _minutes(span: timedelta) -> int:
    return round(span / timedelta(minutes=1))
