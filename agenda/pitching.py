"""Pitches on stage: call up, count hands, order the queue; who types and who counts.

Knows no requests. What hands count and what phones count are two things, and stay apart.
"""

from dataclasses import fields

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import characters, placing, proposals
from agenda.cards import ProposalRefused, Written, checked
from agenda.models import Barcamp, Event, Proposal, User
from agenda.models.barcamp import ProposalQuerySet
from agenda.proposals import GAP, ProposalChanged, State, fresh, refuse_stale
from eventhub.live.log import changing

MAX_HANDS = 9999
PARTS = ("writer", "counter")
_CARD = tuple(field.name for field in fields(Written))
Seen = tuple[int | None] | None


class NotPitching(Exception):
    """The phase is another one (by now)."""

    @property
    def message(self) -> str:
        return _("The pitches are not on now. Start them first.")


class CountedOtherwise(ProposalChanged):
    """Somebody else has counted meanwhile; `proposal` has their number."""

    @property
    def message(self) -> str:
        if self.proposal is None:
            return super().message
        if self.proposal.hands is None:
            return _("Somebody has just taken the number away.")
        return _("Somebody else has just counted %(hands)d.") % {"hands": self.proposal.hands}


class WrittenOtherwise(ProposalChanged):
    """Somebody else has typed meanwhile; `proposal` has their words."""

    @property
    def message(self) -> str:
        if self.proposal is None:
            return super().message
        words = {"title": self.proposal.title, "host": self.proposal.host}
        if self.proposal.host:
            return _("Somebody else has just written “%(title)s”, %(host)s.") % words
        return _("Somebody else has just written “%(title)s”.") % words


def call_up(event: Event, proposal: Proposal | None, *, seen: int | None = None) -> Barcamp:
    """Put `proposal` on stage; None clears it.

    `seen`: which one (a primary key) the person saw there, 0 for an empty stage; ProposalChanged
    if it is another by now. Raises NotPitching.
    """
    with changing(event) as log:
        barcamp = log.fresh(Barcamp.objects.get(event=event))
        wanted = proposal.pk if proposal is not None else None
        if barcamp.on_stage_id == wanted:
            return barcamp
        if seen is not None and (barcamp.on_stage_id or 0) != seen:
            raise ProposalChanged(barcamp.on_stage)
        if proposal is not None:
            require_pitches(event)
            called = fresh(log, proposal)
            if called.state not in Proposal.LIVING:
                raise ProposalChanged(called)
            if called.state != State.OPEN or called.called_at is None:
                called.state = State.OPEN
                called.called_at = called.called_at or timezone.now()
                log.touch(called)
        barcamp.on_stage_id = wanted
        barcamp.on_stage_at = timezone.now() if wanted is not None else None
        log.touch(barcamp)
    return barcamp


def count(
    proposal: Proposal, hands: int | None, *, version: int | None = None, was: Seen = None
) -> Proposal:
    """How many hands were seen; None takes the number away. Raises ProposalRefused if absurd.

    `was`: the number that this person saw, in a tuple; CountedOtherwise if it is another by now.
    A colleague who types the title at the same moment is in nobody's way then.
    """
    if hands is not None and not 0 <= hands <= MAX_HANDS:
        raise ProposalRefused("bad_count", _("That is not a number of hands."))
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if proposal.hands != hands:
            refuse_stale(proposal, version)
            if was is not None and proposal.hands != was[0]:
                raise CountedOtherwise(proposal)
            proposal.hands = hands
            log.touch(proposal)
    return proposal


def write(
    proposal: Proposal, *, title: tuple[str, str] | None, host: tuple[str, str] | None
) -> Proposal:
    """Title and host as typed on stage, each (as this person saw it, as it shall be).

    None leaves it. What somebody else has typed meanwhile is overwritten by nobody:
    WrittenOtherwise; whoever typed the same has no quarrel. Raises ProposalRefused.
    """
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        words = {name: getattr(proposal, name) for name in _CARD}
        for name, typed in (("title", title), ("host", host)):
            if typed is None:
                continue
            seen, wanted = typed
            new = getattr(checked(Written(**words | {name: wanted})), name)
            if words[name] not in (new, characters.clean_name(seen)):
                raise WrittenOtherwise(proposal)
            words[name] = new
        return proposals.correct(proposal, Written(**words), version=None)


def walk_up(event: Event, written: Written, *, sent_key: str) -> tuple[Proposal, bool]:
    """A pitch typed on stage, and whether it was called up.

    While another one stands there without a place it comes next: two helpers work at once, and
    nobody takes the pitch from under the counter's finger. Raises NotPitching, ProposalRefused.
    """
    with changing(event) as log:
        require_pitches(event)
        known = Proposal.objects.filter(event=event, sent_key=sent_key).exists()
        proposal = proposals.propose(event, written, sent_key=sent_key)
        barcamp = log.fresh(Barcamp.objects.get(event=event))
        if known:
            return proposal, barcamp.on_stage_id == proposal.pk
        if _is_busy(barcamp.on_stage):
            # In front of all who waited before this pitch began, behind those typed during it.
            others = waiting(event).exclude(pk__in=[barcamp.on_stage_id, proposal.pk])
            first = others.filter(created_at__lt=barcamp.on_stage_at).first()
            return reorder(proposal, first), False
        call_up(event, proposal)
        return fresh(log, proposal), True


def take_back(proposal: Proposal) -> Proposal:
    """As it was before it was placed, parked or declined: it waits where it stood in the queue.

    Its slots leave the programme, however many.
    """
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if proposal.session is not None:
            for slot in list(proposal.session.slots.all()):
                placing.unplace(slot)
        if proposal.state != State.OPEN:
            proposal.state, proposal.merged_into = State.OPEN, None
            log.touch(proposal)
    return proposal


def later(proposal: Proposal) -> Proposal:
    """Not here, or not ready: to the end of the queue, and off the stage."""
    with changing(proposal.event_id) as log:
        proposal = reorder(proposal, None)
        proposals.leave_stage(log, proposal)
    return proposal


def waiting(event: Event) -> ProposalQuerySet:
    """The queue: open, placed nowhere, in order. Whoever stands on stage is in it."""
    found = Proposal.objects.of(event).filter(state=State.OPEN, session__slots=None)
    return found.in_order()


def require_pitches(event: Event) -> None:
    """Raises NotPitching; asked inside the open log."""
    if not Barcamp.objects.filter(event=event, phase=Barcamp.Phase.PITCH).exists():
        raise NotPitching


def _is_busy(on_stage: Proposal | None) -> bool:
    """Whether somebody stands there whose pitch has no end yet."""
    if on_stage is None or on_stage.state != State.OPEN:
        return False
    return on_stage.session is None or not on_stage.session.slots.exists()


def reorder(proposal: Proposal, before: Proposal | None) -> Proposal:
    """Call it up sooner or later: in front of `before`, or last if None.

    The others keep their numbers as long as there is room between them: every phone shows them.
    Raises ProposalChanged if `before` is gone.
    """
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if before is not None and fresh(log, before).pk == proposal.pk:
            return proposal
        queue = list(Proposal.objects.filter(event_id=proposal.event_id).in_order())
        rest = [one for one in queue if one.pk != proposal.pk]
        at = next((i for i, one in enumerate(rest) if before and one.pk == before.pk), len(rest))
        low = rest[at - 1].position if at else 0
        high = rest[at].position if at < len(rest) else low + 2 * GAP
        if low < proposal.position < high:
            return proposal
        if high - low > 1:
            proposal.position = (low + high) // 2
            log.touch(proposal)
            return proposal
        rest.insert(at, proposal)
        for number, one in enumerate(rest, 1):
            moved = fresh(log, one)
            moved.position = number * GAP
            log.touch(moved)
    return proposal


def take_part(event: Event, user: User, part: str) -> Barcamp:
    """`user` types titles ("writer") or counts and places ("counter") from now on.

    Whoever did takes over the part that becomes free: two helpers swap with one tap.
    """
    if part not in PARTS:
        raise ValueError(part)
    other = "counter" if part == "writer" else "writer"
    with changing(event) as log:
        barcamp = log.fresh(Barcamp.objects.get(event=event))
        if getattr(barcamp, f"{part}_id") != user.pk:
            if getattr(barcamp, f"{other}_id") == user.pk:
                setattr(barcamp, other, getattr(barcamp, part))
            setattr(barcamp, part, user)
            log.touch(barcamp)
    return barcamp


def leave_part(event: Event, user: User) -> Barcamp:
    """`user` does nothing on stage any more."""
    with changing(event) as log:
        barcamp = log.fresh(Barcamp.objects.get(event=event))
        mine = [part for part in PARTS if getattr(barcamp, f"{part}_id") == user.pk]
        for part in mine:
            setattr(barcamp, part, None)
        if mine:
            log.touch(barcamp)
    return barcamp
