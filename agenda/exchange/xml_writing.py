"""Write the programme as schedule.xml, valid against the schema of voc/schedule."""

from typing import Any

from lxml import etree

from agenda.exchange import frab, snapshot
from agenda.exchange.snapshot import Day, Snapshot
from agenda.models import Event, Session, Slot

Element = etree._Element
# Characters that XML cannot hold, not even written as numbers.
_NEVER = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], None
)


def write(event: Event, *, base_url: str = "") -> bytes:
    """What takes place; cancelled sessions are left out, for the format has no word for them."""
    programme = snapshot.of(event, base_url=base_url)
    root = etree.Element("schedule")
    etree.SubElement(root, "generator", name=frab.GENERATOR)
    _add(root, "url", f"{programme.base}/{event.slug}/schedule.xml")
    _add(root, "version", programme.version)
    days = programme.days()
    _add_conference(root, programme, days)
    for day in days:
        _add_day(root, programme, day)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def _add_conference(root: Element, programme: Snapshot, days: list[Day]) -> None:
    event = programme.event
    conference = etree.SubElement(root, "conference")
    _add(conference, "title", event.name)
    _add(conference, "acronym", programme.acronym)
    _add(conference, "start", days[0].date.isoformat())
    _add(conference, "end", days[-1].date.isoformat())
    _add(conference, "days", str(len(days)))
    _add(conference, "timeslot_duration", "00:05")
    _add(conference, "base_url", f"{programme.base}/{event.slug}/")
    _add(conference, "url", f"{programme.base}/{event.slug}/")
    _add(conference, "time_zone_name", event.zone)
    for track in programme.tracks:
        about = {"name": _proper(track.name)} | ({"color": track.colour} if track.colour else {})
        etree.SubElement(conference, "track", about)


def _add_day(root: Element, programme: Snapshot, day: Day) -> None:
    element = etree.SubElement(
        root,
        "day",
        date=day.date.isoformat(),
        start=day.start.isoformat(),
        end=day.end.isoformat(),
        index=str(day.index),
    )
    for room, slots in day.rooms:
        name = programme.everywhere if room is None else room.name
        about = {"name": _proper(name)} | ({} if room is None else {"guid": str(room.guid)})
        inside = etree.SubElement(element, "room", about)
        for slot in slots:
            _add_slot(inside, programme, slot, name)


def _add_slot(room: Element, programme: Snapshot, slot: Slot, room_name: str) -> None:
    session = slot.session
    starts = programme.at(slot.starts_at)
    event = etree.SubElement(room, "event", id=str(slot.number), guid=str(slot.guid))
    _add(event, "room", room_name)
    _add(event, "title", session.title)
    _add(event, "subtitle", session.subtitle)
    _add(event, "type", session.kind)
    _add(event, "date", starts.isoformat())
    _add(event, "start", f"{starts:%H:%M}")
    _add(event, "duration", snapshot.clock(slot.ends_at - slot.starts_at))
    _add(event, "abstract", session.abstract)
    _add(event, "slug", programme.slug(slot))
    _add(event, "track", session.track.name if session.track else "")
    _add_people_and_links(event, session)
    _add(event, "language", session.language)
    _add(event, "description", session.description)
    _add(event, "url", programme.page(session))
    _add(event, "origin_url", programme.origin(session))


def _add_people_and_links(event: Element, session: Session) -> None:
    """Hosts, who are names without a row, are persons without a guid."""
    persons = etree.SubElement(event, "persons")
    for appearance in session.appearances.all():
        speaker = appearance.speaker
        _add(persons, "person", speaker.name, id=str(speaker.pk), guid=str(speaker.guid))
    if session.host:
        _add(persons, "person", session.host)
    links = etree.SubElement(event, "links")
    for link in session.links:
        _add(links, "link", link.get("title", ""), href=_proper(link["url"]))


def _add(parent: Element, tag: str, text: str, **attributes: Any) -> None:
    etree.SubElement(parent, tag, attributes).text = _proper(text)


def _proper(text: str) -> str:
    return text.translate(_NEVER)
