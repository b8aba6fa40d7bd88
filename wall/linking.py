"""Say which session a post is about, where its author did not. Knows no requests."""

from agenda.models import Session, User
from eventhub.live.log import changing
from wall import actions
from wall.models import Action, Post


def link(post: Post, session: Session | None, *, by: User | None) -> Action | None:
    """`post` is about `session` from now on, about none if that is None. None if it was so.

    Session.DoesNotExist for one of another event.
    """
    with changing(post.event_id) as log:
        post = log.fresh(post)
        if session is not None and session.event_id != post.event_id:
            raise Session.DoesNotExist
        before, wanted = post.session_id, session.pk if session is not None else None
        if before == wanted or post.state == Post.State.WITHDRAWN:
            return None
        post.session = session
        log.touch(post)
        return actions.record(
            log,
            "link",
            by=by,
            about=session.title if session is not None else "",
            count=1,
            undo={"post": post.pk, "before": before, "after": wanted},
        )


def take_back(action: Action, *, by: User | None) -> None:
    """Where the post still is linked as this deed has left it."""
    known = action.undo
    with changing(action.event_id) as log:
        post = Post.objects.filter(event_id=log.event_id, pk=known["post"]).first()
        if post is None or post.session_id != known["after"]:
            return
        post = log.fresh(post)
        sessions = Session.objects.filter(event_id=log.event_id, pk=known["before"] or 0)
        post.session = sessions.first()
        log.touch(post)
