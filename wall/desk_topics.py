"""The desk as a topic: who may hear it, what stands on it. Judges no post; knows no requests."""

from collections.abc import Callable, Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import translation

from agenda import access
from agenda.models import Event
from eventhub.live.fragments import drawn, each, fragment
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import presence, step_topics, waiting
from wall.models import Post, Rule, Source, Step
from wall.models.post import PostQuerySet

WINDOW = waiting.WINDOW
Draw = Callable[[int, Sequence[int], str], Mapping[int, Rendered]]


def register() -> None:
    registry.add(Topic("desk", _moderator, _render, _window, asks_database=True))


def posts_of(event_id: int) -> PostQuerySet:
    """With whatever a card at the desk shows of them."""
    return Post.objects.filter(event_id=event_id).to_draw().select_related("author")


def on_desk(post: Post) -> Rendered:
    event = post.event
    look = (event.slug, event.hashtag, event.zone)
    html = fragment("wall/_desk_post.html", post, {"post": post, "event": event}, depends_on=look)
    return Rendered(post.key, post.version, post.pk, html)


def source_on_desk(source: Source) -> Rendered:
    html = render_to_string("wall/_source.html", {"source": source, "event": source.event})
    return Rendered(source.key, source.version, source.pk, html)


def rule_on_desk(rule: Rule) -> Rendered:
    html = render_to_string("wall/_mode.html", {"rule": rule, "event": rule.event})
    return Rendered(rule.key, rule.version, rule.pk, html)


def people_on_desk(event: Event) -> Rendered:
    """Who is there, and what each looks at, in the active language. Two queries."""
    version = _last_told(event.pk, presence.KIND)  # before the rows: they may be newer, never older
    return _people(event, version)


def _people(event: Event, version: int) -> Rendered:
    context = {"people": presence.people(event), "version": version}
    return Rendered(presence.KIND, version, 0, render_to_string("wall/_people.html", context))


def _last_told(event_id: int, kind: str) -> int:
    last = Change.objects.filter(event_id=event_id, kind=kind).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0


def _moderator(event_id: int, visitor: Visitor) -> Grant | None:
    user = access.user_of(visitor.cookies)
    if user is None or not Event.objects.moderated_by(user).filter(pk=event_id).exists():
        return None
    return Grant("desk", subject=f"user:{user.pk}")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    draw = _DRAWN.get(kind)
    return draw(event_id, object_ids, language) if draw is not None else {}


def _draw_posts(event_id: int, object_ids: Sequence[int], language: str) -> Mapping[int, Rendered]:
    """What waits beyond the window is not here (yet): a desk asks for it when there is room."""
    posts = posts_of(event_id).not_withdrawn()
    last = waiting.beyond(posts)
    if last is not None:
        posts = posts.exclude(state=Post.State.PENDING, pk__gt=last)
    return each("desk", posts.filter(pk__in=object_ids), on_desk, language)


def _draw_sources(
    event_id: int, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    sources = Source.objects.filter(event_id=event_id, pk__in=object_ids)
    return each("desk", sources.select_related("event"), source_on_desk, language)


def _draw_rules(event_id: int, object_ids: Sequence[int], language: str) -> Mapping[int, Rendered]:
    rules = Rule.objects.filter(event_id=event_id, pk__in=object_ids)
    return each("desk", rules.select_related("event"), rule_on_desk, language)


def _draw_people(event_id: int, object_ids: Sequence[int], language: str) -> Mapping[int, Rendered]:
    found = _people_window(event_id, language)
    return dict.fromkeys(object_ids, found[0]) if found else {}


def _people_window(event_id: int, language: str) -> list[Rendered]:
    version = _last_told(event_id, presence.KIND)
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return []
    with translation.override(language):
        found = drawn("desk", event, lambda event: _people(event, version))
    return [found] if found is not None else []


_DRAWN: dict[str, Draw] = {
    Post.kind: _draw_posts,
    Source.kind: _draw_sources,
    Step.kind: step_topics.render_panel,
    Rule.kind: _draw_rules,
    presence.KIND: _draw_people,
}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    posts = posts_of(event_id)
    sources = Source.objects.filter(event_id=event_id).select_related("event")
    rules = Rule.objects.filter(event_id=event_id).select_related("event")
    hidden = posts.hidden().order_by("-version")[:WINDOW]
    return [
        *each("desk", waiting.window(posts), on_desk, language).values(),
        *each("desk", posts.shown().newest(WINDOW), on_desk, language).values(),
        *each("desk", hidden, on_desk, language).values(),
        *each("desk", sources, source_on_desk, language).values(),
        *each("desk", rules, rule_on_desk, language).values(),
        *step_topics.panel_of(event_id, language),
        *_people_window(event_id, language),
    ]
