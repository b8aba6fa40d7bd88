"""The screens as those see them who look after them: one item each, alive or not, and what it does.

Who may hear it: whoever may direct the stage, or uses the desk. Writes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.template.loader import render_to_string

from agenda.access import user_of
from agenda.models import Event
from eventhub.live.fragments import each
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import screen_words, signs
from wall.models import Screen, Sign
from wall.models.screen import ScreenQuerySet

OF_SCREENS = (Screen.kind, signs.KIND)


def register() -> None:
    registry.add(Topic("screens", _staff, _render, _window, asks_database=True))


def _staff(event_id: int, visitor: Visitor) -> Grant | None:
    user = user_of(visitor.cookies)
    if user is None or not Event.objects.staged_by(user).filter(pk=event_id).exists():
        return None
    return Grant("screens", subject=f"user:{user.pk}")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind not in OF_SCREENS:
        return {}
    told = told_at(event_id)
    rows = _screens(event_id).filter(pk__in=object_ids)
    return each("screens", rows, lambda screen: state(screen, told.get(screen.pk, 0)), language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    return list(states(event_id, language).values())


def states(event_id: int, language: str) -> dict[int, Rendered]:
    """Each screen that is not signed off, by its number. Two queries."""
    told = told_at(event_id)  # before the rows: they may be newer, never older
    rows = _screens(event_id)
    return each("screens", rows, lambda screen: state(screen, told.get(screen.pk, 0)), language)


def told_at(event_id: int) -> dict[int, int]:
    """Screen -> the number of the change that last told its sign."""
    changes = Change.objects.filter(event_id=event_id, kind=signs.KIND)
    return dict(changes.order_by().values_list("object_id").annotate(Max("seq")))


def state(screen: Screen, told: int = 0) -> Rendered:
    """One screen in the active language, for pages and frames alike."""
    version = max(screen.version, told)
    html = render_to_string("wall/_screen_state.html", context(screen) | {"version": version})
    return Rendered(screen.key, version, screen.pk, html)


def context(screen: Screen) -> dict[str, Any]:
    sign = _sign(screen)
    return {
        "event": screen.event,
        "screen": screen,
        "sign": sign,
        "told": screen_words.told(sign) if sign is not None else None,
        "alive": "never" if sign is None else "yes" if sign.alive else "no",
    }


def _sign(screen: Screen) -> Sign | None:
    try:
        return screen.sign
    except Sign.DoesNotExist:
        return None


def _screens(event_id: int) -> ScreenQuerySet:
    known = Screen.objects.filter(event_id=event_id, revoked_at=None)
    return known.select_related("event", "room", "sign").order_by("pk")
