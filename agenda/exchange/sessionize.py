"""Read what Sessionize hands out as JSON: the views All, Sessions and GridSmart.

Times have no zone there: they are the event's. Track, format and language are categories by their
titles. A plenum session stands in several rooms of the grid; it is one.
"""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from agenda.exchange import json_values as values
from agenda.exchange import texts
from agenda.exchange.frab import kind
from agenda.exchange.json_values import Object
from agenda.exchange.plan import (
    Oddity,
    Plan,
    PlannedRoom,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    PlannedTrack,
    UnreadableError,
)
from agenda.exchange.words import gettext as _

NAME = "sessionize"
TAKES_PLACE = {"", "accepted"}
SILENT = {
    *("room.where", "room.capacity", "track.colour", "session.host", "session.subtitle"),
    *("session.description", "session.hashtag", "slot.fixed", "slot.cancelled"),
}
TRACKS = ("track", "thema", "topic", "strang")
FORMATS = ("format", "type")
LANGUAGES = ("language", "sprache")
GUID_CHARS = 36


def recognises(data: bytes, name: str) -> bool:
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return head in (b"{", b"[") and b'"startsAt"' in data and b'"title"' in data


def read(data: bytes, *, zone: str) -> Plan:
    document = values.loaded(data)
    maker = _Maker(Plan(NAME, silent=set(SILENT)), ZoneInfo(zone))
    if isinstance(document, dict):
        maker.all(document)
    else:
        maker.views(document)
    if not maker.plan.sessions:
        raise UnreadableError(_("There is no session in the file."))
    return maker.plan


@dataclass
class _Maker:
    plan: Plan
    zone: ZoneInfo
    rooms: dict[str, str] = field(default_factory=dict)  # by id: name
    categories: dict[str, tuple[str, str]] = field(default_factory=dict)  # by item: title, name
    seen: set[str] = field(default_factory=set)  # ids of sessions and speakers

    def all(self, document: Object) -> None:
        """The view All: everything once, joined by ids."""
        rooms = [*values.objects(document.get("rooms"))]
        for room in sorted(rooms, key=lambda one: values.number(one.get("sort")) or 0):
            self.room(room)
        for category in values.objects(document.get("categories")):
            for item in values.objects(category.get("items")):
                pair = values.said(category.get("title")), values.said(item.get("name"))
                self.categories[values.said(item.get("id"))] = pair
        for speaker in values.objects(document.get("speakers")):
            self.speaker(speaker)
        for session in values.objects(document.get("sessions")):
            self.session(session)

    def views(self, document: Any) -> None:
        """Sessions and GridSmart: groups or days of sessions with everything embedded."""
        self.plan.silent |= {"speaker.organisation", "speaker.bio", "speaker.link"}
        for group in values.objects(document):
            for room in values.objects(group.get("rooms")):
                self.room(room)
            for one in (group, *values.objects(group.get("rooms"))):
                for session in values.objects(one.get("sessions")):
                    self.session(session)

    def room(self, value: Object) -> None:
        name = values.said(value.get("name"))
        self.rooms[values.said(value.get("id"))] = name
        if name not in {room.name for room in self.plan.rooms}:
            self.plan.rooms.append(PlannedRoom(name))

    def speaker(self, value: Any) -> str:
        """The id of a speaker, who is kept at the first mention."""
        if not isinstance(value, dict):
            return values.said(value)
        origin = values.said(value.get("id"))
        if f"speaker {origin}" not in self.seen:
            self.seen.add(f"speaker {origin}")
            halves = (values.said(value.get("firstName")), values.said(value.get("lastName")))
            names = (values.said(value.get(key)) for key in ("fullName", "name"))
            links = [values.said(one.get("url")) for one in values.objects(value.get("links"))]
            self.plan.speakers.append(
                PlannedSpeaker(
                    origin,
                    next(filter(None, names), " ".join(halves)),
                    guid=origin if len(origin) == GUID_CHARS else "",
                    organisation=values.said(value.get("tagLine")),
                    bio=texts.without_markup(values.said(value.get("bio"))),
                    link=next(iter(links), ""),
                )
            )
        return origin

    def session(self, value: Object) -> None:
        origin, title = values.said(value.get("id")), values.said(value.get("title"))
        status = values.said(value.get("status"))
        if f"session {origin}" in self.seen and value.get("isPlenumSession"):
            return
        self.seen.add(f"session {origin}")
        if status.lower() not in TAKES_PLACE:
            words = _("“{title}” is {state} and was left out.")
            self.odd(origin, words.format(title=title, state=status))
            return
        found = self.named(value)
        track, form = _of(found, TRACKS), _of(found, FORMATS)
        if track and track not in {known.name for known in self.plan.tracks}:
            self.plan.tracks.append(PlannedTrack(track))
        links = (value.get("liveUrl"), value.get("recordingUrl"))
        self.plan.sessions.append(
            PlannedSession(
                origin,
                title,
                guid=origin if len(origin) == GUID_CHARS else "",
                kind="break" if value.get("isServiceSession") is True else kind(form),
                track=track,
                speakers=[self.speaker(one) for one in values.items(value.get("speakers"))],
                abstract=texts.without_markup(values.said(value.get("description"))),
                language=_of(found, LANGUAGES),
                links=[{"title": "", "url": url} for url in map(values.said, links) if url],
            )
        )
        self.place(origin, value)

    def place(self, origin: str, value: Object) -> None:
        starts_at = values.instant(value.get("startsAt"), self.zone)
        ends_at = values.instant(value.get("endsAt"), self.zone)
        room = values.said(value.get("room"))
        room = room or self.rooms.get(values.said(value.get("roomId")), "")
        if starts_at and ends_at:
            self.plan.slots.append(PlannedSlot(origin, origin, room, starts_at, ends_at))
        elif value.get("startsAt"):
            self.odd(origin, _("Its time cannot be read; it was not placed in the programme."))

    def named(self, value: Object) -> list[tuple[str, str]]:
        """The session's categories as (title of the category, chosen item)."""
        found = [
            self.categories[number]
            for number in map(values.said, values.items(value.get("categoryItems")))
            if number in self.categories
        ]
        for category in values.objects(value.get("categories")):
            title = values.said(category.get("name"))
            for item in values.objects(category.get("categoryItems")):
                found.append((title, values.said(item.get("name"))))
        return found

    def odd(self, where: str, words: str) -> None:
        self.plan.oddities.append(Oddity(where, words))


def _of(found: list[tuple[str, str]], titles: tuple[str, ...]) -> str:
    """The first item of a category whose title has one of these words in it."""
    return next(
        (name for title, name in found if any(word in title.lower() for word in titles)), ""
    )
