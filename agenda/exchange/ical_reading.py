"""Read a calendar as a programme: each entry a session at its place. Draws no conclusions else.

Other people's calendars have no speakers, tracks or kinds that one could rely on; our own files
(X-EVENTHUB properties) come back as they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agenda.exchange import ical_properties as properties
from agenda.exchange import texts
from agenda.exchange.frab import nowhere_said
from agenda.exchange.plan import (
    Oddity,
    Plan,
    PlannedRoom,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    UnreadableError,
)
from agenda.exchange.recurring import occurrences
from agenda.exchange.words import gettext as _
from eventhub.zones import known_zones

if TYPE_CHECKING:
    from icalendar import Calendar, Component

OURS = "X-EVENTHUB-"
NEVER_SAID = {
    *("room.capacity", "room.where", "track.colour"),
    *("speaker.organisation", "speaker.bio", "speaker.link"),
}
SAID_BY_US_ONLY = {
    *("room.guid", "session.subtitle", "session.kind", "session.abstract", "session.hashtag"),
    *("session.host", "slot.number", "slot.fixed"),
}


def read(data: bytes, *, zone: str) -> Plan:
    calendars = _calendars(data)
    entries = [entry for made in calendars for entry in made.walk("VEVENT")]
    if not entries:
        raise UnreadableError(_("The calendar has no entries."))
    plan = Plan("ics", silent=set(NEVER_SAID))
    ours = any(entry.get(f"{OURS}SESSION") for entry in entries)
    if not ours:
        plan.silent |= SAID_BY_US_ONLY
    _about(plan, calendars)
    reading = _Reading(plan, ZoneInfo(plan.event.zone or zone))
    for entry in entries:
        reading.take(entry)
    plan.silent |= {"session.unplaced"} if ours else nowhere_said(plan)
    return plan


def _calendars(data: bytes) -> list[Calendar]:
    from icalendar import Calendar

    try:
        text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(_("Line {line} is not written in UTF-8.").format(line=line)) from None
    try:
        found = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, RecursionError) as error:
        words = _("This calendar cannot be read: {problem}")
        raise UnreadableError(words.format(problem=texts.clip(str(error), 200))) from None
    return [made for made in found if made.name == "VCALENDAR"]


def _about(plan: Plan, calendars: Iterable[Calendar]) -> None:
    for made in calendars:
        plan.event.name = (
            plan.event.name
            or properties.text(made, "NAME")
            or properties.text(made, "X-WR-CALNAME")
        )
        named = properties.text(made, "X-WR-TIMEZONE")
        if named in known_zones():
            plan.event.zone = plan.event.zone or named
        elif named:
            plan.oddities.append(Oddity(named, _("This time zone is not known.")))


class _Reading:
    """One pass over the entries: what is known so far, to tell the same room from a new one."""

    def __init__(self, plan: Plan, zone: ZoneInfo) -> None:
        self.plan = plan
        self.zone = zone
        self.rooms: set[str] = set()
        self.speakers: set[str] = set()
        self.sessions: set[str] = set()

    def odd(self, where: str, words: str) -> None:
        self.plan.oddities.append(Oddity(where, words))

    def take(self, entry: Component) -> None:
        uid = properties.text(entry, "UID")
        title = properties.text(entry, "SUMMARY")
        if not uid:
            uid = f"{title} {properties.text_of(entry.get('DTSTART'))}"
            self.odd(title, _("This entry has no UID; title and time are taken instead."))
        again = properties.text_of(entry.get("RECURRENCE-ID"))
        origin = f"{uid} {again}" if again else uid
        ours = properties.text(entry, f"{OURS}SESSION")
        session = ours or origin
        if not ours or ours not in self.sessions:
            self.sessions.add(session)
            self.plan.sessions.append(self._session(entry, session, title))
        room = self._room(entry)
        for number, (start, end) in enumerate(self._times(entry, origin)):
            self.plan.slots.append(
                PlannedSlot(
                    origin if number == 0 else f"{origin} {start:%Y%m%dT%H%M}",
                    session,
                    room,
                    start,
                    end,
                    guid=properties.guid_in(uid) if number == 0 and not again else "",
                    number=properties.number_in(properties.text(entry, f"{OURS}NUMBER")),
                    cancelled=properties.text(entry, "STATUS").upper() == "CANCELLED",
                    fixed=properties.text(entry, f"{OURS}FIXED") == "TRUE",
                    sequence=properties.number_in(properties.text(entry, "SEQUENCE")) or 0,
                )
            )

    def _session(self, entry: Component, origin: str, title: str) -> PlannedSession:
        ours = properties.text(entry, f"{OURS}SESSION")
        session = PlannedSession(
            origin, title, guid=ours or properties.guid_in(properties.text(entry, "UID"))
        )
        session.track = next(iter(properties.categories(entry)), "")
        summary = entry.get("SUMMARY")
        session.language = str(getattr(summary, "params", {}).get("LANGUAGE", ""))
        session.links = properties.links(entry)
        description = properties.text(entry, "DESCRIPTION")
        if ours:
            session.kind = properties.text(entry, f"{OURS}KIND")
            session.hashtag = properties.text(entry, f"{OURS}HASHTAG")
            parts = properties.parts_of(description, properties.text(entry, f"{OURS}PARTS"))
            session.subtitle, _who, session.abstract, session.description = parts
            self._contacts(entry, session)
            return session
        session.description = texts.without_markup(description)
        if page := properties.text(entry, "URL"):
            session.links.append({"title": "", "url": page})
        for name in properties.speakers_by_frab(entry):
            self._speaker(session, PlannedSpeaker(name, name))
        return session

    def _contacts(self, entry: Component, session: PlannedSession) -> None:
        for contact in properties.values(entry, "CONTACT"):
            guid = contact.params.get(f"{OURS}GUID", "")
            if guid:
                self._speaker(session, PlannedSpeaker(guid, str(contact), guid=guid))
            else:
                session.host = str(contact)

    def _speaker(self, session: PlannedSession, speaker: PlannedSpeaker) -> None:
        session.speakers.append(speaker.origin)
        if speaker.origin not in self.speakers:
            self.speakers.add(speaker.origin)
            self.plan.speakers.append(speaker)

    def _room(self, entry: Component) -> str:
        name = properties.text(entry, "LOCATION")
        if name and name not in self.rooms:
            self.rooms.add(name)
            guid = getattr(entry.get("LOCATION"), "params", {}).get(f"{OURS}GUID", "")
            self.plan.rooms.append(PlannedRoom(name, guid=guid))
        return name

    def _times(self, entry: Component, origin: str) -> list[tuple[datetime, datetime]]:
        """Aware beginnings and ends; none, with a remark, where there is no time of day."""
        start, end = properties.moment(entry, "DTSTART"), properties.moment(entry, "DTEND")
        if not isinstance(start, datetime):
            self.odd(origin, _("This has no time of day; it was not placed in the programme."))
            return []
        named = str(getattr(entry["DTSTART"], "params", {}).get("TZID", ""))
        if named and start.tzinfo is None:
            words = _("The time zone {zone} is not known; the event's own is taken.")
            self.odd(origin, words.format(zone=named))
        start = self._aware(start)
        begin, length = start.astimezone(UTC), getattr(entry.get("DURATION"), "dt", None)
        lasts = length if isinstance(length, timedelta) else timedelta(0)
        if isinstance(end, datetime):
            lasts = self._aware(end).astimezone(UTC) - begin
        if "RRULE" not in entry:
            return [(begin, begin + lasts)]
        starts, complete = occurrences(entry, start)
        if not complete:
            self.odd(origin, _("This repeats too often; only the first times were taken."))
        return [(at.astimezone(UTC), at.astimezone(UTC) + lasts) for at in starts]

    def _aware(self, at: datetime) -> datetime:
        return at if at.tzinfo is not None else at.replace(tzinfo=self.zone)
