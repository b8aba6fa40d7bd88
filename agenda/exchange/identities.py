"""Who is who in a plan: every origin, guid and number stands in it once. Knows no database."""

from collections import Counter
from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import UUID

from agenda.exchange.plan import Plan, PlannedSlot
from agenda.exchange.words import gettext as _

MAX_ID_CHARS = 200
MAX_NUMBER = 2**31 - 1

Notes = Callable[[str, str], None]


class Known(Protocol):
    origin: str
    guid: str


K = TypeVar("K", bound=Known)


def part(plan: Plan) -> None:
    """Of sessions that share an id each keeps its own time: the first the first, and so on.

    Afterwards each of their slots names the id that `once` is going to give.
    """
    count = Counter(session.origin for session in plan.sessions)
    seen: Counter[str] = Counter()
    for slot in plan.slots:
        origin = slot.session
        if count[origin] > 1:
            seen[origin] += 1
            slot.session = _nth(origin, min(seen[origin], count[origin]))


def _nth(origin: str, count: int) -> str:
    return f"{origin[: MAX_ID_CHARS - 8]}#{count}" if count > 1 else origin


def once(rows: list[K], notes: Notes, *, tell: bool = True) -> list[K]:
    """Every origin and every guid once; of two rows alike in both the second gets new ones.

    `tell` whether ids that stand there twice are odd; a session may well have several times.
    """
    origins: set[str] = set()
    guids: set[str] = set()
    counts: Counter[str] = Counter()
    for row in rows:
        origin = row.origin
        counts[origin] += 1
        while row.origin in origins:
            row.origin = _nth(origin, max(counts[origin], 2))
            counts[origin] += row.origin in origins
        if tell and counts[origin] == 2:
            notes(origin, _("This id stands in the file more than once."))
        origins.add(row.origin)
        row.guid = guid(row.guid, row.origin, guids, notes)
    return rows


def guid(given: str, where: str, taken: set[str], notes: Notes) -> str:
    if not given:
        return ""
    try:
        plain = str(UUID(given.strip()))
    except ValueError:
        notes(where, _("Its GUID is not one; the id is taken instead."))
        return ""
    if plain in taken:
        notes(where, _("Its GUID belongs to something else in the file already."))
        return ""
    taken.add(plain)
    return plain


def number(slots: list[PlannedSlot]) -> None:
    """Numbers that cannot be, or are taken, are forgotten; the slot gets one of ours."""
    taken: set[int] = set()
    for slot in slots:
        if slot.number is not None and (slot.number in taken or not 0 < slot.number <= MAX_NUMBER):
            slot.number = None
        if slot.number is not None:
            taken.add(slot.number)
