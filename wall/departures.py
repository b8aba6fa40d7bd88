"""What left its network: accounts with all their posts, and deleted posts. Takes nothing in.

A stream tells of everybody's deletions; most are of posts that were never here.
"""

from collections.abc import Iterator, Sequence

from eventhub.live.log import changing
from wall import actions, portions, upstream
from wall.models import Author, Post, Source
from wall.sources.base import Batch, Incoming

MAX_ASKED = 500  # names in one question to the database


def take(source: Source, *, accounts: Sequence[str], origins: Sequence[str]) -> int:
    """Posts of these accounts are hidden, those with these origins emptied for good. How many.

    Asks twice per 500 names if nothing of theirs is here, and opens the log only if something is.
    """
    return sum(
        [hide_accounts(source, some) for some in _lots(accounts)]
        + [_remove(source, some) for some in _lots(origins)]
    )


def staying(batch: Batch) -> Sequence[Incoming]:
    """Its items without those that left in the same breath, however it was put together."""
    deleted, gone = set(batch.deleted), set(batch.gone_authors)
    if not deleted and not gone:
        return batch.items
    return [one for one in batch.items if one.key not in deleted and one.identity not in gone]


def hide_accounts(source: Source, identities: Sequence[str]) -> int:
    """Take every post of these accounts off every screen: they closed, or were closed."""
    moved = 0
    for author in Author.objects.filter(event_id=source.event_id, identity__in=identities):
        posts = Post.objects.filter(event_id=source.event_id, author=author)
        there = list(posts.filter(state__in=portions.MOVABLE).values_list("pk", flat=True))
        if there:
            with changing(source.event_id) as log:
                if log.fresh(source).paused:
                    return moved
                about = author.handle or author.name
                action = actions.record(log, "account_gone", by=None, about=about)
            moved += portions.hide(action, there, by=None, reason=Post.Reason.ACCOUNT)
    return moved


def _remove(source: Source, origins: Sequence[str]) -> int:
    rows = Post.objects.filter(event_id=source.event_id, origin__in=origins)
    here = list(rows.exclude(state=Post.State.WITHDRAWN).order_by("pk"))
    removed = 0
    for start in range(0, len(here), portions.PORTION):
        with changing(source.event_id) as log:
            if log.fresh(source).paused:
                return removed
            some = here[start : start + portions.PORTION]
            fresh = Post.objects.filter(pk__in=[post.pk for post in some]).order_by("pk")
            removed += upstream.remove_gone(log, list(map(log.known, fresh)))
    return removed


def _lots(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), MAX_ASKED):
        yield names[start : start + MAX_ASKED]
