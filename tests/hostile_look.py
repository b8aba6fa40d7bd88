"""Draw foreign posts without server and browser, and say what in the result is not ours."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec
from django.template.loader import render_to_string

from agenda.models import Event
from tests.hostile_texts import status
from wall.facets import pack
from wall.models import Picture, Post
from wall.sources.base import Incoming
from wall.sources.mastodon_status import translated

NOW = datetime(2026, 10, 7, 10, 0, tzinfo=UTC)
TEMPLATES = ("wall/_post.html", "wall/_desk_post.html")
TAGS = {
    *("article", "div", "svg", "path", "header", "b", "bdi", "span", "p", "a", "time", "img"),
    *("figure", "figcaption", "details", "summary", "button", "form", "input", "label", "ul", "li"),
    *("select", "option", "small", "dl", "dt", "dd", "h3", "time-ago"),
}
ADDRESSES = {"href": ("http://", "https://", "/"), "src": ("/media/",), "formaction": ("/",)}


class Seen(HTMLParser):
    """What a browser would make of it: foreign tags, acting attributes, odd addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            begins = ADDRESSES.get(name)
            if begins is not None and not (value or "").lower().startswith(begins):
                self.wrong.append(f"{name}={value!r}")
            if name.startswith(("on", "hx-", "style", "srcdoc", "is")):
                self.wrong.append(f"{name}={value!r}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")


def drawn_wrongly(texts: Iterable[str]) -> list[str]:
    """One line for each text of which something else than text came out."""
    event = Event(pk=1, slug="e", name="E", hashtag="ForumNord", zone="Europe/Berlin")
    wrong = []
    for number, text in enumerate(texts):
        item = translated(msgspec.Raw(status(number, text)), "https://a.example", NOW)
        if item is not None:
            wrong += [f"{text!r}: {found}" for found in found_in(as_post(event, item))]
    return wrong


def as_post(event: Event, item: Incoming) -> Post:
    """As `ingest` would store it, with its picture; nothing is stored."""
    post = Post(
        pk=1, key="k" * 22, event=event, network="mastodon", state=Post.State.SHOWN, shown_seq=1,
        author_name=item.name, author_handle=item.author, text=item.text, url=item.url,
        facets=pack(item.facets, {one.url: "e" * 22 for one in item.emojis}),
        summary=item.summary, sensitive=item.sensitive, written_at=NOW, received_at=NOW,
    )  # fmt: skip
    kept = [
        Picture(key="p" * 22, role="media", state="kept", alt=one.alt, width=9, height=9)
        for one in item.pictures
    ]
    cache: dict[str, Any] = {"pictures": kept}
    post._prefetched_objects_cache = cache  # type: ignore[attr-defined]
    post._state.fields_cache["photo"] = None
    return post


def found_in(post: Post) -> list[str]:
    found = []
    for template in TEMPLATES:
        seen = Seen()
        seen.feed(render_to_string(template, {"post": post, "event": post.event}))
        seen.close()
        found += seen.wrong
    return found
