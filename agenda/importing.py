"""A file on its way into an event: read, looked at, confirmed, written. Knows no requests.

The work is done by a thread of its own, beside the requests: the reader is a child process, and
what it finds is written in one change. A file that was not confirmed within a day is forgotten.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agenda.exchange.plan import UnreadableError
from agenda.models import Event, Upload, User

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
LOST_AFTER = timedelta(minutes=5)  # longer than any reading and writing takes
MAX_AT_ONCE = 4  # in this process
State = Upload.State
BUSY = (State.WAITING, State.WRITING)


class TooManyError(Exception):
    """As many files are being worked on as this process may; nothing was begun."""


_mutex = threading.Lock()
_running: dict[str, threading.Thread] = {}
_per_cent: dict[str, int] = {}  # of what this process works on; the database is locked meanwhile


def take(event: Event, *, by: User, name: str, content: bytes) -> Upload:
    """Keep the file until it is confirmed. Nothing of it has been read."""
    forget_old(timezone.now())
    return Upload.objects.create(event=event, by=by, name=name[:200], content=content)


def begin_reading(upload: Upload, *, language: str) -> bool:
    """Have it read and compared, once, by whichever process is asked first."""
    claimed = Upload.objects.filter(pk=upload.pk, state=State.WAITING, progress=0)
    return _begin(upload, claimed.update, {"progress": 1, "at": timezone.now()}, read, language)


def begin_writing(upload: Upload, *, language: str) -> bool:
    """Have it written as it was shown. False if that is done or under way."""
    claimed = Upload.objects.filter(pk=upload.pk, state=State.READ)
    new = {"state": State.WRITING, "progress": 1, "at": timezone.now()}
    return _begin(upload, claimed.update, new, write, language)


def _begin(
    upload: Upload,
    claim: Callable[..., int],
    new: dict[str, object],
    work: Callable[[Upload], None],
    language: str,
) -> bool:
    with _mutex:
        if len(_running) >= MAX_AT_ONCE:
            raise TooManyError
        if not claim(**new):
            return False
        thread = threading.Thread(
            target=_work, args=(upload.pk, work, language), name="import", daemon=True
        )
        _running[upload.key] = thread
    thread.start()
    return True


def _work(pk: int, work: Callable[[Upload], None], language: str) -> None:
    key = ""
    try:
        upload = Upload.objects.select_related("event", "by").get(pk=pk)
        key = upload.key
        with translation.override(language):
            _guarded(upload, work)
    except Upload.DoesNotExist:
        pass  # the event was deleted meanwhile
    finally:
        with _mutex:
            _running.pop(key, None)
            _per_cent.pop(key, None)
        connection.close()


def _guarded(upload: Upload, work: Callable[[Upload], None]) -> None:
    try:
        work(upload)
    except UnreadableError as error:
        _end(upload, State.FAILED, {"refused": str(error)})
    except Exception:  # whatever broke: the person waits for a sentence, and nothing was written
        log.exception("import failed", extra={"upload": upload.pk})
        words = _("This went wrong on our side, and nothing was taken over. Please try again.")
        _end(upload, State.FAILED, {"refused": words})


def read(upload: Upload) -> None:
    """Say in `report` what it would change. UnreadableError if it cannot be read."""
    from agenda.exchange import reading, writing

    event = upload.event
    plan = reading.read(
        bytes(upload.content), upload.name, zone=event.zone, language=translation.get_language()
    )
    _end(upload, State.READ, writing.preview(event, plan).as_json())


def write(upload: Upload) -> None:
    """Write it, all or nothing; the file is not kept."""
    from agenda.exchange import reading, writing

    def progress(per_cent: int) -> None:
        _per_cent[upload.key] = 20 + per_cent * 8 // 10

    event = upload.event
    _per_cent[upload.key] = 5
    plan = reading.read(
        bytes(upload.content), upload.name, zone=event.zone, language=translation.get_language()
    )
    report = writing.apply(event, plan, by=upload.by, progress=progress)
    _end(upload, State.DONE, report.as_json())


def _end(upload: Upload, state: Upload.State, report: dict[str, object]) -> None:
    new: dict[str, object] = {"state": state, "report": report, "progress": 100}
    if state in (State.DONE, State.FAILED):
        new["content"] = b""
    Upload.objects.filter(pk=upload.pk).update(**new)


def look(upload: Upload, now: datetime) -> Upload:
    """As it stands at `now` (aware): how far it is, and whether whoever worked on it is gone."""
    upload.progress = _per_cent.get(upload.key, upload.progress)
    begun = upload.state == State.WRITING or upload.progress > 0
    alive = upload.key in _running or upload.at > now - LOST_AFTER
    if upload.state in BUSY and begun and not alive:
        words = _("The server was stopped meanwhile. Please hand the file in again.")
        _end(upload, State.FAILED, {"refused": words})
        upload.refresh_from_db()
    return upload


def discard(upload: Upload) -> bool:
    """Forget the file. False if it is being written at this moment."""
    gone, _rows = Upload.objects.filter(pk=upload.pk).exclude(state=State.WRITING).delete()
    return bool(gone)


def forget_old(now: datetime) -> int:
    """Files that nobody has confirmed, and reports that were read, after a day."""
    gone, _rows = Upload.objects.filter(at__lt=now - KEPT).delete()
    return gone


def wait(key: str, timeout_s: float) -> None:
    """Until the work on this file in this process is done."""
    if (thread := _running.get(key)) is not None:
        thread.join(timeout_s)
