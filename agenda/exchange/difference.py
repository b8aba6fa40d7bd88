"""What a plan would change of an event: what is new, changed, gone. Writes nothing.

What the format of the plan cannot say (`Plan.silent`) is no difference. What was made by hand
(`origin` is empty) and stands in no file is never gone; sessions of a barcamp are no file's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from agenda.exchange import cards, comparing
from agenda.exchange.comparing import Compare, Values
from agenda.exchange.matching import Existing, Pair, match
from agenda.exchange.plan import (
    Plan,
    PlannedRoom,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    PlannedTrack,
)
from agenda.models import Event, Room, Session, Slot, Speaker, Track

P = TypeVar("P")
M = TypeVar("M")


@dataclass(slots=True)
class Changed(Generic[P, M]):
    """A row and what becomes of it; `values` holds only the fields that differ."""

    planned: P
    row: M
    values: Values


@dataclass(slots=True)
class Part(Generic[P, M]):
    """One kind of rows. Rows of `same` may still be `adopted`: the file knows them from now on."""

    new: list[P] = field(default_factory=list)
    changed: list[Changed[P, M]] = field(default_factory=list)
    same: list[tuple[P, M]] = field(default_factory=list)
    gone: list[M] = field(default_factory=list)
    kept: list[M] = field(default_factory=list)  # in no file, but made by hand

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def rows(self) -> Iterator[tuple[P, M]]:
        """Everything that was there and is in the plan."""
        yield from self.same
        for changed in self.changed:
            yield changed.planned, changed.row


@dataclass(slots=True)
class Difference:
    plan: Plan
    existing: Existing
    rooms: Part[PlannedRoom, Room] = field(default_factory=Part)
    tracks: Part[PlannedTrack, Track] = field(default_factory=Part)
    speakers: Part[PlannedSpeaker, Speaker] = field(default_factory=Part)
    sessions: Part[PlannedSession, Session] = field(default_factory=Part)
    slots: Part[PlannedSlot, Slot] = field(default_factory=Part)

    def __bool__(self) -> bool:
        """Whether anything at all would change."""
        return any(map(bool, self.parts().values()))

    def parts(self) -> "dict[str, Part[Any, Any]]":
        return {
            "rooms": self.rooms,
            "tracks": self.tracks,
            "speakers": self.speakers,
            "sessions": self.sessions,
            "slots": self.slots,
        }


def between(event: Event, plan: Plan) -> Difference:
    """Seven questions at any size. Take it outside the lock: 2,000 sessions need a second."""
    existing = Existing.of(event)
    plan = cards.leave_aside(plan, existing)
    matching = match(plan, existing)
    difference = Difference(plan, existing)
    _sort(difference.rooms, matching.rooms, existing.rooms, comparing.words("room", plan))
    _sort(difference.tracks, matching.tracks, existing.tracks, comparing.words("track", plan))
    speakers = comparing.words("speaker", plan)
    _sort(difference.speakers, matching.speakers, existing.speakers, speakers)
    sessions = comparing.session_values(plan, existing, matching)
    _sort(difference.sessions, matching.sessions, existing.sessions, sessions)
    _sort(difference.slots, matching.slots, existing.slots, comparing.slot_values(plan, matching))
    _names_once(difference.rooms)
    _spare(difference)
    return difference


def _sort(part: Part[P, M], pairs: list[Pair[P, M]], rows: list[M], compare: Compare[P, M]) -> None:
    matched = set()
    for entry, row in pairs:
        if row is None:
            part.new.append(entry)
            continue
        matched.add(id(row))
        if values := compare.values(entry, row):
            part.changed.append(Changed(entry, row, values))
        else:
            part.same.append((entry, row))
    for row in rows:
        if id(row) not in matched:
            (part.gone if getattr(row, "origin", "") else part.kept).append(row)


def _spare(difference: Difference) -> None:
    """Take back what would go too far: with a session its place by hand, with a person their talk.

    Rooms stay; a track goes when the file takes the last session from it.
    """
    plan, existing = difference.plan, difference.existing
    if "slot.cancelled" in plan.silent:  # such a file leaves out what is cancelled
        _keep(difference.slots, lambda slot: slot.cancelled)
    if "session.unplaced" in plan.silent:  # and such a one what has no time
        timed = {slot.session_id for slot in existing.slots}
        _keep(difference.sessions, lambda session: session.pk not in timed)
    placed = {slot.session_id for slot in difference.slots.kept}
    _keep(difference.sessions, lambda session: session.pk in placed)
    kept = {session.pk for session in difference.sessions.kept}
    heard = {pk for session in kept for pk in existing.appearances.get(session, [])}
    has_speakers = "session.speakers" not in plan.silent
    _keep(difference.speakers, lambda speaker: speaker.pk in heard or not has_speakers)

    before = {session.track_id for session in existing.sessions}
    after = {session.track_id for session in difference.sessions.kept}
    if "session.track" not in plan.silent:
        tracks = difference.tracks
        tracks.gone = [row for row in tracks.kept if row.pk in before and row.pk not in after]
        tracks.kept = [row for row in tracks.kept if row not in tracks.gone]


def _names_once(rooms: Part[PlannedRoom, Room]) -> None:
    """A room keeps its name where another one, which the file does not know, has the new one."""
    taken = {row.name for row in rooms.kept}
    for changed in [*rooms.changed]:
        if changed.values.get("name") in taken:
            del changed.values["name"]
            if not changed.values:
                rooms.changed.remove(changed)
                rooms.same.append((changed.planned, changed.row))


def _keep(part: Part[P, M], stays: Callable[[M], bool]) -> None:
    part.kept += [row for row in part.gone if stays(row)]
    part.gone = [row for row in part.gone if not stays(row)]
