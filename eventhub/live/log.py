"""`changing()`: the only door through which rows that people see are written. Sends nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from django.db import connection, transaction

from eventhub.live import guard, lanes, wake
from eventhub.live.models import Change, Shown, Stream, new_tag
from eventhub.live.rows import insert, insert_values, update
from eventhub.live.topics import registry

S = TypeVar("S", bound=Shown)
P = TypeVar("P", bound="HasPk")
BATCH = 200  # rows in one statement


class HasPk(Protocol):
    pk: Any


class TwoEventsError(RuntimeError):
    """One transaction was about to change two events: their order would be nobody's."""


class Told(NamedTuple):
    """One change, with the values of its row in the order of `Change`'s columns."""

    event_id: int
    seq: int
    tag: int
    topics: str
    kind: str
    object_id: int
    key: str


class Log:
    """The open log of one event: hands out sequence numbers and remembers what changed."""

    def __init__(self, event_id: int, head: int) -> None:
        self.event_id = event_id
        self.head = head
        self.broken = False
        self._changes: list[Told] = []
        self._rows: dict[tuple[type[Shown], int], Shown] = {}
        self._touched: set[tuple[str, int]] = set()

    def fresh(self, row: S, *related: str) -> S:
        """`row` as it is now, under the lock: what is decided on it stays true until commit.

        `related`: what is fetched with it, as `select_related` names it.
        """
        identity = (type(row), cast(int, row.pk))
        if identity not in self._rows:
            rows = type(row)._base_manager.filter(event_id=self.event_id)
            self._rows[identity] = (rows.select_related(*related) if related else rows).get(
                pk=row.pk
            )
        return cast(S, self._rows[identity])

    def known(self, row: S) -> S:
        """`row`, read inside this log a moment ago, which is fresh then; the one known before."""
        return cast(S, self._rows.setdefault((type(row), cast(int, row.pk)), row))

    def add(self, row: S) -> S:
        """Write a new row; its version is the sequence number of this change."""
        row.take_version(self._next_seq())
        row.save(force_insert=True)
        self._rows[type(row), cast(int, row.pk)] = row
        self._record(row)
        type(row).also(self, [row])
        return row

    def touch(self, row: Shown) -> None:
        """Write `row` and tell its topics; touched twice in one log it is told once."""
        if not self.has_told(row):
            row.take_version(self._next_seq())
            row.save(force_update=True)
            self._record(row)
            type(row).also(self, [row])
        else:
            place = self._place(row)
            change = self._changes[place]
            row.take_version(change.seq)
            row.save(force_update=True)
            topics = _names((*change.topics.split(), *_told(row)))
            self._changes[place] = change._replace(topics=topics)

    def has_told(self, row: Shown) -> bool:
        """Whether a change of `row` is in this log already."""
        return (row.kind, cast(int, row.pk)) in self._touched

    def write_quietly(self, row: Shown) -> None:
        """Write what nobody sees, e.g. how far a source was read: no change, no new version."""
        row.save(force_update=True)

    def remove(self, row: Shown) -> None:
        """Delete `row`; whoever shows it is told to take it away."""
        if not self.has_told(row):
            row.take_version(self._next_seq())
            self._record(row)
        row.delete()
        type(row).also(self, [row])

    def add_all(self, rows: Sequence[S]) -> None:
        """Like `add` for each of many new rows of one model, with few statements.

        Their own `save` is not called: what it would fill in must be there.
        """
        if not rows:
            return
        for seq, row in enumerate(rows, self._next_seq()):
            row.take_version(seq)
        insert(rows)
        for row in rows:
            self._rows[type(row), cast(int, row.pk)] = row
            self._record(row)
        type(rows[0]).also(self, rows)

    def touch_all(self, rows: Sequence[S], fields: Iterable[str] | None = None) -> None:
        """Write these fields (None: all) of many rows of one model, none of which was touched
        before. Like `add_all` it calls no `save`.
        """
        if not rows:
            return
        for row in rows:
            if self.has_told(row):
                raise ValueError(f"{row!r} was touched before in this log.")
            row.take_version(self._next_seq())
            self._record(row)
        update(rows, None if fields is None else dict.fromkeys([*fields, "version"]))
        type(rows[0]).also(self, rows)

    def remove_all(self, rows: Sequence[Shown]) -> None:
        """Like `remove` for each of many rows of one model."""
        for row in rows:
            if not self.has_told(row):
                row.take_version(self._next_seq())
                self._record(row)
        for start in range(0, len(rows), BATCH):
            numbers = [row.pk for row in rows[start : start + BATCH]]
            type(rows[0])._base_manager.filter(pk__in=numbers).delete()
        if rows:
            type(rows[0]).also(self, rows)

    def tell(self, kind: str, *, topics: tuple[str, ...], object_id: int, key: str = "") -> None:
        """Record a change that has no row of its own, e.g. a right that was taken away."""
        self._changes.append(
            Told(self.event_id, self._next_seq(), new_tag(), _names(topics), kind, object_id, key)
        )

    def _next_seq(self) -> int:
        return self.head + len(self._changes) + 1

    def _record(self, row: Shown) -> None:
        pk = cast(int, row.pk)
        self._touched.add((row.kind, pk))
        self.tell(row.kind, topics=_told(row), object_id=pk, key=row.key)

    def _place(self, row: Shown) -> int:
        return next(
            i
            for i, change in enumerate(self._changes)
            if (change.kind, change.object_id) == (row.kind, row.pk)
        )

    def write(self) -> bool:
        """Append the changes and move the head. False if there was nothing to tell."""
        if not self._changes:
            return False
        insert_values(Change, self._changes)
        Stream.objects.filter(event_id=self.event_id).update(head=self._changes[-1].seq)
        return True


def _told(row: Shown) -> tuple[str, ...]:
    return (*row.topics(), *registry.followers(row.kind))


def _names(topics: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(topics))


@contextmanager
def changing(event: HasPk | int) -> Iterator[Log]:
    """Change what people see of `event`, in the outermost transaction, one writer at a time.

    The event's stream row is locked before anything is read, and until commit: numbers are dense
    and in commit order, so every reader sees exactly a prefix of the log. A nested call for the
    same event joins the open log; for another event it raises TwoEventsError. Raises
    OperationalError when the lock is not to be had in time (PostgreSQL 2 s, SQLite 4 s). Who is
    in charge goes first (eventhub/live/lanes.py).
    """
    event_id = event if isinstance(event, int) else cast(int, event.pk)
    if (joined := guard.open_log()) is not None:
        with _joining(joined, event_id):
            yield joined
        return
    with lanes.turn(event_id), transaction.atomic(durable=True), _opened(event_id) as log:
        yield log


@contextmanager
def beginning(create: Callable[[], P]) -> Iterator[tuple[P, Log]]:
    """`create()` an event and write what belongs to it in one transaction: all of it or nothing.

    Inside, the log of the new event is open. Refused while another one is.
    """
    if guard.open_log() is not None:
        raise TwoEventsError("A log is open already: a new event cannot begin in it.")
    with lanes.turn(lanes.NEW_EVENT), transaction.atomic(durable=True):
        event = create()
        with _opened(cast(int, event.pk)) as log:
            yield event, log


@contextmanager
def _opened(event_id: int) -> Iterator[Log]:
    log = Log(event_id, _lock_head(event_id))
    guard.enter(log)
    try:
        yield log
        if log.broken:
            raise RuntimeError("A nested change failed; the whole change is taken back.")
        if log.write():
            transaction.on_commit(lambda: wake.announce(event_id), robust=True)
    finally:
        guard.leave()


@contextmanager
def _joining(log: Log, event_id: int) -> Iterator[None]:
    if log.event_id != event_id:
        raise TwoEventsError(f"The log of event {log.event_id} is open, not that of {event_id}.")
    try:
        yield
    except BaseException:
        log.broken = True
        raise


def _lock_head(event_id: int) -> int:
    """Lock the stream row (on SQLite the write lock is held already) and return its head."""
    rows = Stream.objects.filter(event_id=event_id).values_list("head", flat=True)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    head = rows.first()
    if head is None:
        # A missing row locks nothing: make it first, whoever else does the same.
        Stream.objects.bulk_create([Stream(event_id=event_id)], ignore_conflicts=True)
        head = rows.get()
    return head


def erase_log(log: Log) -> None:
    """Delete the whole log of an event that is no more; the last deed inside `changing()`.

    There is nothing left to tell anybody: hubs see the log fall to nothing and let everybody go.
    """
    Change.objects.filter(event_id=log.event_id).delete()
    Stream.objects.filter(event_id=log.event_id).delete()


def cut(event: HasPk | int) -> None:
    """Forget all changes but the last one. Whoever stands further back starts from a new list."""
    with changing(event) as log:
        Change.objects.filter(event_id=log.event_id, seq__lt=log.head).delete()
        Stream.objects.filter(event_id=log.event_id).update(floor=max(0, log.head - 1))
