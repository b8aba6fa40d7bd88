"""Threads give their connections back when they end, whatever still stands in the queue."""

import asyncio
import threading
from typing import Any

import pytest
from django.db import connection, connections

from eventhub.live.executor import DatabaseThreads

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 3


def opened_connection(together: threading.Barrier) -> Any:
    together.wait(30)  # each thread takes one of these
    connection.ensure_connection()
    wrapper: Any = connections["default"]
    wrapper.inc_thread_sharing()  # asked from the test's thread afterwards
    return wrapper


async def busy_threads() -> tuple[DatabaseThreads, list[Any]]:
    """Threads of which each has a connection."""
    threads = DatabaseThreads("test", workers=WORKERS)
    together = threading.Barrier(WORKERS)
    reads = (threads.run("test", opened_connection, together) for _ in range(WORKERS))
    return threads, list(await asyncio.gather(*reads))


async def test_every_thread_gives_its_connection_back(transactional_db: None) -> None:
    threads, wrappers = await busy_threads()
    assert len({id(wrapper) for wrapper in wrappers}) == WORKERS
    assert all(wrapper.connection is not None for wrapper in wrappers)

    threads.close()
    threads.close()  # twice is once
    threads.join()

    assert [wrapper.connection for wrapper in wrappers] == [None] * WORKERS


async def test_what_stood_in_the_queue_opens_no_connection_again(transactional_db: None) -> None:
    threads, wrappers = await busy_threads()
    inside, door, read = threading.Barrier(WORKERS + 1), threading.Event(), list[str]()

    def reads_long() -> bool:
        inside.wait(30)
        return door.wait(30)

    running = [asyncio.ensure_future(threads.run("test", reads_long)) for _ in range(WORKERS)]
    queued = asyncio.ensure_future(threads.run("test", read.append, "late"))
    await asyncio.to_thread(inside.wait, 30)

    threads.close()
    door.set()
    await asyncio.to_thread(threads.join)

    assert await asyncio.gather(*running) == [True] * WORKERS
    assert (await asyncio.wait([queued]))[0].pop().cancelled()
    assert read == []
    assert [wrapper.connection for wrapper in wrappers] == [None] * WORKERS
    with pytest.raises(RuntimeError):
        await threads.run("test", read.append, "too late")
