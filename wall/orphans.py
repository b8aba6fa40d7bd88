"""Posts whose source is taken away: nobody could ask any more whether they still stand there.

They go to another source that can, or off every screen until a source brings them again. Decides
about no other post.
"""

from collections.abc import Sequence

from agenda.hashtags import same_tag
from agenda.models import User
from eventhub.live.log import Log, changing
from wall import portions, upstream
from wall.judging import Judge
from wall.models import Action, Post, Source
from wall.sources.base import Incoming

LEFT = Post.Reason.SOURCE
_ATMOSPHERE = {"bluesky", "jetstream"}  # their posts are asked about in one place, without account


def newest_of(source: Source) -> int:
    """Marks which posts of `source` are there now: those up to this number."""
    newest = Post.objects.filter(source=source).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


def leave(action: Action, source: Source, *, newest: int, by: User | None) -> int:
    """As part of `action` the posts of `source`, up to the number `newest`, are handed over to
    another that can answer for them, or leave. How many leave.

    `source` as it was when it brought them.
    """
    posts = Post.objects.filter(source=source.pk, pk__lte=newest)
    if (heir := _heir(source)) is not None:
        with changing(source.event_id):
            posts.update(source=heir)
        return 0
    there = posts.filter(state__in=portions.MOVABLE)
    left = portions.hide(action, list(there.values_list("pk", flat=True)), by=by, reason=LEFT)
    with changing(source.event_id):
        posts.update(source=None)  # last: stopped before this, it can be asked for again
    return left


def taken_over(
    log: Log, source: Source, judge: Judge, told: Sequence[tuple[Post, Incoming]]
) -> list[tuple[Post, Incoming]]:
    """`told`, in which those that had left and now come again are judged as if they were new."""
    return [
        (_back(log, source, judge, post, item), item)
        if post.has_left and not item.gone
        else (post, item)
        for post, item in told
    ]


def _back(log: Log, source: Source, judge: Judge, post: Post, item: Incoming) -> Post:
    post = log.fresh(post)
    post.source, post.remote_id, post.checked_at = source, item.remote_id[:200], judge.at
    upstream.bring_back(log, post, judge, has_picture=bool(item.pictures))
    return post


def _heir(source: Source) -> Source | None:
    """Another source that reads the same tags in the same place."""
    others = Source.objects.filter(event=source.event_id).exclude(pk=source.pk).order_by("pk")
    if source.adapter in _ATMOSPHERE:
        there = others.filter(adapter__in=_ATMOSPHERE)
    elif source.adapter == "mastodon":
        there = others.filter(adapter="mastodon", config__server=source.config.get("server", ""))
    else:
        return None
    tags = _tags(source)
    return next((other for other in there if _covers(_tags(other), tags)), None)


def _covers(read: Sequence[str], tags: Sequence[str]) -> bool:
    return all(any(same_tag(tag, other) for other in read) for tag in tags)


def _tags(source: Source) -> list[str]:
    return [str(source.config.get("tag", "")), *map(str, source.include_tags)]
