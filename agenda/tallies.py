"""When helpers are told how many would come: after votes have changed, and not before.

A look costs three questions for all events together, one while no barcamp decides; counting is
done only for events whose votes or cards have changed since. Whoever leads looks twice a second.
"""

from django.db.models import Count, Max

from agenda import votes
from agenda.models import Event, Vote
from eventhub.live import reading

Mark = tuple[int, int, int]  # how many votes, the last one, the head of the log


class Teller:
    """Remembers what each event's votes looked like when they were last counted."""

    def __init__(self) -> None:
        self._marks: dict[int, Mark] = {}

    def look(self) -> int:
        """Count where something has changed, and tell it; how many counts were told."""
        events = {event.pk: event for event in votes.counted()}
        marks = _marks(events) if events else {}
        told = 0
        for pk, mark in marks.items():
            if self._marks.get(pk) != mark:
                told += votes.publish(events[pk])
        self._marks = marks
        return told


def _marks(events: dict[int, Event]) -> dict[int, Mark]:
    rows = Vote.objects.filter(proposal__event__in=events).values_list("proposal__event")
    found = {pk: (n, last) for pk, n, last in rows.annotate(n=Count("pk"), last=Max("pk"))}
    heads = reading.heads(list(events))
    return {pk: (*found.get(pk, (0, 0)), heads.get(pk, 0)) for pk in events}
