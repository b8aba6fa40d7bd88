"""The code of a card: whoever holds the card types or scans it, and may correct it from then on."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda import hosting
from agenda.middleware import EventRequest
from agenda.views.at_board import barcamp_of
from agenda.views.page import let_in, page_context
from eventhub.http import Buckets, client_of, error, slow_down, wants_json
from eventhub.live.models import new_key

# Of codes that fit nothing; one that fits always comes through. A hall has one address.
misses_of_guest = Buckets(at_once=10, per_second=0.05)
misses_of_address = Buckets(at_once=60, per_second=0.2)


@never_cache
@require_safe
def scanned(request: EventRequest, slug: str, code: str) -> HttpResponse:
    """The code as a camera reads it. Nothing happens before somebody says that it is theirs."""
    barcamp_of(request)
    return _page(request, typed=hosting.as_code(code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: EventRequest, slug: str) -> HttpResponse:
    """GET: where to type it. POST: `code`; its card is the sender's from now on as well."""
    barcamp_of(request)
    if request.method != "POST":
        return _page(request)
    if request.event.is_cleared:
        return _page(request, problem=_("What guests have written has been deleted."), status=410)
    typed = hosting.as_code(request.POST.get("code", ""))
    # The card's code is as good as the one on the screen: it hangs in the same hall.
    key = request.attendee_key or new_key()
    card = hosting.claim(request.event, key, typed) if typed else None
    if card is None:
        return _missed(request)
    response = redirect(f"/{slug}/board/proposals/{card.key}/")
    if request.attendee_key is None:
        let_in(response, request.event, key)
    return response


def _missed(request: EventRequest) -> HttpResponse:
    """No such card; who guesses has to wait more and more."""
    guest = f"{request.event.pk}:{request.attendee_key}" if request.attendee_key else ""
    wait_s = misses_of_address.take(client_of(request)) or (
        misses_of_guest.take(guest) if guest else 0.0
    )
    if wait_s:
        return slow_down(request, wait_s)
    words = _("This code fits no card. Look at the card once more.")
    if wants_json(request):
        return error("no_card", words, status=404)
    return _page(request, problem=words, status=404)


def _page(
    request: EventRequest, *, typed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    context = page_context(request) | {"typed": typed, "problem": problem}
    return render(request, "agenda/board_code.html", context, status=status)
