"""Writers in threads of their own that a test leads step by step, and what a reader sees meanwhile.

Nothing sleeps: a step is over when the writer says so, or when the database says that it waits.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from enum import StrEnum
from functools import partial
from typing import Any, Self

from django.db import Error, connection

from agenda.models import Event
from eventhub.live import lanes, reading
from eventhub.live.check_log import check
from eventhub.live.log import changing
from tests.factories import at
from tests.replay import assert_up_to_date, follow, head, page
from wall.models import Post

PATIENCE_S = 30.0  # a machine may be busy; nobody waits this long on purpose


class Ending(StrEnum):
    COMMIT = "commit"
    ROLLBACK = "rollback"
    KILL = "connection killed"


class AbandonedError(Exception):
    """What a writer raises to have its change taken back."""


class Writer:
    """One thread, one connection, one change: it asks for the lock, adds a post and ends.

    Its steps: "waits" (for the lock), "holds", "wrote" (the post), "logged" (change and head, just
    before the commit), "ended". After each it stands still until it is told to go on.
    """

    def __init__(self, event: Event, name: str) -> None:
        self.event = event
        self.post = Post(
            event=event,
            origin=name,
            network="mastodon",
            text=f"By {name}",
            state=Post.State.SHOWN,
            written_at=at("09:00"),
        )
        self.ending = Ending.COMMIT
        self.failure: Error | None = None
        self._reached: set[str] = set()
        self._allowed: set[str] = set()
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._backend: Any = None

    def start(self) -> None:
        """Ask for the lock. Afterwards it is either held or waited for."""
        waiting = waiting_writers()
        self._thread.start()
        self.wait_for("asks")
        until(lambda: "holds" in self._reached or waiting_writers() > waiting)

    def go_on(self, step: str) -> None:
        """Let the writer do `step`, and wait until it has."""
        with self._change:
            self._allowed.add(step)
            self._change.notify_all()
        self.wait_for(step)

    def end(self, ending: Ending) -> None:
        """Commit, take back or lose the connection at the last moment before the commit."""
        self.ending = ending
        if ending is Ending.KILL:
            self.kill()
        self.go_on("ended")
        self._thread.join(PATIENCE_S)
        assert isinstance(self.failure, Error) is (ending is Ending.KILL)

    def kill(self) -> None:
        """Take the connection away, as the death of this process, or of the server's, would."""
        if connection.vendor == "postgresql":
            ask("SELECT pg_terminate_backend(%s)", self._backend)
            alive = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
            until(lambda: ask(alive, self._backend) == 0)
        else:
            self._backend.close()

    @property
    def holds(self) -> bool:
        return "holds" in self._reached and "ended" not in self._reached

    def wait_for(self, step: str) -> None:
        with self._change:
            assert self._change.wait_for(lambda: step in self._reached, PATIENCE_S), step

    def _pause(self, reached: str, next_step: str) -> None:
        with self._change:
            self._reached.add(reached)
            self._change.notify_all()
            assert self._change.wait_for(lambda: next_step in self._allowed, PATIENCE_S), next_step

    def _run(self) -> None:
        connection.ensure_connection()
        raw = connection.connection
        self._backend = raw.info.backend_pid if connection.vendor == "postgresql" else raw
        self._allowed.add("holds")
        self._pause("asks", "holds")
        try:
            with connection.execute_wrapper(wait_for_ever), changing(self.event) as open_log:
                setattr(open_log, "write", partial(self._write, open_log.write))  # noqa: B010
                self._pause("holds", "wrote")
                open_log.add(self.post)
                self._pause("wrote", "logged")
        except AbandonedError:
            pass
        except Error as error:
            self.failure = error
        finally:
            connection.close()
            with self._change:
                self._reached.add("ended")
                self._change.notify_all()

    def _write(self, write: Callable[[], bool]) -> bool:
        written = write()
        self._pause("logged", "ended")
        if self.ending is Ending.ROLLBACK:
            raise AbandonedError
        return written


class Writers:
    """Some writers of one event; whoever is still there at the end is let go."""

    def __init__(self, event: Event, count: int) -> None:
        self.all = [Writer(event, name) for name in "abc"[:count]]

    def next_holder(self) -> Writer:
        """Who has got the lock. Never two of them."""
        until(lambda: self._holders() != [])
        (holder,) = self._holders()
        return holder

    def _holders(self) -> list[Writer]:
        return [writer for writer in self.all if writer.holds]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        with ExitStack() as stack:
            for writer in self.all:
                if writer._thread.is_alive():
                    writer.ending = Ending.ROLLBACK
                    stack.callback(writer._thread.join, PATIENCE_S)
                    with writer._change:
                        writer._allowed |= {"wrote", "logged", "ended"}
                        writer._change.notify_all()


class Reader:
    """Follows one event from the beginning and asserts that it sees what was committed, no more."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.replica = page(event, ["wall"])
        self.committed: list[Post] = []
        self.order: list[int] = []  # of the writers, as they got the lock
        self.reads = 0

    def look(self) -> None:
        self.reads += 1
        pointers = reading.changes_after(self.event.pk, 0)
        numbered = list(enumerate((post.pk for post in self.committed), start=1))
        assert [(pointer.seq, pointer.object_id) for pointer in pointers] == numbered
        assert head(self.event) == len(self.committed)
        follow(self.event, self.replica, ["wall"])
        assert list(self.replica.topic("wall")) == [post.key for post in self.committed]

    def look_closely(self) -> None:
        """At the end: also versions, tags, and a page opened only now."""
        self.look()
        assert [post.version for post in self.committed] == [
            number for number, _ in enumerate(self.committed, start=1)
        ]
        assert check(self.event.pk) == []
        assert_up_to_date(self.event, self.replica, ["wall"])


def run_schedule(event: Event, order: Sequence[int], endings: Sequence[Ending]) -> Reader:
    """All ask for the lock in `order`, then write and end; a reader looks after each step."""
    reader = Reader(event)
    with Writers(event, len(order)) as writers:
        for number in order:
            writers.all[number].start()
            reader.look()
        for _ in order:
            writer = writers.next_holder()
            reader.order.append(writers.all.index(writer))
            for step in "wrote", "logged":
                writer.go_on(step)
                reader.look()
            writer.end(endings[reader.order[-1]])
            if writer.ending is Ending.COMMIT:
                reader.committed.append(writer.post)
            reader.look()
    reader.look_closely()
    return reader


def wait_for_ever(execute: Callable[..., Any], sql: str, params: Any, many: bool, at: Any) -> Any:
    """How long a lock may be waited for is not what these tests are about."""
    if "FOR UPDATE" in sql:
        for limit in "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout":
            at["cursor"].cursor.execute(f"SET LOCAL {limit} = 0")
    return execute(sql, params, many, at)


def waiting_writers() -> int:
    """How many writers stand before a lock: in our own queue, or in the database's."""
    if connection.vendor == "sqlite":
        return lanes.waiting()
    here = "datname = current_database()"
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND {here}"
    return lanes.waiting() + ask(asked)


def ask(sql: str, *params: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        (answer,) = cursor.fetchone()
    return int(answer)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)
