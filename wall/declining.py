"""Decline many posts at once by what they have in common: count, look, do, take back.

Of what waits and what stands on the wall. House posts are never meant, and trusted authors only
when one of them is chosen by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.log import changing
from wall import actions, likeness, portions, servers, word_list
from wall.models import Action, Author, Post
from wall.models.post import PostQuerySet
from wall.word_list import WordList

LOOKED_AT = 10  # posts of a preview


@dataclass(frozen=True, slots=True)
class Choice:
    """What the posts have in common; all that is given must be true of each."""

    word: str = ""  # as in the list of words: "troll", "troll*"
    host: str = ""  # a server, and those below it
    author: Author | None = None
    younger_than_days: int | None = None  # the account; one whose age nobody tells is not meant
    like: Post | str | None = None  # a text that says the same as this post's, or its fingerprint

    def __bool__(self) -> bool:
        chosen = (self.word, self.host, self.author, self.like)
        return any(chosen) or self.younger_than_days is not None


@dataclass(frozen=True, slots=True)
class Preview:
    count: int
    posts: Sequence[Post]  # the newest of them


def preview(event: Event, choice: Choice) -> Preview:
    """How many posts `decline` would take, and the newest ten. An empty choice is none."""
    numbers = _numbers(event, choice)
    newest = Post.objects.filter(pk__in=numbers[-LOOKED_AT:]).to_draw().order_by("-pk")
    return Preview(len(numbers), list(newest))


def decline(event: Event, choice: Choice, by: User | None) -> Action:
    """Decline them, fifty in one change. What arrives meanwhile is judged as ever."""
    numbers = _numbers(event, choice)
    with changing(event) as log:
        action = actions.record(log, "decline", by=by, about=_about(choice))
    portions.hide(action, numbers, by=by)
    action.refresh_from_db()
    return action


def _numbers(event: Event, choice: Choice) -> list[int]:
    """Oldest first. One query, and with word or text one look at each."""
    if not choice:
        return []
    try:
        rows = _rows(event, choice)
    except ValueError:
        return []  # no server has such a name
    fits = WordList([word_list.fold(choice.word)]) if choice.word else None
    sample = choice.like.text if isinstance(choice.like, Post) else None
    return [
        pk
        for pk, *texts in _read(rows)
        if (fits is None or fits.found_in(*texts))
        and (sample is None or likeness.alike(sample, texts[0]))
    ]


def _rows(event: Event, choice: Choice) -> PostQuerySet:
    rows = Post.objects.filter(event=event, state__in=portions.MOVABLE).exclude(network="house")
    if choice.author is not None:
        rows = rows.filter(author=choice.author)
    else:
        trusted = Author.objects.filter(event=event, standing=Author.Standing.TRUSTED)
        rows = rows.exclude(author__in=trusted)
    if choice.host:
        rows = rows.filter(servers.under(servers.spelled(choice.host), "author__host"))
    if choice.younger_than_days is not None:
        youngest = timezone.now() - timedelta(days=choice.younger_than_days)
        rows = rows.filter(author__since__gt=youngest)
    if isinstance(choice.like, str):
        rows = rows.filter(likeness=choice.like)
    return rows.order_by("pk")


def _read(rows: PostQuerySet) -> Iterator[tuple[int, str, str, str, str]]:
    fields = ("pk", "text", "summary", "author_name", "author_handle")
    found: Iterator[tuple[int, str, str, str, str]] = rows.values_list(*fields).iterator()
    return found


def _about(choice: Choice) -> str:
    """What was chosen, never what a post said."""
    author = choice.author.handle or choice.author.name if choice.author is not None else ""
    age = f"< {choice.younger_than_days} d" if choice.younger_than_days is not None else ""
    return ", ".join(part for part in (choice.word, choice.host, author, age) if part)
