"""One Bluesky post, as a record or as a view of it, and what it becomes. Asks and judges nobody.

Facts: the lexicons app.bsky.feed.post, app.bsky.richtext.facet and app.bsky.feed.defs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import regex

from wall import text
from wall.facets import MAX_FACETS, web_address
from wall.foreign_html import placed
from wall.hosts import shown_host
from wall.sources.base import MAX_PICTURES, Facet, Image, Incoming, ahead_s
from wall.sources.bluesky_shapes import (
    COLLECTION,
    NOT_FOR_WALLS,
    Feature,
    Profile,
    RawFacet,
    Record,
    View,
    each,
    is_unwanted,
    key_of,
    labels_in,
    read,
    self_labels,
    tags_of,
)

MAX_RAW_BYTES = 10_000  # a post has 3,000 at most; the rest is never looked at
MAX_REMOTE_ID_CHARS = 200
HARMLESS = frozenset({"bot"})  # of all labels the ones that warn of nothing

_HANDLE = regex.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")


class _Index(msgspec.Struct, rename="camel"):
    byte_start: int
    byte_end: int


class _Picture(msgspec.Struct):
    fullsize: str = ""
    thumbnail: str = ""
    alt: str = ""


class _Embed(msgspec.Struct):
    images: msgspec.Raw = msgspec.Raw()
    items: msgspec.Raw = msgspec.Raw()
    media: msgspec.Raw = msgspec.Raw()  # of a gallery a list, beside a quoted post an embed
    thumbnail: str = ""  # of a video
    alt: str | None = None


def has_pictures(record: Record) -> bool:
    """Whether its embed holds what only a view has addresses of."""
    return any(kind in bytes(record.embed) for kind in (b'"image"', b'"video"'))


def of_view(view: View, now: datetime) -> Incoming | None:
    """A view for the wall, or None if it is damaged, not for walls, or shows nothing."""
    did, _slash, rest = view.uri.removeprefix("at://").partition("/")
    if view.uri != key_of(did, rest.removeprefix(f"{COLLECTION}/")) or view.author.did != did:
        return None
    return of_record(view.uri, view.record, view.author, now, view=view)


def of_record(
    key: str, record: Record, profile: Profile, now: datetime, *, view: View | None = None
) -> Incoming | None:
    """A record for the wall with what is known of its author; without a `view` without pictures."""
    labels = {*self_labels(record), *labels_in(view.labels if view else msgspec.Raw())}
    if is_unwanted(profile) or not labels.isdisjoint(NOT_FOR_WALLS):
        return None
    words, facets = _words(record)
    pictures = tuple(_pictures(view.embed))[:MAX_PICTURES] if view else ()
    if not words and not pictures:
        return None
    did = key.removeprefix("at://").partition("/")[0]
    author = author_of(profile)
    claimed = _claimed(read(record.created_at, str, "")) or now
    return Incoming(
        key=key,
        author=author,
        name=text.normalise_name(profile.display_name or "") or text.normalise_name(author[1:]),
        text=words,
        written_at=min(claimed, now),
        facets=facets,
        url=web_address(f"https://bsky.app/profile/{did}/post/{key.rpartition('/')[2]}"),
        language=next((one for one in each(record.langs, str) if _LANGUAGE.fullmatch(one)), ""),
        sensitive=bool({*labels, *labels_in(profile.labels)} - HARMLESS),
        identity=did,
        author_since=moment(profile.created_at or "", now),
        remote_id=key if len(key) <= MAX_REMOTE_ID_CHARS else "",
        pictures=pictures,
        tags=tuple(dict.fromkeys(tag for tag in tags_of(record) if text.is_tag(tag))),
        face=web_address(profile.avatar or ""),
        ahead_s=ahead_s(claimed, now),
    )


def gone(key: str, now: datetime) -> Incoming:
    """That a post is no more."""
    return Incoming(key=key, author="", name="", text="", written_at=now, gone=True)


def author_of(profile: Profile) -> str:
    """@handle in lower case; the DID where the handle does not hold."""
    handle = profile.handle.lower()
    if not _HANDLE.fullmatch(handle) or handle == "handle.invalid":
        return f"@{profile.did}"
    return f"@{shown_host(handle)}"


def moment(claimed: str, now: datetime) -> datetime | None:
    """The claimed time, aware, never in the future; None if it is none."""
    found = _claimed(claimed)
    return None if found is None else min(found, now)


def _claimed(claimed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(claimed)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _words(record: Record) -> tuple[str, tuple[Facet, ...]]:
    encoded = record.text.encode()[:MAX_RAW_BYTES]
    raw = encoded.decode(errors="ignore")
    spans: list[Facet] = []
    at = 0
    for span in sorted(_spans(record, encoded), key=lambda span: (span.start, span.end)):
        if span.start >= at and len(spans) < MAX_FACETS:
            spans.append(span)
            at = span.end
    cleaned = text.normalise(raw)
    return text.shorten(cleaned, tuple(placed(raw, cleaned, spans)))


def _spans(record: Record, encoded: bytes) -> Iterator[Facet]:
    """Its facets, counted in code points; one that cuts a character or lies outside is none."""
    for facet in each(record.facets, RawFacet):
        index = read(facet.index, _Index, None)
        if index is None or not 0 <= index.byte_start < index.byte_end <= len(encoded):
            continue
        try:
            before = encoded[: index.byte_start].decode()
            visible = encoded[index.byte_start : index.byte_end].decode()
        except UnicodeDecodeError:
            continue
        for feature in each(facet.features, Feature):
            if meant := _meaning(feature, visible):
                yield Facet(meant[0], len(before), len(before) + len(visible), meant[1])
                break


def _meaning(feature: Feature, visible: str) -> tuple[Any, str] | None:
    match feature.kind.rpartition("#")[2]:
        case "link" if web_address(feature.uri):
            return "link", feature.uri
        case "tag" if visible[:1] in ("#", "＃") and text.is_tag(visible[1:]):
            return ("tag", visible[1:]) if text.same_tag(visible, feature.tag) else None
        case "mention" if visible[:1] == "@" and _HANDLE.fullmatch(visible[1:]):
            return "mention", visible.lower()
    return None


def _pictures(raw: msgspec.Raw) -> Iterator[Image]:
    """Pictures of a view's embed; of a video its still."""
    outer = read(raw, _Embed, None)
    inner = read(outer.media, _Embed, None) if outer is not None else None
    for embed in filter(None, (outer, inner)):
        for found in (embed.images, embed.items, embed.media):
            for picture in each(found, _Picture):
                yield from _image(picture.fullsize or picture.thumbnail, picture.alt)
        yield from _image(embed.thumbnail, embed.alt or "")


def _image(url: str, alt: str) -> Iterator[Image]:
    if url.startswith("https://") and web_address(url):
        yield Image(url, alt=text.cut(text.normalise(alt), text.MAX_POST_GRAPHEMES))
