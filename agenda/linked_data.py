"""The programme as schema.org knows it, for search engines and calendars. Reads; asks nothing."""

from collections.abc import Iterable
from typing import Any

from agenda import licences
from agenda.models import Event, Session, Slot

CONTEXT = "https://schema.org"
Data = dict[str, Any]


def programme(event: Event, slots: Iterable[Slot], base: str) -> Data:
    """The event with the sessions of these slots; `base` is scheme and host."""
    inner = [_slot(event, slot, base) for slot in slots]
    return {"@context": CONTEXT, **_event(event, base), **({"subEvent": inner} if inner else {})}


def session(event: Event, session: Session, slots: Iterable[Slot], base: str) -> Data:
    """One session, once for each of its slots. What is not placed yet has no date to tell."""
    around = _event(event, base)
    described = session.abstract or session.description
    each = [
        {**_slot(event, slot, base), **_known(description=described), "superEvent": around}
        for slot in slots
    ]
    return {"@context": CONTEXT, "@graph": each or [around]}


def _event(event: Event, base: str) -> Data:
    return {
        "@type": "Event",
        "@id": f"{base}/{event.slug}/",
        "url": f"{base}/{event.slug}/",
        "name": event.name,
        "startDate": event.starts_at.astimezone(event.tz).isoformat(),
        "endDate": event.ends_at.astimezone(event.tz).isoformat(),
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        **_known(location=_place(event.place), license=licences.address(event.licence)),
    }


def _slot(event: Event, slot: Slot, base: str) -> Data:
    session, room = slot.session, slot.room.name if slot.room else ""
    moved_from = slot.was_starts_at
    status = "EventScheduled"
    if slot.cancelled:
        status = "EventCancelled"
    elif moved_from is not None and moved_from != slot.starts_at:
        status = "EventRescheduled"
    before = moved_from.astimezone(event.tz).isoformat() if moved_from else None
    return {
        "@type": "Event",
        "@id": f"urn:uuid:{slot.guid}",
        "url": f"{base}/{event.slug}/session/{session.pk}/",
        "name": session.title,
        "startDate": slot.starts_at.astimezone(event.tz).isoformat(),
        "endDate": slot.ends_at.astimezone(event.tz).isoformat(),
        "eventStatus": f"{CONTEXT}/{status}",
        **_known(
            location=_place(", ".join(filter(None, [room, event.place]))),
            performer=_performers(session),
            inLanguage=session.language,
            previousStartDate=before if status == "EventRescheduled" else None,
        ),
    }


def _performers(session: Session) -> list[Data]:
    names = [appearance.speaker.name for appearance in session.appearances.all()]
    return [{"@type": "Person", "name": name} for name in [*names, *filter(None, [session.host])]]


def _place(name: str) -> Data | None:
    return {"@type": "Place", "name": name} if name else None


def _known(**fields: Any) -> Data:
    """Those that hold something."""
    return {name: value for name, value in fields.items() if value}
