"""Propose a session, correct it, take it back, decline it. Refuses what the phase does not allow.

By `as_guest` a guest's phone asks: phase and hosting count. Helpers ask without: they may until
the barcamp is closed.
"""

from dataclasses import asdict

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import attendees, phases
from agenda.card_sessions import leave_stage as leave_stage
from agenda.card_sessions import session_of as session_of
from agenda.card_sessions import write_session as write_session
from agenda.cards import ProposalRefused, Written, checked
from agenda.models import Attendee, Barcamp, Event, Hosting, Proposal
from agenda.models.barcamp import new_card_code
from agenda.phases import Deed, NotNow
from eventhub.live.log import Log, changing

MAX_LIVING = 5  # proposals of one guest in the queue at the same time
GAP = 1000  # between the places of two in the queue: others fit in without moving them
MAX_ALL = 500  # of one event: more than any board has places
MAX_BY_GUESTS = 400  # taken back or not; so there is always room for those on stage
State = Proposal.State


class ProposalChanged(Exception):
    """It is not as this person saw it; `proposal` is what is there now, None if it is gone."""

    def __init__(self, proposal: Proposal | None) -> None:
        super().__init__("changed meanwhile")
        self.proposal = proposal

    @property
    def message(self) -> str:
        if self.proposal is None:
            return _("This proposal is gone.")
        words = {"title": self.proposal.title, "state": self.proposal.get_state_display()}
        return _("Somebody was faster: “%(title)s” has changed (%(state)s).") % words


def propose(
    event: Event, written: Written, *, sent_key: str, attendee_key: str | None = None
) -> Proposal:
    """A new proposal at the end of the queue; the one sent before under `sent_key` if there is one.

    `attendee_key`: the guest who proposes and may correct it; None for a walk-up typed on stage.
    After the pitches it goes to the parking lot; with `look_first` a guest's is held.
    Raises ProposalRefused, NotNow, Barcamp.DoesNotExist.
    """
    card = checked(written)
    with changing(event) as log:
        barcamp = Barcamp.objects.get(event=event)
        sent = Proposal.objects.of(event).filter(sent_key=sent_key).first()
        if sent is not None:
            return sent
        _require(barcamp, Deed.PROPOSE)
        attendee = attendees.row_for(event, attendee_key) if attendee_key is not None else None
        _refuse_too_many(event, attendee)
        proposal = Proposal(
            event=event,
            sent_key=sent_key,
            code=_free_code(event),
            position=_last_position(event) + GAP,
            state=_first_state(barcamp, by_guest=attendee is not None),
            **asdict(card),
        )
        log.add(proposal)
        if attendee is not None:
            Hosting.objects.create(attendee=attendee, proposal=proposal)
    return proposal


def correct(
    proposal: Proposal, written: Written, *, version: int | None, as_guest: bool = False
) -> Proposal:
    """Other words on the card, and on the programme if it stands there.

    Raises ProposalRefused, NotNow, ProposalChanged if it changed since `version`.
    """
    card = checked(written)
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if Written(**{name: getattr(proposal, name) for name in asdict(card)}) == card:
            return proposal
        looked_at = False
        if as_guest:
            barcamp = Barcamp.objects.get(event=proposal.event_id)
            _require(barcamp, Deed.CORRECT)
            looked_at = barcamp.look_first and _is_unseen(proposal)
        refuse_stale(proposal, version)
        if looked_at:
            proposal.state = State.HELD
        for name, value in asdict(card).items():
            setattr(proposal, name, value)
        log.touch(proposal)
        write_session(log, proposal)
    return proposal


def _is_unseen(proposal: Proposal) -> bool:
    """Nobody has called it up or placed it: other words on it are looked at like new ones."""
    waits = proposal.state in (State.OPEN, State.PARKED) and proposal.called_at is None
    return waits and proposal.session_id is None


def withdraw(proposal: Proposal, *, as_guest: bool = False) -> Proposal:
    """Its host takes it back. On the programme it is cancelled: people look for it there."""
    return _end(proposal, State.WITHDRAWN, Deed.WITHDRAW if as_guest else None)


def decline(proposal: Proposal, *, version: int | None = None) -> Proposal:
    """A helper takes it out of the queue; what stands on the programme is cancelled."""
    return _end(proposal, State.DECLINED, None, version)


def let_in(proposal: Proposal, *, version: int | None = None) -> Proposal:
    """Put what was held, parked, declined, merged or taken back into the queue (again).

    Where it was cancelled on the programme it takes place again if that place is still free and
    its time not over; else it leaves the programme, and waits for another place.
    """
    return _set(proposal, State.OPEN, version)


def park(proposal: Proposal, *, version: int | None = None) -> Proposal:
    """Into the parking lot: it waits for a place, and is not called up again by itself.

    ProposalChanged if it has one; what is only cancelled there leaves the programme.
    """
    return _set(proposal, State.PARKED, version)


def fresh(log: Log, proposal: Proposal) -> Proposal:
    """As it is now, under the lock. Raises ProposalChanged if it is gone."""
    try:
        return log.fresh(proposal)
    except Proposal.DoesNotExist:
        raise ProposalChanged(None) from None


def refuse_stale(proposal: Proposal, version: int | None) -> None:
    if version is not None and version < proposal.version:
        raise ProposalChanged(proposal)


def _end(proposal: Proposal, state: str, deed: Deed | None, version: int | None = None) -> Proposal:
    from agenda import placing

    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if proposal.state == state:
            return proposal
        if deed is not None:
            _require(Barcamp.objects.get(event=proposal.event_id), deed)
        refuse_stale(proposal, version)
        if proposal.state == State.MERGED:  # it is part of another one, which goes on
            raise ProposalChanged(proposal)
        proposal.state = state
        log.touch(proposal)
        leave_stage(log, proposal)
        if proposal.session is not None:
            for slot in proposal.session.slots.all():
                placing.cancel(slot)
    return proposal


def _set(proposal: Proposal, state: str, version: int | None) -> Proposal:
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if proposal.state != state:
            refuse_stale(proposal, version)
            _settle_places(proposal, keep=state == State.OPEN)
            proposal.state = state
            proposal.merged_into = None
            if state == State.OPEN:
                proposal.position = _last_position(proposal.event_id) + GAP
            log.touch(proposal)
    return proposal


def _settle_places(proposal: Proposal, *, keep: bool) -> None:
    """What is cancelled of it takes place again (`keep`) where it can, or leaves the programme."""
    from agenda import barcamp, placing

    for slot in proposal.session.slots.all() if proposal.session is not None else ():
        if not slot.cancelled:
            if not keep:
                raise ProposalChanged(proposal)
        elif keep and slot.ends_at > timezone.now() and barcamp.is_free(slot):
            placing.restore(slot)
        else:
            placing.unplace(slot)


def _require(barcamp: Barcamp, deed: Deed) -> None:
    if not phases.allows(barcamp.phase, deed):
        raise NotNow(deed, barcamp.phase)


def _first_state(barcamp: Barcamp, *, by_guest: bool) -> str:
    if by_guest and barcamp.look_first:
        return State.HELD
    collecting = barcamp.phase in (Barcamp.Phase.COLLECT, Barcamp.Phase.PITCH)
    return State.OPEN if collecting else State.PARKED


def _refuse_too_many(event: Event, attendee: Attendee | None) -> None:
    there = Proposal.objects.of(event)
    full = there.living().count() >= MAX_ALL
    if full or (attendee is not None and there.count() >= MAX_BY_GUESTS):
        raise ProposalRefused("full", _("The list is full. Please speak to the people on stage."))
    if attendee is None:
        return
    own = there.living().unplaced().filter(hostings__attendee=attendee)
    if own.count() >= MAX_LIVING:
        words = _("%(count)d proposals of yours are waiting. Take one back first.")
        raise ProposalRefused("too_many", words % {"count": MAX_LIVING})


def _free_code(event: Event) -> str:
    taken = set(Proposal.objects.filter(event=event).values_list("code", flat=True))
    return next(code for code in iter(new_card_code, "") if code not in taken)


def _last_position(event: Event | int) -> int:
    highest = Proposal.objects.filter(event=event).aggregate(last=Max("position"))["last"]
    return int(highest or 0)
