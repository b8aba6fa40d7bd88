"""Which posts somebody can see now, on a screen or a phone. Reads only; shows and hides none."""

from django.db.models import Case, F, IntegerField, Q, Value, When

from wall.models import Post, Step
from wall.models.post import WALL_WINDOW, PostQuerySet


def of(event_id: int) -> Q:
    """Which of the event's shown posts: the newest of the wall, those on the pages of sessions,
    and the one that stands alone. One query.
    """
    window = Post.objects.filter(event=event_id).shown().newest(WALL_WINDOW)
    last = min((seq or 0 for seq in window.values_list("shown_seq", flat=True)), default=0)
    alone = Step.objects.filter(event=event_id, post__isnull=False).values("post")
    return Q(shown_seq__gte=last) | Q(session__isnull=False) | Q(pk__in=alone)


def first(posts: PostQuerySet, event_id: int) -> PostQuerySet:
    """`posts` of one event: those in sight before the others, each longest unasked first.

    The others move up when newer ones are hidden, so they have their turn, too.
    """
    place = Case(When(of(event_id), then=Value(0)), default=Value(1), output_field=IntegerField())
    return posts.order_by(place, F("checked_at").asc(nulls_first=True), "-shown_seq")
