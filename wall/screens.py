"""What a screen shows is switched here, and on the beamer within a moment. Knows no pages."""

from django.utils import timezone

from agenda.models import Event, Room, User
from eventhub.live.log import changing
from wall import actions, steps
from wall.models import Action, Screen
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


def nudge(screen: Screen) -> None:
    """`screen` goes on to its next slide now."""
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        screen.nudged_at = timezone.now()
        log.touch(screen)


def reload(screen: Screen) -> None:
    """`screen` loads its page anew, as soon as it answers."""
    with changing(screen.event_id) as log:
        screen = log.fresh(screen)
        screen.reload_at = timezone.now()
        log.touch(screen)


def show_test(screen: Screen, *, by: User | None) -> bool:
    """`screen` shows the test picture until `end_test`. False if it does already."""
    with changing(screen.event_id) as log:
        before = log.fresh(screen).view
        if not switch(screen, view=Screen.View.TEST):
            return False
        undo = {"screen": screen.pk, "view": before}
        actions.record(log, "test_picture", by=by, about=screen.name, undo=undo)
    return True


def end_test(screen: Screen) -> bool:
    """`screen` shows what it showed before the test picture. False if it shows none."""
    with changing(screen.event_id) as log:
        if log.fresh(screen).view != Screen.View.TEST:
            return False
        shown = Action.objects.filter(event=screen.event_id, verb="test_picture")
        last = shown.filter(undo__screen=screen.pk).order_by("-pk").first()
        before = last.undo["view"] if last is not None else Screen.View.AUTO
        return switch(screen, view=before)


def take_test_back(action: Action, *, by: User | None) -> None:
    """Undo a test picture from the log of deeds; harmless if it has been ended since."""
    screen, _gone = steps.screen_of(action)
    if screen is not None:
        end_test(screen)
