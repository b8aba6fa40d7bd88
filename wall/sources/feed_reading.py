"""Read a feed in a child process with limits. Knows no network and stores nothing.

The child (`wall/sources/feed_child.py`) has seen a stranger's bytes: what it says is believed only
in the shape of a feed, and every text in it is cleaned afterwards.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec

from wall.sources import feed_child
from wall.sources.feed_child import Feed

log = logging.getLogger(__name__)

MIB = 1 << 20
CHILD = Path(feed_child.__file__)
MAX_CHILDREN = 2
LONGEST_WAIT_S = 8
_places = threading.BoundedSemaphore(MAX_CHILDREN)


class UnreadableFeed(Exception):
    """The child fell over, ran out of what it may take, or said something else."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child. A feed of 2 MiB takes half a second and 60 MiB."""

    memory_bytes: int = 256 * MIB
    cpu_s: int = 5
    wall_s: float = 8.0
    output_bytes: int = 16 * MIB


async def read(data: bytes, content_type: str, *, limits: Limits = Limits()) -> Feed:
    """What `data` says, whatever kind of feed it is. Raises UnreadableFeed. Takes 0.2 s."""
    return await asyncio.to_thread(_read, data, content_type, limits)


def _read(data: bytes, content_type: str, limits: Limits) -> Feed:
    if not _places.acquire(timeout=LONGEST_WAIT_S):
        raise UnreadableFeed("others are being read")
    try:
        said = _run_child(data, content_type, limits)
    finally:
        _places.release()
    try:
        return msgspec.json.decode(said, type=Feed)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableFeed("said something else") from error


def _run_child(data: bytes, content_type: str, limits: Limits) -> bytes:
    # -I: no variables, no user's packages. No environment either: it has no use for our secrets.
    command = [sys.executable, "-I", str(CHILD)]
    command += [str(limits.memory_bytes), str(limits.cpu_s), str(limits.output_bytes)]
    command += [content_type.replace("\0", "")[:200]]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                timeout=limits.wall_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UnreadableFeed("took too long") from None
        if done.returncode != 0:
            log.info("feed child ended", extra={"status": done.returncode})
            raise UnreadableFeed("fell over")
        answer.seek(0)
        return answer.read(limits.output_bytes + 1)
