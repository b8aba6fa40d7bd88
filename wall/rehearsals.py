"""Let screens play another time than now, with posts of our own writing, and end that again.

Nothing is written but the row of the rehearsal itself, which goes when it ends: no post, no scene,
no time of a post on a screen. Knows no requests.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions, plan_portions, signs
from wall.models import Rehearsal, Screen
from wall.models.direction import RehearsalQuerySet

SPEEDS = (0, 1, 10, 60)  # 0 stands still
LONGEST = timedelta(hours=4)  # one that was forgotten must not play into the morning of the event


class RehearsalRefused(Exception):
    """A rehearsal that makes no sense; `message` says why in one sentence."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def begin(
    event: Event, *, starts_at: datetime, speed: int, by: User | None, screen: Screen | None = None
) -> Rehearsal:
    """`screen`, or all of them, plays from `starts_at` on, instead of whatever it rehearsed.

    RehearsalRefused for a time on no day of the event. Raises ValueError for an unknown speed, and
    for a screen that is not of this event or signed off.
    """
    if speed not in SPEEDS:
        raise ValueError("A rehearsal has no such speed.")
    if screen is not None and (screen.event_id != event.pk or screen.revoked_at is not None):
        raise ValueError("This screen is of another event, or of none any more.")
    if event.day_of(starts_at) not in days_of(event):
        raise RehearsalRefused(_("Please choose a time on one of the event's days."))
    with changing(event) as log:
        rows = Rehearsal.objects.filter(event=event)
        # All of them: whatever single screens have rehearsed ends with it.
        log.remove_all(list(rows if screen is None else rows.filter(screen=screen)))
        now = timezone.now()
        row = Rehearsal(
            event=event, screen=screen, starts_at=starts_at, began_at=now, speed=speed, by=by
        )
        log.add(row)
        _tell(log, [row])
        about = screen.name if screen is not None else _("all screens")
        actions.record(log, "rehearse", by=by, about=about)
    return row


def end(event: Event, *, by: User | None, screen: Screen | None = None) -> int:
    """`screen` follows the present again, or all of them do; how many rehearsals ended."""
    rows = Rehearsal.objects.filter(event=event)
    return _end(event, rows if screen is None else rows.filter(screen=screen), by)


def end_due(at: datetime) -> int:
    """End what was begun so long ago that it was forgotten, of every event. How many."""
    over = Rehearsal.objects.filter(began_at__lte=at - LONGEST).select_related("event")
    return sum(_end(row.event, Rehearsal.objects.filter(pk=row.pk), None) for row in over)


def standing(event: Event) -> RehearsalQuerySet:
    """What is rehearsed now, of all screens first."""
    rows = Rehearsal.objects.filter(event=event).select_related("screen", "by")
    return rows.order_by("screen", "pk")


def time_of(screen: Screen, at: datetime) -> datetime:
    """What time it is for `screen` at `at`. One query."""
    rows = Rehearsal.objects.filter(event=screen.event_id)
    row = of_screen(screen, rows)
    return at if row is None else row.starts_at + (at - row.began_at) * row.speed


def of_screen(screen: Screen, rows: Iterable[Rehearsal]) -> Rehearsal | None:
    """Which of `rows`, all of one event, `screen` plays; its own comes before that of all."""
    mine = (row for row in rows if row.screen_id in (None, screen.pk))
    return min(mine, key=lambda one: one.screen_id is None, default=None)


def days_of(event: Event) -> list[date]:
    """The event's days, in order."""
    first = event.day_of(event.starts_at)
    last = event.day_of(event.ends_at - timedelta(seconds=1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _end(event: Event, rows: RehearsalQuerySet, by: User | None) -> int:
    with changing(event) as log:
        found = list(rows.select_related("screen"))
        if not found:
            return 0
        log.remove_all(found)
        _tell(log, found)
        names = [row.screen.name if row.screen else _("all screens") for row in found]
        actions.record(log, "end_rehearsal", by=by, about=", ".join(names))
    return len(found)


def _tell(log: Log, rows: Iterable[Rehearsal]) -> None:
    """The plan reaches as far as the day that is rehearsed, and the staff sees who rehearses."""
    plan_portions.draw_anew(log)
    screens = Screen.objects.filter(event=log.event_id, revoked_at=None).order_by("pk")
    named = {row.screen_id for row in rows}
    for screen in screens:
        if not named.isdisjoint({None, screen.pk}):
            signs.tell(log, screen)
