"""Keys and book of the helpers' doors: how a key is made and known again, what is written down.

Decides about nobody: that is `agenda.helpers`, which holds the event's log open meanwhile.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from agenda.models import Door, DoorEntry, DoorKey
from agenda.models.event import CODE_ALPHABET
from agenda.sealing import seal, unseal

KEY_CHARS = 12  # 60 bits: short enough to be typed, good for one use before an hour
# Whoever knocks again and again with a spent key fills no book.
MAX_REFUSALS_LISTED = 30
REFUSALS_WITHIN = timedelta(minutes=10)
BOOK_WINDOW = 60  # entries that a page shows
_SEALED_FOR = b"door key"
_REFUSALS = [DoorEntry.What.SPENT, DoorEntry.What.LATE, DoorEntry.What.FOREIGN]


class DoorRefused(Exception):
    """A key that opens nothing here; `message` says in one sentence what to do."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = _sentence(code)
        super().__init__(self.message)


def _sentence(code: str) -> str:
    match code:
        case DoorEntry.What.SPENT:
            return _("This code has been used already. Scan the next one on the organizer's phone.")
        case DoorEntry.What.LATE:
            return _("This code is not valid any more. Ask the organizers for a new one.")
        case "no_name":
            return _("Type your name, so that the others know who helps.")
        case "has_more":
            return _("You run this event already, so nothing has changed for you.")
        case "too_many":
            return _("Too many wrong codes. Wait a minute, then scan the code once more.")
    return _("This code opens nothing here. Scan the one on the organizer's phone.")


def hash_key(typed: str) -> str:
    """Of what was scanned or typed: hyphens, spaces and small letters change nothing."""
    key = "".join(char for char in typed[:100].upper() if char in CODE_ALPHABET)
    return hashlib.sha256(f"door {key}".encode()).hexdigest()


def change_key(door: Door, now: datetime) -> None:
    """The key so far opens nothing any more; the new one is shown from now on."""
    DoorKey.objects.filter(door=door, spent_at=None).update(spent_at=now, key_sealed="")
    key = "".join(secrets.choice(CODE_ALPHABET) for _ in range(KEY_CHARS))
    sealed = seal(key, purpose=_SEALED_FOR)
    DoorKey.objects.create(door=door, key_hash=hash_key(key), key_sealed=sealed, made_at=now)


def current_key(door: Door) -> DoorKey | None:
    """The key that opens `door` now, None if it is shut."""
    if not door.is_open():
        return None
    return DoorKey.objects.filter(door=door, spent_at=None).order_by("-pk").first()


def words_of(key: DoorKey) -> str:
    """The key itself, as it stands in the code; "" if it was made with another server's secret."""
    return unseal(key.key_sealed, purpose=_SEALED_FOR)


def in_groups(words: str) -> list[str]:
    """A key as people read it aloud: four and four and four."""
    return [words[start : start + 4] for start in range(0, len(words), 4)]


def list_refusal(entry: DoorEntry, now: datetime) -> bool:
    """Write down that a key was refused. False if there were too many of late to list them all."""
    of_late = DoorEntry.objects.filter(
        event_id=entry.event_id, what__in=_REFUSALS, at__gt=now - REFUSALS_WITHIN
    )
    if of_late.count() >= MAX_REFUSALS_LISTED:
        return False
    entry.save()
    return True
