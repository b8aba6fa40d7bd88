"""What is done to one screen: set up, tested, loaded anew, signed off."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.views import page_context
from eventhub.http import error, slow_down, wants_json
from eventhub.live import reading
from wall import screen_form, screens, screens_topics
from wall.models import Screen
from wall.screen_form import SettingsForm
from wall.views.desk_ground import person
from wall.views.screen_ground import back, deed, organized, screen_of, staged, too_soon


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """How one screen is set. 409, with what is there now, where somebody was faster."""
    event = organized(request)
    screen = screen_of(event, key)
    now = screens.settings_of(screen)
    if request.method != "POST":
        return _page(request, screen, SettingsForm(event, screen_form.filled(now)), now)
    if wait_s := too_soon(request, event.pk):
        return slow_down(request, wait_s)
    form = SettingsForm(event, request.POST)
    if not form.is_valid():
        words = _("Something is missing. Look at the marked lines.")
        if wants_json(request):
            return error("bad_request", words, status=422)
        was = screen_form.read(request.POST.get("was", ""))
        return _page(request, screen, form, was or now, status=422, problem=words)
    try:
        wanted = now | form.settings()
        was = now | screen_form.read(request.POST.get("was", ""))
        # Of a screen in a room the form does not say hall or foyer.
        changed = screens.set_up(screen, wanted, was=was | _unsaid(form, wanted))
    except screens.SetMeanwhile as conflict:
        return _conflict(request, screen, conflict)
    if wants_json(request):
        return JsonResponse({"changed": changed})
    return redirect(f"/{slug}/home/screens/#screen-{screen.pk}")


def _unsaid(form: SettingsForm, wanted: dict[str, Any]) -> dict[str, Any]:
    said = form.settings()
    return {name: value for name, value in wanted.items() if name not in said}


def _conflict(
    request: EventRequest, screen: Screen, conflict: screens.SetMeanwhile
) -> HttpResponse:
    words = _("Somebody else has set this screen meanwhile. This is how it is set now.")
    if wants_json(request):
        return error("changed_meanwhile", words, status=409)
    screen = screen_of(screen.event, screen.key)
    now = screens.settings_of(screen)
    form = SettingsForm(screen.event, screen_form.filled(now))
    context = {"problem": words, "clashing": conflict.fields}
    return _page(request, screen, form, now, status=409, **context)


def _page(
    request: EventRequest,
    screen: Screen,
    form: SettingsForm,
    was: dict[str, Any],
    *,
    status: int = 200,
    **said: Any,
) -> HttpResponse:
    event, language = screen.event, get_language() or screen.event.language
    context = page_context(request) | {
        "cursor": reading.position(screen.event_id),
        "screen": screen,
        "state": screens_topics.states(event.pk, language, [screen.pk])[screen.pk],
        "plans": screens_topics.plans_on_page(event),
        "form": form,
        "was": screen_form.written(was),
        "mark": screens.mark_of(screens.settings_of(screen) | was),
    }
    return render(request, "wall/screen_settings.html", context | said, status=status)


@deed(staged)
def test(request: EventRequest, screen: Screen) -> HttpResponse:
    """`stands`: "yes" shows the test picture for a minute, "no" ends it."""
    stands = request.POST.get("stands") != "no"
    if stands:
        screens.show_test(screen, by=person(request))
    else:
        screens.end_test(screen)
    return JsonResponse({"stands": stands}) if wants_json(request) else back(request, screen)


@deed(staged)
def reload(request: EventRequest, screen: Screen) -> HttpResponse:
    """Its page is loaded anew, at the next change of slide."""
    screens.reload(screen)
    return JsonResponse({}) if wants_json(request) else back(request, screen)


@deed(organized)
def revoke(request: EventRequest, screen: Screen) -> HttpResponse:
    """Its key opens nothing any more; a second time it is not there."""
    screens.revoke(screen)
    if wants_json(request):
        return JsonResponse({})
    return redirect(f"/{request.event.slug}/home/screens/")
