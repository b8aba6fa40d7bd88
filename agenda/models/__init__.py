"""What is planned, and for whom: events, people, programme, feedback."""

from agenda.models.event import Event
from agenda.models.feedback import Answer
from agenda.models.helpers import Door, DoorEntry, DoorKey
from agenda.models.people import Attendee, Carry, Membership, User
from agenda.models.programme import Room, Session, Slot, Track
from agenda.models.speakers import Appearance, Speaker
from agenda.models.stars import Star
from agenda.models.upload import Upload

__all__ = [
    "Answer",
    "Appearance",
    "Attendee",
    "Carry",
    "Door",
    "DoorEntry",
    "DoorKey",
    "Event",
    "Membership",
    "Room",
    "Session",
    "Slot",
    "Speaker",
    "Star",
    "Track",
    "Upload",
    "User",
]
