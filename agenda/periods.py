"""The time rows of a board: make them from a length and a pause, add, change, remove one.

Never two at the same time. Removes no card: whatever stands in a row stays on the programme.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import barcamp, placing
from agenda.models import Event, Period, Session, Slot
from eventhub.live.log import Log, changing

MAX_ROWS = 80  # of one event: three days of 20 minutes each
MIN_MINUTES, MAX_MINUTES = 5, 480  # of one row


class PeriodRefused(Exception):
    """These rows cannot be; `message` says why in one sentence. Nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PeriodChanged(PeriodRefused):
    """It is not as this person saw it: somebody has just changed or removed it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What `generate` did: rows that are new, and those in which cards stand and which stay."""

    added: int
    kept: int


def generate(
    event: Event, starts_at: datetime, ends_at: datetime, *, minutes: int, pause: int
) -> Made:
    """Rows of `minutes` from `starts_at` until `ends_at` at the latest, `pause` minutes between.

    They go round what all go to: what stands everywhere, is fixed, or is a break. Rows without
    cards between the two times are replaced; those with cards stay and are gone round, too.
    Raises PeriodRefused.
    """
    if not MIN_MINUTES <= minutes <= MAX_MINUTES or not 0 <= pause <= MAX_MINUTES:
        raise PeriodRefused(_("Type how long a session lasts, 5 to 480 minutes."))
    if ends_at <= starts_at:
        raise PeriodRefused(_("It would end before it begins. Please change the times."))
    with changing(event) as log:
        kept = _clear(log, event, starts_at, ends_at)
        length, gap = timedelta(minutes=minutes), timedelta(minutes=pause)
        blocked = [(slot.starts_at, slot.ends_at) for slot in for_all(event)]
        blocked += [(row.starts_at - gap, row.ends_at + gap) for row in kept]
        found = list(free_times(starts_at, ends_at, length, gap, blocked))
        if Period.objects.filter(event=event).count() + len(found) > MAX_ROWS:
            words = _("More than %(count)d time rows fit on no board. Make them longer.")
            raise PeriodRefused(words % {"count": MAX_ROWS})
        if not found and not kept:
            raise PeriodRefused(_("Not one session fits between these times."))
        log.add_all([Period(event=event, starts_at=start, ends_at=end) for start, end in found])
    return Made(len(found), len(kept))


def add(event: Event, starts_at: datetime, ends_at: datetime) -> Period:
    """One more row; the one that is there already if it is the same. Raises PeriodRefused."""
    with changing(event) as log:
        same = Period.objects.filter(event=event, starts_at=starts_at, ends_at=ends_at).first()
        if same is not None:
            return same
        _refuse_overlap(event, starts_at, ends_at)
        if Period.objects.filter(event=event).count() >= MAX_ROWS:
            words = _("More than %(count)d time rows fit on no board. Make them longer.")
            raise PeriodRefused(words % {"count": MAX_ROWS})
        return log.add(Period(event=event, starts_at=starts_at, ends_at=ends_at))


def change(
    period: Period, starts_at: datetime, ends_at: datetime, *, version: int | None = None
) -> Period:
    """Another time for the row; cards that stand exactly in it go with it, but for fixed ones.

    Raises PeriodRefused, PeriodChanged, barcamp.PlaceTaken if a card would stand on another.
    """
    with changing(period.event_id) as log:
        period = _fresh(log, period)
        if (period.starts_at, period.ends_at) == (starts_at, ends_at):
            return period
        if version is not None and version < period.version:
            raise PeriodChanged(_("Somebody was faster: this row has changed by now."))
        _refuse_overlap(period.event, starts_at, ends_at, besides=period)
        for slot in _cards_of(period, starts_at, ends_at):
            placing.move(slot, room=slot.room, starts_at=starts_at, ends_at=ends_at)
        period.starts_at, period.ends_at = starts_at, ends_at
        log.touch(period)
    return period


def remove(period: Period, *, version: int | None = None) -> bool:
    """Take the row off the board; its cards stay where they are. False if it was gone already."""
    with changing(period.event_id) as log:
        try:
            period = _fresh(log, period)
        except PeriodChanged:
            return False
        if version is not None and version < period.version:
            raise PeriodChanged(_("Somebody was faster: this row has changed by now."))
        log.remove(period)
    return True


def free_times(
    start: datetime,
    until: datetime,
    length: timedelta,
    pause: timedelta,
    blocked: Sequence[tuple[datetime, datetime]],
) -> Iterator[tuple[datetime, datetime]]:
    """As many times of `length` as fit, one after the other; what is `blocked` needs no pause."""
    while start + length <= until:
        ends = [end for begin, end in blocked if begin < start + length and end > start]
        if ends:
            start = max(ends)
            continue
        yield start, start + length
        start += length + pause


def why_not(
    event: Event, starts_at: datetime, ends_at: datetime, period: Period | None = None
) -> str:
    """Why a row cannot have this time (`period`: the one that gets it), "" if it can."""
    try:
        _refuse_overlap(event, starts_at, ends_at, besides=period)
        if period is not None:
            _cards_of(Period.objects.get(pk=period.pk), starts_at, ends_at)
    except (PeriodRefused, barcamp.PlaceTaken) as refused:
        return refused.message
    return ""


def for_all(event: Event) -> list[Slot]:
    """What nobody should have to miss for a session: everywhere, fixed, or a break. One query."""
    slots = Slot.objects.filter(event=event, cancelled=False, session__proposal=None)
    all_go = Q(room=None) | Q(fixed=True) | Q(session__kind=Session.Kind.BREAK)
    return list(slots.filter(all_go).order_by("starts_at", "pk"))


def cards_in(event: Event, periods: Sequence[Period]) -> dict[int, int]:
    """How many cards of proposals touch each of these rows, by primary key. One query."""
    slots = list(Slot.objects.filter(event=event, session__proposal__isnull=False))
    return {
        period.pk: sum(
            slot.starts_at < period.ends_at and slot.ends_at > period.starts_at for slot in slots
        )
        for period in periods
    }


def _clear(log: Log, event: Event, starts_at: datetime, ends_at: datetime) -> list[Period]:
    """Remove the rows without cards that touch [starts_at, ends_at); the others are returned."""
    touched = list(Period.objects.filter(event=event, starts_at__lt=ends_at, ends_at__gt=starts_at))
    counts = cards_in(event, touched)
    log.remove_all([period for period in touched if not counts[period.pk]])
    return [period for period in touched if counts[period.pk]]


def _cards_of(period: Period, starts_at: datetime, ends_at: datetime) -> list[Slot]:
    """Those that go where the row goes. Raises PlaceTaken if one would stand on what is there."""
    own = Slot.objects.filter(
        event_id=period.event_id,
        session__proposal__isnull=False,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        fixed=False,
    )
    cards = list(own.select_related("room", "event", "session"))
    besides = tuple(slot.pk for slot in cards)
    for slot in cards:
        if not slot.cancelled:
            barcamp.refuse_taken(period.event, slot.room, starts_at, ends_at, besides=besides)
    return cards


def _refuse_overlap(
    event: Event, starts_at: datetime, ends_at: datetime, *, besides: Period | None = None
) -> None:
    if ends_at <= starts_at:
        raise PeriodRefused(_("It would end before it begins. Please change the times."))
    if not timedelta(minutes=MIN_MINUTES) <= ends_at - starts_at <= timedelta(minutes=MAX_MINUTES):
        raise PeriodRefused(_("Type how long a session lasts, 5 to 480 minutes."))
    others = Period.objects.filter(event=event, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    other = others.first()
    if other is not None:
        clock = [
            timezone.localtime(at, event.tz).strftime("%H:%M")
            for at in (other.starts_at, other.ends_at)
        ]
        words = _("There is a row from %(start)s to %(end)s already.")
        raise PeriodRefused(words % {"start": clock[0], "end": clock[1]})


def _fresh(log: Log, period: Period) -> Period:
    try:
        return log.fresh(period)
    except Period.DoesNotExist:
        raise PeriodChanged(_("Somebody has just removed this row.")) from None
