"""What of a barcamp is printed: a sheet for each room, cards for the wall, blank cards to write on.

Reads only. Hands are printed as long as a card waits, later only where the organizer wants it.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from agenda import cells
from agenda.models import Barcamp, Event, Period, Proposal, Room, Slot
from agenda.qr import Drawing, draw

CARDS_ON_A_SHEET = 6
LINES_ON_A_SHEET = 14
LAST = datetime.max.replace(tzinfo=UTC)
WAITING, PLACED = "waiting", "placed"


@dataclass(frozen=True, slots=True)
class Line:
    """One time in one room; without a slot it is free to be written on."""

    starts_at: datetime
    ends_at: datetime
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the door of one room on one event day."""

    room: Room
    day: date
    lines: list[Line] = field(default_factory=list)

    @property
    def size(self) -> str:
        """How small it has to be written, as the style sheet calls it."""
        count = len(self.lines)
        return "few" if count <= 7 else "many" if count <= 10 else "most"


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal on paper; `hands` is None where none may stand on it."""

    proposal: Proposal
    code: Drawing
    slot: Slot | None
    hands: int | None

    @property
    def length(self) -> str:
        """How small the title has to be written, as the style sheet calls it."""
        count = len(self.proposal.title)
        return "short" if count <= 40 else "middle" if count <= 80 else "long"

    @property
    def parts(self) -> str:
        """The code as one reads it aloud: three and three."""
        return f"{self.proposal.code[:3]} {self.proposal.code[3:]}"


def sheets(event: Event) -> list[Sheet]:
    """By day, then by room: every room of the barcamp. Four queries, whatever the size."""
    rooms = list(Room.objects.filter(event=event, barcamp=True))
    slots = list(Slot.objects.of(event).in_order())
    periods = list(Period.objects.filter(event=event))
    days = {event.day_of(period.starts_at) for period in periods}
    ours = {room.pk for room in rooms}
    days |= {event.day_of(slot.starts_at) for slot in slots if slot.room_id in ours}
    found = []
    for day in sorted(days):
        for room in rooms:
            lines = _lines(event, room, day, slots, periods)
            for at in range(0, len(lines), LINES_ON_A_SHEET):
                found.append(Sheet(room, day, lines[at : at + LINES_ON_A_SHEET]))
    return found


def cards(event: Event, barcamp: Barcamp, *, which: str, base: str) -> list[list[Card]]:
    """Every card that lives and was looked at, by sheets; only those that wait, or are placed.

    By time, then by their turn. `base`: the address under which phones find this server.
    Four queries, whatever the size.
    """
    found = list(Proposal.objects.of(event).public().in_order())
    places: dict[int, Slot] = {}
    sessions = [card.session_id for card in found if card.session_id is not None]
    placed = Slot.objects.of(event).filter(session__in=sessions, cancelled=False)
    for slot in placed.in_order():
        places.setdefault(slot.session_id, slot)
    made = [
        _card(event, one, places.get(one.session_id or 0), barcamp, base)
        for one in sorted(found, key=lambda one: _turn(one, places))
        if not which or ((one.session_id or 0) in places) == (which == PLACED)
    ]
    return [made[at : at + CARDS_ON_A_SHEET] for at in range(0, len(made), CARDS_ON_A_SHEET)]


def way_in(event: Event, base: str) -> Drawing:
    """Where phones propose and read: the board; into a closed event by its code."""
    return draw(f"{base}/{event.code}" if event.closed else f"{base}/{event.slug}/board/")


def _lines(
    event: Event, room: Room, day: date, slots: list[Slot], periods: list[Period]
) -> list[Line]:
    free = [
        Line(period.starts_at, period.ends_at)
        for period in periods
        if event.day_of(period.starts_at) == day and _is_free(period, room, slots)
    ]
    taken = [
        Line(slot.starts_at, slot.ends_at, slot)
        for slot in slots
        # What is cancelled gives way to whoever writes themselves in.
        if not slot.cancelled
        and slot.room_id in (room.pk, None)
        and event.day_of(slot.starts_at) == day
    ]
    return sorted([*free, *taken], key=lambda line: line.starts_at)


def _is_free(period: Period, room: Room, slots: list[Slot]) -> bool:
    return cells.Cell(period, room, cells.there(period, room, slots)).is_free


def _turn(card: Proposal, places: dict[int, Slot]) -> tuple[bool, datetime, int]:
    slot = places.get(card.session_id or 0)
    return (slot is None, slot.starts_at if slot else LAST, card.position)


def _card(event: Event, card: Proposal, slot: Slot | None, barcamp: Barcamp, base: str) -> Card:
    hands = card.hands if slot is None or barcamp.hands_public else None
    return Card(card, draw(f"{base}/{event.slug}/board/code/{card.code}"), slot, hands)
