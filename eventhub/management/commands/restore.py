"""`manage.py restore FILE`: put a backup in the database's place. Refuses while anybody uses it.

The photos that lie beside the backup go into theirs.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from eventhub import media_folder
from eventhub.management.commands.backup import copy_sqlite
from eventhub.prepare import STAMP
from wall.lease import Lease

ROWS_WITH_FILES = (  # in words, and where their keys stand
    (
        "photos",
        (
            "key FROM wall_photo WHERE post_id IS NOT NULL",
            "key FROM wall_picture WHERE state = 'kept'",
        ),
    ),
    ("pictures for the screens", ("file FROM wall_placard",)),
)
SIDECARS = ("-wal", "-shm")  # what SQLite keeps beside a database; they belong to that one only


class Command(BaseCommand):
    help = (
        "Put the backup in FILE in the database's place, and the photos in FILE.photos in theirs; "
        "the former ones are kept beside them."
    )
    requires_system_checks: list[str] = []  # a broken database is a good reason to be here

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"].absolute()
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if connection.vendor != "sqlite":
            raise CommandError(
                "PostgreSQL restores with its own program. Stop every server and collector, then:\n"
                f"{_untar(file)}  {_pg_restore(file)}"
            )
        _check_backup(file)
        photos = _photos_of(file)
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        lease = Lease()
        if not lease.hold():
            raise CommandError(
                "A server or collector is running on this data. Stop it, then try again."
            )
        try:
            kept = _exchange(Path(connection.settings_dict["NAME"]), file)
            kept_photos = media_folder.exchange(photos)
        finally:
            lease.give_back()
        # The stamp vouches for the former database: were the next step cut short, a start would
        # trust it and leave out the migrations that an older backup lacks.
        (settings.DATA_DIR / STAMP).unlink(missing_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(f"{file} is in place.")
        if kept is not None:
            self.stdout.write(f"The former database is kept as {kept}.")
        if kept_photos is not None:
            self.stdout.write(f"The former photos are kept as {kept_photos}.")
        self._say_what_is_missing(file, photos)

    def _say_what_is_missing(self, file: Path, photos: Path | None) -> None:
        """Rows of the backup whose picture did not come with it, by what they are."""
        held = media_folder.names_in(photos) if photos is not None else set()
        beside = media_folder.beside(file)
        why = f"{beside} is not there" if photos is None else f"{beside} does not hold all"
        counts = [
            f"{missing} {what}"
            for what, rows in ROWS_WITH_FILES
            if (missing := len(_named_in(file, rows) - held))
        ]
        if counts:
            self.stdout.write(f"{why}: {' and '.join(counts)} will be missing.")


def _check_backup(file: Path) -> None:
    """CommandError unless `file` is a whole database of this version or an older one."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as backup:
            verdict = backup.execute("PRAGMA integrity_check").fetchone()[0]
            applied = set(backup.execute("SELECT app, name FROM django_migrations"))
            backup.execute("SELECT head FROM live_stream").fetchone()
    except sqlite3.Error as error:
        raise CommandError(f"{file} is not a backup of Eventhub: {error}.") from error
    if verdict != "ok":
        raise CommandError(f"{file} is damaged: {verdict}")
    loader = MigrationLoader(None)
    if unknown := applied - set(loader.disk_migrations) - set(loader.replacements):
        app, name = min(unknown)
        raise CommandError(
            f"{file} comes from a newer version ({app}.{name}). Update Eventhub first."
        )


def _photos_of(file: Path) -> Path | None:
    """The photos beside the backup, looked through; None if there are none."""
    photos = media_folder.beside(file)
    if not photos.exists():
        return None
    try:
        media_folder.check(photos)
    except (media_folder.NotPhotosError, OSError) as error:
        raise CommandError(f"{error}.") from error
    return photos


def _named_in(file: Path, rows: Sequence[str]) -> set[str]:
    """The pictures that these rows of the backup name; none for one that is older than they are."""
    named: set[str] = set()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as backup:
        for some in rows:
            with suppress(sqlite3.Error):
                named |= {key for (key,) in backup.execute(f"SELECT {some}")}
    return named


def _exchange(path: Path, file: Path) -> Path | None:
    """Put a copy of `file` at `path` in one step. Where the former database is now, if any."""
    if path.exists() and path.samefile(file):
        raise CommandError(f"{file} is the database itself.")
    connection.close()
    _make_sure_unused(path)
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        copy_sqlite(file, partial)
        kept = _keep(path) if path.exists() else None
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return kept


def _make_sure_unused(path: Path) -> None:
    """CommandError if another process has the database open; it would go on writing to the old one.

    Leaving WAL mode needs the database for oneself. It also takes over what the log still holds.
    """
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=0)) as alone:
            alone.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise CommandError(
            f"{path} is in use ({error}). Stop every server and collector, then try again."
        ) from error
    except sqlite3.DatabaseError:
        return  # damaged: nobody can use it, and it is kept as it is


def _keep(path: Path) -> Path:
    """A second name for the former database, so that at no moment there is none."""
    kept = path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    for sidecar in SIDECARS:
        beside = path.with_name(path.name + sidecar)
        if beside.exists():  # of a damaged one: never to be read into its successor
            beside.rename(kept.with_name(kept.name + sidecar))
    os.link(path, kept)
    return kept


def _untar(file: Path) -> str:
    """The line to type before it, if there are photos. Those there already harm nobody."""
    photos, root = media_folder.beside(file), quote(str(settings.MEDIA_ROOT))
    if not photos.exists():
        return ""
    return f"  mkdir -p {root} && tar -x -C {root} -f {quote(str(photos))}\n"


def _pg_restore(file: Path) -> str:
    """The command to type, without the password: PostgreSQL asks for it, or reads PGPASSWORD."""
    database = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "username": "USER", "dbname": "NAME"}
    address = [f"--{option}={database[key]}" for option, key in names.items() if database[key]]
    fixed = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
    return " ".join(quote(word) for word in [*fixed, *address, str(file)])
