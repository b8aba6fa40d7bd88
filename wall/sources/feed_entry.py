"""One entry of a feed, and what it becomes on the wall. Asks nobody, judges nothing.

Mastodon's tag feeds name neither title nor author: who wrote stands in the address of the post.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import regex

from wall import text
from wall.facets import web_address
from wall.hosts import shown_host
from wall.sources.base import MAX_PICTURES, Image, Incoming, ahead_s
from wall.sources.feed_child import Entry, Feed

MAX_TAGS = 20
MAX_ALT_GRAPHEMES = 1500
_PERMALINK = regex.compile(r"/@([\p{L}\p{N}_.\-]{1,100})(?:@[^/]+)?/[A-Za-z0-9_-]+/?")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")


def translated(entry: Entry, feed: Feed, url: str, now: datetime) -> Incoming | None:
    """`entry` of the feed at `url` for the wall, or None if it shows nothing.

    A time in the future, by a clock that is wrong, is now; without one it is now as well.
    """
    link = web_address(urljoin(url, entry.link)) if entry.link else ""
    body = entry.text if _differs(entry.title, entry.text) else ""
    title = f"<p>{entry.title}</p>" if _differs(entry.text, entry.title) else ""
    tags = tuple(tag for tag in (text.normalise(each).lstrip("#") for each in entry.tags) if tag)
    words, facets = text.shorten(*text.from_html(title + body, tags=tags))
    pictures = tuple(
        Image(picture, text.cut(text.normalise(each.alt), MAX_ALT_GRAPHEMES))
        for each in entry.pictures
        if (picture := web_address(urljoin(url, each.url)))
    )
    if not words and not pictures:
        return None
    claimed = _moment(entry.at) or now
    host = shown_host(urlsplit(url).hostname or "")
    handle, name = _author(entry, feed, link, host)
    return Incoming(
        key=f"feed:{_key(entry, url)}",
        author=handle,
        name=name,
        text=words,
        written_at=min(claimed, now),
        facets=facets,
        url=link,
        language=_language(entry, feed),
        sensitive=entry.adult,
        identity=f"feed:{host}:{handle or name}",
        remote_id=link if len(link) <= 200 else "",
        pictures=pictures[:MAX_PICTURES],
        tags=tags[:MAX_TAGS],
        ahead_s=ahead_s(claimed, now),
    )


def _author(entry: Entry, feed: Feed, link: str, host: str) -> tuple[str, str]:
    """Handle and name: as the entry says, as its permalink says, else the feed's own title."""
    if said := text.normalise_name(entry.author):
        return "", said
    found = _PERMALINK.fullmatch(urlsplit(link).path) if link else None
    if found is not None:
        home = shown_host(urlsplit(link).hostname or "")
        return f"@{found[1].lower()}@{home}", text.normalise_name(found[1])
    plain, _facets = text.from_html(feed.title)
    return "", text.normalise_name(plain.replace("\n", " ")) or host


def _key(entry: Entry, url: str) -> str:
    """What stays the same for this entry: its own name, its link, else what it says."""
    said = (entry.id or entry.link).strip()
    if said and said.isprintable():
        return said if "://" in said or said.startswith(("urn:", "tag:")) else f"{url} {said}"
    content = hashlib.blake2b(f"{entry.title}\n{entry.text}".encode(), digest_size=16)
    return f"{url} {content.hexdigest()}"


def _differs(one: str, other: str) -> bool:
    """Whether `other` says anything that `one` does not begin with."""
    shorter, longer = (_plain(each).rstrip("…. ") for each in (other, one))
    return bool(shorter) and not longer.startswith(shorter)


def _plain(html: str) -> str:
    return text.from_html(html)[0].replace("\n", " ")


def _moment(at: float | None) -> datetime | None:
    try:
        return None if at is None else datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _language(entry: Entry, feed: Feed) -> str:
    said = (entry.language or feed.language).strip()
    return said if _LANGUAGE.fullmatch(said) else ""
