"""The waiting proposals of an event as a problem to solve: cards, free rows, who wishes what.

Reads only. What counts as a wish: a star on its session, or "I would come", also to what was merged
into it. Rows that have begun are over; of two rows that overlap only the earlier one is used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agenda.cells import Cell, cells
from agenda.clashes import names, people
from agenda.models import Event, Period, Proposal, Room, Slot, Star, Vote
from agenda.room_choice import expected
from agenda.solving import problem as solving

Heads = frozenset[int]  # primary keys of attendees
State = Proposal.State


@dataclass(frozen=True, slots=True)
class Waiting:
    """`proposals` are the cards of `problem`, `periods` its rows, in the same order.

    `wished`: who would come to each of them. `beside`: what stands in each row already.
    """

    problem: solving.Problem
    proposals: list[Proposal]
    periods: list[Period]
    rooms: dict[int, Room]
    wished: list[Heads]
    beside: list[list[Slot]]
    skipped: list[Period] = field(default_factory=list)
    interest: dict[int, Heads] = field(default_factory=dict)  # by session

    @property
    def places(self) -> int:
        return sum(len(row.rooms) for row in self.problem.rows)


def waiting(event: Event, at: datetime) -> Waiting:
    """What waits for a place, and the free places that begin after `at`. Eight queries."""
    slots = [slot for slot in Slot.objects.of(event).with_names() if not slot.cancelled]
    proposals = list(_proposals(event))
    grid = cells(event, slots)
    periods, skipped = _apart(cell.period for cell in grid if cell.period.starts_at > at)
    beside = [[slot for slot in slots if overlaps(slot, period)] for period in periods]
    by_proposal, by_session = _interest(event)
    wished = [by_proposal.get(one.pk, frozenset()) for one in proposals]
    interest = {slot.session_id: by_session.get(slot.session_id, frozenset()) for slot in slots}
    heads = sorted(frozenset().union(*wished))
    number = {pk: place for place, pk in enumerate(heads)}
    rows = tuple(
        solving.Row(
            rooms=_free(grid, period),
            hosts=frozenset(key for slot in there for key in people(slot)),
            wished=frozenset(
                number[pk] for slot in there for pk in interest[slot.session_id] if pk in number
            ),
        )
        for period, there in zip(periods, beside, strict=True)
    )
    cards = tuple(
        _card(proposal, len(heads), periods)
        for proposal, heads in zip(proposals, wished, strict=True)
    )
    wishes = tuple(
        frozenset(place for place, who in enumerate(wished) if pk in who) for pk in heads
    )
    return Waiting(
        problem=solving.Problem(cards, rows, wishes),
        proposals=proposals,
        periods=periods,
        rooms={cell.room.pk: cell.room for cell in grid},
        wished=wished,
        beside=beside,
        skipped=skipped,
        interest=interest,
    )


def overlaps(slot: Slot, period: Period) -> bool:
    return slot.starts_at < period.ends_at and slot.ends_at > period.starts_at


def fits_wish(proposal: Proposal, starts_at: datetime, ends_at: datetime) -> bool:
    early = proposal.not_before is not None and starts_at < proposal.not_before
    late = proposal.not_after is not None and ends_at > proposal.not_after
    return not (early or late)


def _proposals(event: Event) -> Iterable[Proposal]:
    """What helpers have let in and nobody has placed; what is held has not been looked at."""
    found = Proposal.objects.of(event).unplaced()
    return found.filter(state__in=(State.OPEN, State.PARKED)).in_order()


def _apart(periods: Iterable[Period]) -> tuple[list[Period], list[Period]]:
    kept: list[Period] = []
    skipped: list[Period] = []
    for period in sorted({one.pk: one for one in periods}.values(), key=lambda p: p.starts_at):
        late = not kept or period.starts_at >= kept[-1].ends_at
        (kept if late else skipped).append(period)
    return kept, skipped


def _free(grid: Sequence[Cell], period: Period) -> tuple[solving.Room, ...]:
    return tuple(
        solving.Room(cell.room.pk, cell.room.capacity)
        for cell in grid
        if cell.period.pk == period.pk and cell.is_free
    )


def _card(proposal: Proposal, heads: int, periods: Sequence[Period]) -> solving.Card:
    size = expected(proposal)
    return solving.Card(
        size=heads if size is None else size,
        hosts=frozenset(names(proposal.host)),
        rows=frozenset(
            number
            for number, period in enumerate(periods)
            if fits_wish(proposal, period.starts_at, period.ends_at)
        ),
        wanted=max(heads, size or 0),
    )


def _interest(event: Event) -> tuple[dict[int, Heads], dict[int, Heads]]:
    """Who wishes each proposal, and who each session: by primary key. Three queries."""
    known = list(Proposal.objects.filter(event=event).values_list("pk", "merged_into", "session"))
    into, session = {pk: on for pk, on, _to in known}, {pk: to for pk, _on, to in known}
    proposals: dict[int, set[int]] = {}
    sessions: dict[int, set[int]] = {}
    votes = Vote.objects.filter(proposal__event=event).values_list("proposal_id", "attendee_id")
    for proposal, head in votes:
        at: int | None = proposal
        while at is not None:  # what was merged may be merged again
            proposals.setdefault(at, set()).add(head)
            at = into.get(at)
    stars = Star.objects.filter(session__event=event).values_list("session_id", "attendee_id")
    for starred, head in stars:
        sessions.setdefault(starred, set()).add(head)
    for pk, own in session.items():
        if own is not None:
            both = proposals.get(pk, set()) | sessions.get(own, set())
            proposals[pk] = sessions[own] = both
    return _frozen(proposals), _frozen(sessions)


def _frozen(found: dict[int, set[int]]) -> dict[int, Heads]:
    return {pk: frozenset(heads) for pk, heads in found.items()}
