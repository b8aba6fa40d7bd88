"""Take one feed apart: stdin in, its entries out. Runs alone, without Django and its secrets.

Started by `wall.sources.feed_reading` as a process of its own: the parser is generous, and what a
stranger makes it do must cost nobody else. Its limits are arguments: MEMORY_BYTES CPU_S
OUTPUT_BYTES CONTENT_TYPE. The answer is JSON in the shape of `Feed`.
"""

import calendar
import io
import sys
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent.parent
FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")
MAX_ENTRIES = 200
MAX_CHARS = 70_000  # of a text; more is never shown
MAX_SHORT = 2_000  # of an address or a name
MAX_PICTURES = 8
FEEDS = ("application/rss+xml", "application/atom+xml")


class Picture(msgspec.Struct):
    url: str
    alt: str = ""


class Entry(msgspec.Struct):
    """One entry as the feed has it; texts may be HTML, times are seconds since 1970 in UTC."""

    id: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    at: float | None = None
    language: str = ""
    adult: bool = False
    tags: list[str] = []
    pictures: list[Picture] = []


class Feed(msgspec.Struct):
    """`kind` is "" for what is no feed; `named` are feeds that a web page points to."""

    kind: str = ""
    title: str = ""
    language: str = ""
    named: list[str] = []
    entries: list[Entry] = []


def refuse(event: str, _arguments: object) -> None:
    """No network and no other program, whatever a feed makes a library do."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"a feed wanted {event}")


def know_descriptions() -> None:
    """Let the parser keep alt texts with their pictures: by itself it takes them for the text."""
    from feedparser.namespaces.mediarss import Namespace

    def begins(self: Any, _attributes: Any) -> None:
        self.push("media_description", 1)

    def ends(self: Any) -> None:
        words = self.pop("media_description")
        if pictures := self._get_context().get("media_content"):
            pictures[-1].setdefault("description", words or "")

    def rated(self: Any) -> None:
        if (self.pop("rating") or "").strip() == "adult":
            self._get_context()["adult"] = "adult"

    Namespace._start_media_description = begins
    Namespace._end_media_description = ends
    Namespace._end_media_rating = rated


def taken_apart(data: bytes, content_type: str) -> Feed:
    if not data.strip():
        return Feed()
    import feedparser

    know_descriptions()
    # A file object, never bytes or text: those the parser would take for a path or an address.
    found = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-type": content_type} if content_type else {},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    head = found.feed
    links = [link for link in _rows(head.get("links")) if link.get("type") in FEEDS]
    return Feed(
        kind=found.version or "",
        title=_short(head.get("title")),
        language=_short(head.get("language")),
        named=[_short(link.get("href")) for link in links if link.get("rel") == "alternate"][:5],
        entries=[_entry(entry) for entry in found.entries[:MAX_ENTRIES]],
    )


def _entry(entry: Any) -> Entry:
    contents = [row.get("value") for row in _rows(entry.get("content"))]
    return Entry(
        id=_short(entry.get("id")),
        link=_short(entry.get("link")),
        title=_text(entry.get("title")),
        text=_text(entry.get("summary") or next(filter(None, contents), "")),
        author=_short(entry.get("author")),
        at=_seconds(entry),
        language=_short((entry.get("summary_detail") or {}).get("language")),
        adult="adult" in entry,
        tags=[_short(tag.get("term")) for tag in _rows(entry.get("tags"))][:50],
        pictures=list(_pictures(entry))[:MAX_PICTURES],
    )


def _pictures(entry: Any) -> Any:
    for row in _rows(entry.get("media_content")):
        if row.get("medium") == "image" or str(row.get("type", "")).startswith("image/"):
            yield Picture(_short(row.get("url")), _short(row.get("description")))
    for row in _rows(entry.get("links")):
        if row.get("rel") == "enclosure" and str(row.get("type", "")).startswith("image/"):
            yield Picture(_short(row.get("href")))


def _seconds(entry: Any) -> float | None:
    for name in ("published_parsed", "updated_parsed"):
        if (moment := entry.get(name)) is not None:
            try:
                return float(calendar.timegm(moment))
            except (ValueError, OverflowError, TypeError):
                continue
    return None


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value[:MAX_CHARS] if isinstance(value, str) else ""


def _short(value: object) -> str:
    return value[:MAX_SHORT] if isinstance(value, str) else ""


def main(arguments: list[str]) -> None:
    memory_bytes, cpu_s, output_bytes = map(int, arguments[:3])
    sys.path.insert(0, str(ROOT))
    from eventhub.limits import limit

    limit(memory_bytes, cpu_s, output_bytes, open_files=64)
    sys.addaudithook(refuse)
    feed = taken_apart(sys.stdin.buffer.read(), arguments[3])
    sys.stdout.buffer.write(msgspec.json.encode(feed))


if __name__ == "__main__":
    main(sys.argv[1:])
