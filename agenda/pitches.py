"""What helpers read on stage: who pitches, what comes, where it could go. Reads only."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from agenda.cells import Cell, cells
from agenda.models import Barcamp, Event, Period, Proposal, Room, Slot
from agenda.room_choice import Choice, Place, choose

MAX_WAITING = 60  # lines of the queue that are sent; the board has all
MAX_OTHERS = 20  # held ones, parked ones
MAX_PLACED = 6  # the last ones, whose hosts may still want their code
State = Proposal.State


class NoSuchCell(Exception):
    """The room or the time row has gone (meanwhile)."""

    @property
    def message(self) -> str:
        return _("This place has just gone. Choose another one.")


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell as the page draws it; `place` if the pitch on stage can go there."""

    cell: Cell
    when: str
    place: Place | None
    is_best: bool

    @property
    def name(self) -> str:
        """How a form names it, see `cell_named`."""
        return f"{self.cell.period.key}.{self.cell.room.pk}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A card that stands on the programme, and its first place there."""

    proposal: Proposal
    slot: Slot
    when: str

    @property
    def where(self) -> str:
        return self.slot.room.name if self.slot.room else _("Everywhere")


@dataclass
class Sheet:
    """Everything the page shows. `where`: the place of the pitch on stage, if it has one."""

    barcamp: Barcamp
    on_stage: Proposal | None = None
    where: Placed | None = None
    choice: Choice | None = None
    best: Spot | None = None
    rows: list[list[Spot]] = field(default_factory=list)
    waiting: list[Proposal] = field(default_factory=list)
    held: list[Proposal] = field(default_factory=list)
    parked: list[Proposal] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)

    @property
    def is_on(self) -> bool:
        return self.barcamp.phase == Barcamp.Phase.PITCH

    @property
    def is_open(self) -> bool:
        """Whether the pitch on stage still waits for its place."""
        return self.on_stage is not None and self.where is None and not self.is_parked

    @property
    def is_parked(self) -> bool:
        return self.on_stage is not None and self.on_stage.state != State.OPEN

    @property
    def upcoming(self) -> Proposal | None:
        return next(iter(self.waiting), None)

    @property
    def hidden_waiting(self) -> int:
        return max(0, len(self.waiting) - MAX_WAITING)


def sheet(event: Event, at: datetime) -> Sheet | None:
    """As it is at `at`, in the active language; None without a barcamp. Seven queries."""
    found = Barcamp.objects.filter(event=event).select_related("writer", "counter", "on_stage")
    barcamp = found.first()
    if barcamp is None:
        return None
    slots = list(Slot.objects.of(event).in_order())
    by_session: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_session[slot.session_id].append(slot)
    shown = Sheet(barcamp, barcamp.on_stage)
    for proposal in Proposal.objects.of(event).living().in_order():
        own = by_session.get(proposal.session_id or 0)
        placed = Placed(proposal, own[0], clock(event, own[0].starts_at)) if own else None
        _sort_in(shown, proposal, placed)
    shown.placed.sort(key=lambda one: one.slot.changed_at, reverse=True)
    del shown.placed[MAX_PLACED:]
    if shown.is_on:
        _lay_out(shown, event, slots, at)
    return shown


def _sort_in(shown: Sheet, proposal: Proposal, placed: Placed | None) -> None:
    """Each stands in one list, the one on stage in none but that of the placed."""
    stands = shown.on_stage is not None and proposal.pk == shown.on_stage.pk
    if stands:
        shown.where = placed
    if placed is not None:
        shown.placed.append(placed)
    elif not stands:
        lists = {State.OPEN: shown.waiting, State.HELD: shown.held, State.PARKED: shown.parked}
        lists[State(proposal.state)].append(proposal)


def _lay_out(shown: Sheet, event: Event, slots: list[Slot], at: datetime) -> None:
    """The board to come; with a choice if somebody waits on stage for a place."""
    found = [cell for cell in cells(event, slots) if cell.period.ends_at > at]
    places: dict[Cell, Place] = {}
    if shown.on_stage is not None and shown.is_open:
        shown.choice = choose(shown.on_stage, event, found, slots, at)
        places = {place.cell: place for place in shown.choice.places}
    best = shown.choice.place if shown.choice else None
    rows: dict[int, list[Spot]] = {}
    for cell in found:
        is_best = best is not None and best.cell == cell
        when = clock(event, cell.period.starts_at)
        spot = Spot(cell, when, places.get(cell), is_best)
        shown.best = spot if is_best else shown.best
        rows.setdefault(cell.period.pk, []).append(spot)
    shown.rows = list(rows.values())


def cell_named(event: Event, name: str) -> tuple[Period, Room]:
    """What `Spot.name` says; asked inside the open log. Raises NoSuchCell."""
    key, _dot, number = name.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NoSuchCell
    period = Period.objects.filter(event=event, key=key[:22]).first()
    room = Room.objects.filter(event=event, pk=int(number), barcamp=True).first()
    if period is None or room is None:
        raise NoSuchCell
    return period, room


def clock(event: Event, moment: datetime) -> str:
    """ "11:45"; with the day where the event has several. In the active language."""
    local = timezone.localtime(moment, event.tz)
    time = local.strftime("%H:%M")
    return f"{formats.date_format(local, 'D')} {time}" if event.has_several_days else time
