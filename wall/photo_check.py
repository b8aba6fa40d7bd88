"""Check what a stranger sent as a photo, in a child process with limits. Stores nothing.

Of the file itself nothing is kept: the child (`wall/photo_child.py`) draws the picture anew, and
what it answers is believed only where it can be true.
"""

import contextlib
import json
import logging
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from wall import photo_child

log = logging.getLogger(__name__)

MIB = 1024 * 1024
MAX_UPLOAD_BYTES = 8 * MIB
MAX_CHILDREN = 2  # at once: each may need 200 MiB and a processor
MAX_WAITING = 6
LONGEST_WAIT_S = 8
CHILD = Path(photo_child.__file__)
OUT_OF_TIME = {signal.SIGXCPU, signal.SIGKILL}


class PhotoRefused(Exception):
    """A photo that cannot be taken; `message` says in one sentence what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    """A picture drawn by ourselves: `data` is a WebP without metadata, `width` x `height` px."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child. The decoded 40 megapixels are 153 MiB, the rest is Python and Pillow."""

    memory_bytes: int = 208 * MIB
    cpu_s: int = 4
    wall_s: float = 5.0
    output_bytes: int = 4 * MIB


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Shape:
    """What is made of a picture: sides in pixels, and whether transparency stays."""

    longest_px: int = photo_child.LONGEST_SIDE_PX
    shortest_px: int = photo_child.SHORTEST_SIDE_PX
    clear: bool = False


PHOTO = Shape()
FACE = Shape(longest_px=320, shortest_px=16)
EMOJI = Shape(longest_px=128, shortest_px=8, clear=True)


class _Places:
    """Room for a few children at once; a few more may wait, and nobody for long."""

    def __init__(self, running: int, waiting: int) -> None:
        self._free = threading.BoundedSemaphore(running)
        self._queue = threading.BoundedSemaphore(running + waiting)

    @contextlib.contextmanager
    def one(self) -> Iterator[bool]:
        """True inside: this one may run. False: too many wait already."""
        if not self._queue.acquire(blocking=False):
            yield False
            return
        try:
            if not self._free.acquire(timeout=LONGEST_WAIT_S):
                yield False
                return
            try:
                yield True
            finally:
                self._free.release()
        finally:
            self._queue.release()


_places = _Places(MAX_CHILDREN, MAX_WAITING)
# Of their own, so that no flood on a network keeps a guest's photo waiting.
_places_of_fetched = _Places(1, MAX_WAITING)


def check(
    upload: bytes, *, limits: Limits = LIMITS, shape: Shape = PHOTO, fetched: bool = False
) -> CheckedPhoto:
    """`upload` drawn anew: upright, at most 1600 px, without place, time, camera or profile.

    PhotoRefused with a code and a sentence for everything that is not one still photo (JPEG, PNG
    or WebP of at most 8 MiB and 40 megapixels). Takes a tenth of a second of another processor for
    what phones send, never more than 5 s; not to be called while a change is open.
    """
    if not upload:
        raise refused("empty")
    if len(upload) > MAX_UPLOAD_BYTES:
        raise refused("heavy")
    with (_places_of_fetched if fetched else _places).one() as may_run:
        if not may_run:
            raise refused("busy")
        return _understood(_run_child(upload, limits, shape), limits, shape)


def _run_child(upload: bytes, limits: Limits, shape: Shape) -> bytes:
    """What the child has written. PhotoRefused if it was cut short or has fallen over."""
    # -I: no variables, no user's packages, nothing of this folder. No environment either: the
    # child has no use for our secrets.
    command = [sys.executable, "-I", str(CHILD)]
    numbers = [limits.memory_bytes, limits.cpu_s, limits.output_bytes]
    numbers += [shape.longest_px, shape.shortest_px, int(shape.clear)]
    command += map(str, numbers)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(upload)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=limits.wall_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("photo took too long", extra={"bytes": len(upload)})
            raise refused("slow") from None
        if done.returncode != 0:
            log.warning("photo child ended", extra={"status": done.returncode})
            raise refused("slow" if -done.returncode in OUT_OF_TIME else "broken")
        answer.seek(0)
        return answer.read(limits.output_bytes + 1)


def _understood(answer: bytes, limits: Limits, shape: Shape) -> CheckedPhoto:
    """The child has seen a stranger's bytes: what it says is believed only where it can be true."""
    line, _newline, data = answer.partition(b"\n")
    try:
        said = json.loads(line)
        if "refused" in said:
            raise refused(said["refused"])
        width, height = int(said["width"]), int(said["height"])
    except (ValueError, KeyError, TypeError):
        raise refused("broken") from None
    whole = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    whole = whole and int.from_bytes(data[4:8], "little") + 8 == len(data) <= limits.output_bytes
    if not whole or not all(0 < side <= shape.longest_px for side in (width, height)):
        raise refused("broken")
    return CheckedPhoto(data, width, height)


def refused(code: str) -> PhotoRefused:
    sentences = {
        "empty": _("The photo is empty. Please choose it again."),
        "heavy": _("This photo is larger than 8 MB. Please choose a smaller one."),
        "kind": _("This is not a photo we can show. Please choose a JPEG, PNG or WebP."),
        "heic": _(
            "We cannot read photos in Apple's HEIC format. Please send it as a JPEG, "
            "or take a screenshot of it."
        ),
        "moving": _("Moving pictures cannot be shown. Please choose a still photo."),
        "large": _("This photo has too many pixels. Please choose a smaller one."),
        "small": _("This picture is too small to be seen. Please choose a larger one."),
        "slow": _("This photo could not be read in time. Please choose another one."),
        "broken": _("This photo cannot be read. Please choose another one."),
        "busy": _("Many photos are arriving right now. Please send yours again in a moment."),
        "off": _("This event takes no photos. Please send your note without one."),
        "no_room": _("The photo cannot be kept right now. Please send your note without it."),
    }
    code = code if code in sentences else "broken"
    return PhotoRefused(f"photo_{code}", sentences[code])
