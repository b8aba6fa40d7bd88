"""Which pictures of a post are drawn: none unseen by somebody, none of what may not be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wall.models.photo import Photo
    from wall.models.picture import Picture
    from wall.models.post import Post


def warned(post: Post) -> bool:
    """Its author wants to be asked before it is looked at: no picture of it on a screen."""
    return post.sensitive or bool(post.summary)


def pictures(post: Post) -> Sequence[Photo | Picture]:
    """At most four, in order. No query for posts that were asked for `to_draw()`."""
    if post.state not in (post.State.SHOWN, post.State.PENDING):
        return []
    if (photo := getattr(post, "photo", None)) is not None:
        return [photo]
    return sorted(_media(post, "kept"), key=lambda picture: picture.position)[:4]


def awaited(post: Post) -> bool:
    """Whether one is still being fetched: who shows the post now shows it without."""
    return post.state == post.State.PENDING and bool(_media(post, "wanted"))


def face(post: Post) -> Picture | None:
    """The author's picture, once somebody of the desk has looked at it, or looks at it now."""
    author = post.author
    looked_at = post.decided_by_id is not None or post.state == post.State.PENDING
    if author is None or not (looked_at or author.standing == "trusted"):
        return None
    return next((one for one in author.faces.all() if one.state == "kept"), None)


def _media(post: Post, state: str) -> list[Picture]:
    return [one for one in post.pictures.all() if (one.role, one.state) == ("media", state)]
