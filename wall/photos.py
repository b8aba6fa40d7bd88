"""The one photo of a note: give it to the note, drop it. Decodes nothing, knows no requests.

The picture lies in the media folder under the photo's key; the row says to which note it belongs.
What may be kept at all says `check()`, in `wall/photo_check.py`.
"""

import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from eventhub.live.log import Log, changing
from eventhub.live.models import new_key
from wall import text
from wall.models import Photo, Picture, Placard, Post
from wall.photo_check import MAX_UPLOAD_BYTES, CheckedPhoto, PhotoRefused, check, refused

__all__ = [
    "CONTENT_TYPE",
    "MAX_UPLOAD_BYTES",
    "CheckedPhoto",
    "PhotoRefused",
    "StoredPhoto",
    "attach",
    "check",
    "drop",
    "path_of",
    "photo_of",
    "store",
    "stored",
    "sweep",
]

log = logging.getLogger(__name__)

MAX_ALT_GRAPHEMES = 200
SUFFIX, CONTENT_TYPE = ".webp", "image/webp"
SWEEP_AT_ONCE = 200
ORPHAN_AFTER_S = 3600  # younger files may belong to a change that is not committed yet


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A picture that lies in the media folder under `key` and belongs to no note yet."""

    key: str
    width: int
    height: int
    size: int


def store(checked: CheckedPhoto) -> StoredPhoto:
    """Write the picture, before a change is opened: nobody else's has to wait for the disk.

    PhotoRefused if it cannot be written: the note can be sent again without it.
    """
    photo = StoredPhoto(new_key(), checked.width, checked.height, len(checked.data))
    _write(path_of(photo.key), checked.data)
    return photo


@contextmanager
def stored(checked: CheckedPhoto | None) -> Iterator[StoredPhoto | None]:
    """`checked` as a file that is gone again if no note has got it when this ends.

    Whoever dies in between leaves an orphan to `sweep`.
    """
    photo = store(checked) if checked is not None else None
    try:
        yield photo
    finally:
        if photo is not None and not Photo.objects.filter(key=photo.key).exists():
            _remove(path_of(photo.key))


def attach(log: Log, post: Post, photo: StoredPhoto, *, alt: str = "") -> Photo:
    """Give `post`, added in this very log, its photo, whose file is there already.

    PhotoRefused if the event takes no photos (any more).
    """
    if not post.event.photos:
        raise refused("off")
    return Photo.objects.create(
        post=post,
        event_id=log.event_id,
        key=photo.key,
        width=photo.width,
        height=photo.height,
        size=photo.size,
        alt=text.cut(text.normalise_name(alt), MAX_ALT_GRAPHEMES)[:400],
    )


def drop(post: Post) -> bool:
    """Take the photo away from `post`, for good. False if there is none.

    The row stays without its post, so that the address answers "gone"; the file goes when this is
    committed. Joins the log that is open.
    """
    with changing(post.event_id) as log:
        post = log.fresh(post)
        photo = photo_of(post)
        if photo is None:
            return False
        photo.post, photo.alt = None, ""
        photo.save(update_fields=["post", "alt"])
        log.touch(post)
        transaction.on_commit(lambda: _remove(path_of(photo.key)), robust=True)
    return True


def photo_of(post: Post) -> Photo | None:
    return getattr(post, "photo", None)


def path_of(key: str) -> Path:
    """Where the picture of the photo `key`, taken from a row, lies."""
    return Path(settings.MEDIA_ROOT) / key[:2] / f"{key}{SUFFIX}"


def sweep() -> int:
    """Remove the files that belong to no note, picture or placard any more. How many.

    Those of posts that were deleted together with their event, guest or author, and those whose
    change was taken back. Files of the last hour are left alone.
    """
    root = Path(settings.MEDIA_ROOT)
    before = time.time() - ORPHAN_AFTER_S
    old = [path for path in root.glob("*/*") if path.is_file() and path.stat().st_mtime < before]
    removed = 0
    for start in range(0, len(old), SWEEP_AT_ONCE):
        some = {path.name.removesuffix(SUFFIX): path for path in old[start : start + SWEEP_AT_ONCE]}
        for key in some.keys() - _belonging(some):
            _remove(some[key])
            removed += 1
    return removed


def _belonging(keys: Iterable[str]) -> set[str]:
    """Those of `keys` whose file is still somebody's."""
    own = Photo.objects.filter(key__in=keys, post__isnull=False).values_list("key", flat=True)
    kept = Picture.objects.filter(key__in=keys, state=Picture.State.KEPT)
    kept = kept.exclude(role=Picture.Role.MEDIA, post=None)
    kept = kept.exclude(role=Picture.Role.FACE, author=None)
    placards = Placard.objects.filter(file__in=keys).values_list("file", flat=True)
    return {*own, *kept.values_list("key", flat=True), *placards}


def remove_file(key: str) -> None:
    """The file of `key` is gone, if there was one."""
    _remove(path_of(key))


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, and on the disk: the row that comes next is, too."""
    partial = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        log.warning("photo not kept", extra={"error": str(error)})
        _remove(partial)
        raise refused("no_room") from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:  # the next sweep tries again
        log.warning("photo not removed", extra={"error": str(error)})
