"""One post as a Mastodon server tells it, and what it becomes. Asks nobody, judges nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec
import regex

from wall import text
from wall.facets import web_address
from wall.hosts import shown_host
from wall.sources.base import Incoming

MAX_KEY_CHARS = 2000
MAX_SUMMARY_GRAPHEMES = 100

_ID = regex.compile(r"[A-Za-z0-9_-]{1,64}")
_ACCT = regex.compile(r"[\p{L}\p{M}\p{N}_.\-]{1,100}(?:@[\p{L}\p{M}\p{N}_.:\-]{1,253})?")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Emoji(msgspec.Struct):
    shortcode: str


class _Named(msgspec.Struct):
    name: str


class _Mention(msgspec.Struct):
    acct: str
    url: str = ""


class _Account(msgspec.Struct):
    acct: str
    url: str | None = None
    display_name: str | None = None
    emojis: list[_Emoji] | None = None
    limited: bool | None = None
    suspended: bool | None = None


class _Status(msgspec.Struct):
    id: str | int
    uri: str
    created_at: str
    account: _Account
    visibility: str
    content: str | None = None
    url: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    reblog: msgspec.Raw | None = None
    tags: list[_Named] | None = None
    mentions: list[_Mention] | None = None
    emojis: list[_Emoji] | None = None


class _Identified(msgspec.Struct):
    id: str | int


def id_of(raw: msgspec.Raw) -> str:
    """The item's id, "" if it has none we could page by."""
    try:
        found = str(msgspec.json.decode(raw, type=_Identified).id)
    except _UNREADABLE:
        return ""
    return found if _ID.fullmatch(found) else ""


def age(post_id: str) -> tuple[int, str]:
    """Ids are opaque and grow: a longer one is younger, equally long ones compare as text."""
    return len(post_id), post_id


def translated(raw: msgspec.Raw, server: str, now: datetime) -> Incoming | None:
    """One post for the wall, or None if it is damaged, not public, or shows nothing."""
    try:
        status = msgspec.json.decode(raw, type=_Status)
        written_at = _moment(status.created_at, now)
    except (*_UNREADABLE, ValueError, OverflowError):
        return None
    account = status.account
    if status.visibility != "public" or status.reblog is not None:
        return None
    if account.limited or account.suspended:
        return None
    author = _author(account, server)
    key = status.uri.strip()
    if not author or not key.isprintable() or not 0 < len(key) <= MAX_KEY_CHARS:
        return None

    emojis = [emoji.shortcode for emoji in [*(status.emojis or ()), *(account.emojis or ())]]
    words, facets = text.shorten(
        *text.from_html(
            status.content or "",
            tags=[tag.name for tag in status.tags or ()],
            mentions=_handles(status.mentions or [], server),
            emojis=emojis,
        )
    )
    warning = text.without_shortcodes(status.spoiler_text or "", emojis)
    summary = text.cut(text.normalise(warning).replace("\n", " "), MAX_SUMMARY_GRAPHEMES)
    if not words and not summary:
        return None
    name = text.normalise_name(text.without_shortcodes(account.display_name or "", emojis))
    return Incoming(
        key=key,
        author=author,
        name=name or text.normalise_name(author[1:].partition("@")[0]),
        text=words,
        written_at=written_at,
        facets=facets,
        url=web_address(status.url or ""),
        language=(status.language or "") if _LANGUAGE.fullmatch(status.language or "") else "",
        sensitive=bool(status.sensitive),
        summary=summary,
    )


def _author(account: _Account, server: str) -> str:
    """@user@host in lower case, "" if the account has no usable name."""
    acct = text.normalise(account.acct)
    if not _ACCT.fullmatch(acct):
        return ""
    user, _at, host = acct.lower().partition("@")
    return f"@{user}@{shown_host(host or _host(account.url or '') or _host(server))}"


def _handles(mentions: list[_Mention], server: str) -> dict[str, str]:
    """@user@host of everybody mentioned, by the address the text links to."""
    return {
        mention.url: author
        for mention in mentions
        if (author := _author(_Account(mention.acct, mention.url), server))
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "") if web_address(url) else ""


def _moment(claimed: str, now: datetime) -> datetime:
    """The claimed time, aware, never in the future. Raises ValueError or OverflowError."""
    moment = datetime.fromisoformat(claimed)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(moment.astimezone(UTC), now)
