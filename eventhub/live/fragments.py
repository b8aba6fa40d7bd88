"""Draw what people see of one row once per version and language, for pages and frames alike.

A row's look changes only with its version, so nothing kept here can be out of date; what is
hidden is simply not asked for. A row that cannot be drawn is left out alone.
"""

import logging
import threading
import traceback
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error, models
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from eventhub.live.models import Shown
from eventhub.live.topics import Rendered

log = logging.getLogger(__name__)

M = TypeVar("M", bound=models.Model)
S = TypeVar("S", bound=Shown)

MAX_KEPT = 4000
MAX_TOLD = 1000

undrawn: Counter[str] = Counter()  # by topic: rows that could not be drawn, each version once

_kept: OrderedDict[Hashable, SafeString] = OrderedDict()
_told: OrderedDict[Hashable, None] = OrderedDict()
_lock = threading.Lock()


def forget_all() -> None:
    """Another database stands behind us: the same versions may now mean other content."""
    with _lock:
        _kept.clear()


def fragment(
    template: str, row: Shown, context: Mapping[str, Any], *, depends_on: tuple[Hashable, ...] = ()
) -> SafeString:
    """`template` drawn for `row` in the active language.

    `depends_on`: whatever else shows in it and has no version of its own, e.g. the time zone.
    """
    name = (template, row.key, row.version, get_language(), *depends_on)
    with _lock:
        if (kept := _kept.get(name)) is not None:
            _kept.move_to_end(name)
            return kept
    drawn = render_to_string(template, dict(context))
    with _lock:
        _kept[name] = drawn
        if len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return drawn


def each(
    topic: str, rows: Iterable[S], draw: Callable[[S], Rendered], language: str
) -> dict[int, Rendered]:
    """What `topic` shows of `rows`, by primary key. What cannot be drawn is taken away.

    Whatever stood there before may have been changed for a reason, so it does not stay, either.
    """
    with translation.override(language):
        return {
            row.pk: drawn(topic, row, draw) or Rendered(row.key, row.version, 0, None)
            for row in rows
        }


def on_page(topic: str, rows: Iterable[S], draw: Callable[[S], Rendered]) -> list[Rendered]:
    """What a page in the active language shows of `rows`: those that can be drawn."""
    found = each(topic, rows, draw, get_language() or settings.LANGUAGE_CODE)
    return [shown for shown in found.values() if shown.html is not None]


def drawn(topic: str, row: M, draw: Callable[[M], Rendered]) -> Rendered | None:
    """`row` as `topic` shows it, None if that fails: one row must not stop everybody's frames."""
    try:
        return draw(row)
    except Error:
        raise  # the database is away: no fault of this row, and worth another try
    except Exception as error:
        _tell_once(topic, row, error)
        return None


def _tell_once(topic: str, row: models.Model, error: Exception) -> None:
    """Where it happened, but not what the exception says: that may be somebody's text."""
    kind, version = row._meta.model_name, getattr(row, "version", 0)
    name = (topic, kind, row.pk, version)
    with _lock:
        if name in _told:
            return
        _told[name] = None
        if len(_told) > MAX_TOLD:
            _told.popitem(last=False)
        undrawn[topic] += 1
    at = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "row cannot be drawn",
        extra={
            "topic": topic,
            "kind": kind,
            "row": row.pk,
            "error": type(error).__name__,
            "at": f"{Path(at.filename).name}:{at.lineno}",
        },
    )
