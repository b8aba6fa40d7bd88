"""What one guest wants to attend: a star set, taken away, read, brought together, put in order.

Refuses to tell anybody else: nothing here is a change that a page hears of. Knows no requests.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from agenda import attendees
from agenda.models import Attendee, Event, Session, Slot, Star
from eventhub.live.log import Log, changing

MAX_SESSIONS = 500  # that are asked for at once: more stars than any event has hours


class NoSuchSessionError(Exception):
    """It is not of this event, or it is gone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One slot of somebody's programme, and those of their other slots that overlap with it."""

    slot: Slot
    clashes: tuple[Slot, ...] = ()


def put(event: Event, key: str, session: int, *, on: bool) -> bool:
    """Star `session` (a primary key) for the guest with this key, or take the star away.

    False if it was so before. What is said twice counts once. Raises NoSuchSessionError for a
    star on what is not there; a star on it can always be taken away.
    """
    if not on:
        own = Star.objects.filter(attendee__event=event, attendee__key=key, session=session)
        return own.delete()[0] > 0
    if not Session.objects.filter(event=event, pk=session).exists():
        raise NoSuchSessionError
    # Whoever erases a guest, or brings two together, holds the log as well.
    with changing(event):
        if not Session.objects.filter(event=event, pk=session).exists():
            raise NoSuchSessionError
        attendee = attendees.row_for(event, key)
        return Star.objects.get_or_create(attendee=attendee, session_id=session)[1]


def sessions_of(event: Event, key: str | None) -> list[int]:
    """The primary keys of the sessions that this guest has starred. One query."""
    if key is None:
        return []
    own = Star.objects.filter(attendee__event=event, attendee__key=key)
    return sorted(own.values_list("session_id", flat=True))


def slots_of(event: Event, sessions: Iterable[int]) -> list[Slot]:
    """Where and when these sessions of `event` are, by time and room. Two queries."""
    wanted = list(sessions)[:MAX_SESSIONS]
    return list(Slot.objects.of(event).filter(session__in=wanted).in_order())


def programme_of(slots: Sequence[Slot]) -> list[Mark]:
    """`slots`, by their time, each with those that overlap with it. What is cancelled does not.

    Slots are [start, end): one that begins when another ends does not overlap with it.
    """
    return [Mark(slot, tuple(other for other in slots if _overlap(slot, other))) for slot in slots]


def next_of(slots: Iterable[Slot], at: datetime) -> Slot | None:
    """What is on at `at` (aware), else what comes next."""
    return next((slot for slot in slots if slot.ends_at > at and not slot.cancelled), None)


def bring_together(log: Log, old: Attendee, into: Attendee) -> None:
    """`into` gets the stars of `old`, who is about to go; starred by both is starred once."""
    known = set(into.stars.values_list("session_id", flat=True))
    old.stars.exclude(session__in=known).update(attendee=into)


def told(attendee: Attendee) -> list[dict[str, object]]:
    """What is stored of a guest's stars, as they may read it. One query."""
    stars = attendee.stars.select_related("session").order_by("pk")
    return [{"session": star.session.title, "at": star.at} for star in stars]


# --- the calendar: an app that fetches it has no cookie


def token_of(attendee: Attendee) -> str:
    """What opens this guest's calendar, and nothing else, as long as their row exists."""
    return f"{attendee.pk}-{_proof(attendee)}"


def owner_of(event: Event, token: str) -> Attendee | None:
    """The guest of `event` whose calendar `token` opens. One query.

    A guest who has erased everything is nobody here, also if they begin anew.
    """
    number, _, proof = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    attendee = Attendee.objects.filter(event=event, pk=int(number)).first()
    if attendee is None or not constant_time_compare(proof, _proof(attendee)):
        return None
    return attendee


def _proof(attendee: Attendee) -> str:
    """128 bits that only this server can make."""
    words = f"{attendee.event_id}:{attendee.pk}:{attendee.key}"
    digest = salted_hmac("agenda.stars", words, algorithm="sha256").digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _overlap(one: Slot, other: Slot) -> bool:
    if one.pk == other.pk or one.cancelled or other.cancelled:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
