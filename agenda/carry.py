"""The way of one guest to another browser: a key of ten minutes, used once. Knows no requests.

The browser that made it goes on as before; afterwards both hold the same attendee's key. Of the
carry key a keyed hash is stored, so that a copy of the database opens nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agenda.models import Attendee, Carry, Event
from agenda.models.event import CODE_ALPHABET

LIFE = timedelta(minutes=10)
# 60 bits: a hall that guesses for ten minutes, 1000 times a second, finds one of 300 ways open
# with a chance of 1 : 6 000 000 000. So nobody has to be locked out, and it can still be typed.
KEY_CHARS = 12


@dataclass(frozen=True, slots=True)
class Way:
    """A key that was just made. It is known now and never again."""

    key: str
    expires_at: datetime

    @property
    def groups(self) -> list[str]:
        """As people read it aloud: four and four and four."""
        return [self.key[start : start + 4] for start in range(0, len(self.key), 4)]


def make(attendee: Attendee) -> Way:
    """A new way for `attendee`; the one before ends here, used or not."""
    way = Way(
        "".join(secrets.choice(CODE_ALPHABET) for _ in range(KEY_CHARS)), timezone.now() + LIFE
    )
    with transaction.atomic():
        Carry.objects.filter(attendee=attendee).delete()
        Carry.objects.create(
            attendee=attendee, key_hash=hash_key(way.key), expires_at=way.expires_at
        )
    return way


def find(event: Event, typed: str) -> Attendee | None:
    """The guest of `event` to whom the key leads now; None for every other text. One query."""
    carry = _open(event, typed).select_related("attendee").first()
    return carry.attendee if carry is not None else None


def spend(event: Event, typed: str) -> Attendee | None:
    """Like `find`, and the key opens nothing any more: of two who come at once, one gets in."""
    with transaction.atomic():
        attendee = find(event, typed)
        # Asked again while it is written: a count of 0 means that somebody was faster.
        if attendee is None or not _open(event, typed).update(used_at=timezone.now()):
            return None
    return attendee


def hash_key(typed: str) -> str:
    """Of what was scanned or typed: hyphens, spaces and small letters change nothing."""
    key = "".join(char for char in typed[:100].upper() if char in CODE_ALPHABET)
    return salted_hmac("agenda.carry", key, algorithm="sha256").hexdigest()


def _open(event: Event, typed: str) -> QuerySet[Carry]:
    return Carry.objects.filter(
        attendee__event=event,
        key_hash=hash_key(typed),
        used_at=None,
        expires_at__gt=timezone.now(),
    )
