"""Carry out a difference in an open log: what is new, changed, gone, in bulk. Decides nothing.

Whoever calls holds the event's lock. Slots are written through the log; the rest stands on slots,
and these are told anew.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from agenda import placing, programme
from agenda.exchange import bulk
from agenda.exchange.comparing import WORDS
from agenda.exchange.difference import Changed, Difference
from agenda.exchange.plan import PlannedSession, PlannedSlot
from agenda.models import Appearance, Event, Room, Session, Slot, Speaker, Track
from eventhub.live.log import BATCH, Log
from eventhub.live.topics import registry

PLACE = ("session", "room", "starts_at", "ends_at", "cancelled", "fixed")
CHANGE = "programme"  # its kind, when it shows on no slot


def write(log: Log, event: Event, difference: Difference, tell: Callable[[int], None]) -> None:
    """All of it. `tell` is given per cent from 40 to 95."""
    work = _Work(log, event, difference)
    if not difference:
        work.adopt()
        return
    work.tracks_and_rooms()
    work.speakers()
    tell(45)
    work.sessions()
    tell(60)
    work.slots()
    tell(85)
    work.remove()
    work.adopt()
    tell(95)


class _Work:
    """Rows by what the plan calls them, as they come to be."""

    def __init__(self, log: Log, event: Event, difference: Difference) -> None:
        self.log, self.event, self.difference = log, event, difference
        self.at = timezone.now()
        self.tracks: dict[str, Track] = {}
        self.rooms: dict[str, Room] = {}
        self.people: dict[str, Speaker] = {}
        self.talks: dict[str, Session] = {}
        self.told: list[Session] = []  # retitled

    def tracks_and_rooms(self) -> None:
        tracks, rooms = self.difference.tracks, self.difference.rooms
        self.tracks = {planned.name: row for planned, row in tracks.rows()}
        self.rooms = {planned.name: row for planned, row in rooms.rows()}
        bulk.rename(Track, [(one.row, one.values) for one in tracks.changed])
        bulk.rename(Room, [(one.row, one.values) for one in rooms.changed])
        existing = self.difference.existing
        for number, planned in enumerate(tracks.new, bulk.next_position(existing.tracks)):
            self.tracks[planned.name] = Track(
                event=self.event, name=planned.name, colour=planned.colour, position=number
            )
        taken = {row.guid for row in existing.rooms}
        for number, place in enumerate(rooms.new, bulk.next_position(existing.rooms)):
            self.rooms[place.name] = Room(
                event=self.event,
                guid=bulk.free_guid(place.guid, taken),
                name=place.name,
                capacity=place.capacity,
                where=place.where,
                position=number,
            )
        bulk.create(Track, [self.tracks[planned.name] for planned in tracks.new])
        bulk.create(Room, [self.rooms[planned.name] for planned in rooms.new])

    def speakers(self) -> None:
        part = self.difference.speakers
        self.people = {planned.origin: row for planned, row in part.rows()}
        taken = {row.guid for row in self.difference.existing.speakers}
        for planned in part.new:
            self.people[planned.origin] = Speaker(
                event=self.event,
                guid=bulk.free_guid(planned.guid, taken),
                origin=planned.origin,
                name=planned.name,
                organisation=planned.organisation,
                bio=planned.bio,
                link=planned.link,
            )
        bulk.create(Speaker, [self.people[planned.origin] for planned in part.new])
        bulk.revise(Speaker, [(one.row, one.values) for one in part.changed])

    def sessions(self) -> None:
        part = self.difference.sessions
        self.talks = {planned.origin: row for planned, row in part.rows()}
        taken = {row.guid for row in self.difference.existing.sessions}
        for planned in part.new:
            self.talks[planned.origin] = Session(
                event=self.event,
                guid=bulk.free_guid(planned.guid, taken),
                origin=planned.origin,
                track=self.tracks.get(planned.track),
                **{key: getattr(planned, key) for key in WORDS["session"]},
            )
        bulk.create(Session, [self.talks[planned.origin] for planned in part.new])
        cast_anew: list[PlannedSession] = list(part.new)
        written: list[tuple[Session, dict[str, Any]]] = []
        for changed in part.changed:
            values = dict(changed.values)
            if values.pop("speakers", None) is not None:
                cast_anew.append(changed.planned)
            if "track" in values:
                values["track"] = self.tracks.get(values["track"])
            if "title" in values:
                self.told.append(changed.row)
            written.append((changed.row, values))
        bulk.revise(Session, written)
        self._cast(cast_anew)

    def _cast(self, planned: list[PlannedSession]) -> None:
        """Who speaks where, in the order of the file."""
        numbers = [self.talks[session.origin].pk for session in planned]
        for start in range(0, len(numbers), BATCH):
            Appearance.objects.filter(session_id__in=numbers[start : start + BATCH]).delete()
        bulk.create(
            Appearance,
            [
                Appearance(
                    session=self.talks[session.origin], speaker=self.people[name], position=position
                )
                for session in planned
                for position, name in enumerate(session.speakers)
            ],
        )

    # --- slots

    def slots(self) -> None:
        """Gone, new and moved ones, and those on which something else stands now."""
        part = self.difference.slots
        self.log.remove_all(part.gone)
        self.log.add_all(self._new_slots())
        moved = [self._moved(changed) for changed in part.changed]
        self.log.touch_all(moved, [*PLACE, *placing.TRACKED])
        described = self._described({row.pk for row in (*moved, *part.gone)})
        self.log.touch_all(described, ["changed_at"])
        self._tell_organizers()
        if not (part or described):
            # It shows on no slot; whoever keeps a copy learns of it all the same.
            topics = (CHANGE, *registry.followers(CHANGE))
            self.log.tell(CHANGE, topics=topics, object_id=self.event.pk, key=CHANGE)

    def _tell_organizers(self) -> None:
        """Of sessions without a place only they know."""
        if self.difference.sessions or self.difference.slots.gone:
            self.log.tell("session", topics=("tray",), object_id=self.event.pk, key="tray")

    def _new_slots(self) -> list[Slot]:
        existing = self.difference.existing.slots
        guids, numbers = {row.guid for row in existing}, {row.number for row in existing}
        planned = self.difference.slots.new
        highest = max([*numbers, *(slot.number or 0 for slot in planned)], default=0)
        new = []
        for slot in planned:
            number = slot.number
            if number is None or number in numbers:
                number = highest = highest + 1
            numbers.add(number)
            new.append(
                Slot(
                    event=self.event,
                    session=self.talks[slot.session],
                    room=self.rooms.get(slot.room),
                    guid=bulk.free_guid(slot.guid, guids),
                    origin=slot.origin,
                    number=number,
                    starts_at=slot.starts_at,
                    ends_at=slot.ends_at,
                    cancelled=slot.cancelled,
                    fixed=slot.fixed,
                    sequence=slot.sequence,
                    changed_at=self.at,
                )
            )
        return new

    def _moved(self, changed: Changed[PlannedSlot, Slot]) -> Slot:
        slot, planned = changed.row, changed.planned
        before = placing.place_of(slot)
        for key in {*WORDS["slot"]} & {*changed.values}:
            setattr(slot, key, changed.values[key])
        slot.session_id = self.talks[planned.session].pk
        room = self.rooms.get(planned.room)
        slot.room_id = room.pk if room else None
        if placing.keep_track(slot, before, self.at):
            slot.sequence = max(slot.sequence, planned.sequence)
        slot.changed_at = self.at
        return slot

    def _described(self, done: set[int]) -> list[Slot]:
        """The other slots on which a session, room, track or person stands that changed."""
        difference, existing = self.difference, self.difference.existing
        rooms = {one.row.pk for one in difference.rooms.changed}
        tracks = {one.row.pk for one in difference.tracks.changed}
        people = {one.row.pk for one in difference.speakers.changed}
        sessions = {one.row.pk for one in difference.sessions.changed}
        sessions |= {row.pk for row in existing.sessions if row.track_id in tracks}
        sessions |= {pk for pk, cast in existing.appearances.items() if people & {*cast}}
        found = [
            slot
            for slot in existing.slots
            if slot.pk not in done and (slot.session_id in sessions or slot.room_id in rooms)
        ]
        for slot in found:
            slot.changed_at = self.at
        return found

    # --- the end

    def remove(self) -> None:
        """Sessions, people and tracks that are gone; whoever shows titles learns of it."""
        programme.tell_followers(self.log, self.told, gone=False)
        programme.tell_followers(self.log, self.difference.sessions.gone, gone=True)
        bulk.delete(Session, self.difference.sessions.gone)
        bulk.delete(Speaker, self.difference.speakers.gone)
        bulk.delete(Track, self.difference.tracks.gone)

    def adopt(self) -> None:
        """From now on the file knows them by its own ids: what it leaves out next time is gone."""
        difference = self.difference
        for part in (difference.speakers, difference.sessions, difference.slots):
            rows: list[Any] = []
            for planned, row in part.rows():
                if row.origin != planned.origin:
                    row.origin = planned.origin
                    rows.append(row)
            if rows:
                type(rows[0])._default_manager.bulk_update(rows, ["origin"], batch_size=BATCH)
