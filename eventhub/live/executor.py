"""A few own threads for the database beside an event loop, and the count of what they asked."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import Error, connection

P = ParamSpec("P")
R = TypeVar("R")

statements: Counter[str] = Counter()  # by purpose: poll, flush, catchup, authorise


class DatabaseThreads:
    """Runs blocking reads beside the event loop. A failed read gives its connection back."""

    def __init__(self, name: str, *, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name)

    async def run(
        self, purpose: str, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._pool, lambda: _counted(purpose, lambda: function(*args, **kwargs))
        )

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


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
