"""Foreign words as they may be stored: plain, without controls or markup, addresses of the web."""

import unicodedata
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urlsplit

import regex

MAX_ID_CHARS = 200
MAX_ADDRESS_CHARS = 500
ELLIPSIS = "…"

_NEWLINE = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls, halves of characters, private ones, and what turns the direction of other people's text.
_NEVER = regex.compile(
    r"[[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
    r"--[\n]]",
    regex.V1,
)
_GAPS = regex.compile(r"[ \t]+\n")
_BLANK_LINES = regex.compile(r"\n{3,}")
_TAG = regex.compile(r"^\w{1,60}$")
_COLOUR = regex.compile(r"^#[0-9a-f]{6}$", regex.IGNORECASE)
_LANGUAGE = regex.compile(r"^[a-z]{2,3}(?:[-_][a-z0-9]{2,4})?$", regex.IGNORECASE)
_MARKUP = regex.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|blockquote|pre|code|table|tr|td|img"
    r"|script|style)\b[^<>]*>",
    regex.IGNORECASE,
)
_LANGUAGES = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en"}


def text(value: object) -> str:
    """What a person wrote, in lines: NFC, at most one blank line, nothing invisible."""
    plain = _NEWLINE.sub("\n", value if isinstance(value, str) else "").replace("\t", " ")
    plain = unicodedata.normalize("NFC", _NEVER.sub("", plain))
    return _BLANK_LINES.sub("\n\n", _GAPS.sub("\n", plain)).strip()


def line(value: object) -> str:
    return " ".join(text(value).split())


def clip(value: str, limit: int) -> str:
    return value if len(value) <= limit else value[: limit - 1].rstrip() + ELLIPSIS


def identity(value: object) -> str:
    """What a file calls a thing, never cut: an id that is too long becomes a digest of it."""
    plain = line(str(value))
    if len(plain) <= MAX_ID_CHARS:
        return plain
    return f"{plain[:100]} {sha256(plain.encode()).hexdigest()[:32]}"


def web_address(value: object) -> str:
    """An address that starts with http:// or https:// and names a host, or ""."""
    address = line(value)
    if len(address) > MAX_ADDRESS_CHARS or " " in address:
        return ""
    try:
        parts = urlsplit(address)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return address if named else ""


def link(value: dict[str, str]) -> dict[str, str] | None:
    address = web_address(value.get("url", ""))
    return {"title": clip(line(value.get("title", "")), 200), "url": address} if address else None


def hashtag(value: object) -> str:
    plain = line(value).lstrip("#＃")
    return plain if _TAG.match(plain) else ""


def is_colour(value: str) -> bool:
    return _COLOUR.match(value) is not None


def language(value: object) -> str:
    """A code such as "de" or "en-gb"; "" for what is none."""
    plain = line(value)
    plain = _LANGUAGES.get(plain.casefold(), plain)
    return plain if _LANGUAGE.match(plain) else ""


def without_markup(value: object) -> str:
    """The text of HTML; what has no tags that are known stays as it is, also "a < b"."""
    plain = text(value)
    if not _MARKUP.search(plain):
        return plain
    parser = _Plain()
    parser.feed(plain)
    parser.close()
    return text("".join(parser.parts))


class _Plain(HTMLParser):
    """Keeps text; paragraphs and lines become such; scripts and styles vanish."""

    BREAKS = frozenset({"p", "div", "ul", "ol", "blockquote", "pre", "table", *["h1", "h2", "h3"]})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        if tag in self.BREAKS:
            self.parts.append("\n\n")
        elif tag in {"br", "tr"}:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent = max(0, self._silent - 1)
        elif tag in self.BREAKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
