"""Decide what people see: show, hide, undo, take back, the mode of the desk. Knows no requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import photos, rules, ruling
from wall.judging import Judge
from wall.linking import link as link  # a verb of the desk like the others here
from wall.models import Decision, Post, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did. `undo` names the decision to take back, None if nothing changed."""

    changed: bool
    state: str
    undo: int | None = None


class DecidedMeanwhileError(Exception):
    """Somebody else, or the author, changed the post after it was last seen here."""

    def __init__(self, name: str | None, state: str) -> None:
        self.state = state
        self.message = (
            _("%(name)s has decided this in the meantime.") % {"name": name}
            if name
            else _("This has changed in the meantime. Please look again.")
        )
        super().__init__(self.message)


class SourceGoneError(DecidedMeanwhileError):
    """Nobody could say any more that the post was deleted or changed."""

    def __init__(self, post: Post) -> None:
        super().__init__(None, post.state)
        self.message = _(
            "Its source was removed, so nobody would hear that it is deleted. Add the source again."
        )


def show(post: Post, *, by: User | None, seen_version: int | None = None) -> Outcome:
    """Put `post` on every screen, at the place it had before if it has been there."""
    return _decide(post, Post.State.SHOWN, by=by, seen_version=seen_version)


def hide(post: Post, *, by: User | None, seen_version: int | None = None) -> Outcome:
    """Take `post` off every screen, or decline it. Harmless when repeated."""
    return _decide(post, Post.State.HIDDEN, by=by, seen_version=seen_version)


def hide_children(post: Post, *, by: User | None, seen_version: int | None = None) -> Outcome:
    """As `hide`: on its photo children can be recognised. The decision says why."""
    return _decide(
        post,
        Post.State.HIDDEN,
        by=by,
        seen_version=seen_version,
        reason=Decision.Reason.CHILDREN,
    )


def hide_objected(post: Post, *, by: User | None) -> Outcome:
    """As `hide`: its author, or somebody for them, does not want it here. Asked afterwards."""
    return _decide(
        post,
        Post.State.HIDDEN,
        by=by,
        seen_version=None,
        reason=Decision.Reason.OBJECTION,
    )


def hold(post: Post, *, by: User | None, seen_version: int | None = None) -> Outcome:
    """Stop the time for second thoughts: `post` waits for a look. Whatever its author has changed
    since it was seen, a stop is never wrong. DecidedMeanwhileError if it is decided already.
    """
    with changing(post.event_id) as log:
        post = log.fresh(post)
        if post.state != Post.State.PENDING:
            raise _decided_meanwhile(post)
        if post.due_at is None:
            return Outcome(False, post.state)
        return _wait(log, post, by=by, reason=Post.Reason.HELD, due_at=None)


def undo(post: Post, *, decision_id: int, by: User) -> Outcome:
    """Take back one decision, if it is still the last one about this post.

    DecidedMeanwhileError otherwise: undo never takes back what a colleague has decided since.
    """
    with changing(post.event_id) as log:
        post = log.fresh(post)
        last = Decision.objects.latest_of(post)
        if last is None or last.pk != decision_id or post.state == Post.State.WITHDRAWN:
            raise _decided_meanwhile(post)
        if last.after == last.before == Post.State.PENDING and last.reason == Post.Reason.HELD:
            due_at = timezone.now() + timedelta(seconds=rules.of(log, post.event).delay_s)
            return _wait(log, post, by=by, reason="", due_at=due_at)
        return move(log, post, Post.State(last.before), by=by)


def withdraw(post: Post, *, attendee_key: str) -> bool:
    """Take back a note for the guest who wrote it, for good: nothing of it is left, here or on
    any screen. False if it was taken back already, or is not theirs.
    """
    with changing(post.event_id) as log:
        post = log.fresh(post)
        if post.state == Post.State.WITHDRAWN or not post.is_by(attendee_key):
            return False
        photos.drop(post)
        post.empty()
        move(log, post, Post.State.WITHDRAWN, by=None)
    return True


def set_mode(event: Event, mode: Rule.Mode, *, by: User | None) -> bool:
    """Switch how new posts are treated. What waits keeps waiting. False if it was so already."""
    return ruling.set_rule(event, ruling.Wish(mode=mode), by=by) is not None


def rule_for_page(event: Event) -> Rule:
    rule = Rule.objects.filter(event=event).first()
    if rule is None:
        with changing(event) as log:
            rule = rules.of(log, event)
    return rule


def time_is_up(log: Log, post: Post, judge: Judge) -> None:
    """The time for second thoughts is over: `post` is shown, unless something speaks against it."""
    verdict = judge.when_due(post)
    if verdict.state == Post.State.PENDING:
        judge.apply(post, verdict)
        log.touch(post)
        return
    move(log, post, verdict.state, by=None, reason=verdict.reason)


def expire(log: Log, post: Post) -> None:
    """Nobody has looked in time: `post` leaves the queue, and can be found and shown after all."""
    move(log, post, Post.State.HIDDEN, by=None, reason=Post.Reason.EXPIRED)


def _decide(
    post: Post,
    target: Post.State,
    *,
    by: User | None,
    seen_version: int | None,
    reason: str = "",
) -> Outcome:
    with changing(post.event_id) as log:
        post = log.fresh(post)
        if post.state == Post.State.WITHDRAWN:
            raise _decided_meanwhile(post)  # there is nothing left to show or to hide
        if post.state == target:
            return Outcome(False, post.state)
        if target == Post.State.SHOWN and post.has_left:
            raise SourceGoneError(post)
        # Two moderators, or a moderator and an author who edits: nobody approves what they
        # have not seen.
        if seen_version is not None and post.version != seen_version:
            raise _decided_meanwhile(post)
        return move(log, post, target, by=by, reason=reason)


def move(log: Log, post: Post, target: Post.State, *, by: User | None, reason: str = "") -> Outcome:
    """`post`, fresh in this log, is `target` from now on, and that is written down."""
    if post.state == target:
        return Outcome(False, post.state)
    decision = Decision.objects.create(
        event_id=post.event_id, post=post, by=by, before=post.state, after=target, reason=reason
    )
    keep = target == Post.State.PENDING and by is None
    post.state, post.decided_by, post.reason = target, by, reason
    post.due_at = post.due_at if keep else None
    log.touch(post)
    return Outcome(True, post.state, decision.pk)


def _wait(
    log: Log, post: Post, *, by: User | None, reason: str, due_at: datetime | None
) -> Outcome:
    """`post` goes on waiting, but otherwise than before; written down as a decision."""
    decision = Decision.objects.create(
        event_id=post.event_id, post=post, by=by, before=post.state, after=post.state, reason=reason
    )
    post.reason, post.due_at = reason, due_at
    log.touch(post)
    return Outcome(True, post.state, decision.pk)


def _decided_meanwhile(post: Post) -> DecidedMeanwhileError:
    last = Decision.objects.select_related("by").filter(post=post).order_by("-pk").first()
    name = last.by.spoken_name() if last is not None and last.by is not None else None
    return DecidedMeanwhileError(name, post.state)
