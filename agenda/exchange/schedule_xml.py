"""schedule.xml, the format of conference apps: read tolerantly, written as its schema asks.

Reads with lxml, without entities, network and huge trees; writing is `agenda.exchange.xml_writing`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agenda.exchange import frab, frab_times
from agenda.exchange.frab import Entry, Gathering, Person
from agenda.exchange.plan import Oddity, Plan, PlannedRoom, PlannedTrack, UnreadableError
from agenda.exchange.words import gettext as _
from eventhub.zones import known_zones

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from agenda.models import Event

NAME = "schedule.xml"
NEVER_SAID = frab.NEVER_SAID | {
    *("room.capacity", "room.where"),
    *("speaker.organisation", "speaker.bio", "speaker.link"),
}
_ROOT = re.compile(rb"<\s*(?:\w+:)?schedule[\s>/]", re.IGNORECASE)


def write(event: Event, *, base_url: str = "") -> bytes:
    from agenda.exchange import xml_writing

    return xml_writing.write(event, base_url=base_url)


def recognises(data: bytes, name: str) -> bool:
    head = data[:4000].replace(b"\0", b"")
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and bool(_ROOT.search(head))


def read(data: bytes, *, zone: str) -> Plan:
    root = _parsed(data)
    if root.tag != "schedule":
        raise UnreadableError(_("This is XML, but not a schedule."))
    plan = Plan(NAME, silent=set(NEVER_SAID))
    conference = root.find("conference")
    conference = root if conference is None else conference
    ours = root.find("generator") is not None and _attribute(root, "generator") == frab.GENERATOR
    _about(plan, conference)
    gathering = Gathering(
        plan,
        zone=plan.event.zone or zone,
        base_url=_text(conference, "base_url"),
        day_change=_text(conference, "day_change"),
        ours=ours,
    )
    if not ours:
        _check(gathering, root)
    for day in root.iter("day"):
        frame = frab_times.day(
            day.get("date", ""), day.get("start", ""), day.get("end", ""), gathering.zone
        )
        for room in day.iter("room"):
            name = _room(plan, room, ours)
            for event in room.iterchildren("event"):
                gathering.take(_entry(event, name, ours), frame)
    if not plan.sessions:
        raise UnreadableError(_("The schedule has no sessions."))
    return gathering.finish()


def _parsed(data: bytes) -> Element:
    """The root, with local names only. Whatever declares entities is refused before they count."""
    from lxml import etree

    if b"<!ENTITY" in data.replace(b"\0", b""):
        raise UnreadableError(_("A schedule that declares entities is not read."))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        words = _("Line {line} is not proper XML: {problem}")
        raise UnreadableError(words.format(line=error.lineno, problem=error.msg)) from None
    for element in root.iter("{*}*"):
        if "}" in str(element.tag):
            element.tag = str(element.tag).partition("}")[2]
    return root


def _about(plan: Plan, conference: Element) -> None:
    event = plan.event
    event.name = _text(conference, "title")
    event.first_day = frab_times.calendar_day(_text(conference, "start"))
    event.last_day = frab_times.calendar_day(_text(conference, "end"))
    zone = _text(conference, "time_zone_name") or _text(conference, "timezone_name")
    if zone in known_zones():
        event.zone = zone
    elif zone:
        plan.oddities.append(Oddity(zone, _("This time zone is not known.")))
    for track in conference.iterchildren("track"):
        plan.tracks.append(PlannedTrack(track.get("name", ""), track.get("color", "")))
    if not any(track.colour for track in plan.tracks):
        plan.silent.add("track.colour")


def _check(gathering: Gathering, root: Element) -> None:
    """What is against the schema and harms nobody."""
    if not _text(root, "version"):
        gathering.strange("schedule", _("The version of the schedule is missing."))
    children = [child.tag for child in root if child.tag in {"conference", "version"}]
    if children[:2] == ["conference", "version"]:
        gathering.strange("conference", _("The conference stands before the version."))
    for event in root.iter("event"):
        recording = event.find("recording")
        if recording is not None and recording.find("license") is None:
            where = event.get("guid") or event.get("id") or ""
            gathering.strange(where, _("The recording says nothing of a licence."))
    if root.find(".//room[@guid]") is None:
        gathering.plan.silent.add("room.guid")


def _room(plan: Plan, room: Element, ours: bool) -> str:
    """Its name; in files of ours what has no guid is everywhere."""
    name = (room.get("name") or "").strip()
    guid = room.get("guid", "")
    if ours and not guid:
        return ""
    if name and all(name != known.name for known in plan.rooms):
        plan.rooms.append(PlannedRoom(name, guid))
    return name


def _entry(event: Element, room: str, ours: bool) -> Entry:
    said = {child.tag: (child.text or "").strip() for child in event if not len(child)}
    return Entry(
        id=(event.get("id") or "").strip(),
        guid=(event.get("guid") or "").strip(),
        code=(event.get("code") or "").strip(),
        room=room if ours else room or said.get("room", ""),
        persons=[
            Person(
                (person.text or "").strip(),
                person.get("id", ""),
                person.get("guid", ""),
            )
            for person in event.iterfind("persons/person")
        ],
        links=[
            {"title": (link.text or "").strip(), "url": link.get("href") or ""}
            for link in [*event.iterfind("links/link"), *event.iterfind("attachments/attachment")]
            if link.get("href")
        ],
        **{key: said.get(key, "") for key in _TEXTS},
    )


_TEXTS = (
    *("date", "start", "end", "duration", "track", "type", "title", "subtitle", "abstract"),
    *("description", "language", "slug", "logo", "origin_url"),
)


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _attribute(root: Element, name: str) -> str:
    found = root.find(name)
    return "" if found is None else found.get("name", "")
