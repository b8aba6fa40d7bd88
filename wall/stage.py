"""What whoever directs the screens reads: what stands by hand, where, how late it runs, and when
the projector changes hands. Reads only; knows no requests.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agenda.models import Event, Room, Slot, User
from wall import actions, cues, delays, directing, screens, steps
from wall.models import Action, Screen, Step

What = Step.What
TEST = "test"  # picture, for a minute: wall.screens
BY_HAND = (What.LOGO, What.NOTICE, What.SPOTLIGHT, What.FREEZE, What.CLEAR, TEST)
DEEDS = (
    "logo",
    "clear",
    "freeze",
    "notice",
    "end_notice",
    "lift",
    "delay",
    "on_time",
)  # what the stage may take back
UNDO_FOR = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Projector:
    """A screen that shares its picture, with the changes of today and of the days that follow."""

    screen: Screen
    changes: tuple[cues.Cue, ...]
    titles: dict[str, str]  # by the key of a slot

    def told(self) -> str:
        """[[ms, 1 for slides and 0 for Eventhub, about what], ...]: the page counts by it."""
        return json.dumps(
            [
                [directing.ms(cue.at), int(cue.to == cues.Picture.SLIDES), self._title(cue)]
                for cue in self.changes
            ]
        )

    def _title(self, cue: cues.Cue) -> str:
        return self.titles.get(cue.about, "")


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a room, or everything (None), runs today."""

    room: Room | None
    minutes: int

    @property
    def signed(self) -> str:
        return f"{self.minutes:+d}"

    @property
    def value(self) -> str:
        """As a form names it: the number of the room, or "all"."""
        return str(self.room.pk) if self.room is not None else "all"


def standing(event: Event) -> list[Step]:
    """What stands by hand on screens, the newest first. One query."""
    rows = Step.objects.filter(event=event, what__in=BY_HAND, screen__revoked_at=None)
    rows = rows.filter(steps.lasting(timezone.now()))
    return list(rows.select_related("by", "post", "screen").order_by("-since", "-pk"))


def places(event: Event, at: datetime) -> dict[str, Any]:
    """The screens, the projectors that are shared, and how late it runs."""
    known = list(screens.of(event).select_related("room"))
    return {
        "screens": known,
        "projectors": projectors(event, at, known),
        "late": lateness(event, at),
    }


def projectors(event: Event, at: datetime, known: list[Screen]) -> list[Projector]:
    shared = [screen for screen in known if screen.wiring == Screen.Wiring.SHARED]
    if not shared:
        return []
    plan, (today, _end) = directing.plan_of(event, at), event.day_frame(event.day_of(at))
    changes = {one.pk: cues.cues(plan, one.stands, today).coming for one in shared}
    about = {cue.about for coming in changes.values() for cue in coming}
    slots = Slot.objects.filter(event=event, key__in=about)
    titles = dict(slots.values_list("key", "session__title"))
    return [Projector(one, changes[one.pk], titles) for one in shared]


def lateness(event: Event, at: datetime) -> list[Lateness]:
    """What runs late on the event day of `at`; what has been caught up is not there."""
    late = delays.standing(event, at)
    rooms = {room.pk: room for room in Room.objects.filter(event=event, pk__in=filter(None, late))}
    return [Lateness(rooms.get(number) if number else None, late[number]) for number in late]


def undoable(event: Event, user: User, at: datetime) -> Action | None:
    """The last deed of `user` at the stage, while it is fresh and not taken back."""
    own = actions.newest(event).filter(by=user, at__gt=at - UNDO_FOR, verb__in=DEEDS)
    last = own.first()
    return last if last is not None and actions.can_undo(last) else None
