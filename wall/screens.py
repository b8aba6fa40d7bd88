"""What a screen shows is switched here, and on the beamer within a moment. Knows no pages."""

from agenda.models import Event, Room
from eventhub.live.log import changing
from wall.models import Screen
from wall.models.screen import ScreenQuerySet


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
