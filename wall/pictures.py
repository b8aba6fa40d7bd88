"""Pictures of other servers: remembered when their post arrives, dropped when it goes.

Fetches nothing and decodes nothing; `wall/media.py` does.
"""

from collections.abc import Iterable

from django.db import transaction

from wall import photos
from wall.models import Picture, Post
from wall.sources.base import Incoming


def want(event_id: int, arrived: Iterable[tuple[Post, Incoming]]) -> None:
    """Note down what belongs to these posts and is not known yet. Called with the log open."""
    arrived = list(arrived)
    posts = [post.pk for post, item in arrived if item.pictures]
    known = set(
        Picture.objects.filter(post__in=posts, role=Picture.Role.MEDIA).values_list("post", "url")
    )
    Picture.objects.bulk_create(
        Picture(event_id=event_id, post=post, url=image.url, alt=image.alt[:1500], position=place)
        for post, item in arrived
        for place, image in enumerate(item.pictures)
        if (post.pk, image.url) not in known
    )


def drop_of(post: Post) -> None:
    """Nothing is left of the pictures of `post` but that their addresses are gone."""
    keys = list(Picture.objects.filter(post=post).values_list("key", flat=True))
    Picture.objects.filter(key__in=keys).update(
        post=None, state=Picture.State.DROPPED, url="", alt=""
    )

    def remove() -> None:
        for key in keys:
            photos.remove_file(key)

    transaction.on_commit(remove, robust=True)
