"""What every source adapter speaks: an item, a batch, a failure. Knows no network, no storage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from wall.egress import Egress

FacetKind = Literal["link", "tag", "mention", "emoji"]


@dataclass(frozen=True, slots=True)
class Facet:
    """A stretch of a text that means more than its letters."""

    kind: FacetKind
    start: int  # code points into the text
    end: int  # exclusive
    value: str  # URL, tag without #, @handle, address of an emoji's picture
    picture: str = ""  # of an emoji: the key of ours; adapters leave it empty


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to an item, where its server keeps it. Nobody has fetched it yet."""

    url: str  # https, as web_address leaves it
    alt: str = ""  # as its author described it, normalised
    name: str = ""  # of a custom emoji: its shortcode without colons


@dataclass(frozen=True, slots=True)
class Incoming:
    """One item as a source told it, translated and cleaned, judged by nobody yet."""

    key: str  # stable across fetches and servers, e.g. the post's canonical URI; a post that is
    # gone may be called by its remote_id alone, with "" here
    author: str  # @name@host, lower case
    name: str  # one line, as normalise_name leaves it
    text: str  # plain, as normalise leaves it, at most MAX_POST_GRAPHEMES
    written_at: datetime  # aware, not in the future; claimed, so it never orders anything
    facets: tuple[Facet, ...] = ()
    url: str = ""  # http(s), or empty
    language: str = ""
    sensitive: bool = False
    summary: str = ""  # content warning
    gone: bool = False  # removed at the source
    identity: str = ""  # of the author, stable when names change; "" = `author` is
    author_since: datetime | None = None  # when the account was made, as its server claims
    remote_id: str = ""  # what the source calls it, to ask for it again
    pictures: tuple[Image, ...] = ()  # at most MAX_PICTURES
    emojis: tuple[Image, ...] = ()  # custom ones that stand in name or text
    face: str = ""  # address of the author's picture
    tags: tuple[str, ...] = ()  # without #; what the source lists, beside those in the text
    ahead_s: float = 0.0  # how far in the future it was written by its source's clock


MAX_PICTURES = 4


def ahead_s(claimed: datetime, now: datetime) -> float:
    """How far `claimed` lies in the future, 0 for the past."""
    return max((claimed - now).total_seconds(), 0.0)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought, oldest first."""

    items: tuple[Incoming, ...]
    cursor: str  # to be handed back at the next fetch, stored together with the items
    wait_s: float  # when to ask again; 0 = there is more now
    rate_left: int | None = None  # requests the server still grants, if it says so
    gone_authors: tuple[str, ...] = ()  # identities whose account is no more, or was suspended
    deleted: tuple[str, ...] = ()  # keys that are no more there, most of which were never here


class SourceError(Exception):
    """A fetch failed in a way the organizer can be told.

    `message` is plain words, translated when shown. `retry_after_s` is when asking again makes
    sense; `permanent` means never before somebody changes the source's settings. `wants_secret`:
    there is none, or it is not accepted.
    """

    def __init__(
        self,
        message: str | Promise,
        *,
        retry_after_s: float | None = None,
        permanent: bool = False,
        wants_secret: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_s = retry_after_s
        self.permanent = permanent
        self.wants_secret = wants_secret


@dataclass(frozen=True, slots=True)
class Known:
    """A post that stands here, as its source knows it. `text`: as it is here."""

    key: str
    remote_id: str
    text: str = field(default="", compare=False)


class Adapter(Protocol):
    """Asks one kind of source and translates its answer."""

    kind: str

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        """The items after `cursor` ("" = from the newest page). Raises SourceError only."""
        ...


@runtime_checkable
class Streaming(Protocol):
    """An adapter that can also listen, beside the polling which always runs."""

    def stream(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> AsyncIterator[Batch]:
        """What the source tells while the connection lasts, as soon as it says it.

        The first batch, perhaps empty, says that the connection stands. A batch with the cursor
        "" moves none. Ends or raises SourceError when the connection does.
        """
        ...


@runtime_checkable
class Checking(Protocol):
    """An adapter that can ask whether posts still stand as they did."""

    def check_at_once(self, config: Mapping[str, str]) -> int:
        """Posts in one call: less than a request a second, called every 20 s."""
        ...

    async def check(
        self,
        config: Mapping[str, str],
        token: str,
        posts: Sequence[Known],
        egress: Egress,
    ) -> Sequence[Incoming | Known]:
        """Each of `posts` as it is now, `gone` if it is no more; left out if nothing was heard.

        As it was given if all that can be told is that it is still there.
        """
        ...
