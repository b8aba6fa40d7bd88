"""The screens as those see them who look after them: one item each, alive or not, and what it does.

Who may hear it: whoever may direct the stage, or uses the desk. Writes nothing.
"""

from collections.abc import Mapping, Sequence

from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from agenda import descriptions
from agenda.access import user_of
from agenda.models import Barcamp, Event, Period, Slot
from eventhub.live.fragments import drawn, each
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import directing, rehearsals, screen_plans, screen_words, screens, signs
from wall.models import Delay, Direction, Rehearsal, Screen, Sign
from wall.scenes import Plan

OF_SCREENS = (Screen.kind, signs.KIND)
OF_PROGRAMME = (Slot.kind, Period.kind, Barcamp.kind, descriptions.KIND)
OF_PLANS = (*OF_PROGRAMME, Direction.kind, Delay.kind)
PLANS = "plans"  # the key of the item with what all screens follow


def register() -> None:
    registry.add(
        Topic("screens", _staff, _render, _window, asks_database=True, follows=OF_PROGRAMME)
    )


def _staff(event_id: int, visitor: Visitor) -> Grant | None:
    user = user_of(visitor.cookies)
    if user is None or not Event.objects.staged_by(user).filter(pk=event_id).exists():
        return None
    return Grant("screens", subject=f"user:{user.pk}")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind in OF_PLANS:
        found = _plans(event_id, language)
        return dict.fromkeys(object_ids, found) if found is not None else {}
    if kind not in OF_SCREENS:
        return {}
    return states(event_id, language, object_ids)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    plans = _plans(event_id, language)
    found = list(states(event_id, language).values())
    return [*found, plans] if plans is not None else found


# --- each screen


def states(
    event_id: int, language: str, object_ids: Sequence[int] | None = None
) -> dict[int, Rendered]:
    """Each screen that is not signed off, by its number. The same queries, however many."""
    told = told_at(event_id)  # before the rows: they may be newer, never older
    rows = Screen.objects.filter(event_id=event_id, revoked_at=None)
    rows = rows if object_ids is None else rows.filter(pk__in=object_ids)
    found = list(rows.select_related("event", "room", "sign").order_by("pk"))
    if not found:
        return {}
    plan = _plan_of_now(found[0].event)
    rehearsed = list(rehearsals.standing(found[0].event))

    def draw(screen: Screen) -> Rendered:
        plays = rehearsals.of_screen(screen, rehearsed)
        return _state(screen, told.get(screen.pk, 0), plan, plays)

    return each("screens", found, draw, language)


def told_at(event_id: int) -> dict[int, int]:
    """Screen -> the number of the change that last told its sign."""
    changes = Change.objects.filter(event_id=event_id, kind=signs.KIND)
    return dict(changes.order_by().values_list("object_id").annotate(Max("seq")))


def _state(screen: Screen, told: int, plan: Plan, plays: Rehearsal | None) -> Rendered:
    version = max(screen.version, told)
    sign = _sign(screen)
    context = {
        "event": screen.event,
        "screen": screen,
        "sign": sign,
        "told": screen_words.told(sign) if sign is not None else None,
        "alive": "never" if sign is None else "yes" if sign.alive else "no",
        "plan": _picture(screen.event, plan, screen.stands),
        "version": version,
        "plays": plays,
        "mark": screens.mark_of(screens.settings_of(screen)),
    }
    html = render_to_string("wall/_screen_state.html", context)
    return Rendered(screen.key, version, screen.pk, html)


def _sign(screen: Screen) -> Sign | None:
    try:
        return screen.sign
    except Sign.DoesNotExist:
        return None


# --- what they follow, drawn anew for every place when the programme changes


def _plans(event_id: int, language: str) -> Rendered | None:
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return None
    with translation.override(language):
        return drawn("screens", event, plans_on_page)


def plans_on_page(event: Event) -> Rendered:
    """In the active language. Eight queries, however many screens there are."""
    last = Change.objects.filter(event_id=event.pk, kind__in=OF_PLANS).order_by("-seq")
    version = last.values_list("seq", flat=True).first() or 0  # before the rows
    plan = _plan_of_now(event)
    pictures = [_picture(event, plan, stands) for stands in plan.places]
    context = {"pictures": pictures, "version": version}
    return Rendered(PLANS, version, 0, render_to_string("wall/_plan_pictures.html", context))


def _plan_of_now(event: Event) -> Plan:
    """Whatever is rehearsed: the staff sees the day that is."""
    return directing.plan_of(event, timezone.now(), also=())


def _picture(event: Event, plan: Plan, stands: str) -> SafeString:
    found = screen_plans.picture(event, plan, stands, timezone.now())
    parts = [(part, screen_words.SCENES[part.scene]) for part in found.parts]
    coming = screen_words.SCENES[found.next.scene] if found.next is not None else ""
    context = {"event": event, "picture": found, "parts": parts, "next_words": coming}
    return render_to_string("wall/_plan_picture.html", context)
