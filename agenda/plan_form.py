"""What staff tap or drop on the board, checked: which cell, which version they saw, which state."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from agenda.arranging import Spot
from agenda.models import Event, Period, Proposal, Room

MAX_MINUTES = 24 * 60
Sent = Mapping[str, str]


class SpotGone(Exception):
    """The room or the time row has gone since this person saw it; `message` says which."""

    def __init__(self, message: str) -> None:
        super().__init__("gone")
        self.message = message


class BadSpot(ValueError):
    """No page of ours sends this."""


def number(sent: Sent, name: str) -> int | None:
    """A whole number such as a version, None for anything else."""
    raw = sent.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def state(sent: Sent, name: str = "to", default: str = Proposal.State.PARKED) -> str:
    """How a card waits. Raises BadSpot for a state in which none does."""
    wanted = sent.get(name, default)
    if wanted not in Proposal.LIVING:
        raise BadSpot(wanted)
    return wanted


def spot(event: Event, sent: Sent) -> Spot:
    """A cell (`cell`: room-row), or for undo the exact place (`room`, `at`, `minutes`).

    Raises SpotGone, BadSpot.
    """
    if not (cell := sent.get("cell", "")):
        return _exact(event, sent)
    room, dash, row = cell.partition("-")
    if not dash:
        raise BadSpot(cell)
    numbers = _pk(room), _pk(row)
    period = Period.objects.filter(event=event, pk=numbers[1]).first()
    if period is None:
        raise SpotGone(_("This time row is gone. The board shows what there is now."))
    rooms = Room.objects.filter(barcamp=True)
    return Spot(_room(event, numbers[0], rooms), period.starts_at, period.ends_at)


def _exact(event: Event, sent: Sent) -> Spot:
    at, minutes = _instant(sent.get("at", "")), number(sent, "minutes")
    if at is None or minutes is None or not 0 < minutes <= MAX_MINUTES:
        raise BadSpot
    typed = sent.get("room", "")
    room = _room(event, _pk(typed), Room.objects.all()) if typed else None
    return Spot(room, at, at + timedelta(minutes=minutes))


def _room(event: Event, pk: int, rooms: QuerySet[Room]) -> Room:
    room = rooms.filter(event=event, pk=pk).first()
    if room is None:
        raise SpotGone(_("This room is gone. The board shows what there is now."))
    return room


def _pk(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise BadSpot(typed)
    return int(typed)


def _instant(typed: str) -> datetime | None:
    try:
        at = parse_datetime(typed)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None and 1970 < at.year < 9000 else None
