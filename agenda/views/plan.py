"""The staff's board of a barcamp: the page, who may use it, and how its deeds are answered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.arranging import Locked
from agenda.barcamp import PlaceTaken
from agenda.cards import ProposalRefused
from agenda.middleware import EventRequest
from agenda.models import Barcamp, Event, Proposal, Slot
from agenda.phases import NotNow
from agenda.placing import ChangedMeanwhile, ImpossiblePlace
from agenda.plan_cards import card, cards_of, is_shown, other, others_of, places_of, version_of
from agenda.plan_form import BadSpot, SpotGone
from agenda.plan_rows import Standing
from agenda.plan_topics import rows_on_page, rows_version, warnings_on_page
from agenda.proposals import ProposalChanged
from agenda.views import plan_undo
from agenda.views.page import page_context
from eventhub.http import Buckets, error, slow_down, wants_json
from eventhub.live import reading

_per_person = Buckets(at_once=60, per_second=10)

View = Callable[..., HttpResponse]
Row = TypeVar("Row", Proposal, Slot)

Conflict = (ChangedMeanwhile, ProposalChanged, PlaceTaken, SpotGone, Locked, NotNow)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words; `undo`: the path and the form of the deed that takes it back."""

    words: str
    key: str
    version: int
    undo: tuple[str, dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done, in words, and the status that says so."""

    code: str
    message: str
    status: int


def staffed(request: EventRequest) -> Event:
    """The event, if this person arranges its barcamp; otherwise it is not there (404)."""
    if not Event.objects.pitched_by(request.user).filter(pk=request.event.pk).exists():
        raise Http404
    return request.event


@guards_itself
@login_required
@never_cache
@require_safe
def board(request: EventRequest, slug: str) -> HttpResponse:
    event = staffed(request)
    if not Barcamp.objects.filter(event=event).exists():
        get_object_or_404(Event.objects.organized_by(request.user), pk=event.pk)
        return redirect(f"/{slug}/home/barcamp/setup")
    return _page(request, event)


def on_card(deed: Callable[[Event, Proposal, QueryDict], Done]) -> View:
    """The address of a deed on the card with this key; it is given what was sent."""

    @guards_itself
    @login_required
    @require_POST
    @wraps(deed)
    def view(request: EventRequest, slug: str, key: str) -> HttpResponse:
        event = staffed(request)
        card = _cards().filter(event=event, key=key).first()
        return _answer(request, event, lambda: deed(event, there(card), request.POST))

    return view


def on_slot(deed: Callable[[Event, Slot, QueryDict], Done]) -> View:
    """The address of a deed on the place with this key."""

    @guards_itself
    @login_required
    @require_POST
    @wraps(deed)
    def view(request: EventRequest, slug: str, key: str) -> HttpResponse:
        event = staffed(request)
        slot = _slots().filter(event=event, key=key).first()
        return _answer(request, event, lambda: deed(event, there(slot), request.POST))

    return view


def card_named(event: Event, sent: QueryDict, name: str) -> Proposal:
    return there(_cards().filter(event=event, key=sent.get(name, "")).first())


def slot_named(event: Event, sent: QueryDict, name: str) -> Slot:
    return there(_slots().filter(event=event, key=sent.get(name, "")).first())


def there(row: Row | None) -> Row:
    """Raises Http404 for what is not there (any more)."""
    if row is None:
        raise Http404
    return row


def _cards() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("event", "session")


def _slots() -> QuerySet[Slot]:
    return Slot.objects.select_related("event", "session__proposal", "room")


def _answer(request: EventRequest, event: Event, deed: Callable[[], Done]) -> HttpResponse:
    """Do it and say what was done; or say what is there instead, and change nothing."""
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    try:
        done = deed()
    except Conflict as conflict:
        return _refuse(request, event, Problem("changed_meanwhile", conflict.message, 409))
    except ProposalRefused as refused:
        return _refuse(request, event, Problem(refused.code, refused.message, 422))
    except Http404:
        words = _("Somebody has just taken this off the board.")
        return _refuse(request, event, Problem("gone", words, 404))
    except (BadSpot, ImpossiblePlace):
        words = _("Please load the page again.")
        return _refuse(request, event, Problem("bad_place", words, 422))
    plan_undo.keep(request, event, done.words, done.undo)
    if not wants_json(request):
        return redirect(f"/{event.slug}/home/barcamp/#tile-{done.key}")
    path, data = done.undo or ("", {})
    undo = {"path": path, "data": data} if path else None
    found = {"said": done.words, "key": done.key, "version": done.version, "undo": undo}
    return JsonResponse(found)


def _refuse(request: EventRequest, event: Event, problem: Problem) -> HttpResponse:
    plan_undo.keep(request, event, "", None)
    if wants_json(request):
        return error(problem.code, problem.message, status=problem.status)
    return _page(request, event, problem)


def _page(request: EventRequest, event: Event, problem: Problem | None = None) -> HttpResponse:
    """Log first, rows second."""
    cursor = reading.position(event.pk)
    row_version, snags = rows_version(event.pk), warnings_on_page(event.pk)
    barcamp = Barcamp.objects.select_related("event").get(event=event)
    proposals = [one for one in cards_of(event.pk) if is_shown(one)]
    standing = [Standing(slot, other(slot), always=False) for slot in others_of(event.pk)]
    waiting: dict[str, list[str]] = {state: [] for state in Proposal.LIVING}
    for proposal in proposals:
        places = places_of(proposal)
        standing += [Standing(slot, card(proposal, slot)) for slot in places]
        if not places:
            waiting[proposal.state].append(card(proposal, None))
    standing.sort(key=lambda one: (one.slot.starts_at, one.slot.pk))
    context = page_context(request) | {
        "cursor": cursor,
        "barcamp": barcamp,
        "rows": rows_on_page(barcamp, row_version, standing).html,
        "warnings": snags.html if snags is not None else "",
        "waiting": _lists(waiting),
        "organizes": Event.objects.organized_by(request.user).filter(pk=event.pk).exists(),
        "problem": problem,
        "undo": plan_undo.kept(request, event),
    }
    status = problem.status if problem else 200
    chosen = _chosen(request, proposals)
    return render(request, "agenda/plan.html", context | chosen, status=status)


def _lists(waiting: dict[str, list[str]]) -> list[dict[str, Any]]:
    named = [
        ("open", _("Waiting"), _("Nobody is waiting for a place.")),
        ("parked", _("Parking lot"), _("The parking lot is empty.")),
        ("held", _("Look first"), ""),
    ]
    return [
        {"state": state, "name": name, "empty": empty, "cards": waiting[state]}
        for state, name, empty in named
    ]


def _chosen(request: EventRequest, proposals: list[Proposal]) -> dict[str, Any]:
    """The card that the address names: without scripts this is how it is picked up."""
    key, place = request.GET.get("card", ""), request.GET.get("slot", "")
    found = next((one for one in proposals if one.key == key), None)
    if found is None:
        return {"chosen": None}
    slot = next((one for one in places_of(found) if one.key == place), None)
    others = [one for one in proposals if one.pk != found.pk]
    return {
        "chosen": found,
        "chosen_slot": slot,
        "is_placed": bool(places_of(found)),
        "chosen_version": version_of(found),
        "others": [(one, next(iter(places_of(one)), None)) for one in others],
    }
