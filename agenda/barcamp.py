"""The barcamp on its board: place a card, take it off, merge two. Overwrites nobody.

Each verb takes the version that its person saw, and answers with what is there now instead of
overwriting it. What hands count and what phones count are two things, and stay apart.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import characters, placing
from agenda.cards import MAX_HOST, MAX_LINE_CHARS, ProposalRefused
from agenda.models import Barcamp, Event, Proposal, Room, Slot, Star
from agenda.proposals import (
    ProposalChanged,
    State,
    fresh,
    leave_stage,
    refuse_stale,
    session_of,
    write_session,
)
from eventhub.live.log import changing


class PlaceTaken(Exception):
    """Something stands there already: `slot`."""

    def __init__(self, slot: Slot) -> None:
        super().__init__("taken")
        self.slot = slot

    @property
    def message(self) -> str:
        slot = self.slot
        words = {
            "title": slot.session.title,
            "time": timezone.localtime(slot.starts_at, slot.event.tz).strftime("%H:%M"),
            "room": slot.room.name if slot.room else _("everywhere"),
        }
        return _("%(room)s at %(time)s is taken by now: “%(title)s”.") % words


def set_up(event: Event) -> Barcamp:
    """`event` has a barcamp from now on; the one it has if it has one."""
    with changing(event) as log:
        found = Barcamp.objects.filter(event=event).first()
        return found if found is not None else log.add(Barcamp(event=event))


def place(
    proposal: Proposal,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    version: int | None = None,
    again: bool = False,
) -> Slot:
    """Put the card on the programme, or its repetition (`again`). Placed there already: that slot.

    Nothing is ever put where something stands; where it was cancelled itself it takes place again.
    Raises PlaceTaken, ProposalChanged (also if it stands elsewhere by now),
    placing.ImpossiblePlace.
    """
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        slots = list(proposal.session.slots.all()) if proposal.session is not None else []
        spot = (room.pk if room else None, starts_at, ends_at)
        there = [slot for slot in slots if (slot.room_id, slot.starts_at, slot.ends_at) == spot]
        for slot in there:
            if not slot.cancelled:
                return slot
        if (slots and not again and not there) or proposal.state not in Proposal.LIVING:
            raise ProposalChanged(proposal)
        refuse_stale(proposal, version)
        refuse_taken(proposal.event, room, starts_at, ends_at)
        session = session_of(proposal)
        proposal.state = State.OPEN
        log.touch(proposal)
        if there:
            return placing.restore(there[0])
        return placing.place(proposal.event, session, room, starts_at, ends_at)


def take_off(proposal: Proposal, slot: Slot, *, version: int | None = None) -> bool:
    """Back into the parking lot. False if it was off already.

    `version`: of the slot. Raises placing.ChangedMeanwhile, ProposalChanged if it is not its slot.
    """
    with changing(proposal.event_id) as log:
        proposal = fresh(log, proposal)
        if slot.session_id != proposal.session_id:
            raise ProposalChanged(proposal)
        gone = placing.unplace(slot, version=version)
        if gone and proposal.state == State.OPEN and not _slots(proposal):
            proposal.state = State.PARKED
            log.touch(proposal)
    return gone


def refuse_taken(
    event: Event,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    besides: tuple[int, ...] = (),
) -> None:
    """Raises PlaceTaken if something that takes place stands there, or everywhere at that time."""
    found = Slot.objects.filter(event=event).select_related("event", "session", "room")
    for slot in found.between(starts_at, ends_at).exclude(pk__in=besides):
        if not slot.cancelled and (slot.room_id is None or room is None or slot.room_id == room.pk):
            raise PlaceTaken(slot)


def is_free(slot: Slot) -> bool:
    """Whether nothing else takes place where `slot` is."""
    try:
        refuse_taken(slot.event, slot.room, slot.starts_at, slot.ends_at, besides=(slot.pk,))
    except PlaceTaken:
        return False
    return True


def merge(
    proposal: Proposal,
    into: Proposal,
    *,
    versions: tuple[int | None, int | None] = (None, None),
) -> Proposal:
    """One session instead of two: `into` gets hosts, votes, stars; the other's place is free.

    If `into` takes place nowhere, it does where the other did. The other keeps what is its own,
    so that `proposals.let_in` makes two of them again. Returns `into`.
    """
    if proposal.pk == into.pk or proposal.event_id != into.event_id:
        raise ProposalRefused("same", _("Choose another one to merge it with."))
    with changing(into.event_id) as log:
        proposal, into = fresh(log, proposal), fresh(log, into)
        if proposal.state == State.MERGED and proposal.merged_into_id == into.pk:
            return into
        refuse_stale(proposal, versions[0])
        refuse_stale(into, versions[1])
        for one in (proposal, into):
            if one.state not in Proposal.LIVING:
                raise ProposalChanged(one)
        _free_places(proposal, into)
        proposal.state, proposal.merged_into = State.MERGED, into
        log.touch(proposal)
        leave_stage(log, proposal)
        into.host = _both(into.host, proposal.host)
        if into.state == State.HELD:
            into.state = State.OPEN  # whoever merges has looked at it
        log.touch(into)
        write_session(log, into)
        _share_stars(proposal, into)
    return into


def _slots(proposal: Proposal) -> list[Slot]:
    return list(proposal.session.slots.all()) if proposal.session is not None else []


def _free_places(proposal: Proposal, into: Proposal) -> None:
    """`into` takes the first place of the other if it has none; the rest becomes free.

    Where the other was cancelled nothing begins anew: somebody else may stand there.
    """
    takes_place = any(not slot.cancelled for slot in _slots(into))
    for slot in _slots(proposal):
        placing.unplace(slot)
        if not takes_place and not slot.cancelled:
            into.state = State.OPEN
            placing.place(into.event, session_of(into), slot.room, slot.starts_at, slot.ends_at)
            takes_place = True


def _both(one: str, other: str) -> str:
    """All names, as many of them as a card may hold."""
    names: list[str] = []
    for name in (part.strip() for part in f"{one}, {other}".split(",")):
        line = ", ".join([*names, name])
        fits = characters.length(line) <= MAX_HOST and len(line) <= MAX_LINE_CHARS
        if name and name not in names and fits:
            names.append(name)
    return ", ".join(names)


def _share_stars(proposal: Proposal, into: Proposal) -> None:
    if proposal.session is None or into.session is None:
        return
    known = set(into.session.stars.values_list("attendee_id", flat=True))
    own = proposal.session.stars.exclude(attendee__in=known).values_list("attendee_id", flat=True)
    Star.objects.bulk_create(Star(attendee_id=pk, session=into.session) for pk in own)
