"""The four questions: take what somebody answers, without remembering who."""

import re

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agenda import feedback
from agenda.middleware import EventRequest
from agenda.models import Answer
from agenda.views.page import page_context
from eventhub.http import Buckets, client_of, error, wants_json

MAX_CHARS = 20_000  # of one field; what is longer was not typed
_PHONE = re.compile(r"[A-Za-z0-9_-]{16,64}")
# A phone that sends again and again replaces its own answer; one with ever new keys is slowed.
_per_guest = Buckets(at_once=8, per_second=1 / 30)
_per_event = Buckets(at_once=400, per_second=40)
_per_address = Buckets(at_once=600, per_second=60)


@never_cache
@require_POST
def answers(request: EventRequest, slug: str) -> HttpResponse:
    """Take the answers of a guest. `idempotency` is a random key of the phone for this alone."""
    if request.attendee_key is None:
        words = _("Scan the code on the screen first, then write.")
        return _refused(request, "not_joined", words, status=403)
    phone = request.POST.get("idempotency", "")
    if not _PHONE.fullmatch(phone):
        return _refused(request, "bad_request", _("Please load the page again."), status=422)
    if wait_s := _must_wait(request):
        words = _("That was fast. Please wait a moment.")
        return _refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    given = {name: request.POST.get(name, "")[:MAX_CHARS] for name in Answer.Question.values}
    try:
        count = feedback.answer(request.event, origin=phone, answers=given)
    except feedback.AnswersRefused as refusal:
        return _refused(request, refusal.code, refusal.message, status=422)
    if wants_json(request):
        return JsonResponse({"answered": count})
    return render(request, "agenda/feedback.html", page_context(request) | {"sent": True})


def _must_wait(request: EventRequest) -> float:
    """Seconds until this guest may answer again, 0.0 for now."""
    return (
        _per_guest.take(f"{request.event.pk}:{request.attendee_key}")
        or _per_event.take(str(request.event.pk))
        or _per_address.take(client_of(request))
    )


def _refused(
    request: EventRequest,
    code: str,
    message: str,
    *,
    status: int,
    retry_after_s: float | None = None,
) -> HttpResponse:
    """A clear sentence; without JavaScript on a page of its own, with the words kept."""
    if wants_json(request):
        return error(code, message, status=status, retry_after_s=retry_after_s)
    written = {name: request.POST.get(name, "")[:MAX_CHARS] for name in Answer.Question.values}
    asked = {"problem": message, "questions": feedback.questions(written)}
    context = page_context(request) | asked
    response = render(request, "agenda/feedback.html", context, status=status)
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(retry_after_s)))
    return response
