"""What looks different when posts do: the step that shows one of them alone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wall.models.keeper import Step
from wall.models.post import Post

if TYPE_CHECKING:
    from eventhub.live.log import Log


def follow_posts(log: "Log", posts: Sequence[Post]) -> None:
    """The post in the spotlight is drawn with its step; once it is not shown, the step goes.

    Asks nothing about posts that were on no wall before this change, as all that arrive.
    """
    posts = [post for post in posts if post.shown_seq is not None and post.shown_seq < post.version]
    if not posts:
        return
    steps = Step.objects.filter(event_id=log.event_id, what=Step.What.SPOTLIGHT)
    step = steps.select_related("post").first()
    if step is None:
        return
    if step.post is None or step.post.state != Post.State.SHOWN:
        log.remove(step)
    elif any(post.pk == step.post_id for post in posts):
        log.touch(step)
