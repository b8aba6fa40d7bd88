"""Wall and own notes as topics: who may hear them, how they look."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from agenda import attendees
from eventhub.live.fragments import each, fragment
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import desk_topics, displays, notes, steps
from wall.models import Post
from wall.models.post import PostQuerySet
from wall.scenes import Spell


def register() -> None:
    registry.add(Topic("wall", _anybody, _render_wall, _wall_window))
    registry.add(Topic("mine", _this_guest, _render_mine, _mine_window, personal=True))
    desk_topics.register()


# --- wall


def _anybody(event_id: int, visitor: Visitor) -> Grant | None:
    return Grant("wall")


def _posts(event_id: int) -> PostQuerySet:
    return Post.objects.filter(event_id=event_id).to_draw()


def _render_wall(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Post.kind:
        return {}
    posts = steps.on_walls(_posts(event_id)).filter(pk__in=object_ids)
    return each("wall", posts, on_wall, language)


def _wall_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    posts = steps.on_walls(_posts(event_id)).newest()
    return list(each("wall", posts, on_wall, language).values())


def on_wall(post: Post) -> Rendered:
    event = post.event
    look = (event.slug, event.hashtag, event.zone)
    html = fragment("wall/_post.html", post, {"post": post, "event": event}, depends_on=look)
    return Rendered(post.key, post.version, post.shown_seq or 0, html)


# --- one guest's own notes


def _this_guest(event_id: int, visitor: Visitor) -> Grant | None:
    name = attendees.cookie_name(event_id, settings.ATTENDEE_COOKIE_NAME)
    key = attendees.key_from(visitor.cookies.get(name, ""), event_id)
    return Grant(f"mine:{key}") if key else None


def _render_mine(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Post.kind:
        return {}
    mine = notes.of_guest(event_id, name.partition(":")[2])
    return each("mine", mine.filter(pk__in=object_ids), _drawer(event_id), language)


def _mine_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    mine = notes.of_guest(event_id, name.partition(":")[2])
    return list(each("mine", mine.oldest_first(), _drawer(event_id), language).values())


def _drawer(event_id: int) -> Callable[[Post], Rendered]:
    """Draws notes of one event for a frame; when the wall comes up is asked for once at most."""
    found: list[Spell | None] = []

    def draw(note: Post) -> Rendered:
        if displays.waits(note) and not found:
            found.append(displays.coming(note.event, timezone.now()))
        return as_own_note(note, coming=found[0] if found else None)

    return draw


def as_own_note(note: Post, *, coming: Spell | None = None, **known: str) -> Rendered:
    """A note of `notes.of_guest`. What changes without it is `known` to pages only: the event's
    zone, how long a look takes, whom to ask. In a frame own-notes.js fills it in.

    `coming`: when the wall stands on the screens next, for a note that has not stood there.
    """
    context = {"post": note, "event": note.event, "since": notes.since(note), **known}
    context |= {"stood_at": displays.first_of(note), "coming": coming}
    context |= {"waits": displays.waits(note)}
    html = render_to_string("wall/_note.html", context)
    return Rendered(note.key, note.version, note.pk, html)
