"""The door for automations: one address for each webhook, below /api/v1/hooks/.

A part of the interface of `agenda.api`, which imports it by name, on first use.
"""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from ninja.params import functions as param_functions
from pydantic import ValidationError

from agenda.api import schemas as out
from eventhub.http import Buckets, error
from wall import hook
from wall.hook import HookRefused, Signed
from wall.hook_shapes import Delivery, described
from wall.models import Source
from wall.source_keeping import HOOK

STATUS = {"not_signed": 401, "clock": 401, "repeated": 409, "paused": 409, "invalid": 422}
deliveries = Buckets(at_once=60, per_second=2)  # of one webhook, signed
refusals = Buckets(at_once=20, per_second=0.2)  # of one webhook, whoever sends them

router = Router()


class Taken(Schema):
    changed: int  # posts that are new, edited or gone by this


@router.post(
    "/{slug:key}",
    response={200: Taken, **dict.fromkeys((401, 404, 409, 413, 422, 429, 503), out.Problem)},
    summary=gettext_noop("Send posts to a webhook, signed"),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": described()}},
        }
    },
)
def deliver(
    request: HttpRequest,
    key: str,
    timestamp: Annotated[str, param_functions.Header(alias="Eventhub-Timestamp")] = "",
    nonce: Annotated[str, param_functions.Header(alias="Eventhub-Nonce")] = "",
    signature: Annotated[str, param_functions.Header(alias="Eventhub-Signature")] = "",
) -> Any:
    """Look at the signature first: before that nothing of the body is read as anything."""
    source = Source.objects.filter(adapter=HOOK, key=key).select_related("event").first()
    if source is None:
        raise Http404
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > hook.MAX_BYTES:
        return _refuse(source, HookRefused("too_large", _("A delivery has 256 KiB at most.")))
    sent = Signed(request.body, timestamp, nonce, signature)
    try:
        return {"changed": _take(source, sent)}
    except HookRefused as refused:
        return _refuse(source, refused)


class TooFast(HookRefused):
    """Signed, but more than one webhook may send."""


def _take(source: Source, sent: Signed) -> int:
    at = timezone.now()
    if len(sent.body) > hook.MAX_BYTES:
        raise HookRefused("too_large", _("A delivery has 256 KiB at most."))
    hook.check(source, sent, at)
    if deliveries.take(source.key):
        raise TooFast("too_fast", _("Too many tries. Please wait a moment."), counts=False)
    try:
        delivery = Delivery.model_validate_json(sent.body)
    except (ValidationError, RecursionError) as problem:
        raise _unreadable(problem) from None
    return hook.take(source, sent, delivery, at)


def _unreadable(problem: ValidationError | RecursionError) -> HookRefused:
    """Names the places, never what stood there."""
    places = []
    if isinstance(problem, ValidationError):
        found = problem.errors(include_url=False, include_input=False, include_context=False)
        places = [".".join(map(str, each["loc"])) for each in found[:5]]
    names = ", ".join(place[:60] for place in places if place) or "JSON"
    words = _("This value cannot be read: {names}.").replace("{names}", names)
    return HookRefused("invalid", words, signed=True)


def _refuse(source: Source, refused: HookRefused) -> HttpResponse:
    if not refused.counts:
        wait_s = 1.0 if isinstance(refused, TooFast) else None
        status = 429 if isinstance(refused, TooFast) else STATUS[refused.code]
        return error(refused.code, refused.message, status=status, retry_after_s=wait_s)
    if wait_s := refusals.take(source.key):
        # Counting is a change of the log: nobody may make thousands of them from outside.
        words = _("Too many tries. Please wait a moment.")
        return error("too_fast", words, status=429, retry_after_s=wait_s)
    hook.count_refused(source, refused)
    status = STATUS.get(refused.code, 413)
    return error(refused.code, refused.message, status=status)
