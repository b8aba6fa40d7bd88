"""A barcamp with two rooms and two rows at eight in the morning, and what is suggested for it."""

from typing import Any

from django.utils import translation

from agenda import suggesting
from agenda.models import Barcamp, Event, Membership, Proposal, Slot, Suggestion, User, Vote
from tests import factories
from tests.factories import at, make_attendee, make_period, make_room

MORNING = at("08:00")
State = Suggestion.State


def make_barcamp_morning() -> Event:
    event = factories.make_event(zone="UTC")
    factories.make_barcamp(event, Barcamp.Phase.BOARD)
    make_room(event, "Saal", capacity=80)
    make_room(event, "Küche", capacity=20)
    make_period(event, "10:00")
    make_period(event, "11:00")
    return event


def staff(event: Event) -> User:
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.MODERATOR)
    return user


def vote(event: Event, *proposals: Proposal) -> None:
    guest = make_attendee(event)
    Vote.objects.bulk_create(Vote(attendee=guest, proposal=one) for one in proposals)


def worked_out(event: Event) -> Suggestion:
    """In English, and in this thread."""
    with translation.override("en"):
        content = suggesting.work_out(event, MORNING)
    user = staff(event)
    return Suggestion.objects.create(event=event, by=user, state=State.READY, content=content)


def card(suggestion: Suggestion, proposal: Proposal) -> dict[str, Any]:
    suggestion.refresh_from_db()
    cards: list[dict[str, Any]] = suggestion.content["cards"]
    return next(one for one in cards if one["key"] == proposal.key)


def slots(proposal: Proposal) -> list[tuple[str, str]]:
    found = Slot.objects.filter(session__proposal=proposal).select_related("room")
    return [(slot.room.name if slot.room else "", f"{slot.starts_at:%H:%M}") for slot in found]
