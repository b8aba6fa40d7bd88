"""Find any of many words in one pass over a text (Aho and Corasick). Knows nothing of meaning.

A text costs one step a letter, whatever it and the words are made of: nobody can write one that
takes long.
"""

from collections import deque
from collections.abc import Iterable


class Automaton:
    """Finds whether one of `words` stands in a text. Memory grows with their letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._ends: list[bool] = [False]
        for word in words:
            self._add(word)
        self._fails = [0] * len(self._next)
        self._link()

    def finds(self, text: str) -> bool:
        at = 0
        for letter in text:
            while at and letter not in self._next[at]:
                at = self._fails[at]
            at = self._next[at].get(letter, 0)
            if self._ends[at]:
                return True
        return False

    def _add(self, word: str) -> None:
        at = 0
        for letter in word:
            if letter not in self._next[at]:
                self._next[at][letter] = len(self._next)
                self._next.append({})
                self._ends.append(False)
            at = self._next[at][letter]
        self._ends[at] = bool(word) or self._ends[at]

    def _link(self) -> None:
        """Where to go on when the next letter does not fit: the longest end that is a beginning."""
        waiting = deque(self._next[0].values())
        while waiting:
            at = waiting.popleft()
            for letter, child in self._next[at].items():
                fail = self._fails[at]
                while fail and letter not in self._next[fail]:
                    fail = self._fails[fail]
                self._fails[child] = self._next[fail].get(letter, 0)
                self._ends[child] = self._ends[child] or self._ends[self._fails[child]]
                waiting.append(child)
