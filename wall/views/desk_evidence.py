"""Evidence at the desk: keep a post for one organizer; list what is kept; open, take, delete it."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import User
from agenda.views import page_context
from eventhub.http import Buckets, error, slow_down, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page
from eventhub.live.models import new_key
from wall import desk_topics, evidence, evidence_content, photos
from wall.evidence_content import Content
from wall.models import Evidence, Post
from wall.views.desk_ground import event_of, number, person, post_of
from wall.views.media import HEADERS

_per_person = Buckets(at_once=20, per_second=0.2)  # each one is a copy that nobody else looks at


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Says what would be kept, for whom and until when; keeps it once that is confirmed."""
    post = post_of(request, key)
    if request.method != "POST":
        return _confirm(request, post)
    if wait_s := _per_person.take(str(person(request).pk)):
        return slow_down(request, wait_s)
    try:
        row = evidence.seal(
            post,
            key=request.POST.get("key", ""),
            version=number(request, "version") or 0,
            kept_for=_chosen(request),
            until=_day(request.POST.get("until", "")),
            why=request.POST.get("why", "").replace("\x00", "")[:1000],
            by=person(request),
        )
    except evidence.EvidenceRefused as refusal:
        return _refused(request, post, refusal)
    if wants_json(request):
        return JsonResponse({"key": row.key, "digest": row.digest}, status=201)
    return redirect(f"/{slug}/desk/evidence/#kept-{evidence.number_of(row)}")


@guards_itself
@login_required
@never_cache
@require_safe
def overview(request: EventRequest, slug: str) -> HttpResponse:
    """What is kept, by whom, for whom, until when. Nobody reads here what it is."""
    event, me = event_of(request), person(request)
    mine = set(evidence.of(event, me).values_list("key", flat=True))
    rows = [
        (row, evidence.number_of(row), row.key in mine, row.digest if _knows(row, me) else "")
        for row in evidence.kept(event)
    ]
    context = page_context(request) | {"cursor": reading.position(event.pk), "rows": rows}
    return render(request, "wall/evidence.html", context)


@guards_itself
@login_required
@never_cache
@require_safe
def read(request: EventRequest, slug: str, key: str) -> HttpResponse:
    row = _row(request, key)
    content = evidence.open_sealed(row)
    if content is not None and request.method == "GET":
        evidence.note_reading(row, by=person(request))
    return _opened(request, row, content)


@guards_itself
@login_required
@never_cache
@require_safe
def take(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """All of it as one file."""
    row = _row(request, key)
    content = evidence.open_sealed(row)
    if content is None:
        return _opened(request, row, None, status=409)
    evidence.note_reading(row, by=person(request))
    name = f"{slug}-{evidence.number_of(row)}"
    response = HttpResponse(evidence_content.archive(content, name), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


@guards_itself
@login_required
@never_cache
@require_safe
def picture(request: EventRequest, slug: str, key: str, place: int) -> HttpResponse:
    content = evidence.open_sealed(_row(request, key))
    if content is None or not 1 <= place <= len(content.pictures):
        raise Http404
    data = content.pictures[place - 1]
    return HttpResponse(data, content_type=photos.CONTENT_TYPE, headers=HEADERS)


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Asks once more; then nothing is left."""
    row = _row(request, key)
    if request.method == "POST":
        gone = evidence.delete(row, by=person(request))
        if wants_json(request):
            return JsonResponse({"deleted": gone})
        return redirect(f"/{slug}/desk/evidence/")
    cursor = reading.position(request.event.pk)
    context = page_context(request) | {"cursor": cursor, "row": row}
    context["number"] = evidence.number_of(row)
    return render(request, "wall/evidence_delete.html", context)


def _opened(
    request: EventRequest, row: Evidence, content: Content | None, *, status: int = 200
) -> HttpResponse:
    """`content` None: it is not as it was kept, and the page says so."""
    context = page_context(request) | {
        "cursor": reading.position(request.event.pk),
        "row": row,
        "number": evidence.number_of(row),
        "told": content.told if content is not None else None,
        "facts": evidence_content.facts(content.told) if content is not None else [],
        "moments": evidence_content.moments(content.told) if content is not None else [],
        "pictures": _pictures(content) if content is not None else [],
    }
    return render(request, "wall/evidence_read.html", context, status=status)


def _row(request: EventRequest, key: str) -> Evidence:
    """What is kept for this person; for everybody else it is not there (404)."""
    event = event_of(request)
    return get_object_or_404(evidence.of(event, person(request)).select_related("event"), key=key)


def _knows(row: Evidence, user: User) -> bool:
    return user.pk in (row.by_id, row.kept_for_id)


def _pictures(content: Content) -> list[tuple[int, str]]:
    """Number and description of each that is here."""
    named = [one for one in content.told["pictures"] if one["file"]]
    return [(place, one["description"]) for place, one in enumerate(named, start=1)]


def _chosen(request: EventRequest) -> User:
    wanted = number(request, "for")
    found = evidence.organizers(request.event).filter(pk=wanted).first() if wanted else None
    if found is None:
        raise evidence.EvidenceRefused(_("Choose one of the organizers of this event."))
    return found


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        words = _("Please choose a day within the next three years.")
        raise evidence.EvidenceRefused(words) from None


def _refused(request: EventRequest, post: Post, refusal: evidence.EvidenceRefused) -> HttpResponse:
    changed = isinstance(refusal, evidence.PostChanged)
    status = 409 if changed else 422
    if wants_json(request):
        return error("changed" if changed else "refused", refusal.message, status=status)
    # Drawn anew: what the page shows is what the next press keeps.
    return _confirm(request, post_of(request, post.key), refusal.message, status=status)


def _confirm(
    request: EventRequest, post: Post, problem: str = "", *, status: int = 200
) -> HttpResponse:
    event, me = request.event, person(request)
    first, usual, last = evidence.days(event)
    asked = request.POST
    organizers = list(evidence.organizers(event))
    mine = me.pk if me in organizers else None
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "post": post,
        "cards": on_page("desk", [post], desk_topics.on_desk),
        "pictures": len(evidence_content.pictures_of(post)),
        "organizers": organizers,
        "chosen": number(request, "for") or mine,
        "until": asked.get("until") or usual.isoformat(),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "why": asked.get("why", "")[: evidence.MAX_WHY],
        "key": new_key(),
        "problem": problem,
    }
    return render(request, "wall/evidence_seal.html", context, status=status)
