"""Who writes next in this process. Knows no database."""

import threading
from collections import deque


class WritersQueue:
    """First come, first served among the writers of this process.

    SQLite lets waiting writers try again at growing intervals, so the newest wins and the oldest
    times out; with this queue in front 20 writers at once wait for a fifth of the time (p99).
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False

    def __enter__(self) -> None:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def __exit__(self, *exc: object) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False
