"""One collector at a time: an advisory lock on PostgreSQL, a lock file beside SQLite."""

import fcntl
import os
from pathlib import Path

from django.conf import settings
from django.db import connection

_ADVISORY_KEY = 0x65766875  # "evhu"


class Lease:
    """Held by the thread and connection that took it; a killed process gives it back by dying."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._session: object | None = None

    def hold(self) -> bool:
        """Take the lease, or make sure that we still have it. Blocking, but never waits."""
        if connection.vendor == "postgresql":
            return self._hold_advisory()
        return self._hold_file(Path(settings.DATA_DIR) / "collect.lock")

    def _hold_advisory(self) -> bool:
        with connection.cursor() as cursor:
            # The lock belongs to the session: after a reconnect it must be taken again.
            if self._session is not None and self._session is connection.connection:
                cursor.execute("SELECT 1")
                return True
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_KEY])
            row = cursor.fetchone()
        held = bool(row and row[0])
        self._session = connection.connection if held else None
        return held

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
