"""What of a Jetstream concerns one tag: posts, deletions, accounts. Asks nobody, judges nothing.

Facts: Jetstream v1, docs/README.md of bluesky-social/jetstream. Every post of the network passes
here, so what cannot match is dropped on its bytes; whatever is odd costs one event.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import msgspec

from wall import text
from wall.sources.bluesky_shapes import COLLECTION, Record, key_of, tags_of

MAX_REMEMBERED = 20_000  # keys of deleted posts, and as many of taken ones
MAX_ODD_AT_FIRST = 20  # unreadable events before the first good one: this is no Jetstream
FIRST_MOMENT_US = 10**15  # smaller ones are another version's sequence numbers

T = TypeVar("T")


class _Commit(msgspec.Struct, gc=False):
    operation: str
    collection: str
    rkey: str
    rev: str = ""
    record: msgspec.Raw = msgspec.Raw()


class _Account(msgspec.Struct, gc=False):
    active: bool


class _Event(msgspec.Struct, gc=False):
    did: str
    time_us: int
    kind: str
    commit: _Commit | None = None
    account: _Account | None = None


@dataclass(slots=True)
class Found:
    """A post with the tag, as its author signed it."""

    key: str
    did: str
    time_us: int
    record: Record
    since_s: float = 0.0  # by a clock of whoever waits for what belongs to it


@dataclass(slots=True)
class Caught:
    """What came since the last look."""

    posts: dict[str, Found] = field(default_factory=dict)  # by key
    deleted: dict[str, None] = field(default_factory=dict)  # keys, of whatever tag
    gone: dict[str, None] = field(default_factory=dict)  # DIDs
    renamed: set[str] = field(default_factory=set)  # DIDs whose name may be another now


class Sieve:
    """Takes one message after the other. `highest_us` is how far the stream was read."""

    def __init__(self, tags: Sequence[str], now: Callable[[], datetime]) -> None:
        self.caught = Caught()
        self.highest_us = 0
        self.odd = self.good = 0
        self._tags = tuple(tags)
        self._now = now
        folded = [unicodedata.normalize("NFKC", tag).casefold() for tag in tags]
        self._needles = [tag.encode() for tag in folded if tag.isascii()]
        self._taken: dict[str, str] = {}  # key: revision
        self._dead: dict[str, None] = {}
        self._decode = msgspec.json.Decoder(_Event).decode

    def drain(self) -> Caught:
        """What was caught, which is forgotten here."""
        caught, self.caught = self.caught, Caught()
        return caught

    @property
    def is_strange(self) -> bool:
        """Whether what speaks here is no Jetstream."""
        return not self.good and self.odd >= MAX_ODD_AT_FIRST

    def take(self, message: bytes) -> None:
        """One event. It may come again, late, or damaged."""
        try:
            event = self._decode(message)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            self.odd += 1
            return
        self.good += 1
        if event.time_us > self.highest_us:
            self._move_to(event.time_us)
        commit = event.commit
        if commit is not None:
            if commit.collection == COLLECTION:
                self._take_commit(event, commit)
        elif event.kind == "account" and event.account is not None:
            self._take_account(event.did, active=event.account.active)
        elif event.kind == "identity":
            self.caught.renamed.add(event.did)

    def _move_to(self, time_us: int) -> None:
        # Asked for a moment in the future the server starts live: what we missed would be lost.
        now_us = int(self._now().timestamp() * 1_000_000)
        if time_us >= FIRST_MOMENT_US:
            self.highest_us = max(self.highest_us, min(time_us, now_us))

    def _take_commit(self, event: _Event, commit: _Commit) -> None:
        if commit.operation == "delete":
            self._forget(key_of(event.did, commit.rkey))
            return
        record = self._matching(bytes(commit.record))
        if record is None:
            # Edited, and the tag is not in it any more: it does not belong to this wall.
            if commit.operation == "update" and (key := key_of(event.did, commit.rkey)):
                self.caught.posts.pop(key, None)
                self.caught.deleted[key] = None
            return
        key = key_of(event.did, commit.rkey)
        if not key or key in self._dead or self._taken.get(key, "") >= (commit.rev or "~"):
            return
        _remember(self._taken, key, commit.rev)
        self.caught.deleted.pop(key, None)
        self.caught.posts[key] = Found(key, event.did, event.time_us, record)

    def _forget(self, key: str) -> None:
        """A deletion may overtake, and a creation may be repeated after it."""
        if key:
            _remember(self._dead, key, None)
            self.caught.posts.pop(key, None)
            self.caught.deleted[key] = None

    def _take_account(self, did: str, *, active: bool) -> None:
        if active:
            self.caught.gone.pop(did, None)
            return
        self.caught.gone[did] = None
        for key in [key for key, post in self.caught.posts.items() if post.did == did]:
            del self.caught.posts[key]

    def _matching(self, raw: bytes) -> Record | None:
        """The record, if it carries the tag."""
        if not self._may_match(raw):
            return None
        try:
            record = msgspec.json.decode(raw, type=Record)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
        told = list(tags_of(record))
        same = any(text.same_tag(tag, wanted) for tag in told for wanted in self._tags)
        return record if same else None

    def _may_match(self, raw: bytes) -> bool:
        """Whether reading `raw` is worth it. Never wrongly no: escapes and other scripts are read,
        for a tag can be spelled in them.
        """
        escaped = b"\\u" in raw
        if not escaped and b"#tag" not in raw and b'"tags"' not in raw:
            return False
        if escaped or not raw.isascii():
            return True
        lowered = raw.lower()
        return any(needle in lowered for needle in self._needles)


def _remember(known: dict[str, T], key: str, what: T) -> None:
    known[key] = what
    if len(known) > MAX_REMEMBERED:
        del known[next(iter(known))]
