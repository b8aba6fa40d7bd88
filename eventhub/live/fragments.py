"""Draw what people see of one row once per version and language, for pages and frames alike.

A row's look changes only with its version, so nothing kept here can be out of date; what is
hidden is simply not asked for.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from eventhub.live.models import Shown

MAX_KEPT = 4000

_kept: OrderedDict[Hashable, SafeString] = OrderedDict()
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
