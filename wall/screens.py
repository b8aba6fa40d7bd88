"""How a screen is set and switched, and how its key ends; told to the beamer within a moment.

Knows no pages.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agenda.models import Event, Room, User
from eventhub.live.log import Log, changing
from wall.models import Screen, Step
from wall.models.screen import ScreenQuerySet

TEST = Step.What.TEST
TEST_LASTS = timedelta(seconds=60)
SETTABLE = (
    "name",
    "room_id",
    "place",
    "wiring",
    "view",
    "theme",
    "distance_m",
    "picture_cm",
    "language",
    "left_out",
)


class SetMeanwhile(Exception):
    """Somebody else has set the same differently since it was read; `fields` names what."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


def of(event: Event) -> ScreenQuerySet:
    """The screens that have not been signed off."""
    return Screen.objects.filter(event=event, revoked_at=None).order_by("pk")


def switch(screen: Screen, *, view: str, room: Room | None = None) -> bool:
    """`screen` shows `view` from now on. False, and nothing is told, if it did already.

    `room`: at which door it hangs; it is kept while something else is shown. Raises ValueError
    for what is no view, and for a room of another event.
    """
    chosen = Screen.View(view)
    if room is not None and room.event_id != screen.event_id:
        raise ValueError("This room is of another event.")
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        wanted = room.pk if room is not None else screen.room_id
        if (screen.view, screen.room_id) == (chosen, wanted):
            return False
        screen.view, screen.room_id = chosen, wanted
        log.touch(screen)
    return True


def settings_of(screen: Screen) -> dict[str, Any]:
    """How it is set, as plain values."""
    return {name: getattr(screen, name) for name in SETTABLE}


def mark_of(settings: Mapping[str, Any]) -> str:
    """The same for the same settings: by it an open page learns that somebody has set others."""
    return f"{zlib.crc32(json.dumps(settings, sort_keys=True).encode()):08x}"


def set_up(screen: Screen, wanted: Mapping[str, Any], *, was: Mapping[str, Any]) -> bool:
    """Set what `wanted` says otherwise than `was`, which is what its writer had before them.

    What they left alone stays as it is by now. SetMeanwhile, and nothing is set, where somebody
    else has changed the same field to something else. False if nothing is new.
    """
    changed = {name: value for name, value in wanted.items() if value != was.get(name)}
    if not changed.keys() <= set(SETTABLE):
        raise ValueError("A screen has no such setting.")
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        now = settings_of(screen)
        clashing = [
            name for name, value in changed.items() if now[name] not in (was.get(name), value)
        ]
        if clashing:
            raise SetMeanwhile(clashing)
        news = {name: value for name, value in changed.items() if now[name] != value}
        for name, value in news.items():
            setattr(screen, name, value)
        if news:
            log.touch(screen)
    return bool(news)


def reload(screen: Screen) -> None:
    """Its page is loaded anew, by itself."""
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        screen.reload_at = timezone.now()
        log.touch(screen)


def nudge(screen: Screen) -> None:
    """It goes on to its next slide now."""
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        screen.nudged_at = timezone.now()
        log.touch(screen)


def show_test(screen: Screen, *, by: User | None) -> Step:
    """The test picture stands there for a minute; asked for again, for a minute more."""
    with changing(screen.event_id) as log:
        now = timezone.now()
        step = _test_of(screen) or Step(event_id=screen.event_id, what=TEST, screen=screen)
        step.by, step.since, step.until = by, now, now + TEST_LASTS
        if step.pk is None:
            return log.add(step)
        log.touch(step)
    return step


def end_test(screen: Screen) -> bool:
    """It follows the programme again. False if it did already."""
    with changing(screen.event_id) as log:
        step = _test_of(screen)
        if step is None:
            return False
        log.remove(step)
    return True


def tested(event: Event) -> set[int]:
    """The numbers of the screens on which the test picture stands now. One query."""
    rows = Step.objects.filter(event=event, what=TEST, until__gt=timezone.now())
    return {pk for pk in rows.values_list("screen", flat=True) if pk is not None}


def opened(screen: Screen) -> None:
    """It has been opened with its key; nobody needs to be told."""
    with changing(screen.event_id) as log:
        fresh = log.fresh(screen)
        fresh.seen_at = timezone.now()
        log.write_quietly(fresh)


def change_key(screen: Screen, key_hash: str) -> Screen:
    """Another key opens it from now on; whoever has it open by the one so far is let go."""
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        screen.key_hash, screen.revoked_at = key_hash, None
        log.touch(screen)
        _let_go(log, screen)
    return screen


def revoke(screen: Screen) -> bool:
    """Its key opens nothing any more, and what it shows is gone at once. False if it was gone."""
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        if screen.revoked_at is not None:
            return False
        screen.revoked_at = timezone.now()
        log.touch(screen)
        _let_go(log, screen)
    return True


def _test_of(screen: Screen) -> Step | None:
    return Step.objects.filter(screen=screen, what=TEST).first()


def _let_go(log: Log, screen: Screen) -> None:
    log.tell("access", topics=(f"screen:{screen.pk}",), object_id=screen.pk)
