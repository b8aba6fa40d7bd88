"""What `manage.py restore` refuses, and what it keeps. The rest is in test_backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from tests.processes import Installation
from tests.ready_made import prepared
from wall.lease import Lease

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path]:
    directory = tmp_path_factory.mktemp("refusals")
    installation = prepared(directory / "hub")
    file = directory / "whole.backup"
    installation.manage("backup", str(file))
    return installation, file


def database_of(installation: Installation) -> Path:
    return installation.directory / "data" / "eventhub.sqlite3"


def refusal_of(installation: Installation, *command: str) -> str:
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        installation.manage(*command)
    said = str(refusal.value.output)
    assert "Traceback" not in said
    return said


def test_restore_refuses_while_a_collector_runs(
    backed_up: tuple[Installation, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, file = backed_up
    monkeypatch.setattr(settings, "DATA_DIR", installation.directory / "data")
    lease = Lease()
    assert lease.hold()

    said = refusal_of(installation, "restore", str(file))

    lease.give_back()
    assert "A server or collector is running" in said


def test_restore_refuses_while_anybody_has_the_database_open(
    backed_up: tuple[Installation, Path],
) -> None:
    installation, file = backed_up
    with closing(sqlite3.connect(database_of(installation))) as somebody:
        somebody.execute("PRAGMA journal_mode=WAL")
        somebody.execute("SELECT count(*) FROM agenda_event").fetchone()

        said = refusal_of(installation, "restore", str(file))

    assert "is in use" in said


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda file: file.write_text("Lieber Kalender"), "is not a backup of Eventhub"),
        (lambda file: file.write_bytes(b""), "is not a backup of Eventhub"),
        (lambda file: os.truncate(file, file.stat().st_size // 2), "is"),
        (lambda file: add_migration(file, "9999_from_the_future"), "comes from a newer version"),
    ],
    ids=["text", "empty", "half", "newer"],
)
def test_restore_refuses_what_is_no_backup(
    backed_up: tuple[Installation, Path],
    tmp_path: Path,
    spoil: Callable[[Path], None],
    complaint: str,
) -> None:
    installation, whole = backed_up
    file = tmp_path / "spoiled.backup"
    shutil.copy(whole, file)
    spoil(file)
    before = database_of(installation).read_bytes()

    said = refusal_of(installation, "restore", str(file))

    assert complaint in said
    assert database_of(installation).read_bytes() == before


def add_migration(file: Path, name: str) -> None:
    with closing(sqlite3.connect(file)) as backup, backup:
        backup.execute(
            "INSERT INTO django_migrations VALUES (9999, 'wall', ?, '2030-01-01')", [name]
        )


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_restore_keeps_the_former_database(
    backed_up: tuple[Installation, Path], tmp_path: Path, damaged: bool
) -> None:
    whole, file = backed_up
    installation = Installation(tmp_path)
    shutil.copytree(whole.directory / "data", tmp_path / "data")
    path = database_of(installation)
    if damaged:
        path.write_bytes(b"no database at all")
    with path.open("rb") as former:
        number = os.fstat(former.fileno()).st_ino

    installation.manage("restore", str(file))

    kept = list(path.parent.glob("eventhub.sqlite3.before-*"))
    assert [found.stat().st_ino for found in kept] == [number]
    assert contents(path) == contents(file)


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())
