"""Which tags in what came in are the event's own, mistyped. Reads only; judges no post.

Only what has arrived can be looked at: docs/sources.md says which sources bring such posts.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from agenda.hashtags import MAX_TAG_CHARS, same_tag
from agenda.models import Event
from wall.models import Post, Source

READ = 1000  # the newest posts that are looked at
SHOWN = 4  # variants that a desk names
MIN_CHARS = 5  # of a shorter tag every other short one is only a letter away
LONG_CHARS = 9  # from here on two slips are still the same word
_YEAR = re.compile(r"(?:(?:19|20)\d\d|\d\d)$")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Variant:
    """`tag` as most wrote it, without #; `count` posts carry it."""

    tag: str
    count: int


def of_event(event: Event) -> list[Variant]:
    """The most frequent first. Two queries, whatever came in; linear in the tags of 1000 posts."""
    if not event.hashtag:
        return []
    wanted = _wanted(event)
    counts: dict[str, dict[str, int]] = {}
    for _number, facets in _newest(event):
        written = {_folded(tag): tag for tag in _tags(facets)}
        for folded, tag in written.items():
            spelled = counts.setdefault(folded, {})
            spelled[tag] = spelled.get(tag, 0) + 1
    found = [
        Variant(max(spelled, key=lambda tag: (spelled[tag], tag)), sum(spelled.values()))
        for folded, spelled in counts.items()
        if is_near(folded, event.hashtag) and not any(same_tag(folded, tag) for tag in wanted)
    ]
    return sorted(found, key=lambda one: (-one.count, one.tag))[:SHOWN]


def carrying(event: Event, tag: str) -> list[int]:
    """The numbers of the newest posts that carry `tag` to the letter, in any case. One query."""
    return [
        number for number, facets in _newest(event) if any(same_tag(tag, o) for o in _tags(facets))
    ]


@lru_cache(maxsize=4096)
def is_near(tag: str, own: str) -> bool:
    """Whether `tag` is likely to be meant for `own`, and is not the same.

    The same but for the year, underscores or how umlauts are spelled; or a slip away, two in a
    long one: a letter too many, too few, wrong, or two in each other's place.
    """
    if same_tag(tag, own) or len(tag) > MAX_TAG_CHARS:
        return False
    ours, theirs = _forms(own), _forms(tag)
    if _bare(ours) & _bare(theirs):
        return True
    length = min(len(_folded(own)), len(_folded(tag)))
    if length < MIN_CHARS:
        return False
    allowed = 1 if length < LONG_CHARS else 2
    return any(_apart(one, other, allowed) for one in ours for other in theirs)


def _forms(tag: str) -> set[str]:
    """As people type it: with its umlauts spelled out, without their dots; never underscores."""
    folded = _folded(tag).replace("_", "").replace("-", "")
    apart = unicodedata.normalize("NFKD", folded)
    dotless = "".join(char for char in apart if not unicodedata.combining(char))
    return {folded.translate(_SPELLED), dotless} - {""}


def _bare(forms: Iterable[str]) -> set[str]:
    """Without their year. What is nothing but a year stays."""
    return {_YEAR.sub("", form) or form for form in forms}


def _folded(tag: str) -> str:
    once = unicodedata.normalize("NFKC", tag).casefold()
    return unicodedata.normalize("NFKC", once).removeprefix("#")


def _apart(one: str, other: str, allowed: int) -> bool:
    """Whether at most `allowed` slips lie between them. Only the diagonals that count are filled,
    so it is linear in the length.
    """
    if abs(len(one) - len(other)) > allowed:
        return False
    far = allowed + 1
    before: dict[int, int] = {}
    last = {place: place for place in range(min(len(other), allowed) + 1)}
    for row, char in enumerate(one, start=1):
        now: dict[int, int] = {}
        for place in range(max(0, row - allowed), min(len(other), row + allowed) + 1):
            if place == 0:
                now[0] = row
                continue
            same = char == other[place - 1]
            best = min(
                last.get(place - 1, far) + (not same),
                last.get(place, far) + 1,
                now.get(place - 1, far) + 1,
            )
            swapped = row > 1 and place > 1 and char == other[place - 2]
            if swapped and one[row - 2] == other[place - 1]:
                best = min(best, before.get(place - 2, far) + 1)
            now[place] = best
        before, last = last, now
    return last.get(len(other), far) <= allowed


def _newest(event: Event) -> Iterable[tuple[int, Any]]:
    posts = Post.objects.filter(event=event).not_withdrawn().exclude(facets=[])
    return posts.order_by("-pk").values_list("pk", "facets")[:READ]


def _tags(facets: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(one["value"]) for one in facets if one.get("kind") == "tag"]


def _wanted(event: Event) -> list[str]:
    """Tags that sources read on purpose."""
    lists = Source.objects.filter(event=event).values_list("include_tags", flat=True)
    return [str(tag) for tags in lists for tag in tags]
