"""One post as a Mastodon server tells it, and what it becomes. Asks nobody, judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import regex

from wall import text
from wall.facets import web_address
from wall.hosts import shown_host
from wall.sources.base import MAX_PICTURES, Image, Incoming, ahead_s

MAX_KEY_CHARS = 2000
MAX_SUMMARY_GRAPHEMES = 100
MAX_ALT_GRAPHEMES = 1000
MAX_TAGS = 40

ID = regex.compile(r"[A-Za-z0-9_-]{1,64}")
_ACCT = regex.compile(r"[\p{L}\p{M}\p{N}_.\-]{1,100}(?:@[\p{L}\p{M}\p{N}_.:\-]{1,253})?")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")
T = TypeVar("T")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


# Lists of a status are decoded one by one: what is odd in them costs itself, never the status.
class _Emoji(msgspec.Struct):
    shortcode: str
    url: str | None = None
    static_url: str | None = None


class _Attachment(msgspec.Struct):
    type: str
    url: str | None = None
    preview_url: str | None = None
    description: str | None = None


class _Named(msgspec.Struct):
    name: str


class _Mention(msgspec.Struct):
    acct: str
    url: str | None = None


class _Account(msgspec.Struct):
    acct: str
    url: str | None = None
    display_name: str | None = None
    emojis: msgspec.Raw = msgspec.Raw(b"null")
    uri: str | None = None
    created_at: str | None = None
    avatar: str | None = None
    avatar_static: str | None = None
    limited: bool | None = None
    suspended: bool | None = None


class _Status(msgspec.Struct):
    id: str | int
    created_at: str
    account: _Account
    visibility: str
    uri: str | None = None
    content: str | None = None
    url: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | int | None = None
    language: str | None = None
    reblog: msgspec.Raw | None = None
    tags: msgspec.Raw = msgspec.Raw(b"null")
    mentions: msgspec.Raw = msgspec.Raw(b"null")
    emojis: msgspec.Raw = msgspec.Raw(b"null")
    media_attachments: msgspec.Raw = msgspec.Raw(b"null")


class _Restricted(msgspec.Struct):
    limited: bool | None = None
    suspended: bool | None = None


class _KeptBack(msgspec.Struct):
    account: _Restricted
    visibility: str


class _Identified(msgspec.Struct):
    id: str | int


def id_of(raw: msgspec.Raw) -> str:
    """The item's id, "" if it has none we could page by."""
    try:
        found = str(msgspec.json.decode(raw, type=_Identified).id)
    except _UNREADABLE:
        return ""
    return found if ID.fullmatch(found) else ""


def is_kept_back(raw: msgspec.Raw) -> bool:
    """Whether the server says itself that this is not for everybody (any more)."""
    try:
        status = msgspec.json.decode(raw, type=_KeptBack)
    except _UNREADABLE:
        return False
    account = status.account
    return status.visibility != "public" or bool(account.limited or account.suspended)


def age(post_id: str) -> tuple[int, str]:
    """Ids are opaque and grow: a longer one is younger, equally long ones compare as text."""
    return len(post_id), post_id


def translated(raw: msgspec.Raw, server: str, now: datetime) -> Incoming | None:
    """One post for the wall, or None if it is damaged, not public, or shows nothing."""
    try:
        status = msgspec.json.decode(raw, type=_Status)
        claimed = _moment(status.created_at)
    except (*_UNREADABLE, ValueError, OverflowError):
        return None
    account = status.account
    if status.reblog is not None or is_kept_back(raw):
        return None
    author = _author(account, server)
    key = (status.uri or web_address(status.url or "")).strip()
    if not author or not key.isprintable() or not 0 < len(key) <= MAX_KEY_CHARS:
        return None

    emojis = {
        emoji.shortcode: web_address(emoji.static_url or emoji.url or "")
        for emoji in [*_each(account.emojis, _Emoji), *_each(status.emojis, _Emoji)]
    }
    tags = tuple(tag.name for tag in _each(status.tags, _Named))
    words, facets = text.shorten(
        *text.from_html(
            status.content or "",
            tags=tags,
            mentions=_handles(_each(status.mentions, _Mention), server),
            emojis=emojis,
        )
    )
    warning = text.without_shortcodes(status.spoiler_text or "", emojis)
    summary = text.cut(text.normalise(warning).replace("\n", " "), MAX_SUMMARY_GRAPHEMES)
    pictures = tuple(_pictures(_each(status.media_attachments, _Attachment)))[:MAX_PICTURES]
    if not words and not summary and not pictures:
        return None
    name = text.normalise_name(text.without_shortcodes(account.display_name or "", emojis))
    drawn = {words[facet.start + 1 : facet.end - 1] for facet in facets if facet.kind == "emoji"}
    return Incoming(
        key=key,
        author=author,
        name=name or text.normalise_name(author[1:].partition("@")[0]),
        text=words,
        written_at=min(claimed, now),
        facets=facets,
        url=web_address(status.url or ""),
        language=(status.language or "") if _LANGUAGE.fullmatch(status.language or "") else "",
        sensitive=bool(status.sensitive),
        summary=summary,
        identity=web_address((account.uri or "").strip()),
        author_since=_since(account.created_at or "", now),
        remote_id=id_of(raw),
        pictures=pictures,
        emojis=tuple(Image(emojis[code], f":{code}:", code) for code in sorted(drawn)),
        face=_face(account),
        tags=tags[:MAX_TAGS],
        ahead_s=ahead_s(claimed, now),
    )


def _each(raw: msgspec.Raw, kind: type[T]) -> Iterator[T]:
    """What can be read of a list; nothing of what is no list."""
    try:
        items = msgspec.json.decode(raw, type=list[msgspec.Raw])
    except _UNREADABLE:
        return
    for item in items:
        try:
            yield msgspec.json.decode(item, type=kind)
        except _UNREADABLE:
            continue


def _pictures(attachments: Iterable[_Attachment]) -> Iterator[Image]:
    """What can be shown standing still: pictures, and of a film its first one."""
    for found in attachments:
        address = {
            "image": found.url or found.preview_url,
            "gifv": found.preview_url,
            "video": found.preview_url,
        }.get(found.type)
        if url := web_address(address or ""):
            yield Image(url, text.cut(text.normalise(found.description or ""), MAX_ALT_GRAPHEMES))


def _face(account: _Account) -> str:
    """The address of the account's picture, "" for the one that stands for none."""
    url = web_address(account.avatar_static or account.avatar or "")
    return "" if urlsplit(url).path.endswith("/missing.png") else url


def _since(claimed: str, now: datetime) -> datetime | None:
    try:
        return min(_moment(claimed), now)
    except (ValueError, OverflowError):
        return None


def _author(account: _Account, server: str) -> str:
    """@user@host in lower case, "" if the account has no usable name."""
    acct = text.normalise(account.acct)
    if not _ACCT.fullmatch(acct):
        return ""
    user, _at, host = acct.lower().partition("@")
    return f"@{user}@{shown_host(host or _host(account.url or '') or _host(server))}"


def _handles(mentions: Iterable[_Mention], server: str) -> dict[str, str]:
    """@user@host of everybody mentioned, by the address the text links to."""
    return {
        mention.url: author
        for mention in mentions
        if mention.url and (author := _author(_Account(mention.acct, mention.url), server))
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "") if web_address(url) else ""


def _moment(claimed: str) -> datetime:
    """The claimed time, aware. Raises ValueError or OverflowError."""
    moment = datetime.fromisoformat(claimed)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
