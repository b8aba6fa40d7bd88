"""Steps as topics show them: one panel for desk and home, one fact each for screens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from eventhub.live.fragments import drawn, each
from eventhub.live.models import Change
from eventhub.live.topics import Rendered
from wall import steps
from wall.models import Post, Step

KEY = "steps"  # of the panel: its rows come and go
What = Step.What
# What each does to the hall, in the words of whoever must choose one in a hurry.
DOES: dict[str, Promise] = {
    What.BRAKE: _("Only trusted authors and what you show. The wall keeps what it has."),
    What.CLEAR: _("Every post leaves screens and phones. Programme and hashtag stay."),
    What.LOGO: _("The screens show nothing but the name of the event."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One step on the panel, with its row while it stands."""

    what: str
    label: str
    does: Promise
    step: Step | None


# --- the panel


def version_of(event_id: int) -> int:
    """The number of the last change of a step: a step that was lifted has no row any more."""
    last = Change.objects.filter(event_id=event_id, kind=Step.kind).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0


def panel(event: Event) -> Rendered:
    """Which steps stand, since when and by whom, in the active language. Two queries."""
    version = version_of(event.pk)  # before the rows: they may be newer, never older
    return _panel(event, version)


def _panel(event: Event, version: int) -> Rendered:
    html = render_to_string("wall/_steps.html", context(event) | {"version": version})
    return Rendered(KEY, version, 0, html)


def context(event: Event) -> dict[str, Any]:
    now = steps.standing(event)
    choices = [Choice(w, str(w.label), DOES[w], now.get(w)) for w in steps.STORM]
    return {"event": event, "choices": choices, "spotlight": now.get(What.SPOTLIGHT)}


def panel_of(event_id: int, language: str) -> list[Rendered]:
    """The panel for a topic; [] if it cannot be drawn."""
    version = version_of(event_id)
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return []
    with translation.override(language):
        found = drawn("desk", event, lambda event: _panel(event, version))
    return [found] if found is not None else []


def render_panel(event_id: int, object_ids: Sequence[int], language: str) -> Mapping[int, Rendered]:
    """The panel, whichever step has changed."""
    found = panel_of(event_id, language)
    return dict.fromkeys(object_ids, found[0]) if found else {}


# --- what a screen hears


def for_screens(
    event_id: int, language: str, object_ids: Sequence[int] | None = None
) -> dict[int, Rendered]:
    """Each step that stands; the spotlight with its post. The brake is nobody's business there."""
    rows = Step.objects.filter(event_id=event_id).exclude(what=What.BRAKE).order_by("pk")
    rows = rows if object_ids is None else rows.filter(pk__in=object_ids)
    return each("screen", rows.select_related("event", "screen", *_POST), on_screen, language)


_POST = ("post", "post__event", "post__attendee", "post__session", "post__photo")


def on_screen(step: Step) -> Rendered:
    post = step.post
    shown = post is not None and post.state == Post.State.SHOWN
    context = {"step": step, "post": post if shown else None, "event": step.event}
    html = render_to_string("wall/_screen_step.html", context)
    return Rendered(step.key, step.version, step.pk, html)
