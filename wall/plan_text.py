"""A plan in few characters, for a venue's line: what `wall/plan-text.js` reads again. Pure.

Each slot is named once, by as many letters of its key as tell it from the others. Spells that look
alike from where they stand in their row share one shape, so a regular day is a few of them. What
is written can be read back without loss.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from wall.scenes import Occurrence, Plan, Spell

FEWEST = 4  # letters of a key: two that look alike need not come for a while
SHAPE = tuple[Any, ...]


def written(plan: Plan) -> dict[str, Any]:
    """The spells of every place, and who is late.

    `stands`: the places; the hall first, the foyer second. `letters`, `keys`: the slots by their
    start. `rooms`: for each of them the room it is in, as a number in `stands`, 0 for everywhere.
    `shapes`: [seconds since the spell before, scene, how many slots of this place have gone by
    since then, what is on, what comes next, seconds until it ends or null]; slots are counted
    from the first that is still to come. `rows`: the numbers of shapes, for each place.
    `late`: [slot, seconds by which it begins later than planned, and ends later].
    """
    stands = list(plan.places)
    letters = _letters([one.key for one in plan.planned])
    told = _told(plan)
    shapes: dict[SHAPE, int] = {}
    scenes: dict[str, int] = {}
    starts = min((spells[0].at for spells in plan.places.values() if spells), default=None)
    rows = [
        _row(spells, _here(told, place), starts, scenes, shapes)
        for place, spells in plan.places.items()
    ]
    return {
        "starts": ms(starts) if starts is not None else 0,
        "stands": stands,
        "letters": letters,
        "keys": "".join(one.key[:letters] for one in told),
        "rooms": [_room(one, stands) for one in told],
        "scenes": list(scenes),
        "shapes": list(shapes),
        "rows": rows,
        "late": _late(plan, told),
    }


def _late(plan: Plan, told: Sequence[Occurrence]) -> list[tuple[float | None, ...]]:
    planned = {one.key: one for one in plan.planned}
    return [
        (number, _seconds(was.starts_at, one.starts_at), _seconds(was.ends_at, one.ends_at))
        for number, one in enumerate(told)
        if (was := planned[one.key]) != one
    ]


def _told(plan: Plan) -> list[Occurrence]:
    """The slots of which some spell speaks."""
    spells = [spell for row in plan.places.values() for spell in row]
    keys = {key for spell in spells for key in (*spell.now, *spell.next)}
    return [one for one in plan.happening if one.key in keys]


def _letters(keys: Sequence[str]) -> int:
    """How many of the first letters tell all keys apart."""
    ordered = sorted(keys)
    return max([FEWEST, *(_alike(one, other) + 1 for one, other in pairwise(ordered))])


def _alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _room(one: Occurrence, stands: Sequence[str]) -> int:
    """Of a room without a row it is enough that it is none of the others: that of the foyer."""
    if one.room is None:
        return 0
    return stands.index(str(one.room)) if str(one.room) in stands else 1


def _here(happening: Iterable[Occurrence], place: str) -> dict[str, int]:
    """The slots that concern a place, each with its number among them."""
    keys = [one.key for one in happening if not place.isdigit() or one.room in (None, int(place))]
    return {key: number for number, key in enumerate(keys)}


def _row(
    spells: Iterable[Spell],
    here: Mapping[str, int],
    starts: datetime | None,
    scenes: dict[str, int],
    shapes: dict[SHAPE, int],
) -> list[int]:
    row, before, gone = [], starts, 0
    for spell in spells:
        first = here[spell.next[0]] if spell.next else len(here)
        scene = scenes.setdefault(str(spell.scene), len(scenes))
        shape = (
            _seconds(before, spell.at),
            scene,
            first - gone,
            tuple(here[key] - first for key in spell.now),
            tuple(here[key] - first for key in spell.next),
            _seconds(spell.at, spell.ends),
        )
        row.append(shapes.setdefault(shape, len(shapes)))
        before, gone = spell.at, first
    return row


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    """To the millisecond; a whole number where it is one."""
    if since is None or until is None:
        return None
    length = ms(until) - ms(since)
    return length // 1000 if length % 1000 == 0 else length / 1000


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
