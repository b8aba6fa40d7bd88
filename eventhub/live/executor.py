"""A few own threads for the database beside an event loop, and the count of what they asked."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from django.db import Error, connection

P = ParamSpec("P")
R = TypeVar("R")

GIVE_BACK_WITHIN_S = 5.0  # a statement is ended by the server after three

statements: Counter[str] = Counter()  # by purpose: poll, flush, catchup, authorise


class DatabaseThreads:
    """Runs blocking reads beside the event loop. A failed read gives its connection back."""

    def __init__(self, name: str, *, workers: int) -> None:
        self._workers = workers
        self._closed = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name)

    async def run(
        self, purpose: str, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        def read() -> R:
            if self._closed:  # it stood in the queue when we were closed
                raise asyncio.CancelledError
            return _counted(purpose, lambda: function(*args, **kwargs))

        return await asyncio.get_running_loop().run_in_executor(self._pool, read)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Read nothing more, and let each thread give its connection back as its last deed.

        Before that one of them does `last`: after everything that was read, if it is the only
        thread. Does not wait for it; `join` does.
        """
        if self._closed:
            return
        self._closed = True
        if last is not None:
            self._pool.submit(last)
        together = threading.Barrier(self._workers)
        for _ in range(self._workers):
            self._pool.submit(_give_back, together)
        self._pool.shutdown(wait=False)

    def join(self) -> None:
        """Wait until every thread has ended. Blocking."""
        self._pool.shutdown(wait=True)


def _counted(purpose: str, read: Callable[[], R]) -> R:
    def count(execute: Callable[..., Any], *args: Any) -> Any:
        statements[purpose] += 1
        return execute(*args)

    try:
        with connection.execute_wrapper(count):
            return read()
    except Error:
        # The server may have gone away: the next read starts with a new connection.
        connection.close()
        raise


def _give_back(together: threading.Barrier) -> None:
    # Each thread takes one of these and none takes two: otherwise a connection is left out, and
    # its session stays at the server until a garbage collection finds it.
    with suppress(threading.BrokenBarrierError):
        together.wait(GIVE_BACK_WITHIN_S)
    connection.close()
