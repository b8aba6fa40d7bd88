"""The folder of photos as one file beside a backup, and back. Knows files; asks no database."""

import io
import os
import re
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

MAX_PHOTO_BYTES = 4 * 1024 * 1024  # what the child that draws them may write at most
_NAME = re.compile(r"[\w-]{2}/[\w-]{22}\.webp", re.ASCII)


class NotPhotosError(ValueError):
    """A file beside a backup that holds something else than photos; says what."""


def beside(backup: Path) -> Path:
    """Where the photos of `backup` are kept."""
    return backup.with_name(f"{backup.name}.photos")


def pack(target: Path) -> int:
    """Write all photos into `target`, for our eyes only. How many; without any there is no file.

    Photos that are taken back meanwhile are left out.
    """
    root = Path(settings.MEDIA_ROOT)
    paths = [path for path in sorted(root.glob("*/*")) if _NAME.fullmatch(_name(path, root))]
    if not paths:
        return 0
    count = 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        for path in paths:
            try:
                data, changed_at = path.read_bytes(), path.stat().st_mtime
            except FileNotFoundError:
                continue
            entry = tarfile.TarInfo(_name(path, root))
            entry.size, entry.mtime, entry.mode = len(data), int(changed_at), 0o600
            archive.addfile(entry, io.BytesIO(data))
            count += 1
    return count


def check(file: Path) -> None:
    """NotPhotosError unless every entry of `file` is a photo by name, kind and size."""
    try:
        with tarfile.open(file, "r:") as archive:
            for entry in archive:
                usual = entry.isreg() and 0 < entry.size <= MAX_PHOTO_BYTES
                if not usual or not _NAME.fullmatch(entry.name):
                    raise NotPhotosError(f"{file} holds something that is no photo: {entry.name!r}")
    except (tarfile.TarError, EOFError) as error:
        raise NotPhotosError(f"{file} is damaged: {error}") from error


def names_in(file: Path) -> set[str]:
    """The keys of the photos in `file` (checked)."""
    with tarfile.open(file, "r:") as archive:
        return {Path(entry.name).stem for entry in archive}


def exchange(file: Path | None) -> Path | None:
    """Put the photos in `file` (checked, None for none) in place. Where the former ones are now."""
    root = Path(settings.MEDIA_ROOT)
    partial = root.with_name(f"{root.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    if file is not None:
        with tarfile.open(file, "r:") as archive:
            for entry in archive:
                data = archive.extractfile(entry)
                assert data is not None  # checked: a regular file
                path = partial / entry.name
                path.parent.mkdir(mode=0o700, exist_ok=True)
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "wb") as copy:
                    copy.write(data.read())
    kept = None
    if root.exists():
        kept = root.with_name(f"{root.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        root.rename(kept)
    partial.rename(root)
    return kept


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
