"""Find posts by what they say and who wrote them. Reads only."""

from django.db.models import Q

from agenda.models import Event
from wall.models import Author, Post
from wall.models.post import PostQuerySet

MAX_CHARS = 80
MAX_WORDS = 6
FIELDS = ("text", "author_name", "author_handle")


def posts(
    event: Event, words: str, *, state: str | None = None, author: Author | None = None
) -> PostQuerySet:
    """The posts in which every word occurs, newest first; without words, all.

    Any case: SQLite itself knows it of ASCII only, so other letters are tried in the ways people
    write them. What was taken back is empty and never found.
    """
    found = Post.objects.filter(event=event).not_withdrawn()
    if state is not None:
        found = found.filter(state=state)
    if author is not None:
        found = found.filter(author=author)
    for word in words[:MAX_CHARS].split()[:MAX_WORDS]:
        found = found.filter(_somewhere(word))
    return found.to_draw().order_by("-pk")


def _somewhere(word: str) -> Q:
    written = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    where = Q()
    for one in sorted(written):
        for field in FIELDS:
            where |= Q(**{f"{field}__icontains": one})
    return where
