"""Work out what a group, or one browser that was away, has to be told; encode it once.

Reads through the hub's threads; knows feeds and cursors, but no sockets.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from eventhub.live import reading
from eventhub.live.executor import DatabaseThreads
from eventhub.live.groups import EventFeed, Group
from eventhub.live.reading import Cursor, Frame, Pointer, Reset

REMEMBER_AT_START = 1000
MAX_SOCKET_RESET_BYTES = 64 * 1024
MAX_SOCKET_FRAME_BYTES = 512 * 1024
MAX_KEPT_ANSWERS = 500

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Job:
    """What one group has to be told: computed in the hub's threads, sent from the loop."""

    group: Group
    pointers: list[Pointer]
    upto: Cursor
    whole: bool  # memory does not reach back far enough: send the complete list


class Answers:
    """Brings cursors to the head of a feed. A thousand that ask the same cost one reading."""

    def __init__(
        self, threads: DatabaseThreads, advance: Callable[[EventFeed], Awaitable[None]]
    ) -> None:
        self._threads = threads
        self._advance = advance

    async def catch_up(
        self, feed: EventFeed, topics: frozenset[str], language: str, cursor: Cursor | None
    ) -> tuple[bytes, Cursor]:
        """The message that brings `cursor` to the head, and the cursor it leads to."""
        if cursor is not None and cursor.seq > feed.position.seq:
            await self._advance(feed)
            feed.dirty.set()
        here = feed.position
        proven = feed.remembers(cursor) if cursor is not None else False
        if proven and cursor is not None:
            news = [p for p in feed.since(cursor) if not topics.isdisjoint(p.topics)]
            if not news:
                frame = Frame("frame", reading.group_name(topics), cursor.seq, str(here), [])
                return encode(frame), here
            if len(news) <= REMEMBER_AT_START:
                job = Job(Group(topics, language, cursor), news, here, whole=False)
                key = (topics, language, cursor, here)
                payload = await self._once(feed, key, lambda: payloads_of(feed.event_id, [job])[0])
                return payload, here
        read_from = None if proven is False else cursor
        return await self._from_database(feed, topics, language, read_from)

    async def _from_database(
        self, feed: EventFeed, topics: frozenset[str], language: str, cursor: Cursor | None
    ) -> tuple[bytes, Cursor]:
        names = sorted(topics)
        key = (topics, language, cursor, "database", feed.position)
        payload = await self._once(
            feed, key, lambda: fitting(reading.catch_up(feed.event_id, names, language, cursor))
        )
        upto = Cursor.parse(msgspec.json.decode(payload, type=_Upto).upto)
        return payload, upto or reading.START

    async def _once(self, feed: EventFeed, key: object, read: Callable[[], bytes]) -> bytes:
        """Of many that ask for exactly the same at the same head, one asks the database."""
        future = feed.catching_up.get(key)
        if future is None:
            if len(feed.catching_up) > MAX_KEPT_ANSWERS:
                feed.catching_up.clear()
            future = asyncio.ensure_future(self._threads.run("catchup", read))
            feed.catching_up[key] = future
            future.add_done_callback(
                lambda done: feed.catching_up.pop(key, None) if _failed(done) else None
            )
        return await asyncio.shield(future)


class _Upto(msgspec.Struct):
    upto: str


def _failed(done: "asyncio.Future[Any]") -> bool:
    return done.cancelled() or done.exception() is not None


def fitting(answer: Frame | Reset) -> bytes:
    """Encoded; what is too large for a socket is only named, the browser fetches the list.

    A frame near the unread bytes that a socket may have would get its reader closed as stalled,
    who would come back with the same cursor and be sent the same frame.
    """
    payload = encode(answer)
    limit = MAX_SOCKET_RESET_BYTES if isinstance(answer, Reset) else MAX_SOCKET_FRAME_BYTES
    if len(payload) > limit:
        return encode(Reset("reset", answer.g, answer.upto, None))
    return payload


def payloads_of(event_id: int, jobs: list[Job]) -> list[bytes]:
    """Blocking: what each group is sent, encoded. Same topics in the same language render once."""
    payloads = []
    for job in jobs:
        names, language = sorted(job.group.topics), job.group.language
        if job.whole:
            payloads.append(fitting(reading.window(event_id, names, language)))
            continue
        items = reading.render(event_id, names, job.pointers, language)
        frame = Frame("frame", job.group.name, job.group.sent, str(job.upto), items)
        payloads.append(fitting(frame))
    return payloads
