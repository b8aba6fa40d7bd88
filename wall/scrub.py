"""See to it that deleted rows are gone from the database's files, too. Deletes no row itself.

A database marks deleted rows as free and overwrites them some day. That a scrub is due stands in a
file in the data directory until it is done, so that no kill -9 can make us forget it.
"""

import time
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

READERS_END_S = 10.0  # ours are ended by the database before that


def remember() -> None:
    """From now on a scrub is due. Call before the first row goes."""
    _mark().touch(mode=0o600)


def is_due() -> bool:
    return _mark().exists()


def scrub() -> bool:
    """Rewrite the database without what was deleted, if that is due. False if there was no need.

    OperationalError if somebody reads or writes all the time: it stays due. Outside a transaction.
    """
    if not is_due():
        return False
    if connection.vendor == "sqlite":
        _rewrite_sqlite()
    else:
        _rewrite_postgresql()
    _mark().unlink(missing_ok=True)
    return True


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "purging"


def _rewrite_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        # The pages as they were still stand in the write-ahead log, also after a checkpoint.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    if busy:
        raise OperationalError("The write-ahead log is in use.")


def _rewrite_postgresql() -> None:
    with connection.cursor() as cursor:
        _let_older_readers_end(cursor)
        cursor.execute("SET statement_timeout = 0")
        try:
            for table in _tables():
                cursor.execute(f'VACUUM (FULL) "{table}"')
                for column, kind in _words_in(cursor, table):
                    # The planner's statistics quote common values; a new type, even if it is
                    # the old one, makes it forget them. It collects new ones by itself.
                    cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind}')
        finally:
            cursor.execute("RESET statement_timeout")  # the connection goes back to the pool


def _let_older_readers_end(cursor: CursorWrapper) -> None:
    """A rewritten table keeps the deleted rows that an open transaction could still read."""
    cursor.execute("SELECT pg_current_xact_id()::xid")
    [(now,)] = cursor.fetchall()
    end_s = time.monotonic() + READERS_END_S
    while _older_readers(cursor, now):
        if time.monotonic() > end_s:
            raise OperationalError("A transaction that was open before the deletion has not ended.")
        time.sleep(0.1)  # PostgreSQL tells nobody when a transaction ends


def _older_readers(cursor: CursorWrapper, now: object) -> int:
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND greatest(age(backend_xmin), age(backend_xid)) > age(%s::xid)",
        [str(now)],
    )
    [(count,)] = cursor.fetchall()
    return int(count)


def _words_in(cursor: CursorWrapper, table: str) -> Iterable[tuple[str, str]]:
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype)",
        [table],
    )
    return list(cursor.fetchall())


def _tables() -> list[str]:
    """All of ours: whatever a guest may have written in, today or in the next version."""
    ours = [
        model for label in ("agenda", "wall") for model in apps.get_app_config(label).get_models()
    ]
    return sorted({model._meta.db_table for model in ours})
