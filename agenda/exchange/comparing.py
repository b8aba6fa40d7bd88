"""How an entry of a plan and a row of an event say the same. Reads and writes nothing."""

from collections.abc import Callable, Collection
from typing import Any, Generic, TypeVar

from agenda.exchange import texts
from agenda.exchange.matching import Existing, Matching
from agenda.exchange.plan import Plan, PlannedSession, PlannedSlot
from agenda.models import Session, Slot

P = TypeVar("P")
M = TypeVar("M")
Values = dict[str, Any]


class Compare(Generic[P, M]):
    """How an entry and a row say the same; `silent` fields are not looked at."""

    def __init__(
        self,
        of_entry: Callable[[P], Values],
        of_row: Callable[[M], Values],
        silent: Collection[str],
    ) -> None:
        self._of_entry, self._of_row, self._silent = of_entry, of_row, silent

    def values(self, entry: P, row: M) -> Values:
        """What of `entry` differs from `row`."""
        said, there = self._of_entry(entry), self._of_row(row)
        return {
            key: value
            for key, value in said.items()
            if value != there[key] and key not in self._silent
        }


def _silent(kind: str, plan: Plan) -> set[str]:
    return {key.partition(".")[2] for key in plan.silent if key.startswith(f"{kind}.")}


WORDS = {
    "room": ("name", "where", "capacity"),
    "track": ("name", "colour"),
    "speaker": ("name", "organisation", "bio", "link"),
    "session": (
        *("title", "subtitle", "kind", "host", "abstract", "description", "language"),
        *("hashtag", "links"),
    ),
    "slot": ("starts_at", "ends_at", "cancelled", "fixed"),
}


def words(kind: str, plan: Plan) -> Compare[Any, Any]:
    fields = WORDS[kind]
    return Compare(
        lambda entry: {key: getattr(entry, key) for key in fields},
        lambda row: {key: as_planned(key, getattr(row, key)) for key in fields},
        _silent(kind, plan),
    )


def as_planned(key: str, value: Any) -> Any:
    """A row's value as a plan would have it: forms keep line ends and spaces that no file has."""
    if key == "links":
        return [link for link in map(texts.link, value) if link]
    if not isinstance(value, str):
        return value
    match key:
        case "abstract" | "description" | "bio":
            return texts.text(value)
        case "hashtag":
            return texts.hashtag(value)
        case "language":
            return texts.language(value)
        case "colour":
            return value.lower()
        case _:
            return texts.line(value)


def session_values(
    plan: Plan, existing: Existing, matching: Matching
) -> Compare[PlannedSession, Session]:
    """With `track` by its name and `speakers` by row, or by origin where there is none yet."""
    fields = WORDS["session"]
    speakers: dict[str, int | str] = {s.origin: s.origin for s in plan.speakers}
    speakers |= {speaker.origin: row.pk for speaker, row in matching.speakers if row}
    tracks = {row.pk: row.name for row in existing.tracks}
    tracks |= {row.pk: track.name for track, row in matching.tracks if row}
    return Compare(
        lambda session: (
            {key: getattr(session, key) for key in fields}
            | {"track": session.track, "speakers": [speakers[name] for name in session.speakers]}
        ),
        lambda row: (
            {key: as_planned(key, getattr(row, key)) for key in fields}
            | {
                "track": tracks[row.track_id] if row.track_id else "",
                "speakers": existing.appearances.get(row.pk, []),
            }
        ),
        _silent("session", plan),
    )


def slot_values(plan: Plan, matching: Matching) -> Compare[PlannedSlot, Slot]:
    """With `session` and `room` by row, or by origin and name where there is none yet."""
    fields = WORDS["slot"]
    sessions = {session.origin: row.pk for session, row in matching.sessions if row}
    rooms = {room.name: row.pk for room, row in matching.rooms if row}
    return Compare(
        lambda slot: (
            {key: getattr(slot, key) for key in fields}
            | {
                "session": sessions.get(slot.session, slot.session),
                "room": rooms.get(slot.room, slot.room) if slot.room else None,
            }
        ),
        lambda row: (
            {key: getattr(row, key) for key in fields}
            | {"session": row.session_id, "room": row.room_id}
        ),
        _silent("slot", plan),
    )
