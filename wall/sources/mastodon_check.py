"""Asks a Mastodon server whether posts still stand as they did. Stores and judges nothing.

Facts: Mastodon's documentation, methods/statuses. Since 4.3 twenty are told in one answer, which
leaves out what is gone; older servers, and others that speak the same, are asked one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from wall.egress import EgressFailed, EgressRefused
from wall.sources.base import Incoming, Known, SourceError
from wall.sources.choice import has_lost_its_tag
from wall.sources.mastodon_status import id_of, is_kept_back, translated
from wall.sources.mastodon_stream import gone
from wall.sources.pacing import REFUSED_S, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from wall.egress import Answer, Egress

LISTED = 20  # posts that Mastodon tells of in one answer
MAX_BYTES = 4 << 20
# Requests in one call. With the looks at a tag that is less than a server grants an address:
# 300 in five minutes.
MAX_REQUESTS = 17
AT_ONCE = 100  # posts, where the server gives lists: five requests, and some for what is missing
FORGET = 1000  # servers to know about


class Listing:
    """Which servers answer about many posts at once, as far as they have been asked."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def at_once(self, server: str) -> int:
        return AT_ONCE if self._known.get(server) else MAX_REQUESTS - 1

    def may(self, server: str) -> bool:
        return self._known.get(server, True)

    def note(self, server: str, *, lists: bool) -> None:
        if len(self._known) >= FORGET:
            self._known.clear()
        self._known[server] = lists


class Questions:
    """What one call asks one server, a bounded number of requests."""

    def __init__(
        self,
        server: str,
        tags: Sequence[str],
        headers: Mapping[str, str],
        egress: Egress,
        now: Callable[[], datetime],
    ) -> None:
        self._server = server
        self._tags = tags
        self._headers = headers
        self._egress = egress
        self._now = now
        self._left = MAX_REQUESTS
        self.heard: list[Incoming] = []

    async def ask(self, posts: Sequence[Known], listing: Listing) -> None:
        """Fills `heard`. Raises SourceError before it has heard any."""
        asked = [post for post in posts if post.remote_id]
        missing: list[Known] = []
        while asked and listing.may(self._server) and self._left:
            some = asked[:LISTED]
            found = await self._list(some, listing)
            if found is None:
                break
            asked = asked[LISTED:]
            for post in some:
                self._tell(post, found.get(post.remote_id), missing)
        # Left out of a list: gone, or perhaps only a server that tells no list in earnest.
        for post in [*missing, *asked]:
            if not self._left or not await self._one(post):
                return

    async def _list(
        self, posts: Sequence[Known], listing: Listing
    ) -> dict[str, msgspec.Raw] | None:
        """These posts by their ids; None if the server knows no such question."""
        named = "&".join(f"id[]={quote(post.remote_id, safe='')}" for post in posts)
        answer = await self._get(f"{self._server}/api/v1/statuses?{named}", MAX_BYTES)
        if answer is None:
            return None
        found = _listed(answer.body) if answer.status == 200 else None
        if found is None and answer.status not in (200, 400, 404, 405, 406, 410, 422, 501):
            if not self.heard:
                raise refusal(answer, self._now())
            self._left = 0
            return None
        ids = {post.remote_id for post in posts}
        if found is None or (found and not ids & found.keys()):
            # A list of nothing we asked for: the server has not understood the question.
            listing.note(self._server, lists=False)
            return None
        if found:
            listing.note(self._server, lists=True)
        return found

    def _tell(self, post: Known, raw: msgspec.Raw | None, missing: list[Known]) -> None:
        if raw is None:
            missing.append(post)
        elif (item := self._as_it_is(raw, post)) is not None:
            self.heard.append(item)

    async def _one(self, post: Known) -> bool:
        """Whether the next one may be asked about."""
        url = f"{self._server}/api/v1/statuses/{quote(post.remote_id, safe='')}"
        answer = await self._get(url, 1 << 20)
        if answer is None:
            return False
        if answer.status in (404, 410) and _is_object(answer.body):
            self.heard.append(gone(post.remote_id, self._now()))
        elif answer.status == 200:
            self._tell(post, msgspec.Raw(answer.body), [])
        elif self.heard:
            return False
        else:
            raise refusal(answer, self._now())
        return True

    async def _get(self, url: str, max_bytes: int) -> Answer | None:
        """None if there is nothing more to hear after what was."""
        self._left -= 1
        try:
            return await self._egress.get(url, headers=self._headers, max_bytes=max_bytes)
        except EgressRefused as error:
            raise SourceError(error.message, retry_after_s=REFUSED_S) from error
        except EgressFailed as error:
            if not self.heard:
                raise SourceError(error.message) from error
            self._left = 0
            return None

    def _as_it_is(self, raw: msgspec.Raw, post: Known) -> Incoming | None:
        """`post` as this answer tells of it; None if it tells of another, or cannot be read.

        Gone for a wall is also what has lost its tag by an edit, and what its server keeps from
        the public now. A text as it stands here has lost nothing: the source reads other tags now.
        """
        if id_of(raw) != post.remote_id:
            return None
        item = translated(raw, self._server, self._now())
        lost = item is not None and item.text != post.text and has_lost_its_tag(item, self._tags)
        return gone(post.remote_id, self._now()) if lost or is_kept_back(raw) else item


def _listed(body: bytes) -> dict[str, msgspec.Raw] | None:
    try:
        found = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return {id_of(raw): raw for raw in found}


def _is_object(body: bytes) -> bool:
    """Whether it is Mastodon that says so: a proxy's page about a missing server is no deletion."""
    try:
        return isinstance(msgspec.json.decode(body), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
