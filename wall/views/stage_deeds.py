"""What is pressed on the stage page: steps, notices, slides, delays, the way back."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event, Room
from eventhub.http import error, wants_json
from wall import actions, delays, notices, screens, stage, steps
from wall.models import Action, Post, Step
from wall.views import stage as pages
from wall.views.desk_ground import person
from wall.views.stage_ground import ALL, chosen, deed, done, staged

What = Step.What
TAKEN = (What.LOGO, What.FREEZE, What.CLEAR)
MAX_WRITTEN_CHARS = 20_000


@deed
def step(request: EventRequest, event: Event, what: str) -> HttpResponse:
    """Takes the step on the screens `on`, or with `end` ends it there ("all", or a key)."""
    if what not in stage.BY_HAND:
        raise Http404
    if "end" in request.POST:
        _end(event, what, request)
    elif what not in TAKEN:
        raise Http404
    else:
        only_all = what == What.CLEAR
        screen = None if only_all else chosen(event, request.POST.get("on", ""))
        steps.take(event, what, by=person(request), screen=screen)
    return done(request, event)


@deed
def notice(request: EventRequest, event: Event) -> HttpResponse:
    """A few words on the screens `on`, for `minutes` or until somebody ends it.

    `seen`: of each place with a notice, which one the page showed ("all KEY.VERSION").
    """
    written, on = request.POST.get("text", "")[:MAX_WRITTEN_CHARS], request.POST.get("on", "")
    screen = chosen(event, on)
    try:
        notices.show(
            event,
            written,
            by=person(request),
            screen=screen,
            minutes=_minutes(request),
            instead_of=_pairs(request, "seen").get(on or ALL, ""),
        )
    except notices.NoticeRefused as refusal:
        meanwhile = isinstance(refusal, notices.NoticeMeanwhile)
        return _refused(request, event, refusal.message, written, status=409 if meanwhile else 422)
    return done(request, event)


@deed
def screen(request: EventRequest, event: Event, verb: str) -> HttpResponse:
    """The screens `on`: "next" slide, load "anew", or for a minute the "test" picture."""
    if verb not in {"next", "anew", "test"}:
        raise Http404
    one = chosen(event, request.POST.get("on", ""))
    meant = [one] if one is not None else list(screens.of(event))
    for each in meant:
        if verb == "next":
            screens.nudge(each)
        elif verb == "anew":
            screens.reload(each)
        else:
            screens.show_test(each, by=person(request))
    return done(request, event)


@deed
def late(request: EventRequest, event: Event) -> HttpResponse:
    """The room of the screen `on` runs later or earlier, or everything; or it is `on_time` again.

    `late`: how late the page said that it runs ("all 10", or the number of a room).
    """
    if "on_time" in request.POST:
        delays.take_back(event, _room(event, request.POST["on_time"]), by=person(request))
        return done(request, event)
    screen = chosen(event, request.POST.get("on", ""))
    room = screen.room if screen is not None else None
    seen = _pairs(request, "late").get(str(room.pk) if room is not None else ALL, "0")
    wish = {"10": 10, "-10": -10}.get(request.POST.get("minutes_late", ""), 0)
    try:
        seen_minutes = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 5 else 0
        delays.add(event, room, wish, by=person(request), seen_minutes=seen_minutes)
    except delays.DelayRefused as refusal:
        meanwhile = isinstance(refusal, delays.DelayMeanwhile)
        return _refused(request, event, refusal.message, status=409 if meanwhile else 422)
    return done(request, event)


@deed
def spotlight(request: EventRequest, event: Event, key: str) -> HttpResponse:
    """One post alone on all screens, for as long as it takes to read it aloud."""
    post = get_object_or_404(Post.objects.select_related("event"), event=event, key=key)
    if post.state != Post.State.SHOWN:
        return _refused(request, event, _("This post is not on the wall."), status=409)
    try:
        steps.spotlight(post, by=person(request))
    except steps.StepRefused as refusal:
        return _refused(request, event, refusal.message, status=409)
    return done(request, event)


@guards_itself
@login_required
@require_POST
def undo(request: EventRequest, slug: str, number: int) -> HttpResponse:
    """Take a deed of the stage back, whoever did it. Pressed second it changes nothing."""
    event = staged(request)
    action = get_object_or_404(Action, event=event, pk=number, verb__in=stage.DEEDS)
    actions.undo(action, by=person(request))
    return done(request, event)


def _end(event: Event, what: str, request: EventRequest) -> None:
    screen = chosen(event, request.POST["end"])
    if what == stage.TEST and screen is not None:
        screens.end_test(screen)
    elif what == What.NOTICE:
        notices.end(event, by=person(request), screen=screen)
    else:
        steps.lift(event, what, by=person(request), screen=screen)


def _pairs(request: EventRequest, name: str) -> dict[str, str]:
    """What the page showed: ["all 10"] -> {"all": "10"}."""
    words = (word.partition(" ") for word in request.POST.getlist(name)[:100])
    return {place: value for place, _space, value in words}


def _room(event: Event, number: str) -> Room | None:
    if number == ALL:
        return None
    wanted = int(number[:9]) if number.isascii() and number.isdigit() else 0
    return get_object_or_404(Room, event=event, pk=wanted)


def _minutes(request: EventRequest) -> int | None:
    """None for "until I end it"; 0, which no notice lasts, for what is no number."""
    raw = request.POST.get("minutes", "")
    if not raw:
        return None
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 0


def _refused(
    request: EventRequest, event: Event, message: str, text: str = "", *, status: int
) -> HttpResponse:
    if wants_json(request):
        return error("refused", message, status=status)
    return pages.draw(request, event, problem=message, text=text, status=status)
