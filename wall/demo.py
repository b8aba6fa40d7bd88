"""Set up the demo event around the present, and move it when its day is over. Judges no posts."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from agenda.models import Event
from agenda.models.event import new_code
from eventhub.live.log import Log, changing
from wall import demo_day as day
from wall import demo_texts as texts
from wall.demo_barcamp import add_barcamp, shift_barcamp
from wall.demo_organizer import add_organizer, new_password
from wall.demo_programme import add_programme, shift
from wall.models import Rule, Screen, Source

ZONE = "Europe/Berlin"
GRID = timedelta(minutes=5)
PANEL_LEFT = timedelta(minutes=30)  # of the panel, at the moment of setting up
LONGEST = timedelta(hours=10)  # after the doors opened; then the day is laid anew


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """What `ensure_demo` found or did. Keys and password are known only at their creation.

    `screen_key` opens the wall in the foyer, `hall_key` the beamer that follows the programme.
    """

    event: Event
    created: bool
    moved: bool
    screen_key: str | None = None
    hall_key: str | None = None
    password: str | None = None


def demo_event() -> Event | None:
    """The event that was made here, whatever it is called by now.

    Its source carries the phases of its day. A demo source alone proves nothing: somebody may try
    one in an event of their own, and that must never be moved.
    """
    made_here = Q(sources__adapter="demo", sources__config__has_key="phases") | Q(slug=day.SLUG)
    return Event.objects.filter(made_here).order_by("pk").first()


def ensure_demo(now: datetime) -> DemoEvent:
    """Create the demo event once; later, move it when `now` (aware) lies outside its day.

    After creating and after moving, `now` is in the running panel with about 30 minutes left.
    Otherwise nothing is written. Whatever organizers changed stays; all slots move alike.
    """
    now = now.astimezone(UTC)  # adding hours to local time goes wrong in the night of a change
    event = demo_event() or _new_event(now)
    # An event without rooms and sources is one whose creation was cut short: finish it.
    if not event.rooms.exists() and not event.sources.exists():
        return _furnish(event)
    if _is_around(event, now):
        return DemoEvent(event, created=False, moved=False)
    return _move(event, now)


# --- creation


def _new_event(now: datetime) -> Event:
    """The bare event; of two processes that start together, one creates and both get it."""
    starts_at = _doors_open(now)
    ends_at = starts_at + timedelta(minutes=day.MINUTES)
    event = Event(
        name=day.NAME,
        slug=day.SLUG,
        code=new_code() if Event.objects.filter(code=day.CODE).exists() else day.CODE,
        hashtag=day.HASHTAG,
        place=day.PLACE,
        zone=ZONE,
        starts_at=starts_at,
        ends_at=ends_at,
        day_boundary=_boundary(starts_at, ends_at),
        language=Event.Language.DE,
        prompt=day.PROMPT,
        contact=day.CONTACT,
        wifi_name=texts.WIFI_NAME,
        wifi_password=texts.WIFI_PASSWORD,
        directions=texts.DIRECTIONS,
        first_aid=texts.FIRST_AID,
        info=texts.INFO,
        imprint=texts.IMPRINT,
        privacy=texts.PRIVACY,
        licence=Event.Licence.CC0,
    )
    event.purge_on = event.default_purge()
    Event.objects.bulk_create([event], ignore_conflicts=True)
    return Event.objects.get(slug=day.SLUG)


def _furnish(event: Event) -> DemoEvent:
    screen_key, hall_key = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    password = new_password()
    hashed = make_password(password)  # slow on purpose, so outside the log
    with changing(event) as log:
        if event.rooms.exists():  # another process was faster
            return DemoEvent(event, created=False, moved=False)
        add_programme(log, event)
        add_barcamp(log, event)
        log.add(Rule(event=event, mode=Rule.Mode.FREE, fallback=Rule.Fallback.GO_ON))
        source = Source(event=event, adapter="demo", name="Vorführung", budget=1000)
        source.config = _demo_config(event)  # it begins with a whole morning at once
        log.add(source)
        _put_up_screens(log, event, screen_key, hall_key)
        is_new = add_organizer(event, hashed)
    return DemoEvent(event, True, False, screen_key, hall_key, password if is_new else None)


def _put_up_screens(log: Log, event: Event, screen_key: str, hall_key: str) -> None:
    """In the foyer the wall, whatever is on; in the hall a beamer that follows the programme."""
    foyer = Screen(event=event, name=day.FOYER, view=Screen.View.WALL, place=Screen.Place.FOYER)
    hall = Screen(event=event, name=day.SAAL, room=event.rooms.get(name=day.SAAL))
    for screen, key in ((foyer, screen_key), (hall, hall_key)):
        screen.key_hash = Screen.hash_key(key)
        log.add(screen)


# --- time


def _doors_open(now: datetime) -> datetime:
    """When the day begins so that `now` is in the panel, on the five-minute grid."""
    panel_ends = now + PANEL_LEFT + GRID / 2
    on_grid = panel_ends - timedelta(seconds=panel_ends.timestamp() % GRID.total_seconds())
    return on_grid - timedelta(minutes=day.PANEL_ENDS)


def _boundary(starts_at: datetime, ends_at: datetime) -> time:
    """The hour at which a day ends: four in the morning, or after a demo that runs at four."""
    start, end = (at.astimezone(ZoneInfo(ZONE)) for at in (starts_at, ends_at))
    four = end.replace(hour=4, minute=0)
    return time(4) if not start < four < end else time(end.hour + 1)


def _is_around(event: Event, now: datetime) -> bool:
    return event.starts_at <= now < min(event.ends_at, event.starts_at + LONGEST)


def _move(event: Event, now: datetime) -> DemoEvent:
    with changing(event) as log:
        event = Event.objects.get(pk=event.pk)
        if _is_around(event, now):  # another process was faster
            return DemoEvent(event, created=False, moved=False)
        delta = _doors_open(now) - event.starts_at
        keeps_boundary = event.day_boundary != _boundary(event.starts_at, event.ends_at)
        event.starts_at += delta
        event.ends_at += delta
        event.purge_on = event.default_purge()
        if not keeps_boundary:
            event.day_boundary = _boundary(event.starts_at, event.ends_at)
        event.save(update_fields=["starts_at", "ends_at", "purge_on", "day_boundary"])
        for slot in map(log.fresh, event.slots.all()):
            shift(slot, delta)
            log.touch(slot)
        shift_barcamp(log, event, delta)
        for source in map(log.fresh, event.sources.filter(adapter="demo")):
            source.config = {**source.config, "phases": _phases(event)}
            source.next_try_at = None
            log.touch(source)
    return DemoEvent(event, created=False, moved=True)


# --- sources


def _demo_config(event: Event) -> dict[str, str]:
    return {"tag": event.hashtag, "pace": "1.0", "phases": _phases(event)}


def _phases(event: Event) -> str:
    """When which part of the day begins, as the demo source reads it."""
    opens_s = int(event.starts_at.timestamp())
    return " ".join(
        f"{row.phase}={opens_s + row.begins * 60}" for row in day.PROGRAMME if row.phase
    )
