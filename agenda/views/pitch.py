"""The pitch page of the stage helpers: see it, call up, type a walk-up, take a part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import phases, pitch_topics, pitching
from agenda.access import guards_itself
from agenda.barcamp import PlaceTaken
from agenda.cards import ProposalRefused, Written
from agenda.middleware import EventRequest
from agenda.models import Barcamp, Event, Proposal
from agenda.phases import NotNow
from agenda.pitches import NoSuchCell
from agenda.pitching import NotPitching
from agenda.placing import ChangedMeanwhile
from agenda.proposals import ProposalChanged
from agenda.views.page import page_context
from eventhub.http import Buckets, error, wants_json
from eventhub.live import reading
from eventhub.live.models import new_key

# A title is stored while it is typed, about twice a second.
_per_person = Buckets(at_once=120, per_second=6)
_per_event = Buckets(at_once=600, per_second=40)
CONFLICTS = (ProposalChanged, PlaceTaken, ChangedMeanwhile, NoSuchCell, NotPitching, NotNow)
_CODES = {ProposalChanged: "changed_meanwhile", PlaceTaken: "taken", NoSuchCell: "gone"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done, in words, and the status that says so."""

    code: str
    message: str
    status: int


def arranged(request: EventRequest) -> Event:
    """The event, if this person arranges its barcamp; otherwise it is not there (404)."""
    return get_object_or_404(Event.objects.pitched_by(request.user), pk=request.event.pk)


@guards_itself
@login_required
@never_cache
@require_safe
def pitch(request: EventRequest, slug: str) -> HttpResponse:
    return _page(request, arranged(request))


@guards_itself
@login_required
@require_POST
def call(request: EventRequest, slug: str) -> HttpResponse:
    """Put `proposal` on stage, none to clear it; `seen` is who stood there for this person."""
    event = arranged(request)
    key, seen = request.POST.get("proposal", ""), request.POST.get("seen")
    proposal = get_object_or_404(Proposal.objects.of(event), key=key) if key else None

    def act() -> dict[str, Any]:
        with phases.helping(event):
            number = None if seen is None else _number_of(event, seen)
            pitching.call_up(event, proposal, seen=number)
        return {"key": key}

    return answer(request, event, act)


@guards_itself
@login_required
@require_POST
def new(request: EventRequest, slug: str) -> HttpResponse:
    """A pitch typed on stage: called up, or next in line while another one has no place yet."""
    event = arranged(request)
    written = Written(request.POST.get("title", ""), host=request.POST.get("host", ""))
    sent_key = request.POST.get("sent_key", "")[:22] or new_key()

    def act() -> dict[str, Any]:
        with phases.helping(event):
            proposal, called = pitching.walk_up(event, written, sent_key=sent_key)
        return {"key": proposal.key, "title": proposal.title, "called": called}

    return answer(request, event, act)


@guards_itself
@login_required
@require_POST
def part(request: EventRequest, slug: str) -> HttpResponse:
    """Type titles, or count and place, from now on; "" leaves both to others."""
    event, wanted = arranged(request), request.POST.get("part", "")

    def act() -> dict[str, Any]:
        with phases.helping(event):
            if wanted in pitching.PARTS:
                pitching.take_part(event, request.user, wanted)
            else:
                pitching.leave_part(event, request.user)
        return {"part": wanted}

    return answer(request, event, act)


def answer(request: EventRequest, event: Event, act: Callable[[], dict[str, Any]]) -> HttpResponse:
    """Do it and say what came of it; or say what is there, and change nothing."""
    if wait_s := _must_wait(request):
        words = _("That was fast. Please wait a moment.")
        return refuse(request, event, Problem("too_fast", words, 429), retry_after_s=wait_s)
    try:
        done = act()
    except CONFLICTS as conflict:
        code = next(
            (code for kind, code in _CODES.items() if isinstance(conflict, kind)), "not_now"
        )
        return refuse(request, event, Problem(code, conflict.message, 409))
    except ProposalRefused as refusal:
        return refuse(request, event, Problem(refusal.code, refusal.message, 422))
    except Barcamp.DoesNotExist:
        return refuse(request, event, Problem("gone", _("This event has no barcamp yet."), 409))
    return JsonResponse(done) if wants_json(request) else redirect(f"/{event.slug}/pitch/")


def refuse(
    request: EventRequest, event: Event, problem: Problem, *, retry_after_s: float | None = None
) -> HttpResponse:
    if wants_json(request):
        return error(
            problem.code, problem.message, status=problem.status, retry_after_s=retry_after_s
        )
    return _page(request, event, problem)


def _page(request: EventRequest, event: Event, problem: Problem | None = None) -> HttpResponse:
    """Log first, rows second."""
    cursor, version = reading.position(event.pk), pitch_topics.version_of(event.pk)
    organizes = Event.objects.organized_by(request.user).filter(pk=event.pk).exists()
    shown = pitch_topics.on_page(event, version)
    phase = Barcamp.objects.filter(event=event).values_list("phase", flat=True).first()
    context = page_context(request) | {
        "cursor": cursor,
        "sheet": shown.html if shown is not None else "",
        "has_barcamp": phase is not None,
        "is_on": phase == Barcamp.Phase.PITCH,
        "own_page": f"/{event.slug}/{'home' if organizes else 'helper'}/",
        "sent_key": new_key(),
        "problem": problem,
    }
    return render(request, "agenda/pitch.html", context, status=problem.status if problem else 200)


def _number_of(event: Event, key: str) -> int:
    """The number of the proposal that somebody saw on stage, 0 for nobody, -1 if it is gone."""
    if not key:
        return 0
    found = Proposal.objects.filter(event=event, key=key[:22]).values_list("pk", flat=True).first()
    return -1 if found is None else found


def _must_wait(request: EventRequest) -> float:
    """Seconds until this person may do something again, 0.0 for now."""
    return _per_person.take(f"{request.event.pk}:{request.user.pk}") or _per_event.take(
        str(request.event.pk)
    )
