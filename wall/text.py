"""The one door to everything about words on the wall: clean, count, cut, translate, take apart.

Pure functions; asks neither database nor network.
"""

from __future__ import annotations

from agenda.characters import (
    MAX_NAME_GRAPHEMES,
    MAX_NOTE_GRAPHEMES,
    MAX_POST_GRAPHEMES,
    cut,
    length,
    normalise,
    normalise_name,
)
from agenda.hashtags import is_tag, same_tag
from wall.facets import (
    Segment,
    facets_of,
    pack,
    segments,
    shorten,
    unpack,
    without_closing_tag,
)
from wall.foreign_html import from_html, without_shortcodes

__all__ = [
    "MAX_NAME_GRAPHEMES",
    "MAX_NOTE_GRAPHEMES",
    "MAX_POST_GRAPHEMES",
    "Segment",
    "cut",
    "facets_of",
    "from_html",
    "is_tag",
    "length",
    "normalise",
    "normalise_name",
    "pack",
    "same_tag",
    "segments",
    "shorten",
    "unpack",
    "without_closing_tag",
    "without_shortcodes",
]
