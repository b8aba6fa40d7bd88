"""What the page of one session holds, and the place where other apps add to it. Draws nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import get_language_info

from agenda import programme
from agenda.models import Event, Session, Slot, Speaker


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with a session, on another page."""

    address: str
    words: str


@dataclass(frozen=True)
class Part:
    """What another app shows on the page of a session: a partial, and what its page must load."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    action: Action | None = None
    topics: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


# (session, key of the guest or None) -> its part; with a constant number of queries.
MakePart = Callable[[Session, str | None], Part]
_parts: list[MakePart] = []


def add_part(make: MakePart) -> None:
    """Another app has something to say on each session's page, such as the notes written to it."""
    if make not in _parts:
        _parts.append(make)


def parts(session: Session, guest: str | None) -> list[Part]:
    return [make(session, guest) for make in _parts]


def find(event: Event, number: int) -> Session | None:
    """The session of this event with all that its page names; at most three queries."""
    sessions = (
        programme.readable(event).select_related("track").prefetch_related("appearances__speaker")
    )
    session = sessions.filter(pk=number).first()
    if session is not None:
        session.event = event
    return session


def slots_of(session: Session) -> list[Slot]:
    """All its slots by time: repeats and cancelled ones as well."""
    return list(Slot.objects.of(session.event).filter(session=session).in_order())


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be followed, and where it leads in words that cannot deceive."""

    title: str
    url: str
    host: str


def link(url: object, title: object = "") -> Link | None:
    """None for whatever is not an ordinary http(s) address: files bring all sorts of things."""
    if not isinstance(url, str) or any(ord(letter) < 33 for letter in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return None
    words = title.strip() if isinstance(title, str) else ""
    return Link(words or host, url, host)


def links(session: Session) -> list[Link]:
    """Those of its links that may be followed."""
    given = session.links if isinstance(session.links, list) else []
    found = [link(each.get("url"), each.get("title")) for each in given if isinstance(each, dict)]
    return [each for each in found if each is not None]


@dataclass(frozen=True, slots=True)
class Person:
    speaker: Speaker
    link: Link | None


def people(session: Session) -> list[Person]:
    """Its speakers in their order; asks nothing after `find`."""
    speakers = [appearance.speaker for appearance in session.appearances.all()]
    return [Person(speaker, link(speaker.link)) for speaker in speakers]


def spoken_language(code: str) -> str:
    """ "de" as one says it in the active language; an unknown code as it is."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
