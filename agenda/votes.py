""" "I would come": one guest's word for one proposal, given, taken back, counted. Never on a screen
while people still decide.

A vote asks for no lock of the event: three hundred may come in one minute. What helpers read is a
tally, told by whoever leads at most four times a second (`publish`).
"""

from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction

from agenda import attendees, phases
from agenda.models import Barcamp, Event, Proposal, Vote
from agenda.phases import Deed
from eventhub.live.log import Log, changing

TALLY = "tally"  # the kind of a change of counts
TELLS = ("pitch", "plan", "warnings")


class NoSuchProposal(Exception):
    """It is not of this event, or nobody can vote for it (any more)."""


def vote(event: Event, key: str, proposal: str, *, on: bool) -> bool:
    """The guest with this key would come to the proposal with this public key, or would not.

    False if they said so before: what is said twice counts once. Raises NotNow, NoSuchProposal,
    Barcamp.DoesNotExist.
    """
    phases.require(Barcamp.objects.get(event=event), Deed.VOTE)
    if not on:
        own = Vote.objects.filter(attendee__event=event, attendee__key=key)
        return own.filter(proposal__key=proposal).delete()[0] > 0
    found = Proposal.objects.of(event).public().filter(key=proposal).first()
    if found is None:
        raise NoSuchProposal
    try:
        with transaction.atomic():  # one commit, also for the guest's first deed
            attendee = attendees.row_for(event, key)
            return Vote.objects.get_or_create(attendee=attendee, proposal=found)[1]
    except IntegrityError:  # the guest or the proposal has gone in this very moment
        raise NoSuchProposal from None


def votes_of(event: Event, key: str | None) -> list[str]:
    """The public keys of the proposals this guest would come to. One query."""
    if key is None:
        return []
    own = Vote.objects.filter(attendee__event=event, attendee__key=key)
    return sorted(own.values_list("proposal__key", flat=True))


def tally(event: Event | int, proposals: Iterable[int] | None = None) -> dict[int, int]:
    """How many distinct guests would come, by proposal, with those of what was merged into it.

    Two queries.
    """
    merged = Proposal.objects.filter(event=event).exclude(merged_into=None)
    into: dict[int, int | None] = dict(merged.values_list("pk", "merged_into_id"))
    votes = Vote.objects.filter(proposal__event=event)
    if proposals is not None:
        wanted = set(proposals)
        votes = votes.filter(
            proposal__in={*wanted, *(pk for pk in into if wanted & {*_chain(pk, into)})}
        )
    heads: dict[int, set[int]] = {}
    for proposal, attendee in votes.values_list("proposal_id", "attendee_id"):
        for pk in _chain(proposal, into):
            heads.setdefault(pk, set()).add(attendee)
    return {pk: len(found) for pk, found in heads.items()}


def _chain(proposal: int, into: dict[int, int | None]) -> Iterator[int]:
    """The proposal, the one it was merged into, and so on: what was merged may be merged again."""
    found: int | None = proposal
    while found is not None:
        yield found
        found = into.get(found)


def publish(event: Event) -> int:
    """Tell helpers the counts that have changed since they were last told; how many those are."""
    now = tally(event)
    stale = [
        proposal
        for proposal in Proposal.objects.filter(event=event)
        if proposal.votes != now.get(proposal.pk, 0)
    ]
    if not stale:
        return 0
    with changing(event) as log:
        for proposal in stale:
            proposal.votes = now.get(proposal.pk, 0)
            log.tell(TALLY, topics=TELLS, object_id=proposal.pk, key=proposal.key)
        # Only the count is written: whatever else has changed meanwhile stays as it is now.
        Proposal.objects.bulk_update(stale, ["votes"])
    return len(stale)


def show_anew(log: Log) -> int:
    """What phones may read of counts has changed: draw the cards that have any anew; how many.

    Whoever asks has changed the phase or a switch in this very log. Counted once more before.
    """
    now = tally(log.event_id)
    cards = list(Proposal.objects.filter(event=log.event_id).public().unplaced())
    counted = [card for card in cards if card.votes or card.hands or now.get(card.pk)]
    for card in counted:
        card.votes = now.get(card.pk, 0)
    log.touch_all(counted, ["votes"])
    return len(counted)


def counted() -> list[Event]:
    """The events whose votes still change: guests', or whose cards are merged. One query."""
    return list(Event.objects.filter(barcamp__isnull=False).exclude(barcamp__phase="closed"))
