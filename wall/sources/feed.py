"""Asks for one RSS or Atom feed, only if it has changed, and translates it. Stores nothing.

What leaves a feed is not deleted, it is only old; so posts are asked for one by one (`check`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import msgspec
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agenda.hashtags import same_tag
from wall.egress import EgressError, EgressFailed, EgressRefused
from wall.facets import web_address
from wall.sources import feed_reading
from wall.sources.base import Batch, Incoming, Known, SourceError
from wall.sources.choice import ALSO, tags_of
from wall.sources.feed_entry import translated
from wall.sources.feed_reading import UnreadableFeed
from wall.sources.pacing import pause_s, refusal

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from wall.egress import Answer, Egress
    from wall.sources.feed_child import Entry
    from wall.sources.feed_child import Feed as Found

POLL_S = 60.0
SLOW_S = 300.0  # after a refusal that only people can end
MAX_BYTES = 2 << 20
MAX_PAGE_BYTES = 64 << 10  # of a post's own page: that it is there is all we ask
MAX_MARK_CHARS = 500
CHECKED_AT_ONCE = 5
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
GONE = (404, 410)


class Place(msgspec.Struct):
    """The cursor: by what the server knows what we have, and what that was."""

    etag: str = ""
    modified: str = ""
    seen: list[str] = []  # fingerprints of entries, at most 200


class Feed:
    """config: "url". Asked once a minute; what has not changed costs a 304."""

    kind = "feed"

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        """What is new or different in a feed that has changed, oldest first."""
        url = _address(config)
        place = _place(cursor)
        headers = {"Accept": ACCEPT}
        headers |= {"If-None-Match": place.etag} if place.etag else {}
        headers |= {"If-Modified-Since": place.modified} if place.modified else {}
        try:
            answer = await egress.get(url, headers=headers, max_bytes=MAX_BYTES)
        except EgressRefused as error:
            raise SourceError(error.message, retry_after_s=SLOW_S) from error
        except EgressFailed as error:
            raise SourceError(error.message) from error
        now = self._now()
        if answer.status == 304:
            return Batch(items=(), cursor=cursor, wait_s=POLL_S)
        if answer.status != 200:
            raise _refused(answer, now)
        found = await _read(answer, url)
        wanted = config.get(ALSO, "").split()
        seen = {_fingerprint(entry): entry for entry in found.entries}
        new = [entry for mark, entry in seen.items() if mark not in place.seen]
        items = [translated(entry, found, url, now) for entry in new]
        wait_s, rate_left = pause_s(answer, now, usual_s=POLL_S)
        return Batch(
            items=tuple(
                sorted(
                    (one for one in items if one is not None and _carries(one, wanted)),
                    key=lambda item: item.written_at,
                )
            ),
            cursor=msgspec.json.encode(_marked(answer, list(seen))).decode(),
            wait_s=wait_s,
            rate_left=rate_left,
        )

    def check_at_once(self, config: Mapping[str, str]) -> int:
        return CHECKED_AT_ONCE

    async def check(
        self,
        config: Mapping[str, str],
        token: str,
        posts: Sequence[Known],
        egress: Egress,
    ) -> Sequence[Incoming | Known]:
        """Whether their own pages are still there; of those without one nothing is heard."""
        heard: list[Incoming | Known] = []
        for post in posts[:CHECKED_AT_ONCE]:
            if not web_address(post.remote_id):
                continue
            try:
                answer = await egress.get(post.remote_id, max_bytes=MAX_PAGE_BYTES)
            except EgressError:
                continue
            if answer.status in GONE:
                heard.append(_removed(post, self._now()))
            elif answer.status < 400:
                heard.append(post)
        return heard


def _carries(item: Incoming, wanted: list[str]) -> bool:
    """Whether `item` has one of the tags that are asked for, if any are."""
    return not wanted or any(same_tag(tag, each) for tag in tags_of(item) for each in wanted)


def _removed(post: Known, now: datetime) -> Incoming:
    return Incoming(key=post.key, author="", name="", text="", written_at=now, gone=True)


def _address(config: Mapping[str, str]) -> str:
    url = config.get("url", "")
    if not web_address(url):
        raise SourceError(_("This is not the address of a feed."), permanent=True)
    return url


def _place(cursor: str) -> Place:
    try:
        return msgspec.json.decode(cursor or "{}", type=Place)
    except msgspec.MsgspecError:
        return Place()


def _marked(answer: Answer, seen: list[str]) -> Place:
    return Place(_sent_back(answer, "etag"), _sent_back(answer, "last-modified"), seen)


def _sent_back(answer: Answer, header: str) -> str:
    mark = answer.headers.get(header, "")
    return mark if len(mark) <= MAX_MARK_CHARS and mark.isprintable() else ""


def _fingerprint(entry: Entry) -> str:
    return hashlib.blake2b(msgspec.json.encode(entry), digest_size=6).hexdigest()


def _refused(answer: Answer, now: datetime) -> SourceError:
    """As for every server, in words that fit a feed."""
    error = refusal(answer, now)
    words: dict[int, str | Promise] = {
        401: _("This feed asks for a password. Only public feeds can be read."),
        403: _("The server does not let us read this feed."),
        404: _("There is no feed at this address."),
        410: _("This feed has been given up: the server says that it is gone for good."),
    }
    message = words.get(answer.status, error.message)
    return SourceError(message, retry_after_s=error.retry_after_s)


async def _read(answer: Answer, url: str) -> Found:
    try:
        found = await feed_reading.read(answer.body, answer.headers.get("content-type", ""))
    except UnreadableFeed as error:
        raise SourceError(_("This feed is broken and cannot be read.")) from error
    if found.kind or found.entries:
        return found
    named = next(filter(None, (web_address(urljoin(url, each)) for each in found.named)), "")
    if named:
        words = _("This is a web page, not a feed. The page names this feed: {url}")
        raise SourceError(format_lazy(words, url=named[:150]), retry_after_s=SLOW_S)
    if _is_page(answer.body):
        message: str | Promise = _(
            "This is a web page, not a feed. Look on it for a link that says RSS or Atom."
        )
    else:
        message = _("The server answers, but not with a feed.")
    raise SourceError(message, retry_after_s=SLOW_S)


def _is_page(body: bytes) -> bool:
    start = body[:1000].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start
