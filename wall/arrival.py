"""Where a post begins: shown, waiting, or not at all, and why. Pure: decides, writes nothing.

The order of the questions is the promise: what is blocked never shows, pictures and what its own
author marks as sensitive are always looked at, a listed word holds in every mode, and only then
do mode, trust and presence have their say.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wall.models import Post, Rule

State, Reason = Post.State, Post.Reason


@dataclass(frozen=True, slots=True)
class Policy:
    """How an event, or one of its sources, lets posts in at this moment."""

    mode: Rule.Mode
    delay_s: int = 30
    fallback: Rule.Fallback = Rule.Fallback.GO_ON
    hold_first: bool = True
    brake: bool = False
    somebody_there: bool = True

    @property
    def holds_first(self) -> bool:
        """Whether it matters that somebody writes for the first time."""
        return self.hold_first and self.mode == Rule.Mode.DELAYED


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of one arriving post."""

    sensitive: bool = False
    picture: bool = False
    link: bool = False
    listed_word: bool = False
    like_a_name: bool = False  # its author's name reads like somebody's of this event
    trusted: bool = False
    blocked: bool = False
    unknown: bool = False  # from elsewhere, and nothing of its author was ever shown here
    over_budget: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`due_at`: when it is shown unless somebody stops it; None = it waits for a look."""

    state: Post.State
    reason: str = ""
    due_at: datetime | None = None


def judge(policy: Policy, post: Traits, at: datetime) -> Verdict:
    """What becomes of a post that arrives, or was changed by its author, at `at`."""
    if post.blocked:
        return Verdict(State.HIDDEN, Reason.BLOCKED)
    if why := _always_looked_at(post):
        return Verdict(State.PENDING, why)
    if policy.mode == Rule.Mode.REVIEW and not post.trusted:
        return Verdict(State.PENDING)
    if why := _held_back(policy, post):
        return Verdict(State.PENDING, why)
    if post.trusted or policy.mode == Rule.Mode.FREE:
        return Verdict(State.SHOWN)
    if post.unknown and policy.holds_first:
        return Verdict(State.PENDING, Reason.FIRST)
    if post.link:
        return Verdict(State.PENDING, Reason.LINK)
    return Verdict(State.PENDING, due_at=at + timedelta(seconds=policy.delay_s))


def when_due(policy: Policy, post: Traits, at: datetime) -> Verdict:
    """What becomes of a post whose time for second thoughts is over at `at`.

    It is asked again: meanwhile the brake may be on, everybody may have left the desk, a word may
    be listed, its author blocked, and the mode may say that everything is looked at first.
    """
    if policy.mode == Rule.Mode.REVIEW and not post.trusted:
        return judge(policy, post, at)
    return judge(replace(policy, mode=Rule.Mode.FREE), post, at)


def _always_looked_at(post: Traits) -> str:
    if post.sensitive:
        return Reason.SENSITIVE
    if post.picture:
        return Reason.PHOTO
    if post.listed_word:
        return Reason.WORD
    if post.like_a_name and not post.trusted:
        return Reason.NAME
    return ""


def _held_back(policy: Policy, post: Traits) -> str:
    """Why even a clean post waits, in any mode; "" if it does not."""
    if post.trusted and policy.fallback != Rule.Fallback.HOLD:
        return ""
    if policy.brake and not post.trusted:
        return Reason.BRAKE
    if post.over_budget and not post.trusted:
        return Reason.BUDGET
    if not policy.somebody_there and policy.fallback != Rule.Fallback.GO_ON:
        return Reason.ABSENT
    return ""
