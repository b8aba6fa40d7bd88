"""A screen as a topic: what stands beside the posts, and what each screen of the event shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from agenda import access
from agenda.models import Event
from eventhub.addresses import public_base, without_scheme
from eventhub.live.fragments import drawn, each
from eventhub.live.topics import EVENT, Grant, Rendered, Topic, Visitor, registry
from wall import prompt_topics, step_topics
from wall.models import Prompt, Screen, Step
from wall.models.screen import ScreenQuerySet


def register() -> None:
    access.recognise_with(_right_of_screen)
    registry.add(Topic("screen", _screen, _render, _window, asks_database=True))


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
    if kind == Screen.kind:
        return each("screen", _screens(event_id).filter(pk__in=object_ids), on_screen, language)
    if kind == Step.kind:
        return step_topics.for_screens(event_id, language, object_ids)
    if kind == Prompt.kind:
        return prompt_topics.shown(event_id, language, object_ids)
    return _rails(event_id, language) if kind == EVENT else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    rails = _rails(event_id, language)
    screens = each("screen", _screens(event_id), on_screen, language)
    standing = step_topics.for_screens(event_id, language)
    asked = prompt_topics.shown(event_id, language)
    return [*rails.values(), *screens.values(), *standing.values(), *asked.values()]


# --- what each screen shows; every one of them hears of all, and follows its own


def _screens(event_id: int) -> ScreenQuerySet:
    known = Screen.objects.filter(event_id=event_id, revoked_at=None)
    return known.select_related("room").order_by("pk")


def on_screen(screen: Screen) -> Rendered:
    html = render_to_string("wall/_screen.html", {"screen": screen})
    return Rendered(screen.key, screen.version, screen.pk, html)


# --- what stands beside the posts: hashtag, short address, QR code


def _rails(event_id: int, language: str) -> dict[int, Rendered]:
    with translation.override(language):
        rails = {e.pk: drawn("screen", e, _rail) for e in Event.objects.filter(pk=event_id)}
    return {pk: rail for pk, rail in rails.items() if rail is not None}


def _rail(event: Event) -> Rendered:
    return Rendered("rail", 0, 0, render_to_string("wall/_rail.html", rail_context(event)))


def rail_context(event: Event, *, base: str = "") -> dict[str, Any]:
    """What stands beside the posts. `base` is where this very screen was opened, if known."""
    return {
        "event": event,
        "code": event.code,
        "short_host": without_scheme(base or public_base()),
        "qr_url": f"/{event.slug}/qr.svg",
    }
