"""What of a source is wanted, by language and tag. Pure; asks nobody, decides about no text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from agenda.hashtags import is_tag, same_tag

if TYPE_CHECKING:
    from wall.models import Source
    from wall.sources.base import Incoming

SOURCE = "source"  # the one that asks, so that an adapter may remember something of it
ALSO = "also"  # what an adapter finds further tags under, beside its settings


def settings_of(source: Source) -> Mapping[str, str]:
    """What an adapter is asked with: its settings, which one it is, which tags it reads as well."""
    also = [tag for tag in _tags(source.include_tags) if is_tag(tag)]
    found = dict(source.config) | {SOURCE: str(source.pk)}
    return found | ({ALSO: " ".join(also)} if also else {})


def also_read(config: Mapping[str, str], tag: str) -> list[str]:
    """The further tags in an adapter's settings, without `tag` and without repetitions."""
    found: list[str] = []
    for other in config.get(ALSO, "").split():
        if not any(same_tag(other, known) for known in (tag, *found)):
            found.append(other)
    return found


def is_wanted(source: Source, item: Incoming) -> bool:
    """Whether `item` may come in from `source` at all.

    A post that names no language is in every one; "de" covers "de-AT". Without a tag that is not
    wanted here it is welcome: which tags it must have, its adapter has asked for.
    """
    languages = {str(language).lower() for language in source.languages}
    spoken = item.language.lower().replace("_", "-")
    if languages and spoken and not {spoken, spoken.partition("-")[0]} & languages:
        return False
    unwanted = _tags(source.exclude_tags)
    return not any(same_tag(tag, other) for tag in tags_of(item) for other in unwanted)


def tags_of(item: Incoming) -> list[str]:
    """All tags of `item`, without #: those in its text and those its source lists."""
    written = [facet.value for facet in item.facets if facet.kind == "tag"]
    return [*written, *item.tags]


def is_another_tag(item: Incoming, wanted: Sequence[str]) -> bool:
    """Whether a server brought `item` only because it folds tags: for `Ändern` also `andern`.

    Where the server lists no tag at all, or one that does not even look alike, it knows why.
    """
    carried = tags_of(item)
    if any(same_tag(tag, other) for tag in carried for other in wanted):
        return False
    plain = {_unmarked(tag) for tag in wanted}
    return any(_unmarked(tag) in plain for tag in carried)


def has_lost_its_tag(item: Incoming, wanted: Sequence[str]) -> bool:
    """Whether `item` carries, after an edit, none of the tags any more for which it came."""
    plain = {_unmarked(tag) for tag in wanted}
    if any(_unmarked(tag) in plain for tag in tags_of(item)):
        return False
    said = _unmarked(item.text)
    return not any(f"#{tag}" in said or f"＃{tag}" in said for tag in plain)


def _tags(stored: Iterable[object]) -> list[str]:
    return [str(tag).removeprefix("#") for tag in stored]


def _unmarked(text: str) -> str:
    """Folded as far as any server folds: without case, marks and the dotless i."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.category(letter).startswith("M")
    )
    return bare.casefold().replace("ı", "i")
