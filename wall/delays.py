"""How late rooms run: said by whoever stands at the stage, added up, taken back. Knows no requests.

A delay shifts the scenes of screens from then on until the end of that event day; the programme
itself stays as planned.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from agenda.models import Event, Room, User
from eventhub.live.log import Log, changing
from wall import actions
from wall.models import Action, Delay
from wall.models.direction import DelayQuerySet

MAX_MINUTES = 120  # more is no delay but another programme
OWN_TAPS = timedelta(seconds=30)  # for so long a page may not yet show what its reader has pressed
Late = dict[int | None, int]


class DelayRefused(Exception):
    """A delay that makes no sense; `message` says why in one sentence."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class DelayMeanwhile(DelayRefused):
    """Somebody else has changed it meanwhile: `minutes` is how late it runs now."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        words = _("Somebody else was faster: it runs %(minutes)d minutes late by now.")
        super().__init__(words % {"minutes": minutes})


def add(
    event: Event,
    room: Room | None,
    minutes: int,
    *,
    by: User | None,
    seen_minutes: int | None = None,
) -> Delay:
    """`room`, or all of them, runs `minutes` later than before; negative: it has caught up.

    `seen_minutes`: how late it ran when the page was read; DelayMeanwhile if somebody else has
    changed that, so that a button pressed by two people counts once. Whoever presses twice means
    it twice, even before the page has heard of the first time. DelayRefused for nonsense.
    """
    if room is not None and room.event_id != event.pk:
        raise ValueError("This room is of another event.")
    if minutes == 0 or abs(minutes) > MAX_MINUTES:
        raise DelayRefused(_("A delay is 1 to 120 minutes."))
    with changing(event) as log:
        now = timezone.now()
        if not _is_on(event, now):
            raise DelayRefused(_("Delays are for the days of the event only."))
        late = standing(event, now).get(_number(room), 0)
        if seen_minutes is not None and not _has_seen(event, room, late, seen_minutes, by, now):
            raise DelayMeanwhile(late)
        if late + minutes < 0:
            raise DelayRefused(_("It is not that late. “On time” takes all of it back."))
        if late + minutes > MAX_MINUTES:
            raise DelayRefused(_("More than 120 minutes late: please change the programme."))
        delay = log.add(Delay(event=event, room=room, minutes=minutes, since=now, by=by))
        _record(log, "delay", room, minutes, by, [delay])
    return delay


def take_back(event: Event, room: Room | None, *, by: User | None) -> bool:
    """`room`, or the whole event, is on time again today. False if it was."""
    with changing(event) as log:
        rows = _of_day(event, timezone.now()).filter(room=room)
        if not (found := list(rows.order_by("pk"))):
            return False
        _record(log, "on_time", room, sum(row.minutes for row in found), by, found)
        log.remove_all(found)
    return True


def standing(event: Event, at: datetime) -> Late:
    """How late what runs on the event day of `at`, in minutes: by room, None for all. One query.

    What holds for all comes on top of a room's own.
    """
    found: Late = {}
    for room, minutes in _of_day(event, at).values_list("room", "minutes"):
        found[room] = found.get(room, 0) + minutes
    return {room: minutes for room, minutes in found.items() if minutes}


def undo_delay(action: Action, *, by: User | None) -> None:
    """Undo one delay; harmless once all of it was taken back."""
    with changing(action.event_id) as log:
        numbers = [row["number"] for row in action.undo.get("rows", [])]
        log.remove_all(list(Delay.objects.filter(event=action.event_id, pk__in=numbers)))


def undo_on_time(action: Action, *, by: User | None) -> None:
    """Undo "on time": as late as before, unless somebody has said anew how late it is."""
    number = action.undo.get("room")
    room = Room.objects.filter(event=action.event_id, pk=number).first() if number else None
    if number and room is None:
        return
    with changing(action.event_id) as log:
        rows = _of_day(action.event, timezone.now())
        if rows.filter(room=room).exists():
            return
        for row in action.undo.get("rows", []):
            since = parse_datetime(row["since"])
            if since is not None:
                log.add(
                    Delay(event=action.event, room=room, minutes=row["minutes"], since=since, by=by)
                )


def _record(
    log: Log, verb: str, room: Room | None, minutes: int, by: User | None, rows: list[Delay]
) -> None:
    place = room.name if room is not None else _("all rooms")
    kept = [
        {"number": row.pk, "minutes": row.minutes, "since": row.since.isoformat()} for row in rows
    ]
    undo = {"room": _number(room), "rows": kept}
    actions.record(log, verb, by=by, about=f"{place}: {minutes:+d}", undo=undo)


def _has_seen(
    event: Event, room: Room | None, late: int, seen: int, by: User | None, now: datetime
) -> bool:
    """Whether only `by` has changed it since it ran `seen` minutes late, and just now."""
    if late == seen:
        return True
    rows = _of_day(event, now).filter(room=room, since__gte=now - OWN_TAPS).order_by("-pk")
    for row in rows:
        if by is None or row.by_id != by.pk:
            return False
        late -= row.minutes
        if late == seen:
            return True
    return False


def _number(room: Room | None) -> int | None:
    return room.pk if room is not None else None


def _of_day(event: Event, at: datetime) -> DelayQuerySet:
    start, end = event.day_frame(event.day_of(at))
    return Delay.objects.filter(event=event, since__gte=start, since__lt=end)


def _is_on(event: Event, at: datetime) -> bool:
    """Whether `at` lies on one of the event's days."""
    last = event.day_of(event.ends_at - timedelta(seconds=1))
    return event.day_of(event.starts_at) <= event.day_of(at) <= last
