"""Which row of an event is meant by which entry of a plan. Reads the event; compares no content.

By guid first, then by what the file called it last time, then by what a person would go by.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from agenda.exchange import texts
from agenda.exchange.plan import (
    Plan,
    PlannedRoom,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    PlannedTrack,
)
from agenda.models import Appearance, Event, Proposal, Room, Session, Slot, Speaker, Track

P = TypeVar("P")
M = TypeVar("M")
Way = tuple[Callable[[P], Hashable], Callable[[M], Hashable]]
Pair = tuple[P, M | None]


@dataclass(frozen=True, slots=True)
class Existing:
    """All that an event has, by seven questions; slots by time."""

    rooms: list[Room]
    tracks: list[Track]
    speakers: list[Speaker]
    sessions: list[Session]
    slots: list[Slot]
    appearances: dict[int, list[int]]  # of a session: its speakers in their order
    cards: set[int]  # the sessions that are proposals of a barcamp: no file's

    @classmethod
    def of(cls, event: Event) -> "Existing":
        appearances: dict[int, list[int]] = defaultdict(list)
        rows = Appearance.objects.filter(session__event=event).order_by("position", "pk")
        for session, speaker in rows.values_list("session_id", "speaker_id"):
            appearances[session].append(speaker)
        return cls(
            rooms=list(Room.objects.filter(event=event)),
            tracks=list(Track.objects.filter(event=event)),
            speakers=list(Speaker.objects.filter(event=event)),
            sessions=list(Session.objects.filter(event=event).order_by("pk")),
            slots=list(Slot.objects.filter(event=event).order_by("starts_at", "pk")),
            appearances=appearances,
            cards=set(
                Proposal.objects.filter(event=event, session__isnull=False).values_list(
                    "session_id", flat=True
                )
            ),
        )

    def starts(self) -> dict[int, datetime]:
        """When each session that has a place begins first."""
        return {slot.session_id: slot.starts_at for slot in reversed(self.slots)}


@dataclass(frozen=True, slots=True)
class Matching:
    """Every entry of the plan with its row, or None where it is new."""

    rooms: list[Pair[PlannedRoom, Room]]
    tracks: list[Pair[PlannedTrack, Track]]
    speakers: list[Pair[PlannedSpeaker, Speaker]]
    sessions: list[Pair[PlannedSession, Session]]
    slots: list[Pair[PlannedSlot, Slot]]


def match(plan: Plan, existing: Existing) -> Matching:
    sessions = _sessions(plan, existing)
    rooms = _pairs(
        plan.rooms,
        existing.rooms,
        (lambda room: _uuid(room.guid), lambda row: row.guid),
        (lambda room: room.name, lambda row: texts.line(row.name)),
        (lambda room: room.name.casefold(), lambda row: texts.line(row.name).casefold()),
    )
    return Matching(
        rooms=rooms,
        tracks=_pairs(
            plan.tracks,
            existing.tracks,
            (lambda track: track.name, lambda row: texts.line(row.name)),
            (lambda track: track.name.casefold(), lambda row: texts.line(row.name).casefold()),
        ),
        speakers=_pairs(
            plan.speakers,
            existing.speakers,
            (lambda speaker: _uuid(speaker.guid), lambda row: row.guid),
            (lambda speaker: speaker.origin, lambda row: row.origin),
            (lambda speaker: speaker.name, lambda row: texts.line(row.name)),
        ),
        sessions=sessions,
        slots=_slots(plan, existing, sessions, rooms),
    )


def _sessions(plan: Plan, existing: Existing) -> list[Pair[PlannedSession, Session]]:
    """A session of which the file says no guid is also known by that of its slot."""
    guid_of = {slot.session: slot.guid for slot in reversed(plan.slots) if slot.guid}
    first = {slot.session: slot.starts_at for slot in sorted(plan.slots, key=_start, reverse=True)}
    placed = {slot.session_id: slot.guid for slot in reversed(existing.slots)}
    starts = existing.starts()
    return _pairs(
        plan.sessions,
        [row for row in existing.sessions if row.pk not in existing.cards],
        (lambda session: _uuid(session.guid), lambda row: row.guid),
        (lambda session: session.origin, lambda row: row.origin),
        (lambda session: _uuid(guid_of.get(session.origin, "")), lambda row: placed.get(row.pk)),
        (
            lambda session: (session.title.casefold(), first.get(session.origin)),
            lambda row: (texts.line(row.title).casefold(), starts.get(row.pk)),
        ),
        (lambda session: session.title.casefold(), lambda row: texts.line(row.title).casefold()),
    )


def _slots(
    plan: Plan,
    existing: Existing,
    sessions: list[Pair[PlannedSession, Session]],
    rooms: list[Pair[PlannedRoom, Room]],
) -> list[Pair[PlannedSlot, Slot]]:
    """Beyond guids a slot is known among those of its session: by id, by place, by order."""
    session_of = {session.origin: row.pk for session, row in sessions if row}
    room_of = {room.name: row.pk for room, row in rooms if row}

    def among(slot: PlannedSlot, *more: Hashable) -> Hashable:
        session = session_of.get(slot.session)
        return (session, *more) if session else None

    return _pairs(
        plan.slots,
        [row for row in existing.slots if row.session_id not in existing.cards],
        (lambda slot: _uuid(slot.guid), lambda row: row.guid),
        (
            lambda slot: among(slot, room_of.get(slot.room), slot.starts_at),
            lambda row: (row.session_id, row.room_id, row.starts_at),
        ),
        (lambda slot: among(slot, slot.origin), lambda row: (row.session_id, row.origin)),
        (lambda slot: among(slot), lambda row: (row.session_id,)),
    )


def _pairs(planned: Sequence[P], rows: Sequence[M], *ways: Way[P, M]) -> list[Pair[P, M]]:
    """Each entry with the first row that is free, way by way; an empty key leads to none."""
    found: dict[int, M] = {}
    taken: set[int] = set()
    for of_entry, of_row in ways:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for number in reversed(range(len(rows))):
            if number not in taken:
                waiting[of_row(rows[number])].append(number)
        for position, entry in enumerate(planned):
            if position in found or not (key := of_entry(entry)):
                continue
            if waiting.get(key):
                found[position] = rows[number := waiting[key].pop()]
                taken.add(number)
    return [(entry, found.get(position)) for position, entry in enumerate(planned)]


def _uuid(guid: str) -> UUID | None:
    return UUID(guid) if guid else None


def _start(slot: PlannedSlot) -> datetime:
    return slot.starts_at
