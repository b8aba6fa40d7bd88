"""Which slides take turns in which scene, on which screen. Pure; knows nothing of what they show.

A slide is a unit of its own (wall/static/wall/*-slide.js) that knows whether it has content. The
order is the order of the turns; a slide named twice comes twice as often.
"""

from collections.abc import Collection, Mapping

from agenda.models import Barcamp
from wall.models import Screen
from wall.scenes import Scene, Settings

View, Wiring, Phase = Screen.View, Screen.Wiring, Barcamp.Phase
WALL, HINT, NOWNEXT, NEXT, BOARD = "wall", "hint", "nownext", "next", "board"
WELCOME, GOODNIGHT, WIFI, PLACARDS = "welcome", "goodnight", "wifi", "placards"
TALK, COUNTDOWN, CHANGES, PITCH, DOOR, TEST = (
    "talk",
    "countdown",
    "changes",
    "pitch",
    "door",
    "test",
)
# What may be left out; without the rest a scene would have nothing to say.
OPTIONAL = (WALL, HINT, NOWNEXT, NEXT, BOARD, CHANGES, WIFI, PLACARDS, WELCOME, GOODNIGHT)

ROTATION: Mapping[Scene, tuple[str, ...]] = {
    Scene.BEFORE: (WELCOME, HINT, NEXT, WIFI, PLACARDS),
    Scene.TALK: (TALK,),
    Scene.ENDING: (NEXT, HINT),
    Scene.BREAK: (WALL, HINT, NOWNEXT, WALL, CHANGES, WIFI, WALL, PLACARDS),
    Scene.SESSIONS: (BOARD, WALL, HINT, CHANGES, PLACARDS),
    Scene.PITCH: (PITCH,),
    Scene.BOARD: (BOARD,),
    Scene.AFTER: (GOODNIGHT, WALL, HINT),
}
# What a screen is set to by hand, whatever the programme says: not turns, but the first of them
# that has content.
BY_HAND: Mapping[str, tuple[str, ...]] = {
    View.WALL: (WALL,),
    View.PITCH: (PITCH, WALL),
    View.BOARD: (BOARD,),
    View.DOOR: (DOOR, BOARD),
    View.CHANGES: (CHANGES, BOARD),
    View.TEST: (TEST, WALL),
}


def turns(
    scene: Scene | str,
    settings: Settings,
    *,
    phase: str = "",
    view: str = View.AUTO,
    wiring: str = Wiring.OWN,
    left_out: Collection[str] = (),
) -> tuple[str, ...]:
    """The slides of `scene`, in the order of their turns. Never none."""
    if view != View.AUTO:
        return BY_HAND[view]
    if wiring == Wiring.DOOR:
        return (DOOR,)
    scene = Scene(scene)
    gone = {*settings.left_out, *left_out}
    kept = [name for name in _defaults(scene, settings, phase, wiring) if name not in gone]
    if scene == Scene.SESSIONS and BOARD in gone and NOWNEXT not in gone:
        kept.insert(0, NOWNEXT)
    if kept:
        return tuple(kept)
    return (TALK,) if scene == Scene.TALK else (HINT,)


def _defaults(scene: Scene, settings: Settings, phase: str, wiring: str) -> tuple[str, ...]:
    if wiring == Wiring.MONITOR and scene in (Scene.TALK, Scene.ENDING):
        return (COUNTDOWN,)  # who speaks needs the minutes most when few are left
    if scene == Scene.TALK and settings.wall_in_talks and wiring == Wiring.OWN:
        return (TALK, WALL)
    if scene == Scene.BREAK and phase == Phase.RUNNING:
        return (BOARD, *ROTATION[scene])
    return ROTATION[scene]


def of_screen(screen: Screen, settings: Settings) -> dict[str, tuple[str, ...]]:
    """All turns of `screen` by scene; by "break running" those that the barcamp's phase changes."""
    own = {"view": screen.view, "wiring": screen.wiring, "left_out": screen.left_out}
    found = {str(scene): turns(scene, settings, **own) for scene in Scene}
    running = turns(Scene.BREAK, settings, phase=Phase.RUNNING, **own)
    if running != found[Scene.BREAK]:
        found[f"{Scene.BREAK} {Phase.RUNNING}"] = running
    return found
