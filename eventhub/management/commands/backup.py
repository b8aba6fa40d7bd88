"""`manage.py backup FILE`: a consistent copy while everything runs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from eventhub import media_folder


class Command(BaseCommand):
    help = (
        "Write a consistent copy of the database to FILE, and guests' photos to FILE.photos; "
        "nothing has to be stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        photos = media_folder.beside(target)
        for path in (target, photos):
            if path.exists():
                raise CommandError(f"{path} exists already.")
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent}.")
        if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
            # Opening it would make an empty one, and its copy would look like a backup.
            raise CommandError(f"There is no database {connection.settings_dict['NAME']}.")
        # Written beside, then renamed: a backup that was cut short never looks like one.
        partial = target.with_name(target.name + ".part")
        partial_photos = photos.with_name(photos.name + ".part")
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            if connection.vendor == "sqlite":
                copy_sqlite(Path(connection.settings_dict["NAME"]), partial)
            else:
                _dump_postgresql(partial)
            # The rows first, the files second: what the copied rows name is there, or was taken
            # back in between, and then it should not come back.
            count = media_folder.pack(partial_photos)
        except BaseException:
            partial.unlink(missing_ok=True)
            partial_photos.unlink(missing_ok=True)
            raise
        if count:
            partial_photos.rename(photos)
        partial.rename(target)
        self.stdout.write(f"{target} ({target.stat().st_size / 1024:.0f} KiB)")
        if count:
            self.stdout.write(f"{photos} ({count} photos)")


def copy_sqlite(source_path: Path, target: Path) -> None:
    """SQLite's own online copy, checked. Readers and writers of the source go on meanwhile.

    In one piece: a copy in portions starts anew whenever somebody has written in between, and on a
    busy evening it would never end. A reader holds nobody up in WAL mode.
    """
    with (
        closing(sqlite3.connect(source_path, timeout=10)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if (verdict := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise CommandError(f"The copy is damaged: {verdict}")


def _dump_postgresql(target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise CommandError("pg_dump is not installed; it comes with PostgreSQL's client programs.")
    database = connection.settings_dict
    environment = os.environ | {
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),  # not in the arguments, which everybody can read
        "PGDATABASE": str(database["NAME"]),
    }
    # What the URL asks of the connection holds for this one as well: ?sslmode=verify-full
    environment |= {
        f"PG{key.upper().replace('_', '')}": str(value)
        for key, value in database["OPTIONS"].items()
        if key.startswith("ssl")
    }
    environment = {key: value for key, value in environment.items() if value}
    command = [program, "--format=custom", "--no-owner", f"--file={target}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"pg_dump failed: {done.stderr.strip()[-500:]}")
