"""After the purge no byte of what guests wrote is left: database, media folder, log lines."""

import secrets
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from tests import factories
from tests.aide import Copied
from tests.processes import Installation
from tests.ready_made import prepared
from wall import purge, scrub

WAIT_S = 60.0


@pytest.fixture(scope="module")
def canary() -> str:
    return f"canary{secrets.token_hex(6)}"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, canary: str) -> Installation:
    """An installation whose one event is full of the canary, and due."""
    installation = prepared(tmp_path_factory.mktemp("written") / "hall")
    installation.module("tests.wall.purge_hall", canary)
    return installation


@pytest.fixture
def full(written: Installation, tmp_path: Path) -> Installation:
    """The same once more, for one test alone."""
    shutil.copytree(written.directory, tmp_path / "hall")
    return Installation(tmp_path / "hall")


def files_with(installation: Installation, canary: str) -> list[str]:
    found = [path for path in installation.directory.rglob("*") if path.is_file()]
    return [path.name for path in found if canary.encode() in _bytes_of(path)]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a running server removes it this very moment
        return b""


@pytest.mark.processes
@pytest.mark.sqlite
def test_command_leaves_no_byte(full: Installation, canary: str) -> None:
    assert "eventhub.sqlite3" in " ".join(files_with(full, canary))
    assert [name for name in files_with(full, canary) if name.endswith(".webp")] != []

    said = full.manage("purge")

    assert files_with(full, canary) == []
    assert canary not in said
    assert "nothing" in full.manage("purge")
    full.manage("check_log")  # fails if it has anything to say


@pytest.mark.processes
@pytest.mark.sqlite
def test_running_server_leaves_no_byte(full: Installation, canary: str) -> None:
    """The collector does it by itself; pages and sockets hold the database open meanwhile."""
    with Copied(full) as served:
        deadline = time.monotonic() + WAIT_S
        while files_with(full, canary) and time.monotonic() < deadline:
            time.sleep(0.2)

        assert files_with(full, canary) == []
        assert canary not in served.said()


@pytest.mark.processes
@pytest.mark.sqlite
@pytest.mark.parametrize("step", ["sources", "posts", "pictures", "guests", "deeds", "scrub"])
def test_killed_in_the_middle_it_goes_on(full: Installation, canary: str, step: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as killed:
        full.module("tests.wall.purge_hall", "kill", step)
    assert killed.value.returncode == -9
    assert files_with(full, canary) != [] or step == "scrub"
    assert (full.directory / "data" / "purging").exists()

    full.manage("purge")

    assert files_with(full, canary) == []
    assert not (full.directory / "data" / "purging").exists()


@pytest.mark.processes
@pytest.mark.sqlite
def test_rows_deleted_without_a_scrub_would_be_found(full: Installation, canary: str) -> None:
    """The search finds what a database leaves in its files if nobody asks it not to."""
    file = full.directory / "data" / "eventhub.sqlite3"
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("PRAGMA secure_delete = OFF")  # some systems have it on
        tables = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table.startswith(("agenda_", "wall_")):
                plain.execute(f'DELETE FROM "{table}"')
        plain.commit()

    assert file.name in files_with(full, canary)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_in_the_tables_of_postgresql(
    canary: str, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    event = factories.make_event(purge_on=date(2020, 1, 1))
    for _ in range(30):
        factories.make_note(event, text=canary, author_name=canary)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE wall_post")
    assert canary in in_postgresql()

    purge.purge(event)
    assert canary in in_postgresql()
    assert scrub.scrub()

    assert canary not in in_postgresql()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("3s",)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_rewriting_waits_for_whoever_could_still_read_what_was_deleted(
    canary: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    event = factories.make_event(purge_on=date(2020, 1, 1))
    factories.make_note(event, text=canary)
    reader = connection.copy()
    with reader.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM django_migrations")
    purge.purge(event)

    monkeypatch.setattr(scrub, "READERS_END_S", 0.2)
    with pytest.raises(OperationalError, match="open before the deletion"):
        scrub.scrub()
    assert scrub.is_due()
    monkeypatch.setattr(scrub, "_let_older_readers_end", lambda cursor: None)
    scrub._rewrite_postgresql()
    assert canary in in_postgresql()  # the control: rewritten in spite of the reader
    monkeypatch.undo()

    reader.close()
    assert scrub.scrub()
    assert canary not in in_postgresql()


def in_postgresql() -> str:
    """The file of the posts, and what the planner remembers of them."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('wall_post'))")
        file = bytes(cursor.fetchone()[0]).decode("latin-1")
        cursor.execute("SELECT * FROM pg_stats WHERE tablename = 'wall_post'")
        return file + repr(cursor.fetchall())
