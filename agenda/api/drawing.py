"""Turn rows into what the API says. Asks nothing that was not fetched before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agenda import licences
from agenda.api import schemas as out
from agenda.models import Event, Room, Session, Slot, Speaker, Track

MOST_DAYS = 366  # of an event whose end was mistyped


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws rows of one event. `base` is scheme and host of the addresses in it."""

    event: Event
    base: str

    def of_event(self) -> out.EventOut:
        event = self.event
        starts_at, starts_at_utc = self.instant(event.starts_at)
        ends_at, ends_at_utc = self.instant(event.ends_at)
        return out.EventOut(
            slug=event.slug,
            name=event.name,
            place=event.place,
            hashtag=event.hashtag,
            language=event.language[:2],
            zone=event.zone,
            starts_at=starts_at,
            starts_at_utc=starts_at_utc,
            ends_at=ends_at,
            ends_at_utc=ends_at_utc,
            day_ends_at=f"{event.day_boundary:%H:%M}",
            days=_days(event),
            licence=_licence(event),
            url=f"{self.base}/{event.slug}/",
        )

    def room(self, room: Room) -> out.RoomOut:
        return out.RoomOut(id=room.guid, name=room.name, where=room.where, capacity=room.capacity)

    def track(self, track: Track) -> out.TrackOut:
        return out.TrackOut(id=track.pk, name=track.name, colour=track.colour)

    def speaker(self, speaker: Speaker) -> out.SpeakerOut:
        sessions = sorted(speaker.sessions.all(), key=lambda each: (each.title, each.pk))
        return out.SpeakerOut(
            **_name(speaker),
            bio=speaker.bio,
            link=speaker.link,
            sessions=[out.SessionName(id=each.guid, title=each.title) for each in sessions],
        )

    def session(self, session: Session) -> out.SessionOut:
        slots = sorted(session.slots.all(), key=lambda slot: (slot.starts_at, slot.pk))
        return out.SessionOut(
            **self._short(session),
            abstract=session.abstract,
            description=session.description,
            hashtag=session.hashtag,
            links=_links(session.links),
            slots=[out.Placement(**self._placed(slot)) for slot in slots],
        )

    def slot(self, slot: Slot) -> out.SlotOut:
        changed_at, changed_at_utc = self.instant(slot.changed_at)
        return out.SlotOut(
            **self._placed(slot),
            sequence=slot.sequence,
            changed_at=changed_at,
            changed_at_utc=changed_at_utc,
            moved_from=self._former(slot),
            session=out.SessionShort(**self._short(slot.session)),
        )

    def instant(self, at: datetime) -> tuple[datetime, datetime]:
        return at.astimezone(self.event.tz), at.astimezone(UTC)

    def _short(self, session: Session) -> dict[str, Any]:
        named = session.appearances.all()
        return {
            "id": session.guid,
            "title": session.title,
            "subtitle": session.subtitle,
            "kind": session.kind,
            "language": session.language,
            "track": self.track(session.track) if session.track else None,
            "speakers": [out.SpeakerName(**_name(each.speaker)) for each in named],
            "host": session.host,
            "url": f"{self.base}/{self.event.slug}/session/{session.pk}/",
        }

    def _placed(self, slot: Slot) -> dict[str, Any]:
        starts_at, starts_at_utc = self.instant(slot.starts_at)
        ends_at, ends_at_utc = self.instant(slot.ends_at)
        return {
            "id": slot.guid,
            "number": slot.number,
            "day": self.event.day_of(slot.starts_at),
            "starts_at": starts_at,
            "starts_at_utc": starts_at_utc,
            "ends_at": ends_at,
            "ends_at_utc": ends_at_utc,
            "room": room_name(slot.room),
            "cancelled": slot.cancelled,
        }

    def _former(self, slot: Slot) -> out.Former | None:
        if slot.moved_at is None:
            return None
        before = slot.was_starts_at
        local, utc = self.instant(before) if before else (None, None)
        return out.Former(starts_at=local, starts_at_utc=utc, room=room_name(slot.was_room))


def room_name(room: Room | None) -> out.RoomName | None:
    return out.RoomName(id=room.guid, name=room.name) if room else None


def _name(speaker: Speaker) -> dict[str, Any]:
    return {"id": speaker.guid, "name": speaker.name, "organisation": speaker.organisation}


def _days(event: Event) -> list[date]:
    first = event.day_of(event.starts_at)
    last = max(first, event.day_of(event.ends_at - timedelta(seconds=1)))
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, MOST_DAYS))]


def _licence(event: Event) -> out.Licence | None:
    if not event.licence:
        return None
    name = str(Event.Licence(event.licence).label)
    return out.Licence(id=event.licence, name=name, url=licences.address(event.licence))


def _links(links: Iterable[object]) -> list[out.LinkOut]:
    """Of what an organizer or a file wrote there, that which is a link."""
    return [
        out.LinkOut(title=str(link.get("title") or ""), url=str(link["url"]))
        for link in links
        if isinstance(link, dict) and str(link.get("url", "")).startswith(("https://", "http://"))
    ]
