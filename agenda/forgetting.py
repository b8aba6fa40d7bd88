"""What guests leave in a barcamp: told, brought together, forgotten. Knows no requests.

What takes place stands on the programme and stays there, as its session; a card that only waits,
or was taken back, goes with everything that was written on it.
"""

from typing import Any

from django.db.models import QuerySet

from agenda import programme
from agenda.card_sessions import leave_stage
from agenda.models import Attendee, Event, Hosting, Proposal, Slot, Suggestion, Vote
from eventhub.live.log import Log

MAX_TAGS = 3


def told(attendee: Attendee) -> dict[str, Any]:
    """All that is stored of a guest's part in the barcamp, as they may read it. Two queries."""
    hosted = Hosting.objects.filter(attendee=attendee).select_related("proposal")
    would_come = Vote.objects.filter(attendee=attendee).select_related("proposal").order_by("pk")
    return {
        "hashtags": attendee.tags,
        "proposals": [
            _card(one.proposal) | {"yours_since": one.at} for one in hosted.order_by("pk")
        ],
        "would_come": [{"proposal": one.proposal.title, "at": one.at} for one in would_come],
    }


def bring_together(log: Log, old: Attendee, into: Attendee) -> None:
    """`into` gets what `old`, who is about to go, proposed and said; what both said counts once."""
    for rows in (old.votes, old.hostings):
        own = rows.model._default_manager.filter(attendee=into).values_list("proposal", flat=True)
        rows.exclude(proposal__in=list(own)).update(attendee=into)
    known = {tag.casefold() for tag in into.tags}
    more = [tag for tag in old.tags if tag.casefold() not in known]
    if tags := [*into.tags, *more][:MAX_TAGS]:
        into.tags = tags
        into.save(update_fields=["tags"])


def lock(event: Event, *guests: Attendee) -> None:
    """Whoever votes takes no lock: nobody shall do so for a guest who is just being forgotten."""
    numbers = [guest.pk for guest in guests]
    _hold(Attendee.objects.filter(event=event, pk__in=numbers))


def lock_all(event: Event) -> None:
    """For whoever deletes the whole event."""
    _hold(Attendee.objects.filter(event=event))
    _hold(Proposal.objects.filter(event=event))


def forget(log: Log, attendee: Attendee) -> None:
    """Remove the cards that are this guest's alone, unless they take place."""
    event = attendee.event
    own = Proposal.objects.filter(event=event, hostings__attendee=attendee)
    others = Hosting.objects.exclude(attendee=attendee).values("proposal")
    alone = own.exclude(pk__in=others)
    remove(log, [card for card in alone if not _takes_place(card)])


def remove(log: Log, cards: list[Proposal], *, placed: bool = False) -> None:
    """Delete these cards. Their sessions go along, but (unless `placed`) for what takes place."""
    _hold(Proposal.objects.filter(pk__in=[card.pk for card in cards]))
    for card in map(log.fresh, cards):
        leave_stage(log, card)
        for other in Proposal.objects.filter(merged_into=card):
            part = log.fresh(other)  # somebody else's: it waits again by itself
            part.state, part.merged_into = Proposal.State.PARKED, None
            log.touch(part)
        session = None if _takes_place(card) and not placed else card.session
        card.session = None
        log.remove(card)
        if session is not None:
            programme.remove(session)


def of_guests(event: Event, limit: int) -> list[Proposal]:
    """Up to `limit` cards that a purge has still to remove."""
    return list(Proposal.objects.filter(event=event).select_related("session")[:limit])


def suggestions(event: Event) -> int:
    """Forget what was suggested for the board: titles and hosts stand in it. How many."""
    return Suggestion.objects.filter(event=event).delete()[0]


def _takes_place(card: Proposal) -> bool:
    """Living and on the programme, be it cancelled; what was taken back only says so there."""
    living = card.state in Proposal.LIVING
    placed = card.session_id and Slot.objects.filter(session=card.session_id).exists()
    return living and bool(placed)


def _hold(rows: QuerySet[Any]) -> None:
    """Lock these rows until the end of the transaction (SQLite: held already)."""
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def _card(card: Proposal) -> dict[str, Any]:
    return {
        "key": card.key,
        "code": card.code,
        "title": card.title,
        "text": card.text,
        "host": card.host,
        "needs": card.needs,
        "not_before": card.not_before,
        "not_after": card.not_after,
        "state": card.state,
        "hands": card.hands,
        "made": card.created_at,
        "on_stage": card.called_at,
        "sent_as": card.sent_key,
    }
