"""What rooms, tracks, speakers and sessions say, told wherever it stands. Places nothing."""

from django.db.models import QuerySet

from agenda import programme
from agenda.models import Barcamp, Room, Session, Slot, Speaker, Track
from eventhub.live.log import Log, changing
from eventhub.live.topics import registry

Described = Room | Track | Speaker | Session
KIND = "programme"  # of a change that shows on no slot: whoever keeps a copy learns of it


def slots_naming(row: Described) -> QuerySet[Slot]:
    """The slots on which something of `row` stands."""
    slots = Slot.objects.filter(event_id=row.event_id)
    match row:
        case Room():
            return slots.filter(room=row)
        case Track():
            return slots.filter(session__track=row)
        case Speaker():
            return slots.filter(session__appearances__speaker=row)
        case Session():
            return slots.filter(session=row)


def described(row: Described) -> None:
    """`row` was written and says something else now: one change, whatever it stands on."""
    with changing(row.event_id) as log:
        slots = list(slots_naming(row))
        if isinstance(row, Session):
            programme.session_changed(row)
        else:
            programme.describe_anew(row.event, slots)
        if isinstance(row, Room):
            rooms_changed(log)
        if not slots:
            _tell(log, row.event_id)


def removed(row: Described) -> None:
    """Delete `row`, and have everything drawn anew on which it stood.

    Of a session the slots go with it. A room that slots are in stays: RestrictedError.
    """
    with changing(row.event_id) as log:
        slots, event = list(slots_naming(row)), row.event
        if isinstance(row, Session):
            programme.remove(row)
        else:
            row.delete()
            programme.describe_anew(event, slots)
        if isinstance(row, Room):
            rooms_changed(log)
        if not slots:
            _tell(log, event.pk)


def rooms_changed(log: Log) -> None:
    """The board has other columns now: everybody who shows it draws them anew."""
    for barcamp in Barcamp.objects.filter(event_id=log.event_id):
        log.touch(log.fresh(barcamp))


def _tell(log: Log, event_id: int) -> None:
    topics = (KIND, *registry.followers(KIND))
    log.tell(KIND, topics=topics, object_id=event_id, key=KIND)
