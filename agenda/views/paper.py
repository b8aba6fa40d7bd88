"""The print pages of a barcamp: room sheets, cards for the wall, blank cards. For its staff."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda import paper
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Barcamp
from agenda.views.page import page_context
from agenda.views.plan import staffed
from eventhub.addresses import public_base, without_scheme

Fill = Callable[[EventRequest, Barcamp, str], dict[str, Any]]


def printed(template: str) -> Callable[[Fill], Callable[..., HttpResponse]]:
    """A page of sheets; what it is filled with needs the barcamp and the address of phones."""

    def page(fill: Fill) -> Callable[..., HttpResponse]:
        @guards_itself
        @login_required
        @never_cache
        @require_safe
        def view(request: EventRequest, slug: str) -> HttpResponse:
            event = staffed(request)
            barcamp = get_object_or_404(Barcamp, event=event)
            base = public_base(request.get_host(), scheme=request.scheme or "http")
            context = page_context(request) | {
                "way_in": paper.way_in(event, base),
                "short_host": without_scheme(base),
                "printed_at": timezone.now(),
            }
            return render(request, template, context | fill(request, barcamp, base))

        return view

    return page


@printed("agenda/paper_rooms.html")
def rooms(request: EventRequest, barcamp: Barcamp, base: str) -> dict[str, Any]:
    return {"sheets": paper.sheets(request.event), "page": "rooms"}


@printed("agenda/paper_cards.html")
def cards(request: EventRequest, barcamp: Barcamp, base: str) -> dict[str, Any]:
    wanted = request.GET.get("only", "")
    which = wanted if wanted in (paper.WAITING, paper.PLACED) else ""
    found = paper.cards(request.event, barcamp, which=which, base=base)
    return {"sheets": found, "which": which, "page": "cards"}


@printed("agenda/paper_blank.html")
def blank(request: EventRequest, barcamp: Barcamp, base: str) -> dict[str, Any]:
    return {"page": "blank", "four": range(4)}
