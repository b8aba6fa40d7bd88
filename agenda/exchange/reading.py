"""Read a programme from a file that somebody hands in, in a child process with limits.

Knows no format and stores nothing. The child (`agenda/exchange/reading_child.py`) is believed only
where what it says has the shape of a plan.
"""

import logging
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from agenda.exchange import reading_child
from agenda.exchange.plan import Plan, UnreadableError

log = logging.getLogger(__name__)

MIB = 1024 * 1024
MAX_FILE_BYTES = 10 * MIB
MAX_CHILDREN = 2  # at once
LONGEST_WAIT_S = 20
CHILD = Path(reading_child.__file__)
OUT_OF_TIME = {signal.SIGXCPU, signal.SIGKILL}


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child: a table of 10 MiB needs some 300 MiB, a schedule of 2 MiB some 2 s."""

    memory_bytes: int = 768 * MIB
    cpu_s: int = 30
    wall_s: float = 45.0
    output_bytes: int = 96 * MIB


class _Answer(msgspec.Struct):
    plan: Plan | None = None
    unreadable: str = ""
    broken: str = ""


_places = threading.BoundedSemaphore(MAX_CHILDREN)


def read(
    data: bytes, name: str, *, zone: str, language: str = "en", limits: Limits | None = None
) -> Plan:
    """The plan in a file's content, whatever its format; texts of the plan speak `language`.

    `zone` (IANA) holds for times without one; `name` is a hint. UnreadableError with a sentence for
    everything that cannot be taken. Takes 0.3 s and the time of the file, 45 s at most; not to be
    called while a change is open.
    """
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(_("The file is larger than 10 MB."))
    if not _places.acquire(timeout=LONGEST_WAIT_S):
        raise UnreadableError(_("Other files are being read right now. Please try again soon."))
    try:
        said = _run_child(data, [zone, language, name[:200]], limits or Limits())
    finally:
        _places.release()
    return _understood(said)


def _run_child(data: bytes, about: list[str], limits: Limits) -> bytes:
    """What the child has written. UnreadableError if it was cut short or has fallen over."""
    command = [sys.executable, "-I", str(CHILD)]
    numbers = (limits.memory_bytes, limits.cpu_s, limits.output_bytes)
    command += [*map(str, numbers), str(settings.IMPORT_MAX_SESSIONS)]
    command += [text.replace("\0", "") for text in about]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},  # names of zones and files in UTF-8; nothing of ours
                cwd="/",
                timeout=limits.wall_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("file took too long", extra={"bytes": len(data)})
            raise UnreadableError(_too_much()) from None
        if done.returncode != 0:
            log.warning("reading child ended", extra={"status": done.returncode})
            raise UnreadableError(_too_much() if -done.returncode in OUT_OF_TIME else _broken())
        answer.seek(0)
        return answer.read(limits.output_bytes + 1)


def _understood(said: bytes) -> Plan:
    """The child has seen a stranger's bytes: what it says counts only in the shape of a plan."""
    if said == b'{"too_much": true}':
        raise UnreadableError(_too_much())
    try:
        answer = msgspec.json.decode(said, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        log.warning("reading child said something else", extra={"bytes": len(said)})
        raise UnreadableError(_broken()) from None
    if answer.plan is not None:
        return answer.plan
    if answer.broken:
        log.warning("file is broken", extra={"error": answer.broken[:80]})
    raise UnreadableError(answer.unreadable or _broken())


def _too_much() -> str:
    return _("The file is too large or too deeply nested to be read.")


def _broken() -> str:
    return _("The file is broken and cannot be read.")
