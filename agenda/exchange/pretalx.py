"""Read what pretalx hands out by its REST API: submissions or talks, slots, speakers.

One list or page of it, a list of pages joined to one, or an object with several of them:
{"submissions": […], "speakers": […], "rooms": […], "tracks": […], "slots": […]}. Old and new
versions differ in what is embedded and what is only named by its id; both are understood. pretalx's
`schedule.json` is read by `schedule_json`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agenda.exchange import json_values as values
from agenda.exchange import texts
from agenda.exchange.frab import kind as kind_of
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

NAME = "pretalx"
PARTS = ("submissions", "talks", "speakers", "rooms", "tracks", "slots")
TAKES_PLACE = {"", "accepted", "confirmed", "scheduled"}
CANCELLED = {"canceled", "cancelled"}
SILENT = {
    *("room.where", "session.host", "session.subtitle", "session.hashtag"),
    *("speaker.organisation", "speaker.link", "slot.fixed"),
}


def recognises(data: bytes, name: str) -> bool:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return False
    try:
        parts = _parts(values.loaded(data))
    except UnreadableError:
        # A broken file is named by whoever reads it; two words tell that it was meant for us.
        return b'"submission_type"' in data and b'"code"' in data
    return any(_is_submission(one) for one in parts["submissions"] + parts["talks"])


def read(data: bytes, *, zone: str) -> Plan:
    parts = _parts(values.loaded(data))
    maker = _Maker(Plan(NAME, silent=set(SILENT)), ZoneInfo(zone), parts)
    for submission in [*parts["submissions"], *parts["talks"]]:
        maker.take(submission)
    maker.breaks()
    return maker.finished()


def _parts(document: Any) -> dict[str, list[Object]]:
    """What is there, by its name; a page of the API is what its entries look like."""
    parts: dict[str, list[Object]] = {name: [] for name in PARTS}
    if isinstance(document, dict) and "results" not in document:
        for name in PARTS:
            inner = document.get(name)
            parts[name] += _entries(inner)
        return parts
    for entry in _entries(document):
        if _is_submission(entry):
            parts["submissions"].append(entry)
        elif "code" in entry and "name" in entry:
            parts["speakers"].append(entry)
        elif "results" in entry:
            for name, found in _parts(entry).items():
                parts[name] += found
    return parts


def _entries(value: Any) -> list[Object]:
    return [*values.objects(value.get("results") if isinstance(value, dict) else value)]


def _is_submission(entry: Object) -> bool:
    return "code" in entry and "title" in entry and "name" not in entry


def _in_all_languages(value: Any) -> str:
    """What a type is called, in every language it has; one of them may be known."""
    name = value.get("name", value) if isinstance(value, dict) else value
    return (
        " ".join(map(values.said, name.values())) if isinstance(name, dict) else values.said(name)
    )


@dataclass
class _Maker:
    plan: Plan
    zone: ZoneInfo
    parts: dict[str, list[Object]]
    rooms: dict[str, str] = field(default_factory=dict)  # by id: name
    tracks: dict[str, str] = field(default_factory=dict)
    slots: dict[str, list[Object]] = field(default_factory=dict)  # by the submission's code
    speakers: dict[str, PlannedSpeaker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for room in self.parts["rooms"]:
            self.room(room)
        for track in self.parts["tracks"]:
            self.track(track)
        for speaker in self.parts["speakers"]:
            self.speaker(speaker)
        for slot in self.parts["slots"]:
            submission = slot.get("submission")
            code = submission.get("code") if isinstance(submission, dict) else submission
            self.slots.setdefault(values.said(code), []).append(slot)

    def finished(self) -> Plan:
        self.plan.speakers = [*self.speakers.values()]
        if not self.speakers:
            self.plan.silent.add("session.speakers")
        self.plan.rooms = [*{room.name: room for room in self.plan.rooms}.values()]
        if not any(room.capacity for room in self.plan.rooms):
            self.plan.silent.add("room.capacity")
        if not any(track.colour for track in self.plan.tracks):
            self.plan.silent.add("track.colour")
        return self.plan

    # --- what sessions refer to

    def room(self, value: Any) -> str:
        """The name of a room that stands here whole, by its name, or by its id."""
        if not isinstance(value, dict):
            return self.rooms.get(values.said(value), values.said(value))
        name = values.said(value.get("name", value))
        capacity = values.number(value.get("capacity"))
        self.plan.rooms.append(PlannedRoom(name, values.said(value.get("guid")), capacity))
        self.rooms[values.said(value.get("id"))] = name
        return name

    def track(self, value: Any) -> str:
        if not isinstance(value, dict) or not (value.keys() & {"name", "en", "de"}):
            return self.tracks.get(values.said(value), values.said(value))
        name = values.said(value.get("name", value))
        if name and name not in self.tracks.values():
            self.plan.tracks.append(PlannedTrack(name, values.said(value.get("color"))))
        self.tracks[values.said(value.get("id"))] = name
        return name

    def speaker(self, value: Any) -> str:
        """The code of a speaker, who is kept with the longest account of them."""
        if not isinstance(value, dict):
            code = values.said(value)
            if code and code not in self.speakers:
                self.speakers[code] = PlannedSpeaker(code, "")
            return code
        code = values.said(value.get("code")) or values.said(value.get("name"))
        known = self.speakers.setdefault(code, PlannedSpeaker(code, ""))
        known.name = known.name or values.said(value.get("name"))
        known.bio = known.bio or texts.without_markup(values.said(value.get("biography")))
        return code

    # --- sessions and slots

    def take(self, entry: Object) -> None:
        code, state = values.said(entry.get("code")), values.said(entry.get("state"))
        title = values.said(entry.get("title"))
        if state not in TAKES_PLACE | CANCELLED:
            words = _("“{title}” is {state} and was left out.")
            self.odd(code, words.format(title=title, state=state))
            return
        language = values.said(entry.get("content_locale"))
        kind = entry.get("submission_type", entry.get("type"))
        self.plan.sessions.append(
            PlannedSession(
                code,
                title,
                kind=kind_of(_in_all_languages(kind)),
                track=self.track(entry.get("track")),
                speakers=[self.speaker(one) for one in values.items(entry.get("speakers"))],
                abstract=texts.without_markup(values.said(entry.get("abstract"), language)),
                description=texts.without_markup(values.said(entry.get("description"), language)),
                language=language,
                links=[
                    {"title": values.said(one.get("description")), "url": values.said(one["url"])}
                    for one in values.objects(entry.get("resources", entry.get("links")))
                    if one.get("url")
                ],
            )
        )
        given = entry.get("slots") or [entry.get("slot")]
        slots = [*values.objects(given)] or self.slots.get(code, [])
        minutes = values.number(entry.get("duration"))
        for slot in slots:
            self.place(code, slot, cancelled=state in CANCELLED, minutes=minutes)

    def place(
        self, code: str, slot: Object, *, cancelled: bool = False, minutes: int | None = None
    ) -> None:
        start = values.instant(slot.get("start"), self.zone)
        end = values.instant(slot.get("end"), self.zone)
        minutes = values.number(slot.get("duration")) or minutes
        if start and not end and minutes and minutes < 60 * 24 * 14:
            end = start + timedelta(minutes=minutes)
        if start and end:
            self.put(code, values.said(slot.get("id")), self.room(slot.get("room")), start, end)
            self.plan.slots[-1].cancelled = cancelled
        elif slot.get("start"):
            self.odd(code, _("Its time cannot be read; it was not placed in the programme."))

    def put(self, code: str, number: str, room: str, start: datetime, end: datetime) -> None:
        origin = f"slot {number}" if number else ""
        self.plan.slots.append(PlannedSlot(origin, code, room, start, end))

    def breaks(self) -> None:
        """Slots of no submission: what their description says is what happens."""
        for slot in self.slots.get("", ()):
            title = values.said(slot.get("description"))
            if title and slot.get("start"):
                code = f"slot {values.said(slot.get('id'))}"
                self.plan.sessions.append(PlannedSession(code, title, kind="break"))
                self.place(code, slot)

    def odd(self, where: str, words: str) -> None:
        self.plan.oddities.append(Oddity(where, words))
