"""What can be a hashtag, and when two are the same to a person. Pure; knows no text around it."""

import unicodedata

import regex

MAX_TAG_CHARS = 100

WORD = r"\p{L}\p{M}\p{N}_\u200c\u200d"
NAME = rf"[\p{{L}}\p{{N}}_][{WORD}]{{0,{MAX_TAG_CHARS - 1}}}"
_TAG_NAME = regex.compile(NAME)
_LETTER = regex.compile(r"\p{L}")


def is_tag(name: str) -> bool:
    """Whether `name` (without #) can be a tag: a word, not only digits and underscores."""
    return bool(_TAG_NAME.fullmatch(name) and _LETTER.search(name))


def same_tag(one: str, other: str) -> bool:
    """Whether two tags, each with or without #, are the same to a person."""
    return _folded(one) == _folded(other)


def _folded(tag: str) -> str:
    folded = unicodedata.normalize("NFKC", tag).casefold()
    return unicodedata.normalize("NFKC", folded).removeprefix("#")
