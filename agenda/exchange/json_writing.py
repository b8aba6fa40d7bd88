"""Write the programme as schedule.json, valid against schema 1 of voc/schedule."""

import json
import re
from typing import Any

from agenda.exchange import frab, snapshot
from agenda.exchange.snapshot import Day, Snapshot
from agenda.models import Event, Room, Session, Slot

# The schema knows no zones such as "CET"; they are told beside it.
_ZONE = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def write(event: Event, *, base_url: str = "") -> bytes:
    """What takes place; cancelled sessions are left out, for the format has no word for them."""
    programme = snapshot.of(event, base_url=base_url)
    here = f"{programme.base}/{event.slug}/"
    schedule = {
        "version": programme.version,
        "base_url": here,
        "url": f"{here}schedule.json",
        "conference": _conference(programme, here),
    }
    generator = {"name": frab.GENERATOR}
    text = json.dumps({"generator": generator, "schedule": schedule}, ensure_ascii=False)
    return text.encode("utf-8", "replace")


def _conference(programme: Snapshot, here: str) -> dict[str, Any]:
    event, days = programme.event, programme.days()
    zone = {"time_zone_name": event.zone}
    return {
        "acronym": programme.acronym,
        "title": event.name,
        "start": days[0].date.isoformat(),
        "end": days[-1].date.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": "00:05",
        **(zone if _ZONE.search(event.zone) else {"meta": zone}),
        "url": here,
        "tracks": [
            {"name": track.name} | ({"color": track.colour} if track.colour else {})
            for track in programme.tracks
        ],
        "rooms": [_room(room) for room in programme.rooms],
        "days": [_day(programme, day) for day in days],
    }


def _room(room: Room) -> dict[str, Any]:
    return {
        "name": room.name,
        "guid": str(room.guid),
        "description": room.where or None,
        "capacity": room.capacity,
    }


def _day(programme: Snapshot, day: Day) -> dict[str, Any]:
    named = [
        (programme.everywhere if room is None else room.name, slots) for room, slots in day.rooms
    ]
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.start.isoformat(),
        "day_end": day.end.isoformat(),
        "rooms": {name: [_slot(programme, slot, name) for slot in slots] for name, slots in named},
    }


def _slot(programme: Snapshot, slot: Slot, room_name: str) -> dict[str, Any]:
    session = slot.session
    starts, ends = programme.at(slot.starts_at), programme.at(slot.ends_at)
    return {
        "id": slot.number,
        "guid": str(slot.guid),
        "date": starts.isoformat(),
        "start": f"{starts:%H:%M}",
        "end": ends.isoformat(),
        "duration": snapshot.clock(slot.ends_at - slot.starts_at)[:5],
        "room": room_name,
        "slug": programme.slug(slot),
        "url": programme.page(session),
        "origin_url": programme.origin(session),
        "title": session.title,
        "subtitle": session.subtitle,
        "track": session.track.name if session.track else None,
        "type": session.kind,
        "language": session.language,
        "abstract": session.abstract,
        "description": session.description,
        "persons": _persons(session),
        "links": [
            {"url": link["url"], "title": link.get("title", ""), "type": "related"}
            for link in session.links
        ],
        "attachments": [],
    }


def _persons(session: Session) -> list[dict[str, Any]]:
    """Hosts, who are names without a row, are persons without a guid."""
    persons: list[dict[str, Any]] = []
    for appearance in session.appearances.all():
        speaker = appearance.speaker
        about = {
            "guid": str(speaker.guid),
            "name": speaker.name,
            "public_name": speaker.name,
            "biography": speaker.bio or None,
        }
        further = {"url": speaker.link, "organisation": speaker.organisation}
        persons.append(about | {key: value for key, value in further.items() if value})
    if session.host:
        persons.append({"name": session.host, "public_name": session.host})
    return persons
