"""What waits at the desk: how much, since when, and which of it says the same. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from agenda.models import Event
from wall.models import Post
from wall.models.post import PostQuerySet

WINDOW = 60  # posts of each kind that a desk keeps in reach; of what waits, the oldest


@dataclass(frozen=True, slots=True)
class Waiting:
    """`piles`: by fingerprint, how many waiting posts say the same; only where it is several."""

    count: int
    oldest: datetime | None
    piles: dict[str, int]


def of(event: Event) -> Waiting:
    """Two queries, however many wait."""
    pending = Post.objects.filter(event=event).pending()
    known = pending.aggregate(count=Count("pk"), oldest=Min("received_at"))
    alike = pending.exclude(likeness="").values("likeness").annotate(many=Count("pk"))
    piles = alike.filter(many__gt=1).order_by("-many", "likeness")[:WINDOW]
    return Waiting(known["count"], known["oldest"], {row["likeness"]: row["many"] for row in piles})


def window(posts: PostQuerySet) -> PostQuerySet:
    """Those of `posts` that a desk has before it: the oldest that wait."""
    return posts.pending().oldest_first()[:WINDOW]


def beyond(posts: PostQuerySet) -> int | None:
    """The number after which waiting posts are out of a desk's reach; None if none are. One
    query.
    """
    numbers = posts.pending().order_by("pk").values_list("pk", flat=True)
    return numbers[WINDOW - 1 : WINDOW].first()
