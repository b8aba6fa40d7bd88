"""What is done with one card of the pitches: typed, counted, placed, parked, let in, taken back."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import barcamp, phases, pitching, proposals
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Proposal
from agenda.pitches import cell_named
from agenda.views.pitch import Problem, answer, arranged, refuse
from eventhub.addresses import public_base

# What is done without anything further being said.
DEEDS: dict[str, Callable[[Proposal], Any]] = {
    "park": proposals.park,
    "let-in": proposals.let_in,
    "decline": proposals.decline,
    "later": pitching.later,
    "undo": pitching.take_back,
}


@guards_itself
@login_required
@require_POST
def write(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """`title` and `host` as typed, each beside what stood there for this person (`was_…`)."""
    title, host = _typed(request, "title"), _typed(request, "host")

    def act(card: Proposal) -> Proposal:
        return pitching.write(card, title=title, host=host)

    return _do(request, key, act)


@guards_itself
@login_required
@require_POST
def count(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """`hands`, nothing for "enough"; `was` is the number that this person saw."""
    hands, was = (_number(request.POST.get(name, "")) for name in ("hands", "was"))
    if hands is None and request.POST.get("hands", "").strip():
        words = _("That is not a number of hands.")
        return refuse(request, arranged(request), Problem("bad_count", words, 422))
    seen = (was,) if "was" in request.POST else None
    return _do(request, key, lambda card: pitching.count(card, hands, was=seen))


@guards_itself
@login_required
@require_POST
def place(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Into the `cell` of the board. What is typed and counted meanwhile is in nobody's way."""

    def act(card: Proposal) -> None:
        period, room = cell_named(card.event, request.POST.get("cell", ""))
        barcamp.place(card, room, period.starts_at, period.ends_at)

    return _do(request, key, act)


@guards_itself
@login_required
@require_POST
def deed(request: EventRequest, slug: str, key: str, name: str) -> HttpResponse:
    if name not in DEEDS:
        raise Http404
    return _do(request, key, DEEDS[name])


@guards_itself
@login_required
@never_cache
@require_safe
def code(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """The address under which the host may correct the card, as a picture."""
    import segno  # on first use: it costs start time

    card = get_object_or_404(Proposal.objects.of(arranged(request)), key=key)
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    drawn = segno.make(f"{base}/{slug}/board/code/{card.code}", error="m", micro=False)
    picture = BytesIO()
    drawn.save(
        picture, kind="svg", border=4, dark="#10201f", light="#ffffff", omitsize=True, xmldecl=False
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _do(request: EventRequest, key: str, verb: Callable[[Proposal], Any]) -> HttpResponse:
    event = arranged(request)
    card = get_object_or_404(Proposal.objects.of(event), key=key)

    def act() -> dict[str, Any]:
        with phases.helping(event):
            now = verb(card)
        return {"key": key, "version": now.version if isinstance(now, Proposal) else 0}

    return answer(request, event, act)


def _typed(request: EventRequest, name: str) -> tuple[str, str] | None:
    """(what stood there, what shall stand there); None if the form says nothing of it."""
    if name not in request.POST:
        return None
    return request.POST.get(f"was_{name}", ""), request.POST[name]


def _number(raw: str) -> int | None:
    raw = raw.strip()
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else None
