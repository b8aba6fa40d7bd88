"""What is planned, and for whom: events, people, programme, feedback."""

from agenda.models.barcamp import Barcamp, Hosting, Period, Proposal, Suggestion, Vote
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
    "Barcamp",
    "Carry",
    "Door",
    "DoorEntry",
    "DoorKey",
    "Event",
    "Hosting",
    "Membership",
    "Period",
    "Proposal",
    "Room",
    "Session",
    "Slot",
    "Speaker",
    "Star",
    "Suggestion",
    "Track",
    "Upload",
    "User",
    "Vote",
]
