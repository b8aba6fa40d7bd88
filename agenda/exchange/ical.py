"""iCalendar (RFC 5545, 5546, 7986): the programme for calendar apps, and calendars as programmes.

Writes whole calendars; reading is `agenda.exchange.ical_reading`. What the standard has no word
for stands in X-EVENTHUB properties, so that our own files come back as they were.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icalendar import Calendar, Timezone
    from icalendar import Event as Entry

    from agenda.exchange.plan import Plan
    from agenda.models import Event, Session, Slot

NAME = "ics"
DOMAIN = "eventhub.invalid"  # of every UID: the server may move, a UID may not
PRODID = "-//Eventhub//Programme//EN"
REFRESH = timedelta(minutes=30)


def recognises(data: bytes, name: str) -> bool:
    return b"BEGIN:VCALENDAR" in data[:2000].replace(b"\0", b"").upper()


def read(data: bytes, *, zone: str) -> "Plan":
    from agenda.exchange import ical_reading

    return ical_reading.read(data, zone=zone)


def write(event: "Event", *, base_url: str = "") -> bytes:
    """All slots of `event`, cancelled ones included."""
    from agenda.models import Slot
    from eventhub.addresses import public_base

    slots = Slot.objects.of(event).in_order()
    return calendar(event, slots, base_url=base_url or public_base(), name=event.name)


def calendar(event: "Event", slots: "Iterable[Slot]", *, base_url: str, name: str) -> bytes:
    """A calendar of these slots of `event`; they should come with their names.

    `base_url` is scheme, host and port. The same slots give the same bytes.
    """
    from icalendar import Calendar

    rows = list(slots)
    made = Calendar()
    made.add("prodid", PRODID)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", _clean(name))
    made.add("x-wr-calname", _clean(name))
    made.add("x-wr-timezone", event.zone)
    made.add("url", f"{base_url}/{event.slug}/")
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT30M")
    _add_zone(made, event.zone, rows)
    for slot in rows:
        made.add_component(_entry(event, slot, base_url))
    return bytes(made.to_ical())


def uid(slot: "Slot") -> str:
    """By this a calendar knows `slot`, whatever else changes."""
    return f"{slot.guid}@{DOMAIN}"


def _add_zone(made: "Calendar", zone: str, slots: "Sequence[Slot]") -> None:
    if not slots or zone == "UTC":
        return
    first = min(slot.starts_at for slot in slots).year
    last = max(slot.ends_at for slot in slots).year
    made.add_component(_vtimezone(zone, first, last))


@lru_cache(maxsize=64)
def _vtimezone(zone: str, first_year: int, last_year: int) -> "Timezone":
    from icalendar import Timezone

    return Timezone.from_tzid(
        zone, first_date=date(first_year - 1, 12, 30), last_date=date(last_year + 1, 1, 2)
    )


def _entry(event: "Event", slot: "Slot", base_url: str) -> "Entry":
    from icalendar import Event as Entry

    session = slot.session
    entry = Entry()
    entry.add("uid", uid(slot))
    entry.add("dtstamp", _to_second(slot.changed_at))
    entry.add("last-modified", _to_second(slot.changed_at))
    entry.add("sequence", slot.sequence)
    entry.add("status", "CANCELLED" if slot.cancelled else "CONFIRMED")
    entry.add("dtstart", local(event, slot.starts_at))
    entry.add("dtend", local(event, slot.ends_at))
    speaks = {"LANGUAGE": _line(session.language)} if session.language else {}
    entry.add("summary", _clean(session.title), parameters=speaks)
    if slot.room is not None:
        known_by = {"X-EVENTHUB-GUID": str(slot.room.guid)}
        entry.add("location", _clean(slot.room.name), parameters=known_by)
    page = f"{base_url}/{event.slug}/session/{session.pk}/"
    _add_words(entry, session, page)
    entry.add("url", page)
    if session.track is not None:
        entry.add("categories", [_clean(session.track.name)])
    _add_ours(entry, slot)
    return entry


def _add_words(entry: "Entry", session: "Session", page: str) -> None:
    """Everything that is there to be read, as one text, and how long each part of it is."""
    parts = [session.subtitle, session.who, session.abstract, session.description]
    parts = [_clean(part) for part in parts]
    entry.add("description", "\n\n".join([*filter(None, parts), page]))
    entry.add("x-eventhub-parts", " ".join(str(len(part)) for part in parts))
    for appearance in session.appearances.all():
        speaker = appearance.speaker
        known_by = {"X-EVENTHUB-GUID": str(speaker.guid)}
        entry.add("contact", _clean(speaker.name), parameters=known_by)
    if session.host:
        entry.add("contact", _clean(session.host))
    for link in session.links:
        about: dict[str, Any] = {"VALUE": "URI", "LINKREL": "related"}
        if title := _line(link.get("title", "")):
            about["LABEL"] = title
        entry.add("link", "".join(_clean(link["url"]).split()), parameters=about)


def _add_ours(entry: "Entry", slot: "Slot") -> None:
    ours = {
        "session": str(slot.session.guid),
        "kind": slot.session.kind,
        "number": str(slot.number),
        "hashtag": slot.session.hashtag,
        "fixed": "TRUE" if slot.fixed else "",
    }
    for key, value in ours.items():
        if value:
            entry.add(f"x-eventhub-{key}", _line(value))


def local(event: "Event", at: datetime) -> datetime:
    """In the event's zone; in UTC where its clock says the hour a second time, in autumn."""
    there = _to_second(at).astimezone(event.tz)
    return there.astimezone(UTC) if there.fold or event.zone == "UTC" else there


def _to_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


_NEVER = dict.fromkeys((*range(9), *range(11, 32), 127))


def _clean(text: str) -> str:
    """Without control characters, which no calendar takes; lines end as Python's do."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEVER)


def _line(text: str) -> str:
    """For parameters and addresses, in which a line would be the end of the property."""
    return " ".join(_clean(text).split())
