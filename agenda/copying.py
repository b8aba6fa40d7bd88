"""Begin the next event of a series from the last one, at other days. Takes nobody's words along.

Hours on the wall clock stay, also where the clock is changed in between. Posts, guests, stars,
barcamp sessions and people with tasks belong to the gathering that was, and are not copied.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from agenda.exchange.creating import free_slug
from agenda.models import (
    Appearance,
    Barcamp,
    Event,
    Membership,
    Period,
    Room,
    Session,
    Slot,
    User,
)
from agenda.models.event import new_code
from eventhub.live.log import Log, beginning

M = TypeVar("M", bound=Model)
RULES = ("look_first", "hosts_place", "hands_public", "pitch_clock")
AFRESH = ("id", "key", "guid", "origin", "revision", "version", "event")
# Who else has something that goes with an event: told in the open log of the new one.
_followers: list[Callable[[Log, Event, Event], None]] = []
_preparing: list[Callable[[Event], AbstractContextManager[Callable[[Log, Event], None]]]] = []


def follow_copies(act: Callable[[Log, Event, Event], None]) -> None:
    """Have `act(log, old, new)` called for each event that is copied."""
    _followers.append(act)


def prepare_copies(
    prepare: Callable[[Event], AbstractContextManager[Callable[[Log, Event], None]]],
) -> None:
    """Have `prepare(old)` entered before the new event's log is opened, for whatever takes time.

    What it gives is called with `(log, new)` in that log; it ends when the log is closed.
    """
    _preparing.append(prepare)


def copy(
    event: Event, *, first_day: date, by: User, name: str = "", every_slot: bool = False
) -> Event:
    """`event` once more, beginning on `first_day` (at its place); `by` organizes it.

    Placed is what is fixed, and breaks; `every_slot`: all that was not cancelled. Sessions come
    along either way. All of it or nothing; some ten statements and one for each 200 rows.
    """
    days = first_day - _local(event, event.starts_at).date()
    with ExitStack() as prepared:
        ready = [prepared.enter_context(prepare(event)) for prepare in _preparing]
        with beginning(lambda: _event(event, days, name)) as (new, log):
            Membership.objects.create(user=by, event=new, role=Membership.Role.ORGANIZER)
            _copy_programme(log, event, new, days, every_slot)
            for act in _followers:
                act(log, event, new)
            for finish in ready:
                finish(log, new)
    return new


def shifted(event: Event, at: datetime, days: timedelta) -> datetime:
    """`at` some days later, at the same hour of the event's own clock; in UTC."""
    local = _local(event, at)
    return datetime.combine(local.date() + days, local.time(), event.tz).astimezone(UTC)


def next_name(name: str, years: int) -> str:
    """ "Forum 2026" becomes "Forum 2027": the year in a name follows the days."""
    return re.sub(r"\b(20\d\d)\b", lambda found: str(int(found[1]) + years), name)


def _local(event: Event, at: datetime) -> datetime:
    return at.astimezone(event.tz)


def _event(old: Event, days: timedelta, name: str) -> Event:
    new = Event(**_values(old, "slug", "code", "settled", "purge_on"))
    new.starts_at, new.ends_at = _frame(old, old.starts_at, old.ends_at, days)
    years = _local(old, new.starts_at).year - _local(old, old.starts_at).year
    new.name = name or next_name(old.name, years)
    new.slug = free_slug(new.name)
    while Event.objects.filter(code=new.code).exists():
        new.code = new_code()
    new.purge_on = new.default_purge()
    new.full_clean()
    new.save()
    return new


def _frame(
    event: Event, start: datetime, end: datetime, days: timedelta
) -> tuple[datetime, datetime]:
    """Both shifted. Where the missing hour would put the end first, it keeps its length."""
    starts_at, ends_at = shifted(event, start, days), shifted(event, end, days)
    return starts_at, ends_at if ends_at > starts_at else starts_at + (end - start)


def _values(row: Model, *without: str) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in (*AFRESH, *without)]
    return {field.attname: getattr(row, field.attname) for field in fields}


def _copy_all(rows: Iterable[M], new: Event, **parts: dict[int, Any]) -> dict[int, M]:
    """New rows by the number of the old one; `parts` are new rows by the old ones' numbers."""
    copies: dict[int, M] = {}
    for row in rows:
        values = _values(row, *parts) | {
            name: known.get(getattr(row, f"{name}_id")) for name, known in parts.items()
        }
        copies[row.pk] = type(row)(event=new, **values)
    for model in {type(each) for each in copies.values()}:
        model._default_manager.bulk_create(copies.values(), batch_size=200)
    return copies


def _sessions(event: Event) -> QuerySet[Session]:
    """All of them, but for what guests brought to a barcamp."""
    own = event.sessions.all()
    has_one = Barcamp.objects.filter(event=event).exists()
    return own.exclude(kind=Session.Kind.BARCAMP) if has_one else own


def _copy_programme(log: Log, old: Event, new: Event, days: timedelta, every_slot: bool) -> None:
    rooms = _copy_all(old.rooms.all(), new)
    tracks = _copy_all(old.tracks.all(), new)
    speakers = _copy_all(old.speakers.all(), new)
    sessions = _copy_all(_sessions(old), new, track=tracks)
    named = Appearance.objects.filter(session__event=old).order_by("pk")
    Appearance.objects.bulk_create(
        Appearance(
            session=sessions[one.session_id],
            speaker=speakers[one.speaker_id],
            position=one.position,
        )
        for one in named
        if one.session_id in sessions
    )
    log.add_all(_slots(old, new, days, rooms, sessions, every_slot))
    _begin_barcamp(log, old, new, days)


def _begin_barcamp(log: Log, old: Event, new: Event, days: timedelta) -> None:
    """With the same time rows and rules, from its beginning."""
    if (barcamp := Barcamp.objects.filter(event=old).first()) is None:
        return
    rules = {name: getattr(barcamp, name) for name in RULES}
    log.add(Barcamp(event=new, **rules))
    for period in Period.objects.filter(event=old):
        starts_at, ends_at = _frame(old, period.starts_at, period.ends_at, days)
        log.add(Period(event=new, starts_at=starts_at, ends_at=ends_at))


def _slots(
    old: Event,
    new: Event,
    days: timedelta,
    rooms: dict[int, Room],
    sessions: dict[int, Session],
    every_slot: bool,
) -> list[Slot]:
    placed = Slot.objects.filter(event=old, cancelled=False).order_by("starts_at", "pk")
    if not every_slot:
        placed = placed.filter(Q(fixed=True) | Q(session__kind=Session.Kind.BREAK))
    slots = []
    known = (slot for slot in placed if slot.session_id in sessions)
    for number, slot in enumerate(known, start=1):
        starts_at, ends_at = _frame(old, slot.starts_at, slot.ends_at, days)
        slots.append(
            Slot(
                event=new,
                session=sessions[slot.session_id],
                room=rooms.get(slot.room_id or 0),
                guid=uuid.uuid4(),
                number=number,
                starts_at=starts_at,
                ends_at=ends_at,
                fixed=slot.fixed,
            )
        )
    return slots
