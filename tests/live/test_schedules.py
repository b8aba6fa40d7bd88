"""Every reachable schedule of three writers: a reader always sees a dense prefix, no more.

The lock lets one writer at a time go on, so a schedule is the order in which they get it and how
each of them ends. 6 orders with 27 endings each, and a reader after every step.
"""

import threading
from itertools import permutations, product

import pytest
from django.db import connection

from agenda.models import Event
from eventhub.live import lanes
from eventhub.live.models import Stream
from eventhub.live.queue import WritersQueue
from tests.factories import make_event
from tests.live.writers import Ending, Reader, Writer, Writers, run_schedule, waiting_writers

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = list(permutations(range(3)))
ENDINGS = list(product(Ending, repeat=3))
IN_SWEEP = ((), pytest.mark.sweep)
READS_PER_SCHEDULE = 3 + 3 * 3 + 1  # each asks, writes, logs and ends; then the end


@pytest.fixture(autouse=True)
def rows_are_locked_by_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL it is the database's lock that all stand before, no queue of this process."""
    if connection.vendor == "postgresql":
        monkeypatch.setattr(lanes, "_queues", _QueuesPerThread())


# Writers differ in their names alone, so "abc" in its 27 endings is every order in its 27.
@pytest.mark.parametrize(
    "order",
    [
        pytest.param(order, id="".join("abc"[n] for n in order), marks=IN_SWEEP[place > 0])
        for place, order in enumerate(ORDERS)
    ],
)
def test_three_writers_in_this_order_end_in_every_way(order: tuple[int, ...]) -> None:
    readers = [run_in_order(order, endings) for endings in ENDINGS]

    assert len(readers) == 27
    assert {reader.reads for reader in readers} == {READS_PER_SCHEDULE}
    assert [len(reader.committed) for reader in readers] == [
        endings.count(Ending.COMMIT) for endings in ENDINGS
    ]


def run_in_order(order: tuple[int, ...], endings: tuple[Ending, ...]) -> Reader:
    """Run the schedule until the lock was given in `order`.

    PostgreSQL now and then lets the third writer overtake the second: that is another schedule,
    and as good as any, but this one must be seen as well.
    """
    for _ in range(30):
        event = make_event()
        Stream.objects.create(event_id=event.pk)
        reader = run_schedule(event, order, endings)
        if tuple(reader.order) == order:
            return reader
    raise AssertionError(f"the lock was never given in the order {order}")


@pytest.mark.parametrize("first", list(Ending))
def test_first_writers_of_an_event_make_its_stream_and_end_in_every_way(first: Ending) -> None:
    """A row that is missing cannot be locked, and the first who makes it may take it back."""
    ways = [(first, *others) for others in product(Ending, repeat=2)]
    readers = [run_schedule(make_event(), range(3), endings) for endings in ways]

    assert [len(reader.committed) for reader in readers] == [
        endings.count(Ending.COMMIT) for endings in ways
    ]


@pytest.mark.postgresql
@pytest.mark.parametrize("ending", list(Ending))
@pytest.mark.parametrize("victim", [1, 2], ids=["second", "third"])
def test_writer_killed_while_it_waits_takes_no_number(
    event: Event, victim: int, ending: Ending
) -> None:
    reader = Reader(event)
    with Writers(event, 3) as writers:
        for writer in writers.all:
            writer.start()
        killed = writers.all[victim]
        killed.kill()
        killed.wait_for("ended")
        reader.look()
        for writer in writers.all:
            if writer is killed:
                continue
            writer.wait_for("holds")
            writer.go_on("wrote")
            writer.go_on("logged")
            writer.end(ending if writer is writers.all[0] else Ending.COMMIT)
            if writer.ending is Ending.COMMIT:
                reader.committed.append(writer.post)
            reader.look()

    assert killed.failure is not None
    reader.look_closely()


@pytest.mark.sqlite
@pytest.mark.parametrize("endings", list(product(Ending, repeat=2)), ids=" then ".join)
def test_database_lock_alone_keeps_two_processes_apart(
    event: Event, endings: tuple[Ending, Ending], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue in front of it is one process's own: here each writer has one for itself."""
    monkeypatch.setattr(lanes, "_queues", _QueuesPerThread())
    reader = Reader(event)
    with Writers(event, 2) as writers:
        first, second = writers.all
        first.start()
        second._thread.start()
        second.wait_for("asks")
        for writer, ending in zip(writers.all, endings, strict=True):
            writer.wait_for("holds")
            for step in "wrote", "logged":
                writer.go_on(step)
                reader.look()
            assert "holds" not in second._reached or writer is second
            writer.end(ending)
            if ending is Ending.COMMIT:
                reader.committed.append(writer.post)
            reader.look()

    reader.look_closely()


@pytest.mark.postgresql
def test_writers_of_two_events_do_not_wait_for_each_other(event: Event) -> None:
    here, there = Writer(event, "here"), Writer(make_event(), "there")
    for writer in here, there:
        writer.start()

    assert waiting_writers() == 0
    for writer in there, here:
        writer.wait_for("holds")
        writer.go_on("wrote")
        writer.go_on("logged")
        writer.end(Ending.COMMIT)

    assert (here.post.version, there.post.version) == (1, 1)


class _QueuesPerThread(threading.local):
    """As in two processes: neither knows of the other's queue."""

    def __init__(self) -> None:
        self._own = WritersQueue()

    def __getitem__(self, lock: int) -> WritersQueue:
        return self._own

    def values(self) -> list[WritersQueue]:
        return []
