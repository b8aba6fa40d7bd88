"""Take in what an automation delivers: once, signed, in time. Knows no requests.

What cannot be taken is counted at the source, so that the desk sees it; nothing of it is stored.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import regex
from django.utils.translation import gettext as _

from agenda.hashtags import same_tag
from eventhub.live.log import changing
from wall import hook_secrets, ingest, text
from wall.facets import web_address
from wall.hook_shapes import Delivery, PostIn
from wall.models import Source
from wall.sources.base import Batch, Image, Incoming, ahead_s
from wall.sources.choice import tags_of

MAX_BYTES = 256 << 10
WINDOW = timedelta(minutes=5)  # how far the clocks may be apart
_NONCE = regex.compile(r"[A-Za-z0-9_-]{8,64}")
_HANDLE = regex.compile(r"@[\p{L}\p{M}\p{N}_.\-]{1,100}(?:@[\p{L}\p{M}\p{N}_.:\-]{1,253})?")


class HookRefused(Exception):
    """`code` for programs, `message` for people. `counts`: it shall be seen at the desk.

    `signed`: whoever sent it knows the secret, so their trouble is worth telling.
    """

    def __init__(
        self, code: str, message: str, *, counts: bool = True, signed: bool = False
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.counts = counts
        self.signed = signed


@dataclass(frozen=True, slots=True)
class Signed:
    """One delivery as it came in, and how it is signed."""

    body: bytes
    timestamp: str
    nonce: str
    signature: str


def check(source: Source, sent: Signed, at: datetime) -> None:
    """HookRefused unless `sent` carries the signature of `source` and was made just now."""
    fits = _NONCE.fullmatch(sent.nonce) and sent.timestamp.isascii() and sent.timestamp.isdigit()
    if not fits or not hook_secrets.is_signed(
        source.token,
        sent.signature,
        timestamp=sent.timestamp,
        nonce=sent.nonce,
        body=sent.body,
        at=at,
    ):
        words = _("This delivery is not signed with the secret of this webhook.")
        raise HookRefused("not_signed", words)
    if len(sent.timestamp) > 12 or abs(int(sent.timestamp) - at.timestamp()) > WINDOW.seconds:
        words = _("The time stamp is more than 5 minutes off. Here it is %(now)s.")
        now = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        raise HookRefused("clock", words % {"now": now}, signed=True)


def take(source: Source, sent: Signed, delivery: Delivery, at: datetime) -> int:
    """Take in what was delivered. Number of posts that changed.

    HookRefused for a repeated delivery and a paused source. Nonce and posts are written in the
    same transaction: of two that come at once, in whatever processes, one is refused.
    """
    items = [item for post in delivery.posts if (item := translated(source, post, at))]
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        if fresh.paused:
            words = _("This webhook is paused. Send it again later.")
            raise HookRefused("paused", words, counts=False)
        nonces = _remembered(fresh.cursor, at)
        mark = _mark(sent.nonce)
        if mark in nonces:
            words = _("This delivery has come before. Each needs a nonce of its own.")
            raise HookRefused("repeated", words)
        nonces[mark] = int(sent.timestamp) + WINDOW.seconds
        wanted = tuple(item for item in items if _carries(item, fresh.include_tags))
        return ingest.take(fresh, Batch(items=wanted, cursor=json.dumps(nonces), wait_s=0.0))


def count_refused(source: Source, refused: HookRefused) -> None:
    """Let the desk see that something was refused; and why, if its sender is one of ours."""
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        fresh.refused += 1
        if refused.signed:
            fresh.state, fresh.error = Source.State.FAILING, refused.message[:300]
        log.touch(fresh)


def translated(source: Source, post: PostIn, at: datetime) -> Incoming | None:
    """One post for the wall, or None if it shows nothing. Names belong to this webhook alone."""
    words = text.normalise(post.text)
    words, facets = text.shorten(words, text.facets_of(words))
    pictures = tuple(
        Image(picture.url, text.normalise(picture.alt))
        for picture in post.pictures
        if web_address(picture.url)
    )
    if not words and not pictures and not post.gone:
        return None
    name = text.normalise_name(post.name)
    handle = text.normalise(post.handle).lower()
    handle = handle if _HANDLE.fullmatch(handle) else ""
    return Incoming(
        key=f"hook:{source.key}:{post.id}",
        author=handle,
        name=name or handle,
        text=words,
        written_at=min(post.at or at, at),
        facets=facets,
        url=web_address(post.url),
        language=post.language,
        sensitive=post.sensitive,
        summary=text.normalise(post.summary).replace("\n", " "),
        gone=post.gone,
        identity=f"hook:{source.key}:{handle or name}",
        pictures=pictures,
        ahead_s=ahead_s(post.at or at, at),
    )


def _carries(item: Incoming, wanted: Sequence[str]) -> bool:
    """Whether `item` has one of the tags that are asked for, if any are."""
    tags = tags_of(item)
    return item.gone or not wanted or any(same_tag(one, each) for one in tags for each in wanted)


def _remembered(cursor: str, at: datetime) -> dict[str, int]:
    """Nonces that could come again within their time, and until when (seconds since 1970)."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    now = at.timestamp()
    return {mark: until for mark, until in found.items() if until >= now}


def _mark(nonce: str) -> str:
    return hashlib.blake2b(nonce.encode(), digest_size=8).hexdigest()
