"""Propose where a pitch goes, and say why: the room that fits. Asks and writes nothing.

A place is good if the host is free then, the wishes are kept and the room seats who would come.
The first such time counts, and of its rooms the smallest, so that large ones stay for the crowded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.cells import Cell
from agenda.clashes import names, people
from agenda.models import Event, Proposal, Slot


@dataclass(frozen=True, slots=True)
class Place:
    """A free cell of the board as one pitch sees it; the words are in the active language."""

    cell: Cell
    seats: int | None
    fits: bool  # it seats the number, if there is one
    busy: str = ""  # "Ece is in Room 3 then"
    unwished: str = ""  # "not wished before 11:00"

    @property
    def is_good(self) -> bool:
        return self.fits and not self.busy and not self.unwished

    @property
    def remark(self) -> str:
        """What speaks against it, or else for it."""
        if against := [words for words in (self.busy, self.unwished) if words]:
            return ", ".join(against)
        if not self.fits:
            return _("only %(seats)d seats") % {"seats": self.seats or 0}
        return _("%(seats)d seats") % {"seats": self.seats} if self.seats else _("free")


@dataclass(frozen=True, slots=True)
class Choice:
    """The place to propose; None if there is none. `places` are all, good and bad, by time."""

    place: Place | None
    reason: str
    places: list[Place] = field(default_factory=list)


def expected(proposal: Proposal) -> int | None:
    """How many will come: the hands, or else those who said so with their phones."""
    return proposal.hands if proposal.hands is not None else proposal.votes or None


def choose(
    proposal: Proposal, event: Event, cells: Iterable[Cell], slots: Sequence[Slot], at: datetime
) -> Choice:
    """Where `proposal` goes, of the free `cells` that begin after `at`. No query.

    `slots`: everything placed, with names, as `agenda.cells.cells` was given it. If no room is
    large enough at any time, the largest; if no time suits, the earliest that harms no host.
    """
    wanted = expected(proposal)
    hosts = names(proposal.host)
    places = [
        _place(proposal, event, cell, wanted, _where_else(hosts, cell, slots))
        for cell in cells
        if cell.is_free and cell.period.starts_at > at
    ]
    found = _best(places, wanted)
    if found is None:
        busy = _("Whenever something is free, the host is elsewhere.")
        return Choice(None, busy if places else _("The board is full."), places)
    return Choice(found, _reason(found, places, wanted), places)


def _place(
    proposal: Proposal, event: Event, cell: Cell, wanted: int | None, elsewhere: dict[str, str]
) -> Place:
    seats = cell.room.capacity
    busy = "; ".join(
        _("%(name)s is in %(room)s then") % {"name": name, "room": room}
        for name, room in elsewhere.items()
    )
    return Place(
        cell=cell,
        seats=seats,
        fits=wanted is None or seats is None or seats >= wanted,
        busy=busy,
        unwished=_unwished(proposal, event, cell),
    )


def _unwished(proposal: Proposal, event: Event, cell: Cell) -> str:
    earliest, latest = proposal.not_before, proposal.not_after
    if earliest is not None and cell.period.starts_at < earliest:
        return _("not wished before %(time)s") % {"time": _clock(earliest, event)}
    if latest is not None and cell.period.ends_at > latest:
        return _("not wished after %(time)s") % {"time": _clock(latest, event)}
    return ""


def _where_else(hosts: dict[str, str], cell: Cell, slots: Sequence[Slot]) -> dict[str, str]:
    """Which hosts are somewhere else during this cell, and in which room."""
    found: dict[str, str] = {}
    if not hosts:
        return found
    period = cell.period
    for slot in slots:
        if slot.cancelled or slot.starts_at >= period.ends_at or slot.ends_at <= period.starts_at:
            continue
        for key in people(slot).keys() & hosts.keys():
            found[hosts[key]] = slot.room.name if slot.room else _("another session")
    return found


def _best(places: list[Place], wanted: int | None) -> Place | None:
    """Without a number the rooms count in the organizers' order."""
    if good := [place for place in places if place.is_good]:
        return min(good, key=lambda one: (_start(one), *_by_size(one, wanted)))
    if large := [place for place in places if not place.busy and not place.unwished]:
        return min(large, key=lambda one: (-(one.seats or 0), _start(one)))
    late = [place for place in places if not place.busy]
    return min(
        late, key=lambda one: (not one.fits, _start(one), *_by_size(one, wanted)), default=None
    )


def _by_size(place: Place, wanted: int | None) -> tuple[bool, int, int, int]:
    """Known seats before unknown ones, a small room that fits before a large one."""
    room, seats = place.cell.room, place.seats
    of_seats = (seats is None, seats or 0) if wanted is not None else (False, 0)
    return (*of_seats, room.position, room.pk)


def _start(place: Place) -> datetime:
    return place.cell.period.starts_at


def _reason(place: Place, places: list[Place], wanted: int | None) -> str:
    if place.unwished:
        return _("nothing else is free: %(remark)s") % {"remark": place.unwished}
    if not place.fits:
        return _("largest free room: %(seats)d seats") % {"seats": place.seats or 0}
    if place.seats is None:
        return _("free")
    why = _("fits: %(seats)d seats") if wanted is not None else _("free: %(seats)d seats")
    said = [why % {"seats": place.seats}]
    # Why not sooner: only what holds for this host is news, not that rooms are small.
    sooner = [one for one in places if _start(one) < _start(place) and one.fits]
    said += dict.fromkeys(one.busy or one.unwished for one in sooner)
    return ", ".join(filter(None, said[:2]))


def _clock(moment: datetime, event: Event) -> str:
    return timezone.localtime(moment, event.tz).strftime("%H:%M")
