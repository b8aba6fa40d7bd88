"""Who hears the same: an event's groups, where they stand, and the pointers kept for them."""

import asyncio
from collections import deque
from collections.abc import Iterable

from eventhub.live.connection import Connection
from eventhub.live.reading import START, Cursor, Pointer, group_name

REMEMBERED = 10_000

GroupKey = tuple[frozenset[str], str]


class Group:
    """All sockets with the same topics and language. Everybody in it gets the same bytes."""

    __slots__ = ("language", "members", "name", "sent", "topics", "upto")

    def __init__(self, topics: frozenset[str], language: str, upto: Cursor) -> None:
        self.topics = topics
        self.language = language
        self.name = group_name(topics)
        self.upto = upto  # every member has seen, or been handed, everything up to here
        self.sent = upto.seq  # the `upto` of the last message that went out
        self.members: set[Connection] = set()

    def concerns(self, pointers: Iterable[Pointer]) -> list[Pointer]:
        return [
            p for p in pointers if p.seq > self.upto.seq and not self.topics.isdisjoint(p.topics)
        ]


class EventFeed:
    """What one process knows of one event's log."""

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id
        self.position = START
        self.started = False
        self.recent: deque[Pointer] = deque(maxlen=REMEMBERED)
        self.tags: dict[int, int] = {}
        self.groups: dict[GroupKey, Group] = {}
        self.dirty = asyncio.Event()
        self.lock = asyncio.Lock()
        self.task: asyncio.Task[None] | None = None
        self.idle_since = 0.0
        self.catching_up: dict[object, asyncio.Future[bytes]] = {}
        self.closed: asyncio.Future[bool] | None = None  # None: not asked since the last change

    def remember(self, pointers: Iterable[Pointer]) -> None:
        for pointer in pointers:
            if len(self.recent) == REMEMBERED:
                self.tags.pop(self.recent[0].seq, None)
            self.recent.append(pointer)
            self.tags[pointer.seq] = pointer.tag
            self.position = pointer.cursor
        self.catching_up.clear()

    def remembers(self, cursor: Cursor) -> bool | None:
        """Whether `cursor` is proven from memory; None if memory does not reach back so far."""
        if cursor == self.position:
            return True
        if cursor.seq in self.tags:
            return self.tags[cursor.seq] == cursor.tag
        if cursor == START and self.recent and self.recent[0].seq == 1:
            return True
        return None

    def since(self, cursor: Cursor) -> list[Pointer]:
        """The pointers above a cursor that memory has proven, oldest first."""
        newer: list[Pointer] = []
        for pointer in reversed(self.recent):
            if pointer.seq <= cursor.seq:
                break
            newer.append(pointer)
        return newer[::-1]

    def group(self, topics: frozenset[str], language: str) -> Group | None:
        return self.groups.get((topics, language))

    def enter(self, connection: Connection, topics: frozenset[str], language: str) -> Group:
        """Put a connection that has caught up into its group. No `await` may stand before this."""
        group = self.groups.get((topics, language))
        if group is None:
            group = self.groups[topics, language] = Group(topics, language, self.position)
        group.members.add(connection)
        return group

    def leave(self, connection: Connection, group: Group) -> None:
        group.members.discard(connection)
        key = (group.topics, group.language)
        # A feed that was forgotten and begun anew has another group of the same name.
        if not group.members and self.groups.get(key) is group:
            del self.groups[key]

    def reaches_back_to(self, cursor: Cursor) -> bool:
        """Whether every change above `cursor` is remembered."""
        return cursor == self.position or (
            bool(self.recent) and self.recent[0].seq <= cursor.seq + 1
        )

    def lagging(self) -> list[Group]:
        return [group for group in self.groups.values() if group.upto.seq < self.position.seq]
