"""Change how the screens of an event follow its programme; take that back. Knows no requests."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions
from wall.models import Action, Direction, Screen

FIELDS = (
    "ending_minutes",
    "wall_in_talks",
    "slide_s",
    "left_out",
    "welcome",
    "good_night",
    "next_stop",
)
OF_TURNS = ("wall_in_talks", "left_out")  # which each screen carries with its own settings


class DirectionChanged(Exception):
    """Somebody has changed the same since it was looked at."""

    def __init__(self) -> None:
        self.message = _("Somebody has changed this in the meantime. This is how it is now.")
        super().__init__(self.message)


def values(event: Event) -> dict[str, Any]:
    """How it is, as plain values; without a row the defaults. One query."""
    row = Direction.objects.filter(event=event).first() or Direction(event=event)
    return {name: getattr(row, name) for name in FIELDS}


def direct(
    event: Event,
    wanted: Mapping[str, Any],
    *,
    by: User | None,
    seen: Mapping[str, Any] | None = None,
) -> Action | None:
    """The screens follow the programme like that from now on. None if they did already.

    `seen`: how it stood on the page. What is wanted as it was seen stays what it is by now;
    DirectionChanged if something else is wanted for what a colleague has changed since.
    """
    if not wanted.keys() <= set(FIELDS):
        raise ValueError("A direction has no such field.")
    known = seen or {}
    with changing(event) as log:
        row = Direction.objects.filter(event=event).first() or Direction(event=event)
        before = {name: getattr(row, name) for name in wanted}
        meant = {n: value for n, value in wanted.items() if n not in known or value != known[n]}
        changed = {n: value for n, value in meant.items() if value != before[n]}
        if not changed:
            return None
        if any(before[name] != known.get(name, before[name]) for name in changed):
            raise DirectionChanged
        _write(log, row, changed)
        undo = {"before": {name: before[name] for name in changed}, "after": changed}
        return actions.record(log, "direct", by=by, undo=undo)


def take_back(action: Action, *, by: User | None) -> None:
    """What this deed has changed and nobody has changed since is as it was."""
    with changing(action.event_id) as log:
        row = Direction.objects.filter(event=action.event_id).first()
        if row is None:
            return
        known = action.undo
        left = [name for name, value in known["after"].items() if getattr(row, name) == value]
        _write(log, row, {name: known["before"][name] for name in left})


def _write(log: Log, row: Direction, changed: Mapping[str, Any]) -> None:
    """Written with its screens, whose turns are drawn with them."""
    for name, value in changed.items():
        setattr(row, name, value)
    if row.pk is None:
        log.add(row)
    elif changed:
        log.touch(row)
    if any(name in OF_TURNS for name in changed):
        screens = Screen.objects.filter(event=log.event_id, revoked_at=None).order_by("pk")
        log.touch_all([screen for screen in screens if not log.has_told(screen)], [])
