"""With which slide the page of a screen begins, before its scripts know better what has content.

From then on the browser plays the plan (wall/static/wall/screen-scene.js); what takes turns in
which scene is the director's (`wall.turns`).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wall import director, rehearsals
from wall.director import Plan
from wall.models import Screen, Step
from wall.turns import PITCH, WALL

LOGO = "logo"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The scene that the programme means, and the slide that stands first."""

    scene: str
    slide: str


def first(plan: Plan, screen: Screen, at: datetime) -> Beginning:
    """What `screen` shows at `at`, as far as the server knows it. A rehearsal plays another time.
    Two queries.
    """
    shown_at = rehearsals.time_of(screen, at)
    scene = plan.spell(screen.stands, shown_at).scene
    whose = Q(screen=None) | Q(screen=screen)
    logo = Step.objects.filter(whose, event=screen.event_id, what=Step.What.LOGO)
    if logo.exists():
        return Beginning(scene, LOGO)
    turns = director.turns(
        scene,
        plan.settings,
        phase=plan.phase,
        view=screen.view,
        wiring=screen.wiring,
        left_out=screen.left_out,
    )
    on_stage = [slide for slide in turns if slide != PITCH or plan.phase]
    return Beginning(scene, next(iter(on_stage), WALL))
