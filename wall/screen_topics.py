"""A screen as a topic: what stands beside the posts, what each screen of the event shows, and the
plan by which all of them go.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda import access, descriptions, info, qr
from agenda.models import Barcamp, Event, Period, Slot
from eventhub.addresses import public_base, without_scheme
from eventhub.live.fragments import drawn, each
from eventhub.live.models import Change
from eventhub.live.topics import EVENT, Grant, Rendered, Topic, Visitor, registry
from wall import (
    directing,
    director,
    plan_portions,
    prompt_topics,
    rehearsal_posts,
    screen_pieces,
    step_topics,
)
from wall.director import Plan, Settings
from wall.models import Delay, Direction, Placard, Prompt, Rehearsal, Screen, Source, Step
from wall.models.screen import ScreenQuerySet

# Rows that know nothing of screens, and with which their plan changes.
OF_PROGRAMME = (Slot.kind, Period.kind, Barcamp.kind, descriptions.KIND)
OF_PLAN = (*OF_PROGRAMME, Delay.kind, Direction.kind)


def register() -> None:
    access.recognise_with(_right_of_screen)
    follows = (*OF_PROGRAMME, Source.kind)
    registry.add(Topic("screen", _screen, _render, _window, asks_database=True, follows=follows))


def _screen(event_id: int, visitor: Visitor) -> Grant | None:
    subject = _right_of_screen(event_id, visitor.cookies)
    return Grant("screen", subject=subject) if subject else None


def _right_of_screen(event_id: int, cookies: Mapping[str, str]) -> str:
    """ "screen:5" if these are the cookies of one of this event's screens, "" if not."""
    key = cookies.get(settings.SCREEN_COOKIE_NAME, "")
    screen = Screen.objects.with_key(key) if key else None
    return f"screen:{screen.pk}" if screen is not None and screen.event_id == event_id else ""


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind in OF_PLAN:
        found = _plan(event_id)
        return dict.fromkeys(object_ids, found) if found is not None else {}
    if kind == EVENT:
        return _rails(event_id, language)
    if kind == Source.kind:
        return screen_pieces.networks(event_id, object_ids, language)
    draw = _ROWS.get(kind)
    return draw(event_id, language, object_ids) if draw is not None else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    plan = _plan(event_id)
    rows = [item for draw in _ROWS.values() for item in draw(event_id, language, None).values()]
    return [
        *_rails(event_id, language).values(),
        *screen_pieces.networks(event_id, [0], language).values(),
        *([plan] if plan is not None else []),
        *rows,
    ]


def hidden_on_page(drawn_plan: "DrawnPlan", screen: Screen, language: str) -> dict[str, Any]:
    """What the page of `screen` holds for its scripts, beside what they draw."""
    event = drawn_plan.event
    return {
        "own": on_screen(screen, drawn_plan.plan.settings).html,
        "plan": drawn_plan.rendered.html,
        "rehearsals": rehearsals(event.pk, language).values(),
        "pieces": screen_pieces.for_screens(event.pk, language),
    }


# --- what each screen shows; every one of them hears of all, and follows its own


def _screens(event_id: int) -> ScreenQuerySet:
    known = Screen.objects.filter(event_id=event_id, revoked_at=None)
    return known.select_related("room").order_by("pk")


def screens(
    event_id: int, language: str, object_ids: Sequence[int] | None
) -> Mapping[int, Rendered]:
    rows = _screens(event_id)
    rows = rows if object_ids is None else rows.filter(pk__in=object_ids)
    settings_of_event = directing.settings_of(event_id)
    return each("screen", rows, lambda row: on_screen(row, settings_of_event), language)


def on_screen(screen: Screen, told: Settings) -> Rendered:
    context = {
        "screen": screen,
        "nudged_ms": directing.ms(screen.nudged_at) if screen.nudged_at else "",
        "reload_ms": directing.ms(screen.reload_at) if screen.reload_at else "",
        "turns": turns_told(screen, told),
    }
    html = render_to_string("wall/_screen.html", context)
    return Rendered(screen.key, screen.version, screen.pk, html)


def turns_told(screen: Screen, told: Settings) -> str:
    """The slides that take turns on it, by scene, as its scripts read them."""
    return json.dumps(director.of_screen(screen, told), separators=(",", ":"))


# --- the plan


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    """The plan of an event, and how it travels."""

    event: Event
    plan: Plan
    rendered: Rendered


def draw_plan(event: Event, at: datetime) -> DrawnPlan:
    """All places, from the day of `at` on."""
    changes = Change.objects.filter(event_id=event.pk, kind__in=OF_PLAN).order_by("-seq")
    version = changes.values_list("seq", flat=True).first() or 0  # before the rows
    rehearsed = directing.rehearsed(event)
    plan = directing.plan_of(event, at, rehearsed)
    said = screen_pieces.said(event.pk, plan_portions.people_for(event, at, rehearsed))
    context = {"plan": directing.told(plan, said), "version": version}
    html = render_to_string("wall/_screen_plan.html", context)
    return DrawnPlan(event, plan, Rendered("plan", version, 0, html))


def _plan(event_id: int) -> Rendered | None:
    found = Event.objects.filter(pk=event_id).first()
    if found is None:
        return None
    return drawn("screen", found, lambda event: draw_plan(event, timezone.now()).rendered)


# --- what is rehearsed


def rehearsals(
    event_id: int, language: str, object_ids: Sequence[int] | None = None
) -> Mapping[int, Rendered]:
    rows = Rehearsal.objects.filter(event_id=event_id).order_by("pk")
    rows = rows if object_ids is None else rows.filter(pk__in=object_ids)
    return each("screen", rows.select_related("event", "screen"), _rehearsed, language)


def _rehearsed(row: Rehearsal) -> Rendered:
    context = {
        "rehearsal": row,
        "starts_ms": directing.ms(row.starts_at),
        "began_ms": directing.ms(row.began_at),
        "posts": rehearsal_posts.drawn(row.event, row.starts_at),
    }
    html = render_to_string("wall/_rehearsal.html", context)
    return Rendered(row.key, row.version, row.pk, html)


# --- what stands beside the posts: hashtag, short address, QR code


def _rails(event_id: int, language: str) -> dict[int, Rendered]:
    with translation.override(language):
        rails = {e.pk: drawn("screen", e, _rail) for e in Event.objects.filter(pk=event_id)}
    return {pk: rail for pk, rail in rails.items() if rail is not None}


def _rail(event: Event) -> Rendered:
    return Rendered("rail", 0, 0, render_to_string("wall/_rail.html", rail_context(event)))


def rail_context(event: Event, *, base: str = "") -> dict[str, Any]:
    """What stands beside the posts. `base` is where this very screen was opened, if known."""
    wifi = info.wifi(event)
    return {
        "event": event,
        "code": event.code,
        "short_host": without_scheme(base or public_base()),
        "qr_url": f"/{event.slug}/qr.svg",
        "wifi": wifi,
        "wifi_code": qr.draw(wifi.code) if wifi else None,
    }


def _placards(
    event_id: int, language: str, object_ids: Sequence[int] | None
) -> Mapping[int, Rendered]:
    return screen_pieces.placards(event_id, language, object_ids)


# Rows that are drawn one by one; each reads all of them for None.
_ROWS: Mapping[str, Callable[[int, str, Sequence[int] | None], Mapping[int, Rendered]]] = {
    Screen.kind: screens,
    Step.kind: step_topics.for_screens,
    Prompt.kind: prompt_topics.shown,
    Rehearsal.kind: rehearsals,
    Placard.kind: _placards,
}
