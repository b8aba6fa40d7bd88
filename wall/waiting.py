"""What waits at the desk: how much, since when, and which of it says the same. Reads only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from agenda.models import Event, Session
from wall.models import Post
from wall.models.post import PostQuerySet

ANY, NONE = "", "none"
WINDOW = 60  # posts of each kind that a desk keeps in reach; of what waits, the oldest


@dataclass(frozen=True, slots=True)
class Waiting:
    """`chosen`: how many of all that wait are `Only` what a keeper wants to see. `piles`: by
    fingerprint, how many of these say the same; only where it is several.
    """

    count: int
    chosen: int
    oldest: datetime | None
    piles: dict[str, int]


@dataclass(frozen=True, slots=True)
class Only:
    """Of what waits, the posts with this reason (NONE: with none), of this network, to this
    session; ANY and None leave it open.
    """

    reason: str = ANY
    network: str = ANY
    session: int | None = None

    def __bool__(self) -> bool:
        return bool(self.reason or self.network or self.session)

    def of(self, posts: PostQuerySet) -> PostQuerySet:
        if self.reason:
            posts = posts.filter(reason="" if self.reason == NONE else self.reason)
        if self.network:
            posts = posts.filter(network=self.network)
        return posts.filter(session=self.session) if self.session else posts


EVERYTHING = Only()


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: `value` for the form, `label` for people, `count` posts that wait."""

    value: str
    label: str
    count: int
    chosen: bool


def of(event: Event, only: Only = EVERYTHING) -> Waiting:
    """Two queries, however many wait; one more with something chosen."""
    pending = Post.objects.filter(event=event).pending()
    known = pending.aggregate(count=Count("pk"), oldest=Min("received_at"))
    mine = only.of(pending)
    alike = mine.exclude(likeness="").values("likeness").annotate(many=Count("pk"))
    piles = alike.filter(many__gt=1).order_by("-many", "likeness")[:WINDOW]
    chosen = mine.count() if only else known["count"]
    by_likeness = {row["likeness"]: row["many"] for row in piles}
    return Waiting(known["count"], chosen, known["oldest"], by_likeness)


def choices(event: Event, only: Only = EVERYTHING) -> dict[str, list[Choice]]:
    """What can be chosen of all that waits now, in words, and what is chosen though nothing like
    it waits any more. Three queries, one more for a session of which nothing waits.
    """
    pending = Post.objects.filter(event=event).pending()
    return {
        "reason": _choices(
            {row[0] or NONE: row[1] for row in _counted(pending, "reason")},
            only.reason,
            lambda value: (
                _("without a particular reason") if value == NONE else str(Post.Reason(value).label)
            ),
        ),
        "network": _choices(
            dict(_counted(pending, "network")),
            only.network,
            lambda value: Post(network=value).network_name,
        ),
        "session": _sessions(event, pending, only.session),
    }


def _counted(pending: PostQuerySet, field: str) -> list[tuple[str, int]]:
    rows = pending.order_by().values_list(field).annotate(many=Count("pk"))
    return [(str(value), many) for value, many in rows]


def _choices(counts: dict[str, int], chosen: str, label: Callable[[str], str]) -> list[Choice]:
    counts = {chosen: 0, **counts} if chosen else counts
    found = [Choice(value, label(value), many, value == chosen) for value, many in counts.items()]
    return sorted(found, key=lambda one: one.label)


def _sessions(event: Event, pending: PostQuerySet, chosen: int | None) -> list[Choice]:
    of_sessions = pending.filter(session__isnull=False).order_by()
    rows = of_sessions.values_list("session", "session__title").annotate(many=Count("pk"))
    found = {number: (title, many) for number, title, many in rows}
    if chosen is not None and chosen not in found:
        titles = Session.objects.filter(event=event, pk=chosen).values_list("title", flat=True)
        found.update((chosen, (title, 0)) for title in titles)
    known = [Choice(str(n), title, many, n == chosen) for n, (title, many) in found.items()]
    return sorted(known, key=lambda one: one.label)


def window(posts: PostQuerySet) -> PostQuerySet:
    """Those of `posts` that a desk has before it: the oldest that wait."""
    return posts.pending().oldest_first()[:WINDOW]


def beyond(posts: PostQuerySet) -> int | None:
    """The number after which waiting posts are out of a desk's reach; None if none are. One
    query.
    """
    numbers = posts.pending().order_by("pk").values_list("pk", flat=True)
    return numbers[WINDOW - 1 : WINDOW].first()
