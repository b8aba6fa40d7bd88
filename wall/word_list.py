"""Find an event's listed words in texts, however they are written. Reads the list, decides nothing.

No pattern of anybody's runs here: what a text costs depends on its length alone. An entry is found
as whole words that follow each other ("buy now" in "Buy: NOW!"); a star says that it may go on:
troll* also in "trolling", *troll* in "supertrolls".
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from agenda import look_alikes
from agenda.models import Event
from wall.automaton import Automaton
from wall.models import Listed

MAX_READ_CHARS = 8_000  # more than any post has: 500 graphemes of twelve characters
MAX_ENTRY_CHARS = 100
MIN_LETTERS = 2  # one letter alone would be found everywhere
_WORD = re.compile(r"\w+")


class WordList:
    """The words of one event, ready to be looked for."""

    def __init__(self, folded: Iterable[str]) -> None:
        patterns = [_pattern(entry) for entry in folded]
        self._automaton = Automaton(patterns) if patterns else None

    def found_in(self, *texts: str) -> bool:
        """Whether a listed word stands in one of these."""
        automaton = self._automaton
        return automaton is not None and any(
            automaton.finds(f" {_words(text[:MAX_READ_CHARS])} ") for text in texts if text
        )


def fold(entry: str) -> str:
    """An entry as it is compared and stored; "" if nothing of it can be looked for."""
    entry = entry.strip()
    words = _words(entry[:MAX_ENTRY_CHARS])
    if len(words.replace(" ", "")) < MIN_LETTERS:
        return ""
    before = "*" if entry.startswith("*") else ""
    after = "*" if entry.endswith("*") else ""
    return f"{before}{words}{after}"


def of_event(event: Event) -> WordList:
    """One query."""
    rows = Listed.objects.filter(event=event, what=Listed.What.WORD).order_by("folded")
    return of_entries(rows.values_list("folded", flat=True))


def of_entries(folded: Iterable[str]) -> WordList:
    """The list of these entries, in their order: made once, and kept while they are asked for."""
    return _made(tuple(folded))


@lru_cache(maxsize=32)
def _made(folded: tuple[str, ...]) -> WordList:
    return WordList(folded)


def _words(text: str) -> str:
    """The words of `text` in their one spelling, one space between them."""
    folded = look_alikes.letters(text)[:MAX_READ_CHARS]  # one sign may stand for a whole sentence
    return " ".join(_WORD.findall(folded.replace("_", " ")))


def _pattern(folded: str) -> str:
    """What is looked for: where an entry has no star, a space says that the word ends there."""
    bare = folded.strip("*")
    before = "" if folded.startswith("*") else " "
    after = "" if folded.endswith("*") else " "
    return f"{before}{bare}{after}" if bare else ""
