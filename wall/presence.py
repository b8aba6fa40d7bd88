"""Who is at the desk, and which post each of them looks at. Knows no requests; judges no post.

A presence is a lease: an open desk renews it, and after two minutes without a sign nobody is there.
A post somebody looks at is given to nobody else meanwhile, for a minute after their last sign.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import rules
from wall.models import Post, Presence, Rule
from wall.models.post import PostQuerySet
from wall.waiting import EVERYTHING, Only

KIND = "presence"  # of the change that says: draw anew who is there
LEASE = timedelta(minutes=2)  # after the last sign from a desk, nobody is there
LOOK = timedelta(seconds=60)  # after the last sign, a post is free for others again
LONGEST_LOOK = timedelta(minutes=5)  # a phone left open on a table keeps no post for ever


def here(event: Event, user: User, looking_at: Post | None = None) -> None:
    """`user` has the desk open, and this post before them. Cheap as long as nothing changes:
    others are told only when who is there, or what they look at, has changed.
    """
    at = timezone.now()
    wanted = looking_at.pk if looking_at is not None else None
    own = Presence.objects.filter(event=event, user=user)
    if own.filter(seen_at__gte=at - LEASE, post=wanted).update(seen_at=at):
        return
    with changing(event) as log:
        _look(log, event, user, wanted, at)
        _no_longer_empty(log, event)


def still_here(
    event: Event, user: User, looking_at: Post | None, *, was: Post | None
) -> Post | None:
    """A desk that was open already says what it has before it; `was`: what we gave it last, as far
    as it knows. Returns what `user` has before them from now on.

    A sign that an answer has overtaken knows less than we do: it renews the lease only. Else the
    post that this answer has given would be free again, and somebody else would get it too.
    """
    at = timezone.now()
    wanted = looking_at.pk if looking_at is not None else None
    fresh = Presence.objects.filter(event=event, user=user, seen_at__gte=at - LEASE)
    if fresh.filter(post=wanted).update(seen_at=at):
        return looking_at
    with changing(event) as log:
        row = fresh.select_related("post").first()
        if row is not None and row.post_id != (was.pk if was is not None else None):
            fresh.update(seen_at=at)
            return row.post
        _look(log, event, user, wanted, at)
        _no_longer_empty(log, event)
    return looking_at


def leave(event: Event, user: User) -> None:
    """`user` has closed the desk: what they looked at is free at once."""
    if not Presence.objects.filter(event=event, user=user).exists():
        return
    with changing(event) as log:
        Presence.objects.filter(event=event, user=user).delete()
        _tell(log)


def people(event: Event) -> list[Presence]:
    """Who is there now, longest first, each with `user` and `post`. One query."""
    there = Presence.objects.filter(event=event, seen_at__gte=timezone.now() - LEASE)
    return list(there.select_related("user", "post").order_by("pk"))


def somebody_there(event: Event | int, at: datetime) -> bool:
    number = event if isinstance(event, int) else event.pk
    return Presence.objects.filter(event_id=number, seen_at__gte=at - LEASE).exists()


def next_post(
    event: Event, user: User, *, after: Post | None = None, only: Only = EVERYTHING
) -> Post | None:
    """The oldest waiting post that nobody else looks at; from now on `user` does.

    `after`: the one they have just dealt with or pass over; it comes again only once everything
    that came later has had its turn. `only`: what they want to see now. None if nothing is left
    for them. Decided under the log, so that two who ask at once never get the same.
    """
    at = timezone.now()
    with changing(event) as log:
        pending = only.of(Post.objects.filter(event=event).pending())
        free = pending.exclude(pk__in=_taken(event, user, at))
        found = _next(free, after)
        _look(log, event, user, found.pk if found else None, at)
        _no_longer_empty(log, event)
    return found


def forget_gone(event: Event | int, at: datetime) -> int:
    """Delete the leases that have ended at `at`, and tell the desk. How many there were."""
    number = event if isinstance(event, int) else event.pk
    gone = Presence.objects.filter(event_id=number, seen_at__lt=at - LEASE)
    if not gone.exists():
        return 0
    with changing(event) as log:
        count, _rows = gone.delete()
        if count:
            _tell(log)
    return count


def _next(free: PostQuerySet, after: Post | None) -> Post | None:
    free = free.to_draw().oldest_first()
    if after is None:
        return free.first()
    others = free.exclude(pk=after.pk)
    return others.filter(pk__gt=after.pk).first() or others.first()


def _taken(event: Event, user: User, at: datetime) -> list[int]:
    """The numbers of the posts that others have before them."""
    others = Presence.objects.filter(event=event, post__isnull=False).exclude(user=user)
    looking = others.filter(seen_at__gte=at - LOOK, looks_since__gte=at - LONGEST_LOOK)
    return list(looking.values_list("post_id", flat=True))


def _look(log: Log, event: Event, user: User, wanted: int | None, at: datetime) -> None:
    row = Presence.objects.filter(event=event, user=user).first()
    if row is None:
        row = Presence(event=event, user=user)
    elif row.post_id == wanted and row.seen_at >= at - LEASE:
        Presence.objects.filter(pk=row.pk).update(seen_at=at)
        return
    if row.post_id != wanted or row.looks_since is None:
        row.looks_since = at if wanted is not None else None
    row.post_id, row.seen_at = wanted, at
    row.save()
    _tell(log)


def _no_longer_empty(log: Log, event: Event) -> None:
    if Rule.objects.filter(event=event, empty_since__isnull=False).exists():
        rule = log.fresh(rules.of(log, event))
        rule.empty_since = None
        log.touch(rule)


def _tell(log: Log) -> None:
    log.tell(KIND, topics=("desk",), object_id=log.event_id, key=KIND)
