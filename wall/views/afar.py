"""The event for those at home: wall, now and next on one page that can be sent around."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agenda import day
from agenda.middleware import EventRequest
from agenda.views import page_context
from eventhub.keeping import MOVES, keepable
from eventhub.live import reading
from eventhub.live.fragments import on_page
from wall import prompt_topics, steps
from wall.models import Post
from wall.topics import on_wall

WALL = (*MOVES, "wall", "prompt")


@require_safe
@keepable(topics=WALL, seconds=10)  # minutes are counted on it
def afar(request: EventRequest, slug: str) -> HttpResponse:
    """Nothing on it is the reader's own. Log first, rows second."""
    event, at = request.event, timezone.now()
    cursor = reading.position(event.pk)
    posts = steps.on_walls(Post.objects.filter(event=event).to_draw()).newest()
    context = page_context(request) | day.now_and_next(event, at) | {"now": at, "cursor": cursor}
    context["posts"] = on_page("wall", posts, on_wall)
    asked = prompt_topics.shown(event.pk, get_language() or event.language)
    context["prompts"] = asked.values()
    return render(request, "wall/afar.html", context)
