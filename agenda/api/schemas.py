"""What the API says, by shape. Every instant stands twice: in the event's own time and in UTC."""

from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from ninja import Schema

Row = TypeVar("Row")


class Licence(Schema):
    id: str
    name: str
    url: str


class EventOut(Schema):
    slug: str
    name: str
    place: str
    hashtag: str
    language: str
    zone: str
    starts_at: datetime
    starts_at_utc: datetime
    ends_at: datetime
    ends_at_utc: datetime
    day_ends_at: str  # such as 04:00, in its own time
    days: list[date]
    licence: Licence | None
    url: str


class RoomOut(Schema):
    id: UUID
    name: str
    where: str
    capacity: int | None


class TrackOut(Schema):
    id: int
    name: str
    colour: str


class SpeakerName(Schema):
    id: UUID
    name: str
    organisation: str


class SessionName(Schema):
    id: UUID
    title: str


class SpeakerOut(SpeakerName):
    bio: str
    link: str
    sessions: list[SessionName]


class LinkOut(Schema):
    title: str
    url: str


class Times(Schema):
    starts_at: datetime
    starts_at_utc: datetime
    ends_at: datetime
    ends_at_utc: datetime


class RoomName(Schema):
    id: UUID
    name: str


class Placement(Times):
    """Where and when a session takes place; no room: everywhere."""

    id: UUID
    number: int
    day: date
    room: RoomName | None
    cancelled: bool


class SessionShort(SessionName):
    subtitle: str
    kind: str
    language: str
    track: TrackOut | None
    speakers: list[SpeakerName]
    host: str
    url: str


class SessionOut(SessionShort):
    abstract: str
    description: str
    hashtag: str
    links: list[LinkOut]
    slots: list[Placement]


class Former(Schema):
    """Where a slot was before it was moved last."""

    starts_at: datetime | None
    starts_at_utc: datetime | None
    room: RoomName | None


class SlotOut(Placement):
    sequence: int
    changed_at: datetime
    changed_at_utc: datetime
    moved_from: Former | None
    session: SessionShort


class RoomNow(Schema):
    """What is on in one room, and what follows there on the same day."""

    room: RoomName | None
    now: SlotOut | None
    next: SlotOut | None


class NowAndNext(Schema):
    at: datetime
    at_utc: datetime
    rooms: list[RoomNow]


class Page(Schema, Generic[Row]):
    """`next` is the address of what follows, null on the last page."""

    items: list[Row]
    next: str | None


class ProblemWords(Schema):
    code: str
    message: str


class Problem(Schema):
    """The one shape of every error."""

    error: ProblemWords
