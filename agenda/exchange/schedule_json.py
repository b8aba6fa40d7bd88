"""schedule.json, the same programme as schedule.xml for programs: read tolerantly, written valid.

Reads the shape that frab and pretalx export (schema 1 of voc/schedule), whatever is missing in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agenda.exchange import frab, frab_times
from agenda.exchange.frab import Entry, Gathering, Person
from agenda.exchange.plan import Oddity, Plan, PlannedRoom, PlannedTrack, UnreadableError
from agenda.exchange.words import gettext as _
from eventhub.zones import known_zones

if TYPE_CHECKING:
    from agenda.models import Event

NAME = "schedule.json"
_TEXTS = (
    *("date", "start", "end", "duration", "room", "track", "type", "title", "subtitle"),
    *("abstract", "description", "language", "slug", "logo", "origin_url", "guid", "code", "id"),
)


def write(event: Event, *, base_url: str = "") -> bytes:
    from agenda.exchange import json_writing

    return json_writing.write(event, base_url=base_url)


def recognises(data: bytes, name: str) -> bool:
    plain = data.replace(b"\0", b"") if data[:2] in {b"\xff\xfe", b"\xfe\xff", b"{\0"} else data
    head = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"{") and b'"conference"' in plain and b'"days"' in plain


def read(data: bytes, *, zone: str) -> Plan:
    root = _parsed(data)
    schedule = _object(root.get("schedule")) or root
    conference = _object(schedule.get("conference"))
    days = _list(conference.get("days"))
    if not days:
        raise UnreadableError(_("The schedule has no days."))
    ours = _text(_object(root.get("generator")).get("name")) == frab.GENERATOR
    plan = Plan(NAME, silent=set(frab.NEVER_SAID))
    _about(plan, conference)
    rooms = _rooms(plan, conference)
    gathering = Gathering(
        plan,
        zone=plan.event.zone or zone,
        base_url=_text(schedule.get("base_url")),
        day_change=_text(conference.get("day_change")),
        ours=ours,
    )
    if not _text(schedule.get("version")):
        gathering.strange("schedule", _("The version of the schedule is missing."))
    for day in map(_object, days):
        on, start, end = (_text(day.get(key)) for key in ("date", "day_start", "day_end"))
        frame = frab_times.day(on, start, end, gathering.zone)
        for name, events in _object(day.get("rooms")).items():
            for event in map(_object, _list(events)):
                entry = _entry(event, name.strip())
                if ours and entry.room not in rooms:
                    entry.room = ""
                gathering.take(entry, frame)
    if not plan.sessions:
        raise UnreadableError(_("The schedule has no sessions."))
    if not ours:
        _be_silent(plan)
    return gathering.finish()


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        return _object(json.loads(data.lstrip(b"\xef\xbb\xbf")))
    except json.JSONDecodeError as error:
        words = _("Line {line} is not proper JSON: {problem}")
        raise UnreadableError(words.format(line=error.lineno, problem=error.msg)) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(_("Line {line} is not written in UTF-8.").format(line=line)) from None
    except (ValueError, RecursionError):
        raise UnreadableError(
            _("This JSON is nested too deeply, or a number is too long.")
        ) from None


def _about(plan: Plan, conference: dict[str, Any]) -> None:
    event = plan.event
    event.name = _text(conference.get("title"))
    event.first_day = frab_times.calendar_day(_text(conference.get("start")))
    event.last_day = frab_times.calendar_day(_text(conference.get("end")))
    meta = _object(conference.get("meta"))
    zone = _text(conference.get("time_zone_name")) or _text(meta.get("time_zone_name"))
    if zone in known_zones():
        event.zone = zone
    elif zone:
        plan.oddities.append(Oddity(zone, _("This time zone is not known.")))
    for track in map(_object, _list(conference.get("tracks"))):
        plan.tracks.append(PlannedTrack(_text(track.get("name")), _text(track.get("color"))))


def _rooms(plan: Plan, conference: dict[str, Any]) -> set[str]:
    """The names of the rooms that are listed; others are known by what happens in them."""
    for room in map(_object, _list(conference.get("rooms"))):
        capacity = room.get("capacity")
        plan.rooms.append(
            PlannedRoom(
                _text(room.get("name")),
                _text(room.get("guid")),
                capacity if type(capacity) is int else None,
                _text(room.get("description")),
            )
        )
    return {room.name for room in plan.rooms}


def _be_silent(plan: Plan) -> None:
    """A foreign file without any of it knows nothing of it."""
    said = {
        "room.guid": any(room.guid for room in plan.rooms),
        "room.capacity": any(room.capacity for room in plan.rooms),
        "room.where": any(room.where for room in plan.rooms),
        "track.colour": any(track.colour for track in plan.tracks),
        "speaker.organisation": any(speaker.organisation for speaker in plan.speakers),
        "speaker.bio": any(speaker.bio for speaker in plan.speakers),
        "speaker.link": any(speaker.link for speaker in plan.speakers),
    }
    plan.silent |= {name for name, anything in said.items() if not anything}


def _entry(event: dict[str, Any], room: str) -> Entry:
    said = {key: _text(event.get(key)) for key in _TEXTS}
    said["room"] = room or said["room"]
    links = [*_list(event.get("links")), *_list(event.get("attachments"))]
    return Entry(
        **said,
        persons=[_person(person) for person in map(_object, _list(event.get("persons")))],
        links=[
            {"title": _text(link.get("title")), "url": _text(link.get("url") or link.get("href"))}
            for link in map(_object, links)
            if link.get("url") or link.get("href")
        ],
    )


def _person(person: dict[str, Any]) -> Person:
    names = [_text(person.get(key)) for key in ("name", "public_name", "full_public_name")]
    return Person(
        next(filter(None, names), ""),
        identity=_text(person.get("code")) or _text(person.get("id")),
        guid=_text(person.get("guid")),
        organisation=_text(person.get("organisation")),
        bio=_text(person.get("biography")),
        link=_text(person.get("url")),
    )


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """Text, a number as text; of texts by language the first."""
    if isinstance(value, dict):
        value = next((words for words in value.values() if isinstance(words, str) and words), "")
    if isinstance(value, str):
        return value.strip()
    return str(value) if type(value) is int else ""
