"""What in a text is a link, a tag or a mention. Pure; stores nothing and renders nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import msgspec
import regex

from agenda.characters import ELLIPSIS, MAX_POST_GRAPHEMES, cut
from agenda.hashtags import NAME, WORD, is_tag, same_tag
from wall.hosts import canonical_host, shown_host
from wall.sources.base import Facet

MAX_URL_CHARS = 2000
MAX_FACETS = 40  # in one text; what follows stays plain text

_TAG = regex.compile(rf"(?<![{WORD}#＃/&])[#＃]({NAME})")
_LINK = regex.compile(rf"(?<![{WORD}])https?://[^\s<>\"„“”«»]+", regex.IGNORECASE)
_HOST_LIKE = regex.compile(
    r"(?:https?://)?(?P<host>[^\s/?#:@]+\.[^\s/?#:@.…]{2,})(?P<rest>[:/?#…]\S*)?", regex.IGNORECASE
)
_CLOSERS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text for a template; the pieces joined are the text as it should be read."""

    kind: Literal["text", "link", "tag", "mention", "emoji"]
    text: str
    value: str = ""  # as Facet.value
    picture: str = ""  # as Facet.picture

    @property
    def host(self) -> str:
        """Where a link really leads, in a safe spelling; empty for everything else."""
        return _host_of(self.value) if self.kind == "link" else ""


def facets_of(text: str) -> tuple[Facet, ...]:
    """Links and #tags in a plain note, in order, never overlapping, at most MAX_FACETS."""
    found: list[Facet] = []
    for match in _LINK.finditer(text):
        url = _without_closing_signs(match.group()[: MAX_URL_CHARS + 1])
        if web_address(url):
            found.append(Facet("link", match.start(), match.start() + len(url), url))
    taken = [(facet.start, facet.end) for facet in found]
    for match in _TAG.finditer(text):
        inside = any(start <= match.start() < end for start, end in taken[:MAX_FACETS])
        if not inside and is_tag(match.group(1)):
            found.append(Facet("tag", match.start(), match.end(), match.group(1)))
    return tuple(sorted(found, key=lambda facet: facet.start)[:MAX_FACETS])


def segments(text: str, facets: Iterable[Facet]) -> list[Segment]:
    """`text` in pieces, for templates. Facets that overlap, point outside or lead nowhere are text.

    A link whose visible host mixes scripts is shown in punycode; one that reads like another
    address than its target is followed by the real host.
    """
    pieces: list[Segment] = []
    at = 0
    for facet in sorted(facets, key=lambda facet: (facet.start, facet.end)):
        if not at <= facet.start < facet.end <= len(text):
            continue
        if facet.kind == "link" and not web_address(facet.value):
            continue
        if facet.start > at:
            pieces.append(Segment("text", text[at : facet.start]))
        shown = text[facet.start : facet.end]
        if facet.kind == "link":
            shown = link_text(shown, facet.value)
        pieces.append(Segment(facet.kind, shown, facet.value, facet.picture))
        at = facet.end
    if at < len(text):
        pieces.append(Segment("text", text[at:]))
    return pieces


def shorten(
    text: str, facets: Sequence[Facet], limit: int = MAX_POST_GRAPHEMES
) -> tuple[str, tuple[Facet, ...]]:
    """`text` within `limit` graphemes, with the facets that are still whole."""
    short = cut(text, limit)
    end = len(text) if short == text else len(short) - len(ELLIPSIS)
    return short, tuple(facet for facet in facets if facet.end <= end)


def without_closing_tag(text: str, facets: Iterable[Facet], tag: str) -> str:
    """`text` without the repetitions of `tag` at its very end, unless nothing else is left.

    What remains is a prefix, so the facets in it keep their places.
    """
    starts = {facet.end: facet.start for facet in facets if facet.kind == "tag"}
    end = len(text)
    while end > 0:
        start = starts.get(end, max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1)
        if start >= end or text[start] not in "#＃" or not same_tag(text[start:end], tag):
            break
        end = len(text[:start].rstrip())
    return text[:end] or text


def web_address(url: str) -> str:
    """`url` if it is an ordinary http(s) address, else "": no user names, no control characters."""
    if len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url or "\\" in url:
        return ""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or not parts.hostname:
            return ""
        parts.port  # noqa: B018  (raises for a port that is none)
        canonical_host(parts.hostname)
    except ValueError:
        return ""
    return url


def link_text(visible: str, url: str) -> str:
    """`visible` as written, but honest: mixed scripts in punycode, another host named behind."""
    match = _HOST_LIKE.fullmatch(visible)
    if match is None:
        return visible
    written = match["host"]
    try:
        honest = _bare(canonical_host(written)) == _bare(canonical_host(_hostname(url)))
    except ValueError:
        honest = False
    safe = visible[: match.start("host")] + shown_host(written) + visible[match.end("host") :]
    return safe if honest else f"{safe} ({_host_of(url)})"


def pack(
    facets: Iterable[Facet], pictures: Mapping[str, str] | None = None
) -> list[dict[str, str | int]]:
    """Facets as JSON can hold them; `pictures` are keys of ours by the address of an emoji."""
    packed: list[dict[str, str | int]] = []
    for facet in facets:
        entry: dict[str, str | int] = {"kind": facet.kind, "start": facet.start, "end": facet.end}
        entry["value"] = facet.value
        if facet.kind == "emoji" and (key := (pictures or {}).get(facet.value)):
            entry["picture"] = key
        packed.append(entry)
    return packed


def same_facets(stored: object, facets: Iterable[Facet]) -> bool:
    """Whether the author wrote the same; which pictures we have by now does not count."""
    bare = [{**entry, "picture": ""} for entry in pack(unpack(stored))]
    return bare == [{**entry, "picture": ""} for entry in pack(facets)]


def unpack(stored: object) -> tuple[Facet, ...]:
    """What `pack` made, back again; entries of another shape are left out."""
    found: list[Facet] = []
    for entry in stored if isinstance(stored, list) else []:
        try:
            found.append(msgspec.convert(entry, Facet))
        except msgspec.ValidationError:
            continue
    return tuple(found)


def _without_closing_signs(url: str) -> str:
    """A sentence's full stop or bracket behind a link does not belong to it."""
    end = len(url)
    while end:
        last = url[end - 1]
        opener = _CLOSERS.get(last)
        if opener is not None:
            if url.count(opener, 0, end) >= url.count(last, 0, end):
                break
        elif last not in ".,;:!?…'’‘":
            break
        end -= 1
    return url[:end]


def _hostname(url: str) -> str:
    return urlsplit(url).hostname or ""


def _host_of(url: str) -> str:
    return _bare(shown_host(_hostname(url)))


def _bare(host: str) -> str:
    return host.removeprefix("www.")
