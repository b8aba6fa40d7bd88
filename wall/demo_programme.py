"""Write the programme of the demo event into an open log. Decides no time of day."""

from datetime import datetime, timedelta

from agenda.models import Appearance, Event, Room, Session, Slot, Speaker, Track
from eventhub.live.log import Log
from wall import demo_day as day
from wall.demo_people import SPEAKERS

TOLD_BEFORE = timedelta(hours=1)  # the doors open: when the programme was changed last


def add_programme(log: Log, event: Event) -> None:
    """Rooms, tracks, speakers, sessions and their slots, from the moment the event starts."""
    rooms = {
        name: Room.objects.create(
            event=event, name=name, capacity=seats, where=where, position=position
        )
        for position, (name, seats, where) in enumerate(day.ROOMS)
    }
    tracks = {
        name: Track.objects.create(event=event, name=name, colour=colour, position=position)
        for position, (name, colour) in enumerate(day.TRACKS)
    }
    people = {
        one.name: Speaker.objects.create(
            event=event, name=one.name, organisation=one.organisation, bio=one.bio, link=one.link
        )
        for one in SPEAKERS
    }
    for row in day.PROGRAMME:
        session = _session(event, row, tracks)
        for position, name in enumerate(row.speakers):
            Appearance.objects.create(session=session, speaker=people[name], position=position)
        log.add(_slot(session, row, rooms, event.starts_at))


def shift(slot: Slot, delta: timedelta) -> None:
    """As the day moves, so does what was before: nothing of it is news. Saves nothing."""
    slot.starts_at += delta
    slot.ends_at += delta
    slot.changed_at += delta
    if slot.moved_at:
        slot.moved_at += delta
    if slot.was_starts_at:
        slot.was_starts_at += delta


def _session(event: Event, row: day.Row, tracks: dict[str, Track]) -> Session:
    return Session.objects.create(
        event=event,
        title=row.title,
        subtitle=row.subtitle,
        kind=row.kind,
        track=tracks[row.track] if row.track else None,
        host=row.host,
        abstract=row.abstract,
        description=row.description,
        language=row.language,
        hashtag=row.hashtag,
        links=[{"title": title, "url": url} for title, url in row.links],
    )


def _slot(session: Session, row: day.Row, rooms: dict[str, Room], opens_at: datetime) -> Slot:
    starts_at = opens_at + timedelta(minutes=row.begins)
    told_at = opens_at - TOLD_BEFORE
    slot = Slot(
        event=session.event,
        session=session,
        room=rooms[row.room],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=row.minutes),
        changed_at=told_at,
        cancelled=row.cancelled,
    )
    if row.was_room:
        slot.was_room, slot.was_starts_at, slot.moved_at = rooms[row.was_room], starts_at, told_at
    slot.sequence = int(row.cancelled or bool(row.was_room))
    return slot
