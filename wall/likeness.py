"""Which texts say the same to a reader, so that they lie as one pile. Pure; judges nobody.

What floods usually vary is passed over: case, marks, look-alike letters, addresses, mentions,
numbers, repeated letters, pictures at the end. What is left is compared by its pairs of words.
"""

import hashlib
import itertools
import re

from agenda import look_alikes

ALIKE = 0.5  # the share of word pairs that two texts must have in common
PAIRS_KEPT = 2  # of a fingerprint: more tell apart better, fewer survive more changes
MIN_WORDS = 4  # below that, only the same words are the same
MAX_WORDS = 200
MAX_READ_CHARS = 8_000  # more than any post has
_ADDRESS = ("http://", "https://", "www.", "@", "#")
_DIGIT = re.compile(r"\d")
_REPEATED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+")


def fingerprint(text: str) -> str:
    """32 characters, the same for texts that differ only in what floods vary; "" where there is
    nothing to compare.

    A word put in or left out changes it now and then: `alike` is the better judge of two texts.
    """
    words = _words(text)
    if len(words) < MIN_WORDS:
        bare = " ".join(words) or _REPEATED.sub(r"\1", "".join(text[:MAX_READ_CHARS].split()))
        return _digest(bare).hex() if bare else ""
    least = sorted(_digest(pair) for pair in _pairs(words))[:PAIRS_KEPT]
    return hashlib.blake2b(b"".join(least), digest_size=16).hexdigest()


def alike(one: str, other: str) -> bool:
    """Whether two texts say the same, as far as words can tell."""
    if fingerprint(one) == fingerprint(other) != "":
        return True
    mine, theirs = _words(one), _words(other)
    if min(len(mine), len(theirs)) < MIN_WORDS:
        return False
    left, right = _pairs(mine), _pairs(theirs)
    return len(left & right) >= ALIKE * len(left | right)


def _words(text: str) -> list[str]:
    """Token by token: a pattern over the whole text could be made to read it again and again."""
    read = look_alikes.letters(text[:MAX_READ_CHARS])[:MAX_READ_CHARS]
    kept = " ".join(token for token in read.split() if not _varies(token))
    return _WORD.findall(_REPEATED.sub(r"\1", kept))[:MAX_WORDS]


def _varies(token: str) -> bool:
    return token.startswith(_ADDRESS) or _DIGIT.search(token) is not None


def _pairs(words: list[str]) -> set[str]:
    return {f"{one} {other}" for one, other in itertools.pairwise(words)}


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
