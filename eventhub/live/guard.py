"""Know which event's log is open in this thread; refuse writes to shown rows outside it."""

import threading
from typing import TYPE_CHECKING, Any

from django.db.models.signals import pre_delete

if TYPE_CHECKING:
    from eventhub.live.log import Log

_here = threading.local()


class LogClosedError(RuntimeError):
    """A row that people see was about to change without the log: use `changing(event)`."""


def open_log() -> "Log | None":
    return getattr(_here, "log", None)


def enter(log: "Log") -> None:
    _here.log = log


def leave() -> None:
    _here.log = None


def require(event_id: int | None) -> None:
    """LogClosedError unless the log of `event_id` (None: of any event) is open here."""
    log = open_log()
    if log is None:
        raise LogClosedError("Open changing(event) before writing rows that people see.")
    if event_id is not None and log.event_id != event_id:
        raise LogClosedError(f"The open log is of event {log.event_id}, the row of {event_id}.")


def watch(model: type[Any]) -> None:
    """See rows of `model` as well that go because something else is deleted.

    A cascade calls no method of the rows it takes along; this signal is all that tells of it, and
    makes Django load the rows first.
    """
    pre_delete.connect(_about_to_go, sender=model)


def _about_to_go(instance: Any, **kwargs: Any) -> None:
    require(instance.event_id)
