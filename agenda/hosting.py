"""Whose a proposal is: which ones a guest may correct, how each stands in words, and by which code
somebody else comes to host one. Knows no requests; tells nobody else.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import attendees, placing
from agenda import barcamp as board
from agenda.cards import ProposalRefused
from agenda.cells import Cell, cells
from agenda.models import Barcamp, Event, Hosting, Proposal, Slot
from agenda.models.event import CODE_ALPHABET
from agenda.phases import Deed, allows, require
from agenda.proposals import ProposalChanged, State
from eventhub.live.log import changing

Phase = Barcamp.Phase
PUBLIC = (State.OPEN, State.PARKED)


@dataclass(frozen=True, slots=True)
class Own:
    """A guest's proposal, and how it stands: `tone` is "good", "warm", "rest" or "off"."""

    proposal: Proposal
    words: str
    tone: str = "rest"
    slots: tuple[Slot, ...] = ()

    @property
    def is_living(self) -> bool:
        return self.proposal.state in Proposal.LIVING

    @property
    def is_placed(self) -> bool:
        return bool(self.slots)


def own(event: Event, key: str | None, barcamp: Barcamp) -> list[Own]:
    """What the guest with this key may correct, what is over last. Three queries at most."""
    if key is None:
        return []
    hosted = Proposal.objects.of(event).select_related("merged_into").in_order()
    mine = list(hosted.filter(hostings__attendee__key=key, hostings__attendee__event=event))
    if not mine:
        return []
    slots = slots_by_session(event, mine)
    queue = _queue(event, barcamp) if any(one.state == State.OPEN for one in mine) else []
    found = [_told(one, slots.get(one.session_id or 0, ()), queue, barcamp) for one in mine]
    return sorted(found, key=lambda one: not one.is_living)


def own_one(event: Event, key: str | None, barcamp: Barcamp, proposal: Proposal) -> Own | None:
    """`proposal` as its host sees it; None if this guest is none of its hosts."""
    return next((one for one in own(event, key, barcamp) if one.proposal.pk == proposal.pk), None)


def claim(event: Event, key: str, code: str) -> Proposal | None:
    """The guest with this key may correct the card that `code` is of. None if there is none.

    Said twice it is so once. A card that is over is nobody's any more.
    """
    proposal = Proposal.objects.of(event).living().filter(code=code).first()
    if proposal is None:
        return None
    try:
        with transaction.atomic():
            attendee = attendees.row_for(event, key)
            Hosting.objects.get_or_create(attendee=attendee, proposal=proposal)
    except IntegrityError:  # the guest or the proposal has gone in this very moment
        return None
    return proposal


def hosts(key: str | None, proposal: Proposal) -> bool:
    """Whether the guest with this key may correct `proposal`. One query."""
    if key is None:
        return False
    return proposal.hostings.filter(attendee__key=key, attendee__event=proposal.event_id).exists()


def sent(event: Event, key: str, sent_key: str) -> Proposal | None:
    """What this guest's phone has sent under `sent_key` before. One query."""
    mine = Proposal.objects.of(event).filter(hostings__attendee__key=key, sent_key=sent_key)
    return mine.first() if key and sent_key else None


def places_for(barcamp: Barcamp, proposal: Proposal, slots: tuple[Slot, ...]) -> list[Cell]:
    """The free places to come, if its host may choose one now; in order. Five queries."""
    may = barcamp.hosts_place and allows(barcamp.phase, Deed.PLACE)
    now = timezone.now()
    if not may or (slots and not _may_move(slots, now)) or proposal.state not in PUBLIC:
        return []
    return [one for one in cells(barcamp.event) if one.is_free and one.period.starts_at > now]


def place_own(proposal: Proposal, cell: str, *, seen: int | None = None) -> Slot:
    """Its host puts `proposal` into the free `cell`, "PERIOD.ROOM" as `places_for` offers it.

    `seen`: it has a place, of this version, and shall move from there. Raises NotNow,
    ProposalRefused, ProposalChanged, placing.ChangedMeanwhile, barcamp.PlaceTaken.
    """
    with changing(proposal.event_id) as log:
        barcamp = Barcamp.objects.select_related("event").get(event=proposal.event_id)
        require(barcamp, Deed.PLACE)
        if not barcamp.hosts_place:
            words = _("The places are given on stage. Please speak to the people there.")
            raise ProposalRefused("not_by_hosts", words)
        card = log.fresh(proposal)
        if card.state not in PUBLIC:  # held: nobody has looked at it yet
            raise ProposalChanged(card)
        now = timezone.now()
        for one in cells(barcamp.event):
            if f"{one.period.key}.{one.room.pk}" == cell and one.period.starts_at > now:
                period = one.period
                if seen is not None:
                    return _move_own(card, one, seen)
                return board.place(card, one.room, period.starts_at, period.ends_at)
        raise ProposalRefused("no_place", _("This place is not there any more. Choose another."))


def _move_own(card: Proposal, to: Cell, seen: int) -> Slot:
    slots = slots_of(card)
    if not _may_move(slots, timezone.now()):
        raise ProposalChanged(card)
    times = to.period.starts_at, to.period.ends_at
    board.refuse_taken(card.event, to.room, *times, besides=(slots[0].pk,))
    return placing.move(slots[0], room=to.room, starts_at=times[0], ends_at=times[1], version=seen)


def _may_move(slots: tuple[Slot, ...], at: datetime) -> bool:
    """What stands once, is not fixed and is still to come; a cancelled one speaks to the stage."""
    return len(slots) == 1 and all(
        slot.starts_at > at and not (slot.fixed or slot.cancelled) for slot in slots
    )


def as_code(typed: str) -> str:
    """A code as it is stored, however it was typed; "" if it cannot be one."""
    code = "".join(typed[:40].upper().split()).replace("-", "")
    return code if code and all(letter in CODE_ALPHABET for letter in code) else ""


def slots_of(proposal: Proposal) -> tuple[Slot, ...]:
    """Where one proposal stands, in order. One query."""
    return slots_by_session(proposal.event, [proposal]).get(proposal.session_id or 0, ())


def slots_by_session(event: Event, proposals: list[Proposal]) -> dict[int, tuple[Slot, ...]]:
    """Where these proposals stand, by their session, in order. One query."""
    found: dict[int, tuple[Slot, ...]] = {}
    sessions = [one.session_id for one in proposals if one.session_id is not None]
    slots = Slot.objects.filter(event=event, session__in=sessions).select_related("room")
    for slot in slots.order_by("starts_at", "pk"):
        found[slot.session_id] = (*found.get(slot.session_id, ()), slot)
    return found


def _queue(event: Event, barcamp: Barcamp) -> list[int]:
    """Who is still to be called up, in order."""
    waiting = Proposal.objects.of(event).unplaced().filter(state=State.OPEN, called_at=None)
    if barcamp.on_stage_id is not None:
        waiting = waiting.exclude(pk=barcamp.on_stage_id)
    return list(waiting.in_order().values_list("pk", flat=True))


def _told(proposal: Proposal, slots: tuple[Slot, ...], queue: list[int], barcamp: Barcamp) -> Own:
    if proposal.state not in Proposal.LIVING:
        return Own(proposal, _ended(proposal), "off")
    if slots:
        words, stands = _placed(slots, barcamp)
        return Own(proposal, words, "good" if stands else "warm", slots)
    if proposal.pk == barcamp.on_stage_id:
        return Own(proposal, _("on stage right now"), "good")
    if proposal.state == State.HELD:
        return Own(proposal, _("waits for a look"))
    if proposal.state == State.PARKED:
        return Own(proposal, _("Parking lot: no place is free yet"), "warm")
    if proposal.pk in queue and barcamp.phase in (Phase.COLLECT, Phase.PITCH):
        return Own(proposal, _("in the queue, number {n}").format(n=queue.index(proposal.pk) + 1))
    return Own(proposal, _("waits for a place on the board"))


def _ended(proposal: Proposal) -> str:
    if proposal.state == State.WITHDRAWN:
        return _("withdrawn")
    if proposal.state == State.MERGED and proposal.merged_into is not None:
        return _("put together with “{title}”").replace("{title}", proposal.merged_into.title)
    return _("not taken up. Questions? Speak to the people on stage.")


def _placed(slots: tuple[Slot, ...], barcamp: Barcamp) -> tuple[str, bool]:
    """Where it stands, and whether it takes place at all."""
    standing = [slot for slot in slots if not slot.cancelled]
    if not standing:
        return _("cancelled"), False
    places = ", ".join(_place(slot, barcamp.event) for slot in standing)
    return _("stands: {places}").replace("{places}", places), True


def _place(slot: Slot, event: Event) -> str:
    time = clock(slot.starts_at, event)
    if slot.room is None:
        return _("everywhere at {time}").replace("{time}", time)
    return _("{room} at {time}").replace("{time}", time).replace("{room}", slot.room.name)


def clock(at: datetime, event: Event) -> str:
    """The time of day where the event is."""
    return timezone.localtime(at, event.tz).strftime("%H:%M")
