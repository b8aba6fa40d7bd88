"""Photos go into a backup and come back from it; what is no photo stays outside."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from eventhub import media_folder
from tests.processes import Installation
from tests.ready_made import prepared

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]

KEY = "AbCdEfGhIjKlMnOpQrStUv"
NAME = f"Ab/{KEY}.webp"


@pytest.fixture(scope="module")
def with_photo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with the file of one photo, and one that was never finished."""
    installation = prepared(tmp_path_factory.mktemp("photos") / "hub")
    path = media_of(installation) / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"the photo")
    (media_of(installation) / "Ab" / f"{KEY}.part").write_bytes(b"half a photo")
    return installation


def media_of(installation: Installation) -> Path:
    return installation.directory / "data" / "media"


def copy_of(installation: Installation, directory: Path) -> Installation:
    shutil.copytree(installation.directory / "data", directory / "data")
    return Installation(directory)


def refusal_of(installation: Installation, *command: str) -> str:
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        installation.manage(*command)
    said = str(refusal.value.output)
    assert "Traceback" not in said
    return said


def archive(file: Path, *entries: tarfile.TarInfo) -> None:
    with tarfile.open(file, "w") as made:
        for entry in entries:
            made.addfile(entry, io.BytesIO(bytes(entry.size)))


def entry(name: str, size: int = 9, **fields: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def test_photos_come_back_and_the_former_ones_are_kept(
    with_photo: Installation, tmp_path: Path
) -> None:
    installation, file = copy_of(with_photo, tmp_path), tmp_path / "one.backup"
    said = installation.manage("backup", str(file))
    media = media_of(installation)
    (media / NAME).write_bytes(b"another photo")

    restored = installation.manage("restore", str(file))

    beside = tmp_path / "one.backup.photos"
    assert f"{beside} (1 photos)" in said
    assert beside.stat().st_mode & 0o077 == 0
    assert [path.name for path in media.rglob("*.*")] == [f"{KEY}.webp"]
    assert (media / NAME).read_bytes() == b"the photo"
    kept = list(media.parent.glob("media.before-*"))
    assert [(path / NAME).read_bytes() for path in kept] == [b"another photo"]
    assert str(kept[0]) in restored


def test_backup_without_photos_is_one_file(with_photo: Installation, tmp_path: Path) -> None:
    installation, file = copy_of(with_photo, tmp_path), tmp_path / "none.backup"
    shutil.rmtree(media_of(installation))

    installation.manage("backup", str(file))

    assert [path.name for path in tmp_path.glob("none*")] == ["none.backup"]


def test_backup_never_writes_over_photos_of_another(
    with_photo: Installation, tmp_path: Path
) -> None:
    (tmp_path / "taken.backup.photos").write_bytes(b"another night's")

    said = refusal_of(with_photo, "backup", str(tmp_path / "taken.backup"))

    assert "exists already" in said
    assert [path.name for path in tmp_path.iterdir()] == ["taken.backup.photos"]


def test_restore_says_how_many_photos_are_missing(with_photo: Installation, tmp_path: Path) -> None:
    installation, file = copy_of(with_photo, tmp_path), tmp_path / "alone.backup"
    with closing(sqlite3.connect(tmp_path / "data" / "eventhub.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO wall_photo (key, post_id, event_id, width, height, size, alt, made_at)"
            " VALUES (?, 1, 1, 9, 9, 9, '', '2026-10-07')",
            [KEY],
        )
    installation.manage("backup", str(file))
    (tmp_path / "alone.backup.photos").unlink()

    said = installation.manage("restore", str(file))

    assert "alone.backup.photos is not there: 1 photos will be missing." in said


def test_restore_counts_the_pictures_of_screens_that_did_not_come_along(
    with_photo: Installation, tmp_path: Path
) -> None:
    """Negative control: the one whose file is there is not counted."""
    installation, file = copy_of(with_photo, tmp_path), tmp_path / "some.backup"
    with closing(sqlite3.connect(tmp_path / "data" / "eventhub.sqlite3")) as database, database:
        database.executemany(
            "INSERT INTO wall_placard"
            " (key, version, event_id, title, sponsor, file, width, height, position)"
            " VALUES (?, 0, 1, 'Bank', 1, ?, 9, 9, 0)",
            [("one", KEY), ("two", KEY[::-1])],
        )
    installation.manage("backup", str(file))

    said = installation.manage("restore", str(file))

    assert "does not hold all: 1 pictures for the screens will be missing." in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no archive" * 100),
        lambda file: file.write_bytes(file.read_bytes()[:600]),
        lambda file: archive(file, entry("../../outside.webp")),
        lambda file: archive(file, entry(f"/{NAME}")),
        lambda file: archive(file, entry(f"Ab/{KEY}.html")),
        lambda file: archive(file, entry(NAME, 0, type=tarfile.SYMTYPE, linkname="/etc/passwd")),
        lambda file: archive(file, entry(NAME, 5 * 1024 * 1024)),
    ],
    ids=["empty", "text", "half", "outside", "root", "page", "link", "huge"],
)
def test_file_that_holds_something_else_is_not_taken_for_photos(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    file = tmp_path / "spoiled.backup.photos"
    archive(file, entry(NAME, 4000))
    spoil(file)

    with pytest.raises(media_folder.NotPhotosError):
        media_folder.check(file)


def test_spoiled_photos_stop_the_restoration_before_anything_is_exchanged(
    with_photo: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "spoiled.backup"
    with_photo.manage("backup", str(file))
    archive(media_folder.beside(file), entry("../../outside.webp"))
    before = sorted((with_photo.directory / "data").iterdir())

    said = refusal_of(with_photo, "restore", str(file))

    assert "holds something that is no photo" in said
    assert sorted((with_photo.directory / "data").iterdir()) == before
