"""Look up the event that an address names, know its guest, and speak the right language.

Whoever may not read a closed event gets no further than here.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from agenda import access, attendees, offline
from agenda.models import Event, User
from eventhub.http import browser_wish, error, host_allowed, wants_json
from eventhub.live import lanes
from eventhub.pace import proven


class EventRequest(HttpRequest):
    """A request below /SLUG/: `event` is there, `attendee_key` if a cookie proves itself.

    `is_stranger`: may not read it. The frame of a page then shows the event's name and no more.
    """

    event: Event
    is_stranger: bool
    attendee_key: str | None
    user: User


class EventMiddleware:
    """Sets `request.event` for every route with a slug (404 if there is none) and the language."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not host_allowed(request.get_host()):
            raise DisallowedHost(f"Unknown host {request.get_host()!r}.")
        speak(request, None if _names_event(request.path_info) else only_event())
        try:
            with lanes.one_request():
                response = self.get_response(request)
        finally:
            translation.deactivate()
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        _remember(request)
        if (event := getattr(request, "event", None)) and event.closed:
            _keep_nowhere(response)
        _say_whether_to_keep(request, response, event)
        return response

    def process_view(
        self, request: EventRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if (slug := kwargs.get("slug")) is None:
            return None
        event = Event.objects.filter(slug=slug).first()
        if event is None:
            speak(request, only_event())
            raise Http404
        request.event = event
        name = attendees.cookie_name(event.pk, settings.ATTENDEE_COOKIE_NAME)
        request.attendee_key = attendees.key_from(request.COOKIES.get(name, ""), event.pk)
        speak(request, event)
        request.is_stranger = not access.may_read(event, request.COOKIES)
        if request.is_stranger and not getattr(view, "guards_itself", False):
            return turned_away(request)
        return None


def turned_away(request: EventRequest, *, problem: str = "", status: int = 403) -> HttpResponse:
    """To strangers a closed event says its name, its imprint, and where to type the code."""
    if wants_json(request) or request.path_info.startswith("/poll/"):
        return error("closed", problem or _("Type the code of this event first."), status=status)
    event = request.event
    context = law_links(event) | {"name": event.name, "slug": event.slug, "error": problem}
    return render(request, "agenda/join.html", context | {"closed": event.closed}, status=status)


def law_links(event: Event) -> dict[str, str]:
    """What the foot of a page needs that may show nothing else of its event."""
    here = f"/{event.slug}"
    return {"imprint_url": f"{here}/impressum", "privacy_url": f"{here}/datenschutz"}


def _remember(request: HttpRequest) -> None:
    """Somebody signed in has a pace of their own from now on (eventhub.pace)."""
    user = getattr(request, "_cached_user", None)  # only if a view has asked who it is
    if user is not None and user.is_authenticated:
        proven.add(
            settings.SESSION_COOKIE_NAME, request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        )


def _keep_nowhere(response: HttpResponse) -> None:
    """What a closed event says is for this visitor now, and for no cache."""
    if "no-store" not in response.get("Cache-Control", ""):
        response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"


def _say_whether_to_keep(request: HttpRequest, response: HttpResponse, event: Event | None) -> None:
    """The worker in the browser (agenda/sw.js) keeps what this allows, and drops the rest."""
    route = request.resolver_match.route if request.resolver_match else ""
    if word := offline.may_be_kept(route, event, status=response.status_code):
        response[offline.HEADER] = word


def speak(request: HttpRequest, event: Event | None) -> None:
    """The visitor's own choice, else the browser's wish, else the event's language.

    Of the two German catalogues the event decides which one: du and Sie never mix on a page. In
    the admin it is Sie: Django's own sentences say so.
    """
    default = event.language if event else settings.LANGUAGE_CODE
    german = default if default.startswith("de") else settings.LANGUAGE_CODE
    if request.path_info.startswith("/admin/"):
        german = Event.Language.DE_FORMAL
        default = german if default.startswith("de") else default
    wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")[:2]
    if wish not in {"de", "en"}:
        wish = browser_wish(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    language = {"de": german, "en": "en"}.get(wish, default)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _names_event(path: str) -> bool:
    try:
        return "slug" in resolve(path).kwargs
    except Resolver404:
        return False


def law_of_only_event() -> dict[str, str]:
    """For pages of no event. Strangers do not learn the address of a closed one."""
    event = only_event()
    return law_links(event) if event is not None and not event.closed else {}


def only_event() -> Event | None:
    """The event that a page of no event speaks like, and whose imprint it names: the only one.

    Whoever says Sie in their event says it at the log-in as well. None if the database is away:
    the page itself says that, where it matters.
    """
    try:
        events = list(Event.objects.order_by()[:2])
    except DatabaseError:
        return None
    return events[0] if len(events) == 1 else None
