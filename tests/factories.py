"""Make what a test is about, with sensible defaults for the rest; assert nothing.

Every function that writes rows people see opens the log itself and joins one that is open.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from agenda import barcamp as barcamps
from agenda.models import (
    Attendee,
    Barcamp,
    Event,
    Membership,
    Period,
    Proposal,
    Room,
    Session,
    Slot,
    Speaker,
    Track,
    User,
)
from eventhub.live.log import changing
from eventhub.live.models import new_key
from wall import photos, rules
from wall.models import Author, Photo, Picture, Post, Rule, Screen, Source
from wall.sources.base import Batch, Incoming

DAY = datetime(2026, 10, 7, 0, 0, tzinfo=UTC)
_numbers = count(1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def make_event(**fields: Any) -> Event:
    """An event of one day, 8 to 18 o'clock UTC."""
    number = next(_numbers)
    defaults = {
        "name": f"Event {number}",
        "slug": f"event-{number}",
        "code": _code(number),
        "hashtag": "handfest",
        "starts_at": DAY + timedelta(hours=8),
        "ends_at": DAY + timedelta(hours=18),
        "purge_on": date(2099, 1, 1),  # whatever day the test is run on
    }
    return Event.objects.create(**defaults | fields)


def make_room(event: Event, name: str = "", **fields: Any) -> Room:
    return Room.objects.create(event=event, name=name or f"Room {next(_numbers)}", **fields)


def make_track(event: Event, name: str = "", **fields: Any) -> Track:
    return Track.objects.create(event=event, name=name or f"Track {next(_numbers)}", **fields)


def make_speaker(event: Event, name: str = "", **fields: Any) -> Speaker:
    return Speaker.objects.create(event=event, name=name or f"Speaker {next(_numbers)}", **fields)


def make_session(event: Event, title: str = "", **fields: Any) -> Session:
    return Session.objects.create(event=event, title=title or f"Talk {next(_numbers)}", **fields)


def make_slot(
    event: Event,
    *,
    session: Session | None = None,
    room: Room | None = None,
    start: str = "10:00",
    minutes: int = 30,
) -> Slot:
    """A slot at `start` (UTC) on the event's day; without a room it is everywhere."""
    starts_at = at(start)
    with changing(event) as log:
        return log.add(
            Slot(
                event=event,
                session=session or make_session(event),
                room=room,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=minutes),
            )
        )


def make_barcamp(event: Event, phase: str = Barcamp.Phase.COLLECT, **fields: Any) -> Barcamp:
    """`event` has a barcamp in `phase`."""
    with changing(event) as log:
        barcamp = log.fresh(barcamps.set_up(event))
        for name, value in (fields | {"phase": phase}).items():
            setattr(barcamp, name, value)
        log.touch(barcamp)
    return barcamp


def make_period(event: Event, start: str = "10:00", minutes: int = 45) -> Period:
    """A time row of the board, from `start` (UTC) on the event's day."""
    starts_at = at(start)
    with changing(event) as log:
        ends_at = starts_at + timedelta(minutes=minutes)
        return log.add(Period(event=event, starts_at=starts_at, ends_at=ends_at))


def make_proposal(event: Event, title: str = "", **fields: Any) -> Proposal:
    """A proposal in the queue, at its end."""
    number = next(_numbers)
    with changing(event) as log:
        defaults = {"title": title or f"Proposal {number}", "position": number}
        return log.add(Proposal(event=event, **defaults | fields))


def make_post(event: Event, *, state: str = Post.State.SHOWN, **fields: Any) -> Post:
    """A foreign post in `state`; a hidden one was never shown before."""
    number = next(_numbers)
    defaults = {
        "origin": f"https://social.example/posts/{number}",
        "network": "mastodon",
        "author_name": "Ada",
        "author_handle": "@ada@social.example",
        "text": f"Post {number}",
        "written_at": at("09:00"),
    }
    with changing(event) as log:
        return log.add(Post(event=event, state=state, **defaults | fields))


def make_attendee(event: Event, nickname: str = "") -> Attendee:
    return Attendee.objects.create(event=event, key=new_key(), nickname=nickname)


def make_note(event: Event, *, attendee: Attendee | None = None, **fields: Any) -> Post:
    """A post of a guest of this event."""
    attendee = attendee or make_attendee(event)
    defaults: dict[str, Any] = {
        "attendee": attendee,
        "origin": f"note:{attendee.key}:{new_key()}",
        "network": "note",
        "author_name": attendee.nickname,
        "author_handle": "",
    }
    return make_post(event, **defaults | fields)


def make_photo(post: Post, **fields: Any) -> Photo:
    """A photo of `post`, whose event takes photos from now on; `data` says what is in its file."""
    data = fields.pop("data", b"RIFF\x0a\0\0\0WEBPcanary")
    if not post.event.photos:
        post.event.photos = True
        post.event.save(update_fields=["photos"])
    stored = photos.store(photos.CheckedPhoto(data, 640, 480))
    with changing(post.event_id) as log:
        return photos.attach(log, post, stored, **fields)


def make_author(event: Event, **fields: Any) -> Author:
    """Somebody on another network; `identity` is the handle unless given."""
    number = next(_numbers)
    handle = fields.pop("handle", f"@ada{number}@social.example")
    defaults = {"identity": handle, "network": "mastodon", "host": "social.example", "name": "Ada"}
    return Author.objects.create(event=event, handle=handle, **defaults | fields)


def make_picture(post: Post | None = None, **fields: Any) -> Picture:
    """A picture that is kept, with `data` in its file; of `post`, or of what `fields` say."""
    data = fields.pop("data", b"RIFF\x0a\0\0\0WEBPcanary")
    stored = photos.store(photos.CheckedPhoto(data, 640, 480))
    defaults: dict[str, Any] = {
        "event_id": post.event_id if post is not None else None,
        "post": post,
        "key": stored.key,
        "url": f"https://files.example/{stored.key}.png",
        "state": Picture.State.KEPT,
        "width": stored.width,
        "height": stored.height,
    }
    return Picture.objects.create(**{k: v for k, v in (defaults | fields).items() if v is not None})


def make_rule(event: Event, mode: str = Rule.Mode.FREE, **fields: Any) -> Rule:
    """The rule of `event` is this from now on."""
    with changing(event) as log:
        rule = rules.of(log, event)
        for name, value in (fields | {"mode": mode}).items():
            setattr(rule, name, value)
        log.touch(rule)
    return rule


def make_source(event: Event, **fields: Any) -> Source:
    defaults: dict[str, Any] = {
        "adapter": "mastodon",
        "name": "#handfest",
        "config": {"server": "https://social.example", "tag": "handfest"},
    }
    with changing(event) as log:
        return log.add(Source(event=event, **defaults | fields))


def make_incoming(key: str = "", **fields: Any) -> Incoming:
    """What an adapter brings: one post from elsewhere."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "key": key or f"https://social.example/posts/{number}",
        "author": "@ada@social.example",
        "name": "Ada",
        "text": f"Post {number}",
        "written_at": at("09:00"),
    }
    return Incoming(**defaults | fields)


def make_batch(*items: Incoming, cursor: str = "1", wait_s: float = 10) -> Batch:
    return Batch(items=items, cursor=cursor, wait_s=wait_s)


def make_screen(event: Event, *, key: str = "", **fields: Any) -> Screen:
    """A beamer that `key` opens."""
    key = key or new_key()
    with changing(event) as log:
        return log.add(
            Screen(event=event, **{"name": "Main hall", "key_hash": Screen.hash_key(key)} | fields)
        )


def make_user(username: str = "", *, password: str | None = None, **fields: Any) -> User:
    """Without a password nobody can sign in as this person, and none is hashed."""
    return User.objects.create_user(
        username=username or f"user-{next(_numbers)}", password=password, **fields
    )


def make_moderator(event: Event, username: str = "", **fields: Any) -> User:
    """A person with a desk in `event`."""
    user = make_user(username, **fields)
    Membership.objects.create(user=user, event=event, role=Membership.Role.MODERATOR)
    return user


def at(clock: str) -> datetime:
    """The instant of `clock` ("10:00", UTC) on the day of every event made here."""
    hours, minutes = clock.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def _code(number: int) -> str:
    letters = ""
    for _ in range(5):
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters
