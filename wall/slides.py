"""Which slide a screen shows: each way of showing tries some in turn, the first with content wins.

A slide is a unit of its own (wall/static/wall/*-slide.js) that knows whether it has content. The
last one of each order stands whatever happens, so that no screen is ever empty.
"""

from agenda.models import Barcamp, Event
from wall.models import Screen, Step

View, Phase = Screen.View, Barcamp.Phase
WALL, PITCH, BOARD, DOOR, CHANGES = "wall", "pitch", "board", "door", "changes"
TEST = "test"
LOGO, SPOTLIGHT = "logo", "spotlight"
BEFORE_ALL = (LOGO, SPOTLIGHT)  # whatever a screen shows, while such a step stands

ORDERS: dict[str, tuple[str, ...]] = {
    View.WALL: (WALL,),
    View.PITCH: (PITCH, WALL),
    View.BOARD: (BOARD,),
    View.DOOR: (DOOR, BOARD),
    View.CHANGES: (CHANGES, BOARD),
    View.TEST: (TEST, WALL),
}
# Of a screen that follows the barcamp. No wall behind those who pitch or look for their room.
BY_PHASE: dict[str, tuple[str, ...]] = {
    "": (WALL,),
    Phase.COLLECT: (WALL,),
    Phase.PITCH: (PITCH, WALL),
    Phase.BOARD: (BOARD,),
    Phase.RUNNING: (BOARD, WALL),
    Phase.CLOSED: (WALL,),
}


def orders() -> dict[str, tuple[str, ...]]:
    """Every order by its name: "board", or "auto:pitch" for a phase, "auto:" without barcamp."""
    return {str(view): slides for view, slides in ORDERS.items()} | {
        f"{View.AUTO.value}:{phase}": slides for phase, slides in BY_PHASE.items()
    }


def first(event: Event, screen: Screen) -> str:
    """The slide with which the page of `screen` begins, before its scripts look closer."""
    if Step.objects.taken(event, Step.What.LOGO):
        return LOGO
    phase = Barcamp.objects.filter(event=event).values_list("phase", flat=True).first() or ""
    name = f"auto:{phase}" if screen.view == View.AUTO else screen.view
    tried = orders()[name]
    return next((slide for slide in tried if slide != PITCH or phase), tried[-1])
