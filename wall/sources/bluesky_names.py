"""Who wrote, and what pictures look like: asked of the public AppView for posts of a stream.

Remembers authors for a while. A post whose author nobody knows, or does not want to be shown, never
gets through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from wall.sources.base import Incoming
from wall.sources.bluesky_api import posts, profiles
from wall.sources.bluesky_post import has_pictures, of_record, of_view
from wall.sources.bluesky_shapes import Profile, View
from wall.sources.jetstream_sieve import Caught, Found

if TYPE_CHECKING:
    from wall.egress import Egress

KNOWN_S = 600.0  # how long a name is taken for good
MAX_KNOWN = 5_000
MAX_WAITING = 200
ASK_AGAIN_S = 2.0  # the AppView learns of a post as we do, at times a little later
PICTURES_WITHIN_S = 6.0  # then the post comes without; the next check brings them
AUTHOR_WITHIN_S = 30.0  # then it does not come


class Names:
    """What one stream asked about. `waiting`: posts whose author or pictures are not known yet."""

    def __init__(
        self, config: Mapping[str, str], egress: Egress, now: Callable[[], datetime]
    ) -> None:
        self.waiting: list[Found] = []
        self._config = config
        self._egress = egress
        self._now = now
        self._known: dict[str, tuple[float, Profile]] = {}
        self._asked_s = 0.0

    def forget(self, dids: Iterable[str]) -> None:
        """These may have another name now."""
        for did in dids:
            self._known.pop(did, None)

    async def dressed(self, found: Sequence[Found], kept: Caught, at_s: float) -> list[Incoming]:
        """Those of `found`, and of who waited, that are complete. Raises SourceError.

        `kept` says what was deleted meanwhile; `at_s` is by the loop's clock.
        """
        for post in found:
            post.since_s = at_s
        newer = {post.key for post in found}
        old = [
            post
            for post in self.waiting
            if post.key not in newer and post.key not in kept.deleted and post.did not in kept.gone
        ]
        self.waiting = [*old, *found]  # whatever fails now: the cursor stays behind them
        again = at_s - self._asked_s >= ASK_AGAIN_S
        asked = [*old, *found] if again else list(found)
        if not asked:
            return []
        if again:
            self._asked_s = at_s
        views, authors = await asyncio.gather(self._views(asked), self._authors(asked, at_s))
        items: list[Incoming] = []
        left = [] if again else old
        for post in asked:
            item, complete = self._item(post, views, authors, at_s - post.since_s)
            if item is not None:
                items.append(item)
            if not complete:
                left.append(post)
        self.waiting = left[-MAX_WAITING:]
        return items

    async def _views(self, asked: Sequence[Found]) -> dict[str, View | None]:
        uris = [post.key for post in asked if has_pictures(post.record)]
        return await posts(self._config, uris, self._egress, self._now())

    async def _authors(self, asked: Sequence[Found], at_s: float) -> dict[str, Profile]:
        dids = dict.fromkeys(post.did for post in asked)
        known = {
            did: self._known[did][1]
            for did in dids
            if did in self._known and at_s - self._known[did][0] < KNOWN_S
        }
        unknown = [did for did in dids if did not in known]
        new = await profiles(self._config, unknown, self._egress, self._now())
        for did, profile in new.items():
            self._known.pop(did, None)
            self._known[did] = at_s, profile
            if len(self._known) > MAX_KNOWN:
                del self._known[next(iter(self._known))]
        return known | new

    def _item(
        self,
        post: Found,
        views: Mapping[str, View | None],
        authors: Mapping[str, Profile],
        waited_s: float,
    ) -> tuple[Incoming | None, bool]:
        """The post if it can be told, and whether there is nothing more to wait for."""
        now = self._now()
        author, view = authors.get(post.did), views.get(post.key)
        if author is None:
            return None, waited_s >= AUTHOR_WITHIN_S
        if view is not None:
            return of_view(view, now), True
        if has_pictures(post.record) and waited_s < PICTURES_WITHIN_S:
            return None, False
        return of_record(post.key, post.record, author, now), True
