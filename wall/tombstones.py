"""That posts were deleted at their source before they came: nothing brings them here later.

Only keyed hashes are kept. Nobody can read from one whose post it was.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

from wall.models import Tombstone


def among(event_id: int, origins: Iterable[str]) -> set[str]:
    """Those of `origins` that were deleted at their source. One question to the database."""
    digests = {_digest(event_id, origin): origin for origin in origins}
    found = Tombstone.objects.filter(event_id=event_id, digest__in=digests)
    return {digests[digest] for digest in found.values_list("digest", flat=True)}


def bury(event_id: int, origins: Iterable[str]) -> None:
    """Remember that these were deleted. Called with the event's log open."""
    stones = [Tombstone(event_id=event_id, digest=_digest(event_id, one)) for one in origins]
    Tombstone.objects.bulk_create(stones, ignore_conflicts=True)


def _digest(event_id: int, origin: str) -> str:
    named = f"{event_id}:{origin}".encode()
    return hashlib.blake2b(named, key=_key(settings.SECRET_KEY), digest_size=32).hexdigest()


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"tombstone:" + secret.encode()).digest()
