"""Pitches on stage: call up, count hands, order the queue; who types and who counts.

Knows no requests. What hands count and what phones count are two things, and stay apart.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.cards import ProposalRefused
from agenda.models import Barcamp, Event, Proposal, User
from agenda.proposals import ProposalChanged, State, fresh, refuse_stale
from eventhub.live.log import changing

MAX_HANDS = 9999
PARTS = ("writer", "counter")


def call_up(event: Event, proposal: Proposal | None, *, seen: int | None = None) -> Barcamp:
    """Put `proposal` on stage; None clears it.

    `seen`: which one (a primary key) the person saw there, 0 for an empty stage; ProposalChanged
    if it is another by now.
    """
    with changing(event) as log:
        barcamp = log.fresh(Barcamp.objects.get(event=event))
        wanted = proposal.pk if proposal is not None else None
        if barcamp.on_stage_id == wanted:
            return barcamp
        if seen is not None and (barcamp.on_stage_id or 0) != seen:
            raise ProposalChanged(barcamp.on_stage)
        if proposal is not None:
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


def count(proposal: Proposal, hands: int | None, *, version: int | None = None) -> Proposal:
    """How many hands were seen; None takes the number away. Raises ProposalRefused if absurd."""
    if hands is not None and not 0 <= hands <= MAX_HANDS:
        raise ProposalRefused("bad_count", _("That is not a number of hands."))
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if proposal.hands != hands:
            refuse_stale(proposal, version)
            proposal.hands = hands
            log.touch(proposal)
    return proposal


def reorder(proposal: Proposal, before: Proposal | None) -> Proposal:
    """Call it up sooner or later: in front of `before`, or last if None."""
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        queue = list(Proposal.objects.filter(event_id=proposal.event_id).in_order())
        rest = [one for one in queue if one.pk != proposal.pk]
        at = next((i for i, one in enumerate(rest) if before and one.pk == before.pk), len(rest))
        rest.insert(at, proposal)
        for position, one in enumerate(rest, 1):
            if one.position != position:
                moved = fresh(log, one)
                moved.position = position
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
