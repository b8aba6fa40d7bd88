"""One collector at a time: an advisory lock on PostgreSQL, a lock file beside SQLite."""

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError, connection

if TYPE_CHECKING:
    import psycopg

_ADVISORY_KEY = 0x65766875  # "evhu"


class Lease:
    """Held by a session or file of its own; a killed process gives it back by dying."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._session: psycopg.Connection[Any] | None = None

    def hold(self) -> bool:
        """Take the lease, or make sure that we still have it. Blocking, but never waits.

        OperationalError if the database is away.
        """
        if connection.vendor == "postgresql":
            try:
                return self._hold_advisory()
            except _driver().Error as error:
                self.give_back()
                raise OperationalError(str(error)) from error
        return self._hold_file(Path(settings.DATA_DIR) / "collect.lock")

    def _hold_advisory(self) -> bool:
        # Not a connection of Django's: its pool would keep the lock when we have given it back.
        if self._session is not None:
            self._session.execute("SELECT 1")
            return True
        session = _driver().connect(**_address(), autocommit=True, connect_timeout=3)
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_KEY]).fetchone()
        if not row or not row[0]:
            session.close()
            return False
        self._session = session
        return True

    def _hold_file(self, path: Path) -> bool:
        if self._file is not None:
            return True
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def give_back(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._session is not None:
            self._session.close()
            self._session = None


def _driver() -> Any:
    """psycopg, as Django has loaded it: on SQLite a start does without."""
    return connection.Database  # type: ignore[attr-defined]  # of each wrapper that connects


def _address() -> dict[str, Any]:
    """Where the database is, without the options and the pool of Django's own connections."""
    known = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    names |= {"host": "HOST", "port": "PORT"}
    return {name: str(known[key]) for name, key in names.items() if known[key]}
