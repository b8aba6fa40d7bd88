"""Which typeface can draw which words: ours, else one that this machine has, else none at all.

A sign that no typeface has is told, never drawn as a box. Asks nobody for a font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

OWN = Path("eventhub/static/eventhub/fonts")
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
KINDS = {".ttf", ".otf", ".ttc", ".woff2"}
WEIGHT = 700
PROBE_PX = 16
NOBODYS = "\uffff"  # never a sign: what is drawn for it is what is drawn for any that is missing
SLANTED = ("italic", "oblique", "condensed", "narrow", "mono", "serif")

Run = tuple[Path, str]


def runs(text: str) -> list[Run] | None:
    """`text` in the order in which it is drawn, each part with the typeface that has all its signs.

    [] for no text; None if a sign is in no typeface, or cannot be set by what is installed here.
    """
    needed = _signs(text)
    if not _can_set(needed):
        return None
    found = _typefaces(needed)
    if found is None:
        return None
    if len(found) == 1:
        return [(found[0][0], text)] if text else []
    parts = _parts(text, found)
    return parts[::-1] if _reads_from_right(text) else parts


@lru_cache(maxsize=200)
def typeface(path: Path, size: int) -> FreeTypeFont:
    """As heavy as it can be."""
    from PIL import ImageFont

    font = ImageFont.truetype(path, size)
    with suppress(OSError):  # it has one weight only
        heaviest, *others = (axis["maximum"] or 0 for axis in font.get_variation_axes())
        font.set_variation_by_axes([min(WEIGHT, heaviest), *others])
    return font


def own() -> Path:
    return Path(settings.BASE_DIR) / OWN / "display.woff2"


# --- which typeface


@lru_cache(maxsize=200)
def _typefaces(needed: frozenset[str]) -> list[tuple[Path, frozenset[str]]] | None:
    """The one typeface that has all of `needed`, else several that have it together, ours first."""
    found = [(own(), _had(own(), needed))]
    for path in [] if found[0][1] == needed else _others():
        had = _had(path, needed)
        if had == needed:
            return [(path, had)]  # one hand for the whole line
        if had:
            found.append((path, had))
    if found[0][1] == needed:
        return found[:1]
    chosen, left = [found[0]], needed - found[0][1]
    while left:
        path, had = max(found, key=lambda one: len(one[1] & left))
        if not had & left:
            return None
        chosen.append((path, had))
        left -= had
    return chosen


def _had(path: Path, needed: Iterable[str]) -> frozenset[str]:
    """Those of `needed` that `path` has; none if it cannot be drawn in any size, as colours are."""
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(path, PROBE_PX, layout_engine=ImageFont.Layout.BASIC)
        missing = bytes(font.getmask(NOBODYS))
        return frozenset(sign for sign in needed if bytes(font.getmask(sign)) != missing)
    except (OSError, ValueError):
        return frozenset()


@lru_cache(maxsize=1)
def _others() -> list[Path]:
    """Our pictographs, then what the system has: heavy ones first, upright before slanted."""
    installed = {path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in KINDS}
    pictographs = sorted((Path(settings.BASE_DIR) / OWN).glob("emoji-*.woff2"))
    return [*pictographs, *sorted(installed, key=_rank)]


def _rank(path: Path) -> tuple[bool, bool, bool, str]:
    name = path.name.lower()
    slanted = any(word in name for word in SLANTED)
    return slanted, "bold" not in name, not name.startswith("noto"), name


# --- how it is set


def _signs(text: str) -> frozenset[str]:
    """Without spaces and what is never seen, such as joiners."""
    return frozenset(one for one in text if not one.isspace() and not _is_unseen(one))


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def _can_set(needed: Iterable[str]) -> bool:
    """Scripts that join or are read from the right need Pillow's other layout, with fribidi."""
    from PIL import features

    return features.check("raqm") or not any(_joins(sign) for sign in needed)


def _joins(sign: str) -> bool:
    marked = unicodedata.category(sign) in {"Mn", "Mc"} and sign > "\u036f"
    return marked or unicodedata.bidirectional(sign) in {"R", "AL"}


def _parts(text: str, found: Sequence[tuple[Path, frozenset[str]]]) -> list[Run]:
    """Each sign stays with what stands before it, if that can draw it: few changes of hand."""
    parts: list[Run] = []
    for sign in text:
        fits = [path for path, had in found if sign in had or sign not in _signs(sign)]
        before = parts[-1][0] if parts else None
        stays = before in fits and not _is_pictographs(before)
        path = before if before is not None and stays else fits[0]
        if before == path:
            parts[-1] = (path, parts[-1][1] + sign)
        else:
            parts.append((path, sign))
    return parts


def _is_pictographs(path: Path | None) -> bool:
    """Whose spaces are as wide as its pictures."""
    return path is not None and path.name.startswith("emoji-")


def _reads_from_right(text: str) -> bool:
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"
