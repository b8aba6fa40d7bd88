"""What the staff at the stage reads beside the screens: what stands by hand, where and when the
projector changes hands, and the newest posts to choose from. Who may: those who direct the screens.
"""

from collections.abc import Callable, Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda.access import user_of
from agenda.models import Barcamp, Event, Period, Slot
from eventhub.live.fragments import drawn, each
from eventhub.live.models import Change
from eventhub.live.topics import EVENT, Grant, Rendered, Topic, Visitor, registry
from wall import stage, steps
from wall.models import Delay, Direction, Post, Screen, Step
from wall.models.post import PostQuerySet

TOPIC = "cues"
STANDING, CUES, SPOT = "standing", "cues", "spot"
POSTS = 12  # of the newest, of which one may stand alone
OF_CUES = (
    Screen.kind,
    Delay.kind,
    Direction.kind,
    Slot.kind,
    Period.kind,
    Barcamp.kind,
    EVENT,
)


def register() -> None:
    follows = (*OF_CUES[:-1], Step.kind, Post.kind)
    registry.add(Topic(TOPIC, _staff, _render, _window, asks_database=True, follows=follows))


def _staff(event_id: int, visitor: Visitor) -> Grant | None:
    user = user_of(visitor.cookies)
    if user is None or not Event.objects.staged_by(user).filter(pk=event_id).exists():
        return None
    return Grant(TOPIC, subject=f"user:{user.pk}")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind == Post.kind:
        return each(TOPIC, _posts(event_id).filter(pk__in=object_ids), spot, language)
    if kind == Step.kind:
        return _same(object_ids, _panel(event_id, language, standing))
    return _same(object_ids, _panel(event_id, language, cues)) if kind in OF_CUES else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    panels = (_panel(event_id, language, draw) for draw in (standing, cues))
    posts = each(TOPIC, _posts(event_id)[:POSTS], spot, language)
    return [*(panel for panel in panels if panel is not None), *posts.values()]


def spots(event: Event) -> list[Rendered]:
    """The newest posts that may stand alone, in the active language."""
    return list(each(TOPIC, _posts(event.pk)[:POSTS], spot, translation.get_language()).values())


def standing(event: Event) -> Rendered:
    """What stands by hand, since when and by whom, in the active language. Two queries."""
    version = _told_of(event.pk, (Step.kind,))  # before the rows: they may be newer, never older
    context = {"event": event, "standing": stage.standing(event), "version": version}
    html = render_to_string("wall/_stage_standing.html", context)
    return Rendered(STANDING, version, 0, html)


def cues(event: Event) -> Rendered:
    """Which screens there are, how late it runs, when a projector changes hands. Some queries."""
    version = _told_of(event.pk, OF_CUES)
    context = stage.places(event, timezone.now()) | {"event": event, "version": version}
    return Rendered(CUES, version, 0, render_to_string("wall/_stage_places.html", context))


def spot(post: Post) -> Rendered:
    html = render_to_string("wall/_stage_spot.html", {"post": post, "event": post.event})
    return Rendered(post.key, post.version, post.shown_seq or 0, html)


def _posts(event_id: int) -> PostQuerySet:
    posts = steps.on_walls(Post.objects.filter(event=event_id).to_draw())
    return posts.order_by("-shown_seq")


def _panel(event_id: int, language: str, draw: Callable[[Event], Rendered]) -> Rendered | None:
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return None
    with translation.override(language):
        return drawn(TOPIC, event, draw)


def _same(object_ids: Sequence[int], panel: Rendered | None) -> Mapping[int, Rendered]:
    return dict.fromkeys(object_ids, panel) if panel is not None else {}


def _told_of(event_id: int, kinds: Sequence[str]) -> int:
    last = Change.objects.filter(event_id=event_id, kind__in=kinds).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0
