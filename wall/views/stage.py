"""The stage: one thumb directs the screens, live and as plain forms. Never on a projected page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from eventhub.live import reading
from wall import actions, cue_topics, directing, screens_topics, stage
from wall.views.desk_ground import person
from wall.views.stage_ground import staged


@guards_itself
@login_required
@never_cache
@require_safe
def page(request: EventRequest, slug: str) -> HttpResponse:
    return draw(request, staged(request))


@guards_itself
@login_required
@never_cache
@require_safe
def cues(request: EventRequest, slug: str) -> HttpResponse:
    """For whoever sits at the mixer: when the shared projectors change hands today."""
    event = staged(request)
    context = _frame(request, event) | {"back": f"/{slug}/stage/"}
    return render(request, "wall/stage_cues.html", context)


def draw(
    request: EventRequest, event: Event, *, problem: str = "", text: str = "", status: int = 200
) -> HttpResponse:
    """The stage page, with what was wrong and the words that were typed. Log first, rows second."""
    context = _frame(request, event)
    deed = stage.undoable(event, person(request), timezone.now())
    context |= {
        "states": screens_topics.states(event.pk, get_language() or event.language).values(),
        "standing": cue_topics.standing(event),
        "spots": cue_topics.spots(event),
        "deed": deed,
        "done": actions.words(deed) if deed is not None else "",
        "problem": problem,
        "text": text,
    }
    return render(request, "wall/stage.html", context, status=status)


def _frame(request: EventRequest, event: Event) -> dict[str, Any]:
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "organizes": Event.objects.organized_by(request.user).filter(pk=event.pk).exists(),
    }
    return context | {"cues": cue_topics.cues(event), "now_ms": directing.ms(timezone.now())}
