"""Turn foreign servers' HTML into plain text and facets. Executes nothing, keeps no markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
import regex

from agenda.characters import ELLIPSIS, normalise
from agenda.hashtags import is_tag, same_tag
from wall.facets import MAX_FACETS, link_text, web_address
from wall.sources.base import Facet

MAX_HTML_CHARS = 65_536
MAX_RAW_CHARS = 5_000  # ten times what a post may show; the rest is never looked at

_BREAKS = {"p": "\n\n", "blockquote": "\n\n", "pre": "\n\n", "ul": "\n\n", "ol": "\n\n"} | {
    f"h{level}": "\n\n" for level in range(1, 7)
}
_LINES = {"li": "\n", "div": "\n", "tr": "\n", "dt": "\n", "dd": "\n"}
_TAGS = {"br", "span", "a", "ruby", "rt", "rp", *_BREAKS, *_LINES}
_DROPPED_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"),
    *("textarea", "select", "audio", "video", "canvas"),
}
_SPACES = regex.compile(r"[ \t\n\r\f]+")
_SHORTCODE = regex.compile(r":([A-Za-z0-9_]{1,64}):")


def from_html(
    html: str,
    *,
    tags: Iterable[str] = (),
    mentions: Mapping[str, str] | None = None,
    emojis: Mapping[str, str] | None = None,
) -> tuple[str, tuple[Facet, ...]]:
    """What `html` says: normalised text, and where its links, tags and mentions are.

    `tags` are the names the server lists for the post, `mentions` maps profile addresses to
    "@user@host", `emojis` maps shortcodes without colons to their pictures; those without one,
    and those inside of a link, are taken out. Facets are in order, do not overlap and fit the text
    exactly; one that cannot be placed is left out.
    """
    clean = nh3.clean(
        html[:MAX_HTML_CHARS],
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href", "class"}, "span": {"class"}, "p": {"class"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    walker = _Walker(tuple(tags), mentions or {}, emojis or {})
    walker.feed(clean)
    walker.close()
    raw = "".join(walker.pieces)[:MAX_RAW_CHARS]
    text = normalise(raw)
    return text, tuple(placed(raw, text, walker.spans))


def without_shortcodes(text: str, emojis: Iterable[str]) -> str:
    """`text` without the named :shortcodes: of custom emoji."""
    known = frozenset(emojis)
    return _SHORTCODE.sub(lambda match: "" if match[1] in known else match[0], text)


@dataclass(slots=True)
class _Element:
    """An open element: what it does to its content, and what is written where it ends."""

    tag: str
    hides: bool = False
    closing: str = ""
    href: str = ""
    classes: frozenset[str] = frozenset()
    piece: int = 0  # index of its first piece
    start: int = 0  # offset of its first character


class _Walker(HTMLParser):
    """Reads what nh3 left, which is well formed. Offsets in `spans` are into the joined pieces."""

    def __init__(
        self, tags: tuple[str, ...], mentions: Mapping[str, str], emojis: Mapping[str, str]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.spans: list[Facet] = []
        self._tags = tags
        self._mentions = mentions
        self._emojis = emojis
        self._open: list[_Element] = []
        self._written = 0
        self._hidden = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._write("\n")
            return
        given = dict(attrs)
        classes = frozenset((given.get("class") or "").split())
        self._write(_BREAKS.get(tag) or _LINES.get(tag, "") or ("(" if tag == "rt" else ""))
        element = _Element(
            tag,
            # "quote-inline" repeats as a link what a quoted post is; rp repeats our own brackets.
            hides=tag == "rp" or bool(classes & {"invisible", "quote-inline"}),
            closing=_BREAKS.get(tag, ")" if tag == "rt" else ""),
            href=(given.get("href") or "").strip(),
            classes=classes,
            piece=len(self.pieces),
            start=self._written,
        )
        if tag == "span" and "ellipsis" in classes:
            element.closing = ELLIPSIS
        self._hidden += element.hides
        self._preformatted += tag == "pre"
        self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            return
        element = self._open.pop()
        if tag == "a":
            self._end_link(element)
        self._write(element.closing)
        self._hidden -= element.hides
        self._preformatted -= tag == "pre"

    def handle_data(self, data: str) -> None:
        text = data if self._preformatted else _SPACES.sub(" ", data)
        at = 0
        for match in _SHORTCODE.finditer(text):
            if match[1] in self._emojis:
                self._write(text[at : match.start()])
                self._write_emoji(match[0], self._emojis[match[1]])
                at = match.end()
        self._write(text[at:])

    def _write_emoji(self, shortcode: str, url: str) -> None:
        in_link = any(element.tag == "a" for element in self._open)
        if url and not in_link and not self._hidden and len(self.spans) < MAX_FACETS:
            start = self._written
            self._write(shortcode)
            self.spans.append(Facet("emoji", start, self._written, url))

    def _write(self, text: str) -> None:
        if text and not self._hidden:
            self.pieces.append(text)
            self._written += len(text)

    def _end_link(self, element: _Element) -> None:
        raw = "".join(self.pieces[element.piece :])
        visible = raw.strip()
        start = element.start + len(raw) - len(raw.lstrip())
        if not visible or len(self.spans) >= MAX_FACETS:
            return
        name = visible[1:]
        if visible[0] in "#＃" and is_tag(name) and self._means_tag(element, name):
            self.spans.append(Facet("tag", start, start + len(visible), name))
        elif "mention" in element.classes and visible[0] == "@":
            handle = self._mentions.get(element.href) or _handle(visible, element.href)
            self.spans.append(Facet("mention", start, start + len(visible), handle))
        elif web_address(element.href):
            honest = link_text(visible, element.href)
            if honest != visible:
                self.pieces[element.piece :] = [raw.replace(visible, honest)]
                self._written += len(honest) - len(visible)
            self.spans.append(Facet("link", start, start + len(honest), element.href))

    def _means_tag(self, element: _Element, name: str) -> bool:
        """Some servers lose the class; then the list of the post's tags decides."""
        return "hashtag" in element.classes or any(same_tag(name, tag) for tag in self._tags)


def _handle(visible: str, href: str) -> str:
    """@user@host, with the host of the profile where the text names none."""
    host = urlsplit(href).hostname if web_address(href) else ""
    return visible if "@" in visible[1:] or not host else f"{visible}@{host}"


def placed(raw: str, text: str, spans: list[Facet]) -> Iterator[Facet]:
    """`spans` of `raw`, in order and apart, moved to `text` = normalise(raw).

    One that cannot be found there is left out.
    """
    at = 0
    for span in spans:
        if span.end > len(raw):
            return
        before = len(normalise(raw[: span.start]))
        start = before + len(text[before:]) - len(text[before:].lstrip(" \n"))
        upto = normalise(raw[: span.end])
        # Where normalising reaches across the edge (a mark behind a link), the prefix differs.
        if at <= start < len(upto) and text.startswith(upto):
            yield replace(span, start=start, end=len(upto))
            at = len(upto)
