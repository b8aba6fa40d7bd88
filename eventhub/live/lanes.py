"""For whom this thread works, and when its turn to write comes. Knows no rows and no rights.

Everybody waits here and not in the database, where nobody knows who goes first. The lane belongs
to one request: whoever has just found that its person is in charge says `go_first()`.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import OperationalError, connection

from eventhub.live.queue import TurnMissed, WritersQueue

LONGEST_S = 4.0  # until the turn comes, on PostgreSQL; the lock has a time of its own, see env.py
WHOLE_DATABASE, NEW_EVENT = 0, -1  # locks without an event of their own

_in_charge = ContextVar("in_charge", default=False)
_queues: defaultdict[int, WritersQueue] = defaultdict(WritersQueue)  # by the lock behind it


def go_first() -> None:
    """What is changed from here on, until this request ends, goes before what others change.

    For the one place of a group of pages that has asked whether this person is in charge.
    """
    _in_charge.set(True)


def goes_first() -> bool:
    return _in_charge.get()


@contextmanager
def one_request() -> Iterator[None]:
    """Nobody is in charge to begin with, whoever this thread has worked for before."""
    token = _in_charge.set(False)
    try:
        yield
    finally:
        _in_charge.reset(token)


@contextmanager
def turn(event_id: int) -> Iterator[None]:
    """Be the one writer of this process that has the lock of `event_id`, or waits for it.

    SQLite has one lock for all events. OperationalError if the turn does not come in time; on
    SQLite whoever has it waits 4 s at most for other processes, and is never taken away.
    """
    whole = connection.vendor == "sqlite"
    queue = _queues[WHOLE_DATABASE if whole else event_id]
    with ExitStack() as stack:
        try:
            stack.enter_context(
                queue.turn(first=goes_first(), longest_s=None if whole else LONGEST_S)
            )
        except TurnMissed:
            raise OperationalError("The turn to write did not come in time.") from None
        yield


def waiting() -> int:
    """How many writers of this process wait for their turn."""
    return sum(queue.waiting for queue in list(_queues.values()))
