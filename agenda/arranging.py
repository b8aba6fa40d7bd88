"""What staff do with the cards of the board: move, swap, exchange, park, put back, part again.

On top of `agenda.barcamp` and `agenda.placing`: here nothing is put where something stands, what
is fixed stays, and after the barcamp nothing changes. Knows no requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from agenda import barcamp, phases, placing, proposals
from agenda.card_sessions import session_of, write_session
from agenda.models import Barcamp, Proposal, Room, Slot
from agenda.phases import Deed
from agenda.placing import ChangedMeanwhile
from agenda.proposals import ProposalChanged, State, refuse_stale
from eventhub.live.log import Log, changing


class Locked(Exception):
    """`slot` stays where it is: it is fixed, or no card of the barcamp."""

    def __init__(self, slot: Slot) -> None:
        super().__init__("locked")
        self.slot = slot

    @property
    def message(self) -> str:
        words = {"title": self.slot.session.title}
        return _("“%(title)s” is fixed. Only organizers move it, in the programme.") % words


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card goes or was; no room: everywhere."""

    room: Room | None
    starts_at: datetime
    ends_at: datetime


def spot_of(slot: Slot) -> Spot:
    return Spot(slot.room, slot.starts_at, slot.ends_at)


def is_locked(slot: Slot) -> bool:
    return slot.fixed or proposal_of(slot) is None


def proposal_of(slot: Slot) -> Proposal | None:
    """The card that `slot` belongs to. No query if the session's proposal was fetched with it."""
    found: Proposal | None = getattr(slot.session, "proposal", None)
    return found


def place(proposal: Proposal, spot: Spot, *, version: int | None, again: bool = False) -> Slot:
    """Raises PlaceTaken, ProposalChanged, NotNow."""
    with _arranging(proposal.event_id):
        where = (spot.room, spot.starts_at, spot.ends_at)
        return barcamp.place(proposal, *where, version=version, again=again)


def move(slot: Slot, spot: Spot, *, version: int | None) -> Slot:
    """Into a free place. Raises PlaceTaken, ChangedMeanwhile, Locked, NotNow."""
    with _arranging(slot.event_id) as log:
        slot = _movable(log, slot)
        where = (spot.room, spot.starts_at, spot.ends_at)
        if spot != spot_of(slot):
            _refuse_stale(slot, version)
            barcamp.refuse_taken(slot.event, *where, besides=(slot.pk,))
        room, starts_at, ends_at = where
        return placing.move(slot, room=room, starts_at=starts_at, ends_at=ends_at)


def swap(one: Slot, other: Slot, *, versions: tuple[int | None, int | None]) -> tuple[Slot, Slot]:
    """Each takes the other's place. Raises PlaceTaken, ChangedMeanwhile, Locked, NotNow.

    Where a cancelled card stands somebody else may have a place by now: it is not free then.
    """
    with _arranging(one.event_id) as log:
        one, other = _movable(log, one), _movable(log, other)
        for slot, version in zip((one, other), versions, strict=True):
            _refuse_stale(slot, version)
        for slot, target in ((one, spot_of(other)), (other, spot_of(one))):
            if not slot.cancelled:
                where = (target.room, target.starts_at, target.ends_at)
                barcamp.refuse_taken(slot.event, *where, besides=(one.pk, other.pk))
        return placing.swap(one, other, versions=versions)


def exchange(
    proposal: Proposal,
    slot: Slot,
    *,
    versions: tuple[int | None, int | None],
    to: str = State.PARKED,
) -> Slot:
    """A waiting card takes the place of one that stands there, which waits as `to` instead."""
    with _arranging(slot.event_id) as log:
        slot = _movable(log, slot)
        _refuse_stale(slot, versions[1])
        proposal, spot = proposals.fresh(log, proposal), spot_of(slot)
        if proposal.session_id == slot.session_id:
            raise ProposalChanged(proposal)
        take_off(slot, version=versions[1], to=to)
        return place(proposal, spot, version=versions[0])


def take_off(slot: Slot, *, version: int | None, to: str = State.PARKED) -> Proposal:
    """Off the board; without another place it waits as `to`. Raises ChangedMeanwhile, Locked."""
    with _arranging(slot.event_id) as log:
        slot = _movable(log, slot)
        _refuse_stale(slot, version)
        owner = proposal_of(slot)
        assert owner is not None  # or it would be locked
        card = log.known(owner)  # came with the slot, under the lock
        barcamp.take_off(card, slot)
        if to != State.PARKED and card.state == State.PARKED and not _slots(card):
            card.state = to
            log.touch(card)
        return card


def cancel(slot: Slot, *, version: int | None) -> Slot:
    """It stays where it is and does not take place."""
    with _arranging(slot.event_id) as log:
        return placing.cancel(_movable(log, slot), version=version)


def restore(slot: Slot, *, version: int | None) -> Slot:
    """It takes place after all, if its place is still free; the card lives again, too."""
    with _arranging(slot.event_id) as log:
        slot = _movable(log, slot)
        if slot.cancelled:
            _refuse_stale(slot, version)
            spot = spot_of(slot)
            barcamp.refuse_taken(
                slot.event, spot.room, spot.starts_at, spot.ends_at, besides=(slot.pk,)
            )
            owner = proposal_of(slot)
            if owner is not None and owner.state not in Proposal.LIVING:
                put_back(owner, State.OPEN, version=None)
        return placing.restore(slot)


def put_back(proposal: Proposal, state: str, *, version: int | None) -> Proposal:
    """Let it wait as `state`, at its place in the queue. Raises ProposalChanged, NotNow."""
    with _arranging(proposal.event_id) as log:
        card = proposals.fresh(log, proposal)
        if card.state != state:
            refuse_stale(card, version)
            if state not in Proposal.LIVING:
                raise ProposalChanged(card)
            card.state, card.merged_into = state, None
            log.touch(card)
        return card


def decline(proposal: Proposal, *, version: int | None) -> Proposal:
    """Only what waits: whoever has a place is cancelled there, in so many words."""
    with _arranging(proposal.event_id) as log:
        card = proposals.fresh(log, proposal)
        if card.state != State.DECLINED and _slots(card):
            raise ChangedMeanwhile(_slots(card)[0])
        return proposals.decline(card, version=version)


def merge(
    proposal: Proposal, into: Proposal, *, versions: tuple[int | None, int | None]
) -> tuple[Proposal, Proposal]:
    """Both as they are now. Raises ProposalChanged, ProposalRefused, Locked, NotNow."""
    with _arranging(proposal.event_id) as log:
        card = proposals.fresh(log, proposal)
        for slot in _slots(card):
            _movable(log, slot)
        return card, barcamp.merge(proposal, into, versions=versions)


def part(
    proposal: Proposal, *, host: str, gave_place: bool, to: str, version: int | None
) -> Proposal:
    """Undo a merge: two cards again. `host`: whose the other was before.

    `gave_place`: the other stands where this one stood, and gives the places back.
    Raises ProposalChanged if either has changed since `version`, and PlaceTaken.
    """
    with _arranging(proposal.event_id) as log:
        card = proposals.fresh(log, proposal)
        if card.state != State.MERGED:
            return card
        if card.merged_into is None:
            raise ProposalChanged(card)
        into = proposals.fresh(log, card.merged_into)
        for one in (card, into):
            refuse_stale(one, version)
        put_back(card, to, version=None)
        into.host = host
        log.touch(into)
        write_session(log, into)
        for slot in _slots(into) if gave_place and not _slots(card) else []:
            spot = spot_of(_movable(log, slot))
            placing.unplace(slot)
            barcamp.refuse_taken(card.event, spot.room, spot.starts_at, spot.ends_at)
            placing.place(card.event, session_of(card), spot.room, spot.starts_at, spot.ends_at)
        return card


def _slots(proposal: Proposal) -> list[Slot]:
    return list(proposal.session.slots.all()) if proposal.session is not None else []


def _movable(log: Log, slot: Slot) -> Slot:
    """As it is now, under the lock. Raises Locked, ChangedMeanwhile if it is gone."""
    try:
        slot = log.fresh(slot, "event", "room", "session__proposal")
    except Slot.DoesNotExist:
        raise ChangedMeanwhile(None) from None
    if is_locked(slot):
        raise Locked(slot)
    return slot


def _refuse_stale(slot: Slot, version: int | None) -> None:
    if version is not None and version < slot.version:
        raise ChangedMeanwhile(slot)


@contextmanager
def _arranging(event_id: int) -> Iterator[Log]:
    """The open log of an event whose barcamp is not over. Raises NotNow."""
    with changing(event_id) as log:
        phase = Barcamp.objects.values_list("phase", flat=True).get(event=event_id)
        if phase == Barcamp.Phase.CLOSED:
            raise phases.NotNow(Deed.PLACE, phase)
        yield log
