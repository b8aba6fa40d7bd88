"""What cannot go well: a room taken twice, somebody in two places. Finds it and blocks nothing."""

import re
from collections.abc import Iterable
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
    persons: dict[str, tuple[str, list[Slot]]] = {}
    for slot in running:
        if slot.room is not None:
            before = rooms.setdefault(slot.room.pk, [])
            found += [
                Clash(Kind.ROOM, slot.room.name, one, slot) for one in _still_on(before, slot)
            ]
            before.append(slot)
        for key, name in people(slot).items():
            called, before = persons.setdefault(key, (name, []))
            found += [Clash(Kind.PERSON, called, one, slot) for one in _still_on(before, slot)]
            before.append(slot)
    return found


def _still_on(before: list[Slot], slot: Slot) -> list[Slot]:
    """Those of `before` that have not ended when `slot` starts; the rest is forgotten."""
    before[:] = [one for one in before if one.ends_at > slot.starts_at]
    return [one for one in before if one.pk != slot.pk]


def people(slot: Slot) -> dict[str, str]:
    """Everybody who must be there, key -> name. The same name is the same person."""
    speakers = [appearance.speaker.name for appearance in slot.session.appearances.all()]
    return _by_key(speakers) | names(slot.session.host)


def names(host: str) -> dict[str, str]:
    """Those whom a line such as "Ada, Ben und Cem" names, key -> name as written."""
    return _by_key(filter(None, _BETWEEN_NAMES.split(host.strip())))


def _by_key(written: Iterable[str]) -> dict[str, str]:
    return {" ".join(name.split()).casefold(): name for name in written}
