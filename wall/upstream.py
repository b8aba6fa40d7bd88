"""What becomes of posts that were edited, deleted or brought again at their source.

Knows no networks: what they have told is in the posts already.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from eventhub.live.log import Log
from wall import moderation, pictures
from wall.judging import Judge
from wall.models import Decision, Post


def judge_again(log: Log, judge: Judge, edited: Mapping[Post, bool]) -> None:
    """Write posts that their authors have changed, each with whether it has a picture. What
    somebody approved was the old text: unless everything is shown at once, it goes back to the
    queue.
    """
    stays = partial(_stays, log, judge)
    _write(log, [post for post, has_picture in edited.items() if stays(post, has_picture)])


def _stays(log: Log, judge: Judge, post: Post, has_picture: bool) -> bool:
    """Whether `post`, which was changed, stays in its state and is still to be written."""
    before, approved = Post.State(post.state), post.decided_by_id is not None
    verdict = judge.verdict(post, has_picture=has_picture)
    if before == Post.State.HIDDEN:
        # The last word about it now: no undo may show a text that nobody has read.
        Decision.objects.create(
            event_id=post.event_id,
            post=post,
            before=before,
            after=before,
            reason=Post.Reason.EDITED,
        )
        return True
    if (before, verdict.state) == (Post.State.PENDING, Post.State.SHOWN):
        return True
    judge.apply(post, verdict)
    if before == Post.State.SHOWN and post.state == Post.State.PENDING and approved:
        post.reason, post.due_at = post.reason or Post.Reason.EDITED, None
    if post.state == before:
        return True
    target, post.state = Post.State(post.state), before
    moderation.move(log, post, target, by=None, reason=post.reason)
    return False


def bring_back(log: Log, post: Post, judge: Judge, *, has_picture: bool) -> None:
    """`post` has left with its source, and a source brings it again: judged as if it were new."""
    verdict = judge.verdict(post, has_picture=has_picture)
    post.due_at = verdict.due_at
    moderation.move(log, post, verdict.state, by=None, reason=verdict.reason)


def remove_gone(log: Log, posts: Iterable[Post]) -> int:
    """Deleted at their source: nothing of them is left here either, and nothing brings them back.
    `posts` are fresh; how many were there.
    """
    there = [post for post in posts if post.state != Post.State.WITHDRAWN]
    pictures.drop_of(there)
    Decision.objects.bulk_create(
        Decision(event_id=log.event_id, post=post, before=post.state, after=Post.State.WITHDRAWN)
        for post in there
    )
    for post in there:
        post.empty()
        post.state, post.decided_by, post.reason = Post.State.WITHDRAWN, None, ""
    _write(log, there)
    return len(there)


def _write(log: Log, posts: Sequence[Post]) -> None:
    """All at once, but for those that were written in this log before."""
    told = [post for post in posts if log.has_told(post)]
    log.touch_all([post for post in posts if post not in told])
    for post in told:
        log.touch(post)
