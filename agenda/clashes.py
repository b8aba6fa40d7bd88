"""What cannot go well: a room taken twice, somebody in two places. Finds it and blocks nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from agenda.models import Slot

_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/&+]|\bund\b|\band\b)\s*", re.IGNORECASE)


class Kind(StrEnum):
    ROOM = "room"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two slots that cannot both go well; `one` starts first. `name`: the room or the person."""

    kind: Kind
    name: str
    one: Slot
    other: Slot


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Every clash among `slots`, in order of time; asks nothing if they came `with_names()`.

    Slots are half-open: what ends at 10:00 is in nobody's way at 10:00. Cancelled ones are in
    nobody's way, nor are those without a room in the way of a room. A host is known by the name.
    """
    running = sorted(
        (slot for slot in slots if not slot.cancelled), key=lambda slot: (slot.starts_at, slot.pk)
    )
    found: list[Clash] = []
    rooms: dict[int, list[Slot]] = {}
    people: dict[str, tuple[str, list[Slot]]] = {}
    for slot in running:
        if slot.room is not None:
            before = rooms.setdefault(slot.room.pk, [])
            found += [
                Clash(Kind.ROOM, slot.room.name, one, slot) for one in _still_on(before, slot)
            ]
            before.append(slot)
        for key, name in _people(slot):
            called, before = people.setdefault(key, (name, []))
            found += [Clash(Kind.PERSON, called, one, slot) for one in _still_on(before, slot)]
            before.append(slot)
    return found


def _still_on(before: list[Slot], slot: Slot) -> list[Slot]:
    """Those of `before` that have not ended when `slot` starts; the rest is forgotten."""
    before[:] = [one for one in before if one.ends_at > slot.starts_at]
    return [one for one in before if one.pk != slot.pk]


def _people(slot: Slot) -> Iterator[tuple[str, str]]:
    """(key, name) of everybody who must be there. The same name is the same person."""
    names = [appearance.speaker.name for appearance in slot.session.appearances.all()]
    names += filter(None, _BETWEEN_NAMES.split(slot.session.host.strip()))
    yield from {" ".join(name.split()).casefold(): name for name in names}.items()
