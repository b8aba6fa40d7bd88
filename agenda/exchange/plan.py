"""A programme as a file has it, before it is anybody's event. Knows no format and no database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


class UnreadableError(Exception):
    """A file that cannot be taken at all; the text is for the person who handed it in."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the file that was mended or left out. `where`: a line, an id, a cell."""

    where: str
    words: str


@dataclass(slots=True)
class PlannedEvent:
    """What the file says of the event itself; "" and None where it says nothing."""

    name: str = ""
    place: str = ""
    hashtag: str = ""
    zone: str = ""  # IANA name
    first_day: date | None = None
    last_day: date | None = None


@dataclass(slots=True)
class PlannedRoom:
    name: str
    guid: str = ""
    capacity: int | None = None
    where: str = ""


@dataclass(slots=True)
class PlannedTrack:
    name: str
    colour: str = ""  # #rrggbb


@dataclass(slots=True)
class PlannedSpeaker:
    """`origin`: what the file calls this person, unique in it; else the name."""

    origin: str
    name: str
    guid: str = ""
    organisation: str = ""
    bio: str = ""
    link: str = ""


@dataclass(slots=True)
class PlannedSession:
    """`origin` is stable from one edition of the file to the next, and unique in it.

    `speakers` are origins of speakers in their order, `track` is a track's name or "". Texts are
    plain, without markup. `kind` is one of Session.Kind. `guid` is a UUID as text, or "".
    """

    origin: str
    title: str
    guid: str = ""
    subtitle: str = ""
    kind: str = "talk"
    track: str = ""
    speakers: list[str] = field(default_factory=list)
    host: str = ""
    abstract: str = ""
    description: str = ""
    language: str = ""
    hashtag: str = ""
    links: list[dict[str, str]] = field(default_factory=list)  # title, url


@dataclass(slots=True)
class PlannedSlot:
    """A session (by its origin) in a room (by its name, "": everywhere), aware times, half-open."""

    origin: str
    session: str
    room: str
    starts_at: datetime
    ends_at: datetime
    guid: str = ""
    number: int | None = None
    cancelled: bool = False
    fixed: bool = False
    sequence: int = 0


@dataclass(slots=True)
class Plan:
    """One file's whole programme, in the file's order, with what was odd in it.

    `silent`: what this format cannot say, as "session.hashtag", "room.capacity", "speaker.bio",
    "slot.fixed"; an import leaves that as it is. Everything else that is empty here becomes empty.
    "slot.cancelled", "session.unplaced": what is cancelled, or has no time, is left out of it.
    """

    format: str  # the registry's name of the format it was read from
    event: PlannedEvent = field(default_factory=PlannedEvent)
    rooms: list[PlannedRoom] = field(default_factory=list)
    tracks: list[PlannedTrack] = field(default_factory=list)
    speakers: list[PlannedSpeaker] = field(default_factory=list)
    sessions: list[PlannedSession] = field(default_factory=list)
    slots: list[PlannedSlot] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)


class Reader(Protocol):
    """What a module of a format offers to `agenda.exchange.registry`."""

    NAME: str  # in addresses and reports: "schedule.xml"

    def recognises(self, data: bytes, name: str) -> bool:
        """Whether the content looks like this format; `name` is a hint and may lie."""

    def read(self, data: bytes, *, zone: str) -> Plan:
        """The plan; `zone` holds for times without one. Raises UnreadableError."""
