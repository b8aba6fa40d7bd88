"""Tell every hub that an event's log has grown. A hint only: each hub polls the truth anyway."""

import asyncio
import logging
import queue
import random
import threading
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings

log = logging.getLogger(__name__)

CHANNEL = "eventhub:wake"
_TIMEOUT_S = 0.05

_listeners: list[Callable[[int], None]] = []
_outbox: "queue.Queue[int]" = queue.Queue(maxsize=1000)
_publisher: threading.Thread | None = None
_publisher_lock = threading.Lock()


def listen(listener: Callable[[int], None]) -> None:
    """`listener(event_id)` is called in the committing thread; it must not block."""
    if listener not in _listeners:
        _listeners.append(listener)


def unlisten(listener: Callable[[int], None]) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def announce(event_id: int) -> None:
    """Wake the hubs of this process at once and, if there is a Redis, those of the others."""
    for listener in list(_listeners):
        listener(event_id)
    if settings.REDIS_URL:
        _start_publisher()
        # A hundred hints are as good as a thousand, and the poll comes anyway.
        with suppress(queue.Full):
            _outbox.put_nowait(event_id)


def _start_publisher() -> None:
    global _publisher
    with _publisher_lock:
        if _publisher is None or not _publisher.is_alive():
            _publisher = threading.Thread(target=_publish, name="wake", daemon=True)
            _publisher.start()


def _publish() -> None:
    """One thread owns the connection: a Redis that is slow or dead delays no request."""
    import redis

    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_TIMEOUT_S,
        socket_connect_timeout=_TIMEOUT_S,
        retry=None,
    )
    while True:
        event_ids = {_outbox.get()}
        while not _outbox.empty():
            event_ids.add(_outbox.get())
        for event_id in event_ids:
            try:
                client.publish(CHANNEL, str(event_id))
            except redis.RedisError as error:
                log.debug("wake not published", extra={"error": type(error).__name__})


async def hear(mark: Callable[[int], None]) -> None:
    """Call `mark(event_id)` for what other processes announce, for ever.

    Only a hint: without Redis each hub's own poll still finds everything within 250 ms.
    """
    import redis.asyncio
    from redis.exceptions import RedisError

    while True:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=5)
        try:
            async with client, client.pubsub() as pubsub:
                await pubsub.subscribe(CHANNEL)
                async for message in pubsub.listen():
                    if message["type"] == "message" and message["data"].isdigit():
                        mark(int(message["data"]))
        except (RedisError, OSError) as error:
            log.debug("redis is away", extra={"error": type(error).__name__})
        await asyncio.sleep(random.uniform(0.2, 1.0))
