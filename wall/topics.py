"""Wall, desk and own notes as topics: who may hear them, how they look."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string

from agenda import access, attendees
from agenda.models import Event
from eventhub.live.fragments import each, fragment
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import notes, step_topics, steps
from wall.models import Post, Rule, Source, Step
from wall.models.post import PostQuerySet

DESK_WINDOW = 60  # decided posts of each kind that a desk keeps in reach, beside all that wait


def register() -> None:
    registry.add(Topic("wall", _anybody, _render_wall, _wall_window))
    registry.add(Topic("mine", _this_guest, _render_mine, _mine_window, personal=True))
    registry.add(Topic("desk", _moderator, _render_desk, _desk_window, asks_database=True))


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
    look = (event.hashtag, event.zone)
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


# --- desk


def _moderator(event_id: int, visitor: Visitor) -> Grant | None:
    user = access.user_of(visitor.cookies)
    if user is None or not Event.objects.moderated_by(user).filter(pk=event_id).exists():
        return None
    return Grant("desk", subject=f"user:{user.pk}")


def _render_desk(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind == Post.kind:
        posts = _posts(event_id).not_withdrawn().filter(pk__in=object_ids)
        return each("desk", posts, on_desk, language)
    if kind == Source.kind:
        sources = Source.objects.filter(event_id=event_id, pk__in=object_ids)
        return each("desk", sources.select_related("event"), source_on_desk, language)
    if kind == Step.kind:
        return step_topics.render_panel(event_id, object_ids, language)
    if kind == Rule.kind:
        rules = Rule.objects.filter(event_id=event_id, pk__in=object_ids)
        return each("desk", rules.select_related("event"), rule_on_desk, language)
    return {}


def _desk_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    posts = _posts(event_id)
    sources = Source.objects.filter(event_id=event_id).select_related("event")
    rules = Rule.objects.filter(event_id=event_id).select_related("event")
    return [
        *each("desk", posts.pending().oldest_first(), on_desk, language).values(),
        *each("desk", posts.shown().newest(DESK_WINDOW), on_desk, language).values(),
        *each(
            "desk", posts.hidden().order_by("-version")[:DESK_WINDOW], on_desk, language
        ).values(),
        *each("desk", sources, source_on_desk, language).values(),
        *each("desk", rules, rule_on_desk, language).values(),
        *step_topics.panel_of(event_id, language),
    ]


def on_desk(post: Post) -> Rendered:
    html = render_to_string("wall/_desk_post.html", {"post": post, "event": post.event})
    return Rendered(post.key, post.version, post.pk, html)


def source_on_desk(source: Source) -> Rendered:
    html = render_to_string("wall/_source.html", {"source": source, "event": source.event})
    return Rendered(source.key, source.version, source.pk, html)


def rule_on_desk(rule: Rule) -> Rendered:
    html = render_to_string("wall/_mode.html", {"rule": rule, "event": rule.event})
    return Rendered(rule.key, rule.version, rule.pk, html)
