"""What a source tells of posts that are here already: deleted, edited, or as they were.

Knows posts and what speaks for them; knows no HTTP and no sockets. Nothing new comes in here.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from eventhub.live.log import Log
from wall import origins, pictures, text, upstream
from wall.facets import pack, same_facets
from wall.judging import Judge
from wall.likeness import fingerprint
from wall.models import Post, Source
from wall.sources.base import Incoming


def take_again(
    log: Log, source: Source, judge: Judge, arrived: Sequence[tuple[Post, Incoming]]
) -> int:
    """Posts that are here already: deleted, edited, or as they were. How many changed.

    However many there are, their pictures are asked for together.
    """
    if not arrived:
        return 0
    told = pictures.told_of(post for post, _item in arrived)
    gone, edited = [], []
    for post, item in arrived:
        if post.state == Post.State.WITHDRAWN or not origins.speaks_for(source, post):
            continue
        if item.gone:
            gone.append(log.known(post))
        elif not (_is_as_before(post, item) and pictures.as_before(post, item, told)):
            edited.append((log.known(post), item))
    removed = upstream.remove_gone(log, gone)
    prefetch_related_objects([post for post, _item in edited], "author")
    for post, item in edited:
        for name, value in content_of(item).items():
            setattr(post, name, value)
        post.likeness = fingerprint(item.text)
    pictures.dress_all(source.event_id, edited)
    upstream.judge_again(log, judge, {post: bool(item.pictures) for post, item in edited})
    pictures.want(source.event_id, edited)
    return removed + len(edited)


def _is_as_before(post: Post, item: Incoming) -> bool:
    content = content_of(item)
    del content["facets"]  # they also say which pictures we have by now
    same = all(getattr(post, name) == value for name, value in content.items())
    return same and same_facets(post.facets, item.facets)


def content_of(item: Incoming) -> dict[str, Any]:
    return {
        "author_name": text.cut(text.normalise_name(item.name), text.MAX_NAME_GRAPHEMES)[:200],
        "author_handle": item.author[:200],
        "text": item.text,
        "facets": pack(item.facets),
        "summary": text.cut(item.summary, 100)[:300],
        "sensitive": item.sensitive,
        "language": item.language[:20],
        "url": item.url if len(item.url) <= 500 else "",
    }
