"""Begin an event: its days, rooms, people, one screen and one source. All of it, or nothing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from agenda import barcamp
from agenda.exchange.creating import free_slug
from agenda.models import Event, Membership, Room, User
from agenda.models.event import RESERVED, new_code
from eventhub.live.log import Log, beginning
from wall.direction import FIELDS
from wall.models import Direction, Listed, Rule, Screen, Source
from wall.organizers import ensure_group
from wall.targets import parse_server

SERVER = "mastodon.social"
DAY_ENDS = time(4)  # what happens before belongs to the evening before
MAX_ROOMS = 100
OF_DIRECTION = tuple(name for name in FIELDS if name != "next_stop")
OF_SOURCES = ("mode", "budget", "languages", "include_tags", "exclude_tags")


@dataclass(frozen=True, slots=True)
class Wish:
    """What one page asks. Days are calendar days at the place; it may close after midnight."""

    name: str
    hashtag: str
    first_day: date
    last_day: date
    opens: time = time(9)
    closes: time = time(18)
    place: str = ""
    rooms: Sequence[str] = field(default_factory=list)
    zone: str = "Europe/Berlin"
    language: str = "de"
    server: str = SERVER
    barcamp: bool = False


@dataclass(frozen=True, slots=True)
class Founded:
    """The new event. The key opens its screen; it is known only now."""

    event: Event
    screen_key: str


def may_found(user: User) -> bool:
    """Whoever runs the server, and whoever organizes an event."""
    return Event.objects.organized_by(user).exists() or (user.is_active and user.is_superuser)


def found(wish: Wish, *, by: User) -> Founded:
    """The event that `by` organizes from now on, with nothing of the demo in it.

    Posts from elsewhere are looked at first: who knows by whom a tag is used. Raises ValueError in
    plain words for a server that cannot be one; whatever fails leaves nothing behind.
    """
    server, key = parse_server(wish.server), secrets.token_urlsafe(16)
    with beginning(lambda: _event(wish)) as (event, log):
        Membership.objects.create(user=by, event=event, role=Membership.Role.ORGANIZER)
        rooms = [
            Room.objects.create(event=event, name=name, position=position)
            for position, name in enumerate(dict.fromkeys(wish.rooms))
        ]
        log.add(Rule(event=event, mode=Rule.Mode.REVIEW))
        log.add(_screen(event, rooms[0] if rooms else None, key))
        source = Source(
            event=event, adapter="mastodon", name=f"#{wish.hashtag}, {wish.server}"[:120]
        )
        source.config = {"server": server, "tag": wish.hashtag}
        log.add(source)
        if wish.barcamp:
            barcamp.set_up(event)
        if by.is_staff and not by.is_superuser:
            by.groups.add(ensure_group())
    return Founded(event, key)


def _screen(event: Event, room: Room | None, key: str) -> Screen:
    """The first screen stands in the first room; without rooms in the hall."""
    name = room.name if room is not None else _("Screen")
    return Screen(event=event, name=name, room=room, key_hash=Screen.hash_key(key))


def copied(log: Log, old: Event, new: Event) -> None:
    """The next of a series has the same rule, lists and direction and reads the same places. Its
    screens are paired anew; who was trusted, blocked or spoken to belongs to the gathering that
    was, and so does how late it ran. Only where it goes from here must be said anew.
    """
    for rule in Rule.objects.filter(event=old):
        names = ("mode", "delay_s", "fallback", "hold_first")
        log.add(Rule(event=new, **{name: getattr(rule, name) for name in names}))
    for source in Source.objects.filter(event=old).exclude(adapter="demo"):
        log.add(
            Source(
                event=new,
                adapter=source.adapter,
                name=source.name,
                config=source.config,
                token_sealed=source.token_sealed,
                **{name: getattr(source, name) for name in OF_SOURCES},
            )
        )
    for direction in Direction.objects.filter(event=old):
        log.add(Direction(event=new, **{name: getattr(direction, name) for name in OF_DIRECTION}))
    names = ("what", "written", "folded", "by_id")
    Listed.objects.bulk_create(
        Listed(event=new, **{name: getattr(one, name) for name in names})
        for one in Listed.objects.filter(event=old).order_by("pk")
    )


def frame(wish: Wish) -> tuple[datetime, datetime]:
    """When the event begins and ends: aware. Closing before it opens is the next morning."""
    zone = ZoneInfo(wish.zone)
    over = timedelta(days=1) if wish.closes <= wish.opens else timedelta()
    starts_at = datetime.combine(wish.first_day, wish.opens, zone)
    return starts_at, datetime.combine(wish.last_day + over, wish.closes, zone)


def _event(wish: Wish) -> Event:
    starts_at, ends_at = frame(wish)
    late = wish.closes <= wish.opens and wish.closes > DAY_ENDS
    event = Event(
        name=wish.name,
        slug=free_slug(wish.name),
        code=_free_code(),
        hashtag=wish.hashtag,
        place=wish.place,
        zone=wish.zone,
        language=wish.language,
        starts_at=starts_at,
        ends_at=ends_at,
        day_boundary=wish.closes if late else DAY_ENDS,
    )
    event.purge_on = event.default_purge()
    event.full_clean()
    event.save()
    return event


def _free_code() -> str:
    while Event.objects.filter(code=(code := new_code())).exists() or code.lower() in RESERVED:
        pass
    return code
