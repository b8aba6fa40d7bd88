"""The shapes Bluesky speaks in: posts, authors, labels. What is odd in one costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
import regex

COLLECTION = "app.bsky.feed.post"
MAX_EACH = 100  # items of any list that are looked at
# Said by the author or a moderator of the network: not for people who are not signed in, or no one.
NOT_FOR_WALLS = frozenset({"!no-unauthenticated", "!hide", "!takedown", "!suspend"})

_DID = regex.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,200}")
_RKEY = regex.compile(r"[A-Za-z0-9._:~-]{1,512}")
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)

T = TypeVar("T")


class Profile(msgspec.Struct, rename="camel"):
    """An author as the AppView tells them."""

    did: str
    handle: str = ""
    display_name: str | None = None
    avatar: str | None = None
    created_at: str | None = None
    labels: msgspec.Raw = msgspec.Raw()


class Record(msgspec.Struct, rename="camel"):
    """A post as its author signed it. What may be odd is read later, and costs only itself."""

    text: str = ""
    created_at: msgspec.Raw = msgspec.Raw()
    langs: msgspec.Raw = msgspec.Raw()
    facets: msgspec.Raw = msgspec.Raw()
    tags: msgspec.Raw = msgspec.Raw()
    labels: msgspec.Raw = msgspec.Raw()
    embed: msgspec.Raw = msgspec.Raw()


class View(msgspec.Struct, rename="camel"):
    """A post as the AppView shows it, with addresses of its pictures."""

    uri: str
    author: Profile
    record: Record
    indexed_at: str = ""
    labels: msgspec.Raw = msgspec.Raw()
    embed: msgspec.Raw = msgspec.Raw()


class _Label(msgspec.Struct):
    val: str
    neg: bool = False


class _SelfLabels(msgspec.Struct):
    values: msgspec.Raw = msgspec.Raw()


class Feature(msgspec.Struct):
    """What a stretch of text means."""

    kind: str = msgspec.field(name="$type", default="")
    uri: str = ""
    tag: str = ""


class RawFacet(msgspec.Struct):
    """A stretch of text, counted in bytes, and what it means."""

    features: msgspec.Raw = msgspec.Raw()
    index: msgspec.Raw = msgspec.Raw()


def key_of(did: str, rkey: str) -> str:
    """The canonical address of a post, "" for parts that are none."""
    sound = _DID.fullmatch(did) and _RKEY.fullmatch(rkey)
    return f"at://{did}/{COLLECTION}/{rkey}" if sound else ""


def tags_of(record: Record) -> Iterator[str]:
    """Its tags without #, those in the text and the hidden ones; some may come twice."""
    for facet in each(record.facets, RawFacet):
        for feature in each(facet.features, Feature):
            if feature.kind.endswith("#tag"):
                yield feature.tag
    yield from each(record.tags, str)


def is_unwanted(profile: Profile) -> bool:
    """Whether nothing of this author belongs on a public wall."""
    return not NOT_FOR_WALLS.isdisjoint(labels_in(profile.labels))


def self_labels(record: Record) -> list[str]:
    """What its author warns of."""
    told = read(record.labels, _SelfLabels, None)
    return labels_in(told.values) if told is not None else []


def labels_in(raw: msgspec.Raw) -> list[str]:
    """The labels that stand; a taken-back one does not."""
    return [label.val for label in each(raw, _Label) if not label.neg]


def each(raw: msgspec.Raw, kind: type[T]) -> list[T]:
    """The readable items of a list, in order; none if it is no list."""
    found = []
    for one in read(raw, list[msgspec.Raw], [])[:MAX_EACH]:
        item = read(one, kind, None)
        if item is not None:
            found.append(item)
    return found


def read(raw: msgspec.Raw, kind: type[T], otherwise: Any) -> Any:
    """`raw` as `kind`, `otherwise` if it is missing or something else."""
    try:
        return msgspec.json.decode(raw, type=kind) if raw else otherwise
    except _UNREADABLE:
        return otherwise
