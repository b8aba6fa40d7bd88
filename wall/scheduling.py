"""What happens by itself at the desk when its time has come. Run by whoever leads the collector.

Posts whose time for second thoughts is over are judged again and shown; what has waited for an hour
leaves the queue; that nobody is at the desk, or that a screen has gone, is told once. Fifty posts
in one change, and an event in trouble harms only itself.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import Error
from django.db.models import QuerySet
from django.utils import timezone

from eventhub.live.log import changing
from wall import moderation, plan_portions, presence, rehearsals, signs, steps
from wall.judging import Judge
from wall.models import Decision, Post, Presence, Rule

log = logging.getLogger(__name__)

PORTION = 50
LONGEST_WAIT = timedelta(minutes=60)
EVERY = timedelta(seconds=5)  # between two looks at what may take a little longer


class Scheduler:
    """Looks as often as it is asked: at what is due each time, at the rest every few seconds."""

    def __init__(self) -> None:
        self._rest_at: datetime | None = None
        self._plans = plan_portions.Renewal()

    def look(self) -> int:
        """How many posts were moved. One question while nothing is due."""
        at = timezone.now()
        moved = show_due(at)
        steps.end_due(at)
        # A clock that was set back must not stop us for as long.
        if self._rest_at is None or not timedelta(0) <= at - self._rest_at < EVERY:
            self._rest_at = at
            moved += expire(at)
            tell_who_is_there(at)
            tell_which_screens_are_gone(at)
            rehearsals.end_due(at)
            self._plans.look(at)
        return moved


def show_due(at: datetime) -> int:
    """Judge again what is due at `at`, and show it if nothing speaks against it; how many."""
    due = Post.objects.pending().filter(due_at__lte=at)
    return _for_each(_events(due), _show_due, at)


def expire(at: datetime) -> int:
    """Take out of the queue what nobody has looked at for an hour; how many."""
    rows = Post.objects.pending().filter(received_at__lte=at - LONGEST_WAIT)
    return _for_each(_events(rows), _expire, at)


def tell_who_is_there(at: datetime) -> None:
    """Forget the leases that have ended, and say of each desk since when it is empty."""
    ended = Presence.objects.filter(seen_at__lt=at - presence.LEASE)
    _for_each(_events(ended), presence.forget_gone, at)
    _for_each(_rules_to_tell(at), _tell_emptiness, at)


def tell_which_screens_are_gone(at: datetime) -> int:
    """Say of each screen once that it gives no sign any more; how many."""
    ended = signs.silent(at).values_list("screen__event", flat=True)
    return _for_each(list(ended.order_by().distinct()), signs.end_due, at)


def _events(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by().values_list("event", flat=True).distinct())


def _for_each(events: Iterable[int], act: Callable[[int, datetime], int], at: datetime) -> int:
    done = 0
    for event_id in events:
        try:
            done += act(event_id, at)
        except Error as error:
            log.warning("not done in time", extra={"event": event_id, "error": str(error)})
    return done


def _show_due(event_id: int, at: datetime) -> int:
    with changing(event_id) as opened:
        due = Post.objects.filter(event_id=event_id, due_at__lte=at).pending()
        rows = due.select_related("event", "source", "author", "attendee")
        posts = list(rows.order_by("source", "due_at", "pk")[:PORTION])
        for _source, group in groupby(posts, key=lambda post: post.source_id):
            some = list(group)
            authors = [post.author for post in some if post.author is not None]
            judge = Judge(opened, some[0].event, source=some[0].source, authors=authors)
            for post in some:
                moderation.time_is_up(opened, post, judge)
    return len(posts)


def _expire(event_id: int, at: datetime) -> int:
    """Whose last decision is younger has come back to the queue, and waits anew."""
    since = at - LONGEST_WAIT
    decided = Decision.objects.filter(event_id=event_id, at__gt=since).values("post")
    with changing(event_id) as opened:
        rows = Post.objects.filter(event_id=event_id, received_at__lte=since, due_at=None).pending()
        rows = rows.exclude(pk__in=decided.filter(post__isnull=False)).select_related("attendee")
        posts = list(rows.order_by("pk")[:PORTION])
        for post in posts:
            moderation.expire(opened, post)
    return len(posts)


def _rules_to_tell(at: datetime) -> list[int]:
    """Of which events it is not told yet whether somebody is there."""
    there = Presence.objects.filter(seen_at__gte=at - presence.LEASE).values("event")
    # Where all is shown at once whoever is there, nobody is missed.
    kept = Rule.objects.exclude(mode=Rule.Mode.FREE, fallback=Rule.Fallback.GO_ON)
    left = kept.filter(empty_since=None).exclude(event__in=there)
    come = Rule.objects.filter(empty_since__isnull=False, event__in=there)
    return [*_events(left), *_events(come)]


def _tell_emptiness(event_id: int, at: datetime) -> int:
    with changing(event_id) as opened:
        rule = Rule.objects.filter(event_id=event_id).first()
        somebody = presence.somebody_there(event_id, at)
        if rule is None or somebody == (rule.empty_since is None):
            return 0
        rule.empty_since = None if somebody else at
        opened.touch(rule)
    return 0
