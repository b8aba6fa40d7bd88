"""What is planned, and for whom: events, people, programme."""

from agenda.models.event import Event
from agenda.models.people import Attendee, Membership, User
from agenda.models.programme import Room, Session, Slot

__all__ = ["Attendee", "Event", "Membership", "Room", "Session", "Slot", "User"]
