"""What runs now, what comes next, what the day holds. Reads the programme; draws nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agenda.models import Event, Proposal, Session, Slot
from eventhub.live.log import Log, changing
from eventhub.live.topics import EVENT, registry

SESSION = "session"  # the kind of a change to a session that stands nowhere

# Whoever else draws the title of a session: told in the open log, before a session is gone.
_followers: list[Callable[[Log, Sequence[Session], bool], None]] = []


@dataclass(frozen=True)
class Sections:
    """The slots of one event day as a guest asks for them.

    Cancelled ones stand where people look for them, and count for nothing.
    """

    now: list[Slot] = field(default_factory=list)
    next: list[Slot] = field(default_factory=list)
    later: list[Slot] = field(default_factory=list)
    past: list[Slot] = field(default_factory=list)

    @property
    def running(self) -> list[Slot]:
        return [slot for slot in self.now if not slot.cancelled]

    @property
    def next_at(self) -> datetime | None:
        """When it goes on; None if nothing more takes place today."""
        return next((slot.starts_at for slot in self.next if not slot.cancelled), None)


def slots_of_day(event: Event, at: datetime) -> list[Slot]:
    """All slots of the event day of `at` (aware), by time and room. One query.

    Before the event: its first day; after it: the last one with a programme. So a page is never
    empty without need.
    """
    day = event.day_of(min(max(at, event.starts_at), event.ends_at))
    slots = _slots_on(event, day)
    if not slots and at >= event.ends_at:
        # A party that ends after the day boundary ends on a day of its own, without a programme.
        last = Slot.objects.of(event).order_by("-starts_at").first()
        slots = _slots_on(event, event.day_of(last.starts_at)) if last else []
    return slots


def _slots_on(event: Event, day: date) -> list[Slot]:
    start, end = event.day_frame(day)
    return list(Slot.objects.of(event).between(start, end).in_order())


def arrange(slots: list[Slot], at: datetime) -> Sections:
    """Sort a day's slots by the clock. Slots are [start, end): at 10:00 one ending 10:00 is over.

    "Next" is everything until the earliest start to come of what takes place, whatever the room;
    what was to start before that and is cancelled stands there, too.
    """
    sections = Sections()
    starts = (slot.starts_at for slot in slots if not slot.cancelled and slot.starts_at > at)
    soonest = min(starts, default=None)
    for slot in slots:
        if slot.ends_at <= at:
            sections.past.append(slot)
        elif slot.starts_at <= at:
            sections.now.append(slot)
        elif soonest is not None and slot.starts_at <= soonest:
            sections.next.append(slot)
        else:
            sections.later.append(slot)
    return sections


def readable(event: Event) -> QuerySet[Session]:
    """The sessions that anybody may read of, placed or not.

    Left out is the card of a barcamp that stands nowhere and was taken back, declined, merged, or
    at which nobody has looked yet.
    """
    unread = Q(proposal__isnull=False) & ~Q(proposal__state__in=Proposal.PUBLIC)
    placed = Exists(Slot.objects.filter(session=OuterRef("pk")))
    return event.sessions.exclude(unread & ~placed)


def describe_anew(event: Event, slots: Iterable[Slot]) -> None:
    """Tell everybody that these slots look different, e.g. because a session was renamed.

    One question, however many slots; a slot that is gone by now has been told of already.
    """
    numbers = [slot.pk for slot in slots]
    with changing(event) as log:
        found = list(Slot.objects.of(event).filter(pk__in=numbers))
        told = [slot for slot in found if log.has_told(slot)]
        for slot in found:
            slot.changed_at = timezone.now()
        log.touch_all([slot for slot in found if slot not in told], ["changed_at"])
        for slot in told:
            log.touch(slot)


def follow_sessions(act: Callable[[Log, Sequence[Session], bool], None]) -> None:
    """Have `act(log, sessions, gone)` called for those that are retitled or removed at once."""
    _followers.append(act)


def tell_followers(log: Log, sessions: Sequence[Session], *, gone: bool) -> None:
    """For whoever writes sessions in bulk and tells their slots itself."""
    if sessions:
        for act in _followers:
            act(log, sessions, gone)


def session_changed(session: Session) -> None:
    """Tell everybody that `session` is new or called differently, wherever its title stands."""
    with changing(session.event_id) as log:
        slots = list(session.slots.all())
        describe_anew(session.event, slots)
        if not slots:
            _tell_organizers(log, session)
        tell_followers(log, [session], gone=False)


def remove(session: Session) -> None:
    """Delete `session`, and with it the slots that placed it, on every page in one moment."""
    with changing(session.event_id) as log:
        slots = list(session.slots.all())
        for slot in slots:
            log.remove(slot)
        if not slots:
            _tell_organizers(log, session)
        tell_followers(log, [session], gone=True)
        session.delete()


def _tell_organizers(log: Log, session: Session) -> None:
    """Of a session without a place nobody else knows."""
    log.tell(SESSION, topics=("tray",), object_id=session.pk, key="tray")


def event_changed(event: Event) -> None:
    """Name, hashtag, zone, colour ... are new: whatever shows something of them is drawn again."""
    with changing(event) as log:
        log.tell(EVENT, topics=registry.shared(), object_id=event.pk, key="event")
