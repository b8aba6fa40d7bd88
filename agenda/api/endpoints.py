"""The addresses of the API and what each gives. Imported on first use only: the library is heavy.

Every look-up starts from the open events, so that of a closed one nothing is found.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import ValidationError

from agenda import day as days
from agenda import programme
from agenda.api import paging, parts
from agenda.api import schemas as out
from agenda.api.drawing import Drawing, room_name
from agenda.api.fields import Cursor, Day, Limit, Number, Room, Truth
from agenda.api.now import per_room
from agenda.models import Event, Session, Slot
from eventhub import keeping
from eventhub.addresses import public_base
from eventhub.http import error
from eventhub.keeping import Keep

LIMIT = paging.DEFAULT_LIMIT
CLOCK_S = 1.0  # for so long what is on "now" may be told again
ERRORS = dict.fromkeys((400, 404, 405, 422, 429, 503), out.Problem)

api = NinjaAPI(
    title="Eventhub",
    version="1",
    description="The programmes of events, live and to read only.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="eventhub-api-1",
    openapi_extra={"info": {"summary": "Programmes of events"}},
)


def _answers(shape: Any) -> dict[int, Any]:
    return {200: shape, 304: None, **ERRORS}


@api.get("events", response=_answers(out.Page[out.EventOut]),
         summary=gettext_noop("The events of this server that are open to everybody"))  # fmt: skip
def events(request: HttpRequest, cursor: Cursor = None, limit: Limit = LIMIT) -> Any:
    keeping.stands_for(request, Keep(keeping.ALL_EVENTS, for_everybody=True))
    rows, after = paging.page(_open(), by=("starts_at", "pk"), cursor=cursor, limit=limit)
    base = base_of(request)
    return _page(request, [Drawing(event, base).of_event() for event in rows], after)


@api.get("events/{slug:slug}", response=_answers(out.EventOut),
         summary=gettext_noop("One event: place, days, time zone, licence"))  # fmt: skip
def event(request: HttpRequest, slug: str) -> Any:
    return _drawing(request, slug).of_event()


@api.get("events/{slug:slug}/rooms", response=_answers(out.Page[out.RoomOut]),
         summary=gettext_noop("Its rooms, in the organizers' order"))  # fmt: skip
def rooms(request: HttpRequest, slug: str, cursor: Cursor = None, limit: Limit = LIMIT) -> Any:
    draw = _drawing(request, slug)
    rows, after = paging.page(
        draw.event.rooms.all(), by=("position", "pk"), cursor=cursor, limit=limit
    )
    return _page(request, [draw.room(room) for room in rows], after)


@api.get("events/{slug:slug}/tracks", response=_answers(out.Page[out.TrackOut]),
         summary=gettext_noop("Its tracks, in the organizers' order"))  # fmt: skip
def tracks(request: HttpRequest, slug: str, cursor: Cursor = None, limit: Limit = LIMIT) -> Any:
    draw = _drawing(request, slug)
    rows, after = paging.page(
        draw.event.tracks.all(), by=("position", "pk"), cursor=cursor, limit=limit
    )
    return _page(request, [draw.track(track) for track in rows], after)


@api.get("events/{slug:slug}/speakers", response=_answers(out.Page[out.SpeakerOut]),
         summary=gettext_noop("Who speaks, by name, and in which sessions"))  # fmt: skip
def speakers(request: HttpRequest, slug: str, cursor: Cursor = None, limit: Limit = LIMIT) -> Any:
    draw = _drawing(request, slug)
    people = draw.event.speakers.prefetch_related("sessions")
    rows, after = paging.page(people, by=("name", "pk"), cursor=cursor, limit=limit)
    return _page(request, [draw.speaker(speaker) for speaker in rows], after)


@api.get("events/{slug:slug}/sessions", response=_answers(out.Page[out.SessionOut]),
         summary=gettext_noop("Its sessions with all about them, placed or not"))  # fmt: skip
def sessions(request: HttpRequest, slug: str, cursor: Cursor = None, limit: Limit = LIMIT) -> Any:
    draw = _drawing(request, slug)
    rows, after = paging.page(_sessions(draw.event), by=("pk",), cursor=cursor, limit=limit)
    return _page(request, [draw.session(session) for session in rows], after)


@api.get("events/{slug:slug}/sessions/{uuid:id}", response=_answers(out.SessionOut),
         summary=gettext_noop("One session"))  # fmt: skip
def session(request: HttpRequest, slug: str, id: UUID) -> Any:
    draw = _drawing(request, slug)
    found = _sessions(draw.event).filter(guid=id).first()
    if found is None:
        raise Http404
    return draw.session(found)


@api.get("events/{slug:slug}/slots", response=_answers(out.Page[out.SlotOut]),
         summary=gettext_noop("When and where: the programme by time, what is cancelled too"),
         )  # fmt: skip
def slots(
    request: HttpRequest, slug: str,
    day: Day = None, room: Room = None, track: Number = None,
    now: Truth = None,
    cursor: Cursor = None, limit: Limit = LIMIT,
) -> Any:  # fmt: skip
    draw = _drawing(request, slug)
    found = Slot.objects.of(draw.event)
    if day is not None:
        try:
            start, end = draw.event.day_frame(day)
        except OverflowError:  # the first and the last day of all calendars
            found = found.none()
        else:
            found = found.filter(starts_at__gte=start, starts_at__lt=end)
    if room is not None:
        found = found.filter(room__guid=room)
    if track is not None:
        found = found.filter(session__track_id=track)
    if now:
        keeping.stands_for(request, Keep(draw.event.pk, seconds=CLOCK_S, for_everybody=True))
        at = timezone.now()
        found = found.filter(starts_at__lte=at, ends_at__gt=at, cancelled=False)
    rows, after = paging.page(found, by=("starts_at", "pk"), cursor=cursor, limit=limit)
    return _page(request, [draw.slot(slot) for slot in rows], after)


@api.get("events/{slug:slug}/now-and-next", response=_answers(out.NowAndNext),
         summary=gettext_noop("What is on in each room, and what comes next there today"),
         )  # fmt: skip
def now_and_next(request: HttpRequest, slug: str) -> Any:
    draw = _drawing(request, slug)
    keeping.stands_for(request, Keep(draw.event.pk, seconds=CLOCK_S, for_everybody=True))
    at = timezone.now()
    of_day = days.slots_on(draw.event, draw.event.day_of(at))
    statuses = per_room(draw.event.rooms.all(), of_day, at)
    local, utc = draw.instant(at.replace(second=0, microsecond=0))
    return out.NowAndNext(
        at=local,
        at_utc=utc,
        rooms=[
            out.RoomNow(
                room=room_name(each.room),
                now=draw.slot(each.now) if each.now else None,
                next=draw.slot(each.next) if each.next else None,
            )
            for each in statuses
        ],
    )


# --- what they have in common


def base_of(request: HttpRequest) -> str:
    return public_base(request.get_host(), scheme=request.scheme or "http")


def _open() -> QuerySet[Event]:
    return Event.objects.filter(closed=False)


def _drawing(request: HttpRequest, slug: str) -> Drawing:
    """404 for a closed event as for one that is not there: nothing says that it exists."""
    event = _open().filter(slug=slug).first()
    if event is None:
        raise Http404
    keeping.stands_for(request, Keep(event.pk, for_everybody=True))
    return Drawing(event, base_of(request))


def _sessions(event: Event) -> QuerySet[Session]:
    readable = programme.readable(event).select_related("track")
    return readable.prefetch_related("appearances__speaker", "slots__room")


def _page(request: HttpRequest, items: list[Any], after: str) -> dict[str, Any]:
    if not after:
        return {"items": items, "next": None}
    query = request.GET.copy()
    query["cursor"] = after
    return {"items": items, "next": f"{base_of(request)}{request.path}?{query.urlencode()}"}


# --- errors, in the one shape


def _not_here(request: HttpRequest, exception: Any) -> HttpResponse:
    return error("not_found", _("This is not here."), status=404)


def _no_such_page(request: HttpRequest, exception: Any) -> HttpResponse:
    return error("no_such_page", _("This list has no such page. Begin again."), status=404)


def _not_understood(request: HttpRequest, exception: Any) -> HttpResponse:
    names = ", ".join(dict.fromkeys(str(each["loc"][-1]) for each in exception.errors))
    message = _("This value cannot be read: {names}.").replace("{names}", names)
    return error("invalid", message, status=422)


for _prefix, _router in parts.all_of_them().items():
    api.add_router(_prefix, _router)

api.add_exception_handler(Http404, _not_here)
api.add_exception_handler(paging.NoSuchPage, _no_such_page)
api.add_exception_handler(ValidationError, _not_understood)
