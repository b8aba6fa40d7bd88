"""A picture and a PDF page with tag, code and address, for speakers to put into their own slides.

Draws; knows no requests and no database. Nothing on it is anybody's but the organizers'.
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import TYPE_CHECKING

from wall import card_fonts

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1920, 1080
EDGE = 108  # a tenth of the height: projectors cut
CODE = 620  # the side of the code
PAPER, INK, QUIET, ACCENT = "#fbfaf5", "#10201f", "#42504e", "#00594a"
MIN_CONTRAST = 7.0
PDF_DPI = 144  # 13.33 x 7.5 inches: a slide of 16:9 in every office program


def png(*, name: str, tag: str, address: str, code: str, words: str, accent: str = "") -> bytes:
    """The card as a PNG of 1920 x 1080. `code` is what the QR code says, `words` invite."""
    return _saved(_drawn(name, tag, address, code, words, accent), "PNG", optimize=True)


def pdf(*, name: str, tag: str, address: str, code: str, words: str, accent: str = "") -> bytes:
    """The same as one page of a PDF, as large as a slide of 16:9."""
    card = _drawn(name, tag, address, code, words, accent)
    return _saved(card, "PDF", resolution=PDF_DPI, quality=95, title=tag or name)


def _saved(card: Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    card.save(written, kind, **options)
    return written.getvalue()


def _drawn(name: str, tag: str, address: str, code: str, words: str, accent: str) -> Image:
    """What no typeface here can draw is left out: address and code say how to come in."""
    from PIL import Image, ImageDraw  # on first use: it costs start time

    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(card)
    room = WIDTH - 3 * EDGE - CODE
    name, tag = (line if card_fonts.runs(line) is not None else "" for line in (name, tag))
    _line(pen, name, (EDGE, EDGE), room, size=54, smallest=30, colour=QUIET)
    lines = _broken(tag or name)
    size = min(_fitting(line, room, size=170, smallest=48) for line in lines)
    top = 300 - (len(lines) - 1) * size // 3
    for number, line in enumerate(lines):
        place = (EDGE, top + round(number * size * 1.05))
        _line(pen, line, place, room, size=size, smallest=size, colour=_readable(accent))
    top += round(len(lines) * size * 1.05) + 50
    for number, line in enumerate(_wrapped(words, room, size=50)[:3]):
        _line(pen, line, (EDGE, top + number * 64), room, size=50, smallest=40, colour=INK)
    place = (EDGE, HEIGHT - EDGE - 90)
    _line(pen, address, place, room, size=76, smallest=34, colour=INK)
    card.paste(_code(code), (WIDTH - EDGE - CODE, (HEIGHT - CODE) // 2))
    return card


def _code(text: str) -> Image:
    """Sharp modules on white, as large as whole pixels allow."""
    import segno
    from PIL import Image

    made = segno.make(text, error="m", micro=False)
    side = int(made.symbol_size(border=4)[0])
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(made.matrix_iter(border=4)):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x, y), 0)
    scale = CODE // side
    white = Image.new("RGB", (CODE, CODE), "#ffffff")
    large = picture.convert("RGB").resize((side * scale, side * scale), Image.Resampling.NEAREST)
    white.paste(large, ((CODE - side * scale) // 2,) * 2)
    return white


def _line(
    pen: ImageDraw,
    text: str,
    place: tuple[int, int],
    room: int,
    *,
    size: int,
    smallest: int,
    colour: str,
) -> None:
    """One line, smaller if it must be, cut with an ellipsis if even that does not fit."""
    size = _fitting(text, room, size=size, smallest=smallest)
    while len(text) > 1 and _length(text, size) > room:
        text = text[:-2] + "…"
    left, base = place[0], place[1] + card_fonts.typeface(card_fonts.own(), size).getmetrics()[0]
    for path, part in card_fonts.runs(text) or []:
        font = card_fonts.typeface(path, size)
        pen.text((left, base), part, font=font, fill=colour, anchor="ls")
        left += round(font.getlength(part))


def _fitting(text: str, room: int, *, size: int, smallest: int) -> int:
    while size > smallest and _length(text, size) > room:
        size -= 2
    return size


def _length(text: str, size: int) -> float:
    known = card_fonts.runs(text) or []
    return sum(card_fonts.typeface(path, size).getlength(part) for path, part in known)


def _broken(tag: str) -> list[str]:
    """A long tag breaks at its capitals, in two lines of nearly the same length."""
    if len(tag) <= 14:
        return [tag]
    places = [found.start() for found in re.finditer(r"(?<=[^\W_#])(?=[A-ZÄÖÜ0-9])|(?<=\s)", tag)]
    places = places or [
        at for at in range(2, len(tag)) if _is_wide(tag[at]) and _is_wide(tag[at - 1])
    ]
    if not places:
        return [tag]
    middle = min(places, key=lambda place: abs(place - len(tag) / 2))
    return [tag[:middle].strip(), tag[middle:]]


def _is_wide(sign: str) -> bool:
    """A script that breaks between any two signs."""
    return unicodedata.east_asian_width(sign) == "W"


def _wrapped(text: str, room: int, *, size: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _readable(accent: str) -> str:
    """The colour of the event if it can be read on the paper, else ours."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        return ACCENT
    light, dark = _luminance(PAPER), _luminance(accent)
    return accent if (light + 0.05) / (dark + 0.05) >= MIN_CONTRAST else ACCENT


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
