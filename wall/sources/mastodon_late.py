"""When a tag's newest page is read anew, and how far a page was read. Asks nobody.

Mastodon files a post that comes from elsewhere under the time its author's server claims
(lib/mastodon/snowflake.rb): what travelled for a while, or was written by a clock that is behind,
gets an id below those we have seen. Asking for what is above the last one never finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from wall.sources.base import Incoming
from wall.sources.mastodon_status import age

PAGE = 40  # posts; the most Mastodon hands out at once
EVERY = timedelta(seconds=60)
# What claims to be older was there before we came; a clock may be a day behind.
OLDEST = timedelta(hours=25)
FORGET = 1000  # sources to know about


class LookingBack:
    """Which sources' newest page was read when. Remembered in memory: a restart begins anew."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._looked: dict[str, datetime] = {}

    def is_due(self, name: str) -> bool:
        """Whether the next look of this source reads the newest page; once a minute."""
        now = self._now()
        if len(self._looked) >= FORGET:
            self._looked.clear()
        last = self._looked.setdefault(name, now)
        if timedelta(0) <= now - last < EVERY:
            return False
        self._looked[name] = now
        return True


def read_to(ids: Sequence[str], cursor: str, *, back: bool) -> tuple[str, bool]:
    """How far the tag was read with a page of these ids, and whether there is more now.

    Looking back, a page that does not reach down to the cursor leaves it: what is in between is
    read page by page. And it may sink, for a server that was set back begins its ids anew.
    """
    known = sorted(filter(None, ids), key=age)
    full = len(ids) >= PAGE
    if back and known:
        gap = full and age(known[0]) > age(cursor)
        return (cursor, True) if gap else (known[-1], False)
    seen = max([cursor, *known], key=age)
    # More is only promised if the mark moved: a server that repeats its page must not spin us.
    return seen, bool(cursor) and full and seen != cursor


def is_of_late(item: Incoming, cursor: str, now: datetime) -> bool:
    """Whether what a look back brought is new, or came late; not what was there before us."""
    return age(item.remote_id) > age(cursor) or item.written_at > now - OLDEST
