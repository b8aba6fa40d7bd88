"""The beamer's page, behind a key that never stands in a path, and how a screen gets in."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import stage_topics
from agenda.middleware import law_of_only_event
from agenda.models import Slot
from eventhub.addresses import public_base
from eventhub.http import Buckets, busy, client_of
from eventhub.live import reading
from eventhub.live.fragments import on_page
from eventhub.pace import proven
from eventhub.static_files import build_id
from wall import directing, pairing, prompt_topics, screens, slides, step_topics, steps
from wall.models import Post, Screen
from wall.screen_topics import draw_plan, hidden_on_page, rail_context
from wall.topics import on_wall
from wall.views import screen_pairing

_tries = Buckets(at_once=30, per_second=1)


@never_cache
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """With the cookie: its slides, in its language or the event's. Without: the way to a key."""
    shown = Screen.objects.with_key(request.COOKIES.get(settings.SCREEN_COOKIE_NAME, ""))
    waiting = request.COOKIES.get(settings.PAIRING_COOKIE_NAME, "")
    if shown is None:
        found = pairing.known(waiting)
        context = screen_pairing.where(request, found) if found is not None else {}
        return render(request, "wall/screen_enter.html", law_of_only_event() | context)
    proven.add(settings.SCREEN_COOKIE_NAME, request.COOKIES[settings.SCREEN_COOKIE_NAME])
    event = shown.event
    language = shown.language or event.language
    cursor = reading.position(event.pk)
    at = timezone.now()
    planned = draw_plan(event, at)
    begins = slides.first(planned.plan, shown, at)
    with translation.override(language):
        base = public_base(request.get_host(), scheme=request.scheme or "http")
        posts = steps.on_walls(Post.objects.filter(event=event).to_draw()).newest()
        context = rail_context(event, base=base) | {
            **hidden_on_page(planned, shown, language),
            "screen": shown,
            "programme_scene": begins.scene,
            "scene": begins.slide,
            "prompts": prompt_topics.shown(event.pk, language).values(),
            "steps": step_topics.for_screens(event.pk, language).values(),
            "stage": stage_topics.on_page(event),
            "posts": on_page("wall", posts, on_wall),
            "slots": Slot.objects.of(event).in_order(),
            "cursor": cursor,
            "language": language,
            "build": build_id(),
        }
        over = request.GET.get("overlay") == "1"  # over another picture, for a mixer
        context["now_ms"] = directing.ms(timezone.now())
        template = "wall/overlay.html" if over else "wall/screen.html"
        response = render(request, template, context)
    if waiting:
        pairing.fetched(shown)
        response.delete_cookie(settings.PAIRING_COOKIE_NAME, samesite="Lax")
    return response


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Exchange the key behind the # for a cookie that scripts cannot read."""
    if _tries.take(client_of(request)):
        return busy(request)
    key = request.POST.get("key", "")[:100]
    if (found := Screen.objects.with_key(key)) is None:
        raise Http404
    screens.opened(found)
    response = HttpResponse(status=204)
    screen_pairing.set_key(response, key)
    return response
