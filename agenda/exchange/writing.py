"""Write a plan into an event: all of it or nothing, in one change, with few statements.

What the difference is was found out before the lock; inside it is only asked whether the programme
is still the same, and found out again if somebody else has written meanwhile.
"""

from collections.abc import Callable, Hashable

from django.db.models import Count, Max, Sum

from agenda.exchange import rows
from agenda.exchange.difference import between
from agenda.exchange.plan import Plan
from agenda.exchange.report import Report, describe
from agenda.models import Appearance, Event, Room, Session, Slot, Speaker, Track, User
from eventhub.live.log import changing

Progress = Callable[[int], None]
REVISED = (Count("pk"), Sum("revision"))


def preview(event: Event, plan: Plan) -> Report:
    """What `apply` would do now. Writes nothing."""
    return describe(event, between(event, plan))


def apply(
    event: Event, plan: Plan, *, by: User | None = None, progress: Progress | None = None
) -> Report:
    """Make the programme of `event` what `plan` says. Once more with the same plan: no change.

    `progress` is called with per cent, most of them under the lock: it must not ask the database.
    `by` is nobody on the command line. Two organizers who import at once come one after the other.
    """
    tell = progress or (lambda _percent: None)
    tell(0)
    seen = state(event)
    difference = between(event, plan)
    report = describe(event, difference)
    tell(30)
    with changing(event) as log:
        if state(event) != seen:
            difference = between(event, plan)
            report = describe(event, difference)  # before the rows are what the plan says
        rows.write(log, event, difference, tell)
    report.written = bool(difference)
    tell(100)
    return report


def state(event: Event) -> Hashable:
    """What changes with every write to the programme, by six questions whatever its size."""
    revised = tuple(
        tuple(
            model._default_manager.filter(event=event)
            .aggregate(Count("pk"), Sum("revision"))
            .values()
        )
        for model in (Room, Track, Speaker, Session)
    )
    slots = Slot.objects.filter(event=event).aggregate(Count("pk"), Max("version"))
    speaking = Appearance.objects.filter(session__event=event).aggregate(
        Count("pk"), Max("pk"), Sum("position"), Sum("speaker_id")
    )
    return revised, tuple(slots.values()), tuple(speaking.values())
