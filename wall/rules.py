"""The one rule of each event: found, or made with its defaults. Judges nothing."""

from agenda.models import Event
from eventhub.live.log import Log
from wall.models import Rule


def of(log: Log, event: Event) -> Rule:
    """The event's rule, made with its defaults if this is the first time it is asked for."""
    rule = Rule.objects.filter(event=event).first()  # read under the lock, so it is fresh
    return rule if rule is not None else log.add(Rule(event=event))
