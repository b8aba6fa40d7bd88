"""Whether anything has changed since an answer was made. Reads log and revisions; keeps nothing.

An event is looked at only while answers about it are asked for, at most four times a second.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import Error
from django.db.models import Count, Q, Sum, Value

from agenda.models import Event, Room, Session, Speaker, Track
from eventhub.keeping import ALL_EVENTS, Keep
from eventhub.live import reading, wake
from eventhub.live.executor import DatabaseThreads
from eventhub.live.models import Change
from eventhub.live.reading import START, Cursor

FRESH_S = 0.25  # for so long a look counts; a change elsewhere is seen by the next one
AT_ONCE = 500  # changes; after more of them everything counts as changed
FORGET_AFTER_S = 120.0
_COUNTED: tuple[Any, ...] = (Room, Track, Speaker, Session)


@dataclass(frozen=True, slots=True)
class News:
    """What one look has found. `topics` None: anything may have changed."""

    position: Cursor
    rows: Any
    topics: frozenset[str] | None


@dataclass(slots=True)
class Watch:
    """What is known of one event. Ticks count the changes seen by this process."""

    position: Cursor = START
    rows: Any = None
    since: int = 0  # the tick at which everything had to be made anew
    changed: dict[str, int] = field(default_factory=dict)  # topic -> tick
    looked_at: float = 0.0
    asked_at: float = 0.0
    woken: int = 0
    looking: "asyncio.Task[bool] | None" = None


class Watches:
    """What stands and what does not. An answer is born at a tick, before its first row is read."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self._threads = threads
        self._watches: dict[int, Watch] = {}
        self.tick = 0

    def stands(self, keep: Keep, born: int) -> bool:
        """As far as the last look tells; ask `is_fresh` or `look` before."""
        watch = self._watches.get(keep.event_id)
        if watch is None or watch.rows is None:
            return False
        changed = watch.changed
        return born >= watch.since and all(born >= changed.get(name, 0) for name in keep.topics)

    def is_fresh(self, event_id: int) -> bool:
        watch = self._watches.get(event_id)
        return watch is not None and time.monotonic() - watch.looked_at < FRESH_S

    async def look(self, event_id: int) -> bool:
        """Look again unless it was done just now. False if the database does not say."""
        if self.is_fresh(event_id):
            return True
        watch = self._watches.get(event_id)
        if watch is None:
            self._forget_idle()
            wake.listen(self.wake)
            watch = self._watches[event_id] = Watch()
        if watch.looking is None or watch.looking.done():
            watch.looking = asyncio.ensure_future(self._look(event_id, watch))
        return await asyncio.shield(watch.looking)

    async def _look(self, event_id: int, watch: Watch) -> bool:
        woken, known = watch.woken, watch.rows is not None
        begun = time.monotonic()
        watch.asked_at = begun
        try:
            news = await self._threads.run(
                "kept", _news, event_id, watch.position if known else None
            )
        except Error:
            return False
        if news.topics is None or news.rows != watch.rows:
            self.tick += 1
            watch.since = self.tick
        elif news.topics:
            self.tick += 1
            watch.changed |= dict.fromkeys(news.topics, self.tick)
        watch.position, watch.rows = news.position, news.rows
        # A commit of our own while we read: the next asker looks again.
        watch.looked_at = begun if watch.woken == woken else 0.0
        return True

    def wake(self, event_id: int) -> None:
        """From any thread: this process has changed the event."""
        for number in (event_id, ALL_EVENTS):
            if watch := self._watches.get(number):
                watch.woken += 1
                watch.looked_at = 0.0

    def close(self) -> None:
        wake.unlisten(self.wake)

    def _forget_idle(self) -> None:
        long_ago = time.monotonic() - FORGET_AFTER_S
        for event_id, watch in list(self._watches.items()):
            if watch.asked_at < long_ago:
                del self._watches[event_id]


def _news(event_id: int, known: Cursor | None) -> News:
    """Log first, rows second. Two questions; three about the programme of an event."""
    if event_id == ALL_EVENTS:
        return News(START, _all_events(), frozenset())
    position, topics = _changes(event_id, known)
    return News(position, _rows(event_id), topics)


def _changes(event_id: int, known: Cursor | None) -> tuple[Cursor, frozenset[str] | None]:
    """Where the log stands and who had news since `known`, which has to prove itself."""
    if known is None:
        return reading.position(event_id), None
    found = list(
        Change.objects.filter(event_id=event_id, seq__gte=known.seq)
        .order_by("seq")
        .values_list("seq", "tag", "topics")[:AT_ONCE]
    )
    if known == START:
        proven, new = not found or found[0][0] == 1, found
    else:
        proven, new = bool(found) and Cursor(*found[0][:2]) == known, found[1:]
    if not proven or len(found) == AT_ONCE:
        return reading.position(event_id), None
    position = Cursor(*new[-1][:2]) if new else known
    return position, frozenset(_words(topics for _, _, topics in new))


def _words(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield from text.split()


def _rows(event_id: int) -> Any:
    """Something that differs after any save of what a programme consists of; None: keep nothing.

    Rows without a log of their own count each save (`Revised`), and a number is never used twice.
    """
    event = Event.objects.filter(pk=event_id).values_list("revision", "closed", "slug").first()
    if event is None or event[1]:
        return None
    tables = [
        model._base_manager.filter(event_id=event_id)
        .order_by()
        .values("event_id")
        .annotate(table=Value(number), n=Count("pk"), numbers=Sum("pk"), revisions=Sum("revision"))
        .values_list("table", "n", "numbers", "revisions")
        for number, model in enumerate(_COUNTED)
    ]
    return event, sorted(tables[0].union(*tables[1:], all=True))


def _all_events() -> Any:
    return Event.objects.aggregate(
        n=Count("pk"), numbers=Sum("pk"), revisions=Sum("revision"),
        closed=Count("pk", filter=Q(closed=True)),
    )  # fmt: skip
