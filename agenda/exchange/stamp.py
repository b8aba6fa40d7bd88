"""What has been exported, told by its state without making it anew: for ETag and Last-Modified.

Reads counts and revisions; the programme itself is not looked at.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Sum

from agenda.models import Event, Room, Session, Slot, Speaker, Track
from eventhub.static_files import build_id

MAX_KNOWN = 1000
_REVISED: tuple[Any, ...] = (Room, Track, Speaker, Session)

# When each export looked first as it looks now. Another process may say a later time, never an
# earlier one: who asks there gets the whole once more.
_since: OrderedDict[tuple[object, ...], tuple[str, int]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Stamp:
    etag: str  # in quotes
    modified: int  # seconds since 1970


def of(event: Event, *about: str) -> Stamp:
    """Of an export of `event`; `about` says which one, and for whom. Five questions.

    Ask before the programme is read: what changes in between is only sent once more.
    """
    slots = Slot.objects.filter(event=event)
    state: list[object] = [build_id(), event.pk, event.revision]
    state += slots.aggregate(count=Count("pk"), last=Max("version"), latest=Max("pk")).values()
    for model in _REVISED:
        rows = model.objects.filter(event=event)
        counts = rows.aggregate(count=Count("pk"), sum=Sum("revision"), latest=Max("pk"))
        state += counts.values()
    digest = hashlib.blake2b(repr([*about, *state]).encode(), digest_size=12).hexdigest()
    return Stamp(f'"{digest}"', first_seen((event.pk, *about), digest))


def first_seen(key: tuple[object, ...], digest: str) -> int:
    """Since when `key` looks as it looks now, as far as this process knows; a Unix time."""
    known, since = _since.pop(key, ("", 0))
    if known != digest:
        since = max(int(time.time()), since + 1)  # two changes in a second are two times
    _since[key] = digest, since
    if len(_since) > MAX_KNOWN:
        _since.popitem(last=False)
    return since
