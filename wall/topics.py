"""Wall and own notes as topics: who may hear them, how they look."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string

from agenda import attendees
from eventhub.live.fragments import each, fragment
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import desk_topics, notes, steps
from wall.models import Post
from wall.models.post import PostQuerySet


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
    return each("mine", mine.filter(pk__in=object_ids), as_own_note, language)


def _mine_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    mine = notes.of_guest(event_id, name.partition(":")[2])
    return list(each("mine", mine.oldest_first(), as_own_note, language).values())


def as_own_note(note: Post, **known: str) -> Rendered:
    """A note of `notes.of_guest`. What changes without it is `known` to pages only: the event's
    zone, how long a look takes, whom to ask. In a frame own-notes.js fills it in.
    """
    context = {"post": note, "event": note.event, "since": notes.since(note), **known}
    html = render_to_string("wall/_note.html", context)
    return Rendered(note.key, note.version, note.pk, html)
