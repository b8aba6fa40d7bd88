"""How far what screens are told reaches, and that they are told again before it runs out.

Scenes reach three event days ahead, what speakers are some hours. Both are drawn by portions of
the event day: within one, whenever it is drawn, the plan of the same programme is the same.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import Error

from agenda.models import Event
from eventhub.live.log import Log, changing
from wall.models import Direction

PORTION = timedelta(hours=2)
PEOPLE_FOR = timedelta(hours=8)  # from the start of a portion: at least six hours ahead
Span = tuple[datetime, datetime]


def portion_of(event: Event, at: datetime) -> datetime:
    """When the portion of `at` began."""
    day_start, _day_end = event.day_frame(event.day_of(at))
    return day_start + (at - day_start) // PORTION * PORTION


def people_for(event: Event, at: datetime, rehearsed: Iterable[datetime]) -> list[Span]:
    """Of which times it is told what speakers are: the next hours, and the days rehearsed."""
    begun = portion_of(event, at)
    days = (event.day_frame(event.day_of(each)) for each in rehearsed)
    return [(begun, begun + PEOPLE_FOR), *sorted(set(days))]


def draw_anew(log: Log) -> None:
    """All screens of the event get their plan, and the staff its pictures."""
    log.tell(Direction.kind, topics=("screen", "screens"), object_id=0, key="plan")


class Renewal:
    """Remembers which portion each event was told, as long as its process runs."""

    def __init__(self) -> None:
        self._told: dict[int, datetime] = {}

    def look(self, at: datetime) -> int:
        """Tell the events whose screens are on and have the plan of an earlier portion; how many.

        One query while none is due.
        """
        events = Event.objects.filter(screens__sign__alive=True, screens__revoked_at=None)
        due = [
            (event, begun)
            for event in events.distinct()
            if self._told.get(event.pk) != (begun := portion_of(event, at))
        ]
        return sum(self._tell(event, begun) for event, begun in due)

    def _tell(self, event: Event, begun: datetime) -> int:
        try:
            with changing(event) as log:
                draw_anew(log)
        except Error:
            return 0  # the next look tries again
        self._told[event.pk] = begun
        return 1
