"""Which characters may stand on a screen, and how many. Pure; knows no markup and no meaning."""

from __future__ import annotations

import unicodedata

import regex

MAX_NOTE_GRAPHEMES = 280
MAX_POST_GRAPHEMES = 500
MAX_NAME_GRAPHEMES = 40
MAX_ORGANISATION_GRAPHEMES = 60
MAX_LINES = 12
MAX_MARKS = 2  # nonspacing marks on one base, and as many spacing ones
MAX_CLUSTER_CHARS = 12  # the longest emoji sequence in use has ten code points
ELLIPSIS = "…"

_NEWLINE = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACE = regex.compile(r"[\t\p{Zs}\u2800]+")  # U+2800 is the empty braille cell: a space in ink
_NEVER = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufffc]"
    r"--[\n\u200c\u200d\ufe0e\ufe0f\U000E0020-\U000E007F\U000E0100-\U000E01EF]]",
    regex.V1,
)
# Scripts in which ZWJ and ZWNJ change the letters on both sides.
_JOINING = (
    r"\p{Arabic}\p{Syriac}\p{Nko}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}"
    r"\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}"
)
_PICTURE = r"\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?"
# Group 1 is what may stay; whatever else matches goes. No sequence in use has over four pictures:
# without that bound a thousand joined emoji would count as one grapheme.
_INVISIBLE = regex.compile(
    rf"""( {_PICTURE}(?:\u200d{_PICTURE}){{1,3}}
         | \U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{{3,6}}\U000E007F
         | (?<=\p{{Emoji}})[\ufe0e\ufe0f]
         | (?<=\p{{Han}})[\U000E0100-\U000E01EF]
         | (?<=[[{_JOINING}]&&[\p{{L}}\p{{M}}]])[\u200c\u200d](?=[[{_JOINING}]&&\p{{L}}]) )
       | [\u200c\u200d\ufe0e\ufe0f\U000E0020-\U000E007F\U000E0100-\U000E01EF]""",
    regex.VERBOSE | regex.V1,
)
_MARKS = regex.compile(r"[\p{M}\u200c\u200d]+")
_SPACING_MARK = regex.compile(r"\p{Mc}")
_CLUSTER = regex.compile(r"\X")
_BLANK_LINES = regex.compile(r"\n{3,}")
# Check marks, what looks like one, and signs a platform uses to say "we vouch for this person".
_BADGES = regex.compile(
    r"[\u2713\u2714\u2705\u2611\u221a\u237b\u23b7\uaa9c\U0001F5F8\U0001F5F9"
    r"\U0001FBB1\U00010102\U0001F6E1\U0001F396\U0001F3C5\U0001F3F5\U0001F4DB\U0001FAAA]\p{M}*"
)


def normalise(text: str) -> str:
    """`text` as it may be stored and shown; normalising twice changes nothing.

    NFC; no direction controls, no invisible or control characters outside valid emoji and scripts
    that need joiners; at most MAX_MARKS marks per base, one space, one blank line, MAX_LINES lines
    (what follows is joined to the last). The length is not limited: see `cut`.
    """
    # Removing a character can make neighbours meet, so passes repeat until nothing changes. After
    # the first one a pass only shortens or reorders, so this ends; two or three are the rule.
    while (cleaned := _one_pass(text)) != text:
        text = cleaned
    return text


def clean_name(name: str) -> str:
    """`name` on one line, without anything that looks like a badge; as long as it is."""
    while (cleaned := _BADGES.sub("", normalise(name).replace("\n", " "))) != name:
        name = cleaned
    return name


def normalise_name(name: str) -> str:
    """`name` as `clean_name` leaves it, within MAX_NAME_GRAPHEMES."""
    return cut(clean_name(name), MAX_NAME_GRAPHEMES)


def length(text: str) -> int:
    """How many letters a person would count (extended grapheme clusters)."""
    return len(_CLUSTER.findall(text))


def cut(text: str, limit: int) -> str:
    """`text` within `limit` graphemes; the last one is "…" if something was left out."""
    clusters = _CLUSTER.findall(text)
    if len(clusters) <= limit:
        return text
    return "".join(clusters[: max(limit - 1, 0)]).rstrip(" \n\u200c\u200d") + ELLIPSIS


def _one_pass(text: str) -> str:
    text = _SPACE.sub(" ", _NEWLINE.sub("\n", text))
    text = _NEVER.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = _INVISIBLE.sub(r"\1", text)
        text = _MARKS.sub(_thin, text)
        text = _CLUSTER.sub(_shorten_cluster, text)
    text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
    lines = _BLANK_LINES.sub("\n\n", text).split("\n")
    if len(lines) > MAX_LINES:
        lines[MAX_LINES - 1 :] = [" ".join(line for line in lines[MAX_LINES - 1 :] if line)]
    return "\n".join(lines)


def _thin(match: regex.Match[str]) -> str:
    """A run of marks without what exceeds MAX_MARKS; nothing if no base precedes it."""
    if match.start() == 0 or match.string[match.start() - 1].isspace():
        return ""
    kept: list[str] = []
    spacing = nonspacing = 0
    for char in match.group():
        if char in "\u200c\u200d":
            kept.append(char)
        elif _SPACING_MARK.match(char):
            spacing += 1
            if spacing <= MAX_MARKS:
                kept.append(char)
        else:
            nonspacing += 1
            if nonspacing <= MAX_MARKS:
                kept.append(char)
    return "".join(kept)


def _shorten_cluster(match: regex.Match[str]) -> str:
    """Leading jamo, prefixes and conjuncts may repeat without end inside one grapheme."""
    return match.group()[:MAX_CLUSTER_CHARS]
