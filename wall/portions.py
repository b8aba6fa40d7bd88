"""Move many posts at once, fifty in one change, so that nobody waits for it. Decides about none."""

from collections.abc import Callable, Collection, Iterable, Sequence

from django.db.models import F

from agenda.models import User
from eventhub.live.log import Log, changing
from wall.models import Action, Decision, Post

PORTION = 50
State = Post.State
FIELDS = ("state", "decided_by", "reason", "due_at", "shown_seq")
MOVABLE = {State.PENDING, State.SHOWN}


def hide(action: Action, numbers: Iterable[int], *, by: User | None, reason: str = "") -> int:
    """Take these posts off every screen as part of `action`. How many were not hidden before."""

    def portion(log: Log, posts: Sequence[Post]) -> int:
        there = [post for post in posts if post.state in MOVABLE]
        return _move(log, action, there, lambda post: State.HIDDEN, by=by, reason=reason)

    return _in_portions(action.event_id, numbers, portion)


def show(
    action: Action, numbers: Iterable[int], *, by: User | None, reasons: Collection[str]
) -> int:
    """Put these waiting posts on every screen as part of `action`, where they still wait for one
    of `reasons`. How many did.
    """

    def portion(log: Log, posts: Sequence[Post]) -> int:
        there = [post for post in posts if post.state == State.PENDING and post.reason in reasons]
        return _move(log, action, there, lambda post: State.SHOWN, by=by, reason="")

    return _in_portions(action.event_id, numbers, portion)


def redraw(event_id: int, numbers: Iterable[int]) -> None:
    """Something that is drawn on these posts has changed."""

    def portion(log: Log, posts: Sequence[Post]) -> int:
        log.touch_all([post for post in posts if post.state != State.WITHDRAWN], ["version"])
        return 0

    _in_portions(event_id, numbers, portion)


def take_back(action: Action, *, by: User | None) -> None:
    """Bring back what `action` has moved, where nobody has decided since and nothing was taken
    back, deleted or edited at its source.
    """

    def portion(log: Log, posts: Sequence[Post]) -> int:
        before = _standing(action, posts)
        there = [post for post in posts if post.pk in before]
        return _move(log, None, there, lambda post: before[post.pk], by=by, reason="")

    moved = Decision.objects.filter(action=action, post__isnull=False).order_by("pk")
    _in_portions(action.event_id, moved.values_list("post", flat=True), portion)


def _standing(action: Action, posts: Sequence[Post]) -> dict[int, Post.State]:
    """What each of `posts` was before `action`, if that was the last word about it."""
    last: dict[int | None, Decision] = {}
    for decision in Decision.objects.filter(post__in=posts).order_by("pk"):
        last[decision.post_id] = decision
    return {
        post.pk: State(last[post.pk].before)
        for post in posts
        if last[post.pk].action_id == action.pk and last[post.pk].after == post.state
    }


def _in_portions(
    event_id: int, numbers: Iterable[int], portion: Callable[[Log, Sequence[Post]], int]
) -> int:
    wanted, moved = list(numbers), 0
    for start in range(0, len(wanted), PORTION):
        some = wanted[start : start + PORTION]
        with changing(event_id) as log:
            rows = Post.objects.filter(event_id=event_id, pk__in=some)
            moved += portion(log, list(rows.select_related("attendee").order_by("pk")))
    return moved


def _move(
    log: Log,
    action: Action | None,
    posts: Sequence[Post],
    target: Callable[[Post], Post.State],
    *,
    by: User | None,
    reason: str,
) -> int:
    if not posts:
        return 0
    Decision.objects.bulk_create(
        Decision(
            event_id=log.event_id,
            post=post,
            action=action,
            by=by,
            before=post.state,
            after=target(post),
            reason=reason,
        )
        for post in posts
    )
    for post in posts:
        post.state, post.decided_by, post.reason = target(post), by, reason
        post.due_at = None
    log.touch_all(posts, FIELDS)
    if action is not None:
        Action.objects.filter(pk=action.pk).update(count=F("count") + len(posts))
    return len(posts)
