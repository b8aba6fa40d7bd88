"""Where a post begins, case by case: the order of the questions is the promise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wall.arrival import Policy, Traits, Verdict, judge, when_due
from wall.models import Post, Rule

AT = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)
FREE, DELAYED, REVIEW = (Policy(mode) for mode in Rule.Mode)
State, Reason, Fallback = Post.State, Post.Reason, Rule.Fallback
SHOWN = Verdict(State.SHOWN)
LATER = Verdict(State.PENDING, due_at=AT + timedelta(seconds=30))
LOOK = Verdict(State.PENDING)
BLOCKED = Verdict(State.HIDDEN, Reason.BLOCKED)


def waits(reason: str) -> Verdict:
    return Verdict(State.PENDING, reason)


def empty(policy: Policy, fallback: Rule.Fallback) -> Policy:
    return replace(policy, somebody_there=False, fallback=fallback)


@pytest.mark.parametrize(
    ("policy", "post", "verdict"),
    [
        (FREE, Traits(), SHOWN),
        (DELAYED, Traits(), LATER),
        (REVIEW, Traits(), LOOK),
        (DELAYED, Traits(trusted=True), SHOWN),
        (REVIEW, Traits(trusted=True), SHOWN),
        (FREE, Traits(link=True), SHOWN),
        (DELAYED, Traits(link=True), waits(Reason.LINK)),
        (FREE, Traits(unknown=True), SHOWN),
        (DELAYED, Traits(unknown=True), waits(Reason.FIRST)),
        (replace(DELAYED, hold_first=False), Traits(unknown=True), LATER),
        (FREE, Traits(listed_word=True), waits(Reason.WORD)),
        (FREE, Traits(listed_word=True, trusted=True), waits(Reason.WORD)),
        (FREE, Traits(picture=True, trusted=True), waits(Reason.PHOTO)),
        (FREE, Traits(sensitive=True, trusted=True), waits(Reason.SENSITIVE)),
        (FREE, Traits(like_a_name=True), waits(Reason.NAME)),
        (FREE, Traits(like_a_name=True, trusted=True), SHOWN),
        (FREE, Traits(over_budget=True), waits(Reason.BUDGET)),
        (FREE, Traits(over_budget=True, trusted=True), SHOWN),
        (FREE, Traits(blocked=True, trusted=True, picture=True), BLOCKED),
        (replace(FREE, brake=True), Traits(), waits(Reason.BRAKE)),
        (replace(FREE, brake=True), Traits(trusted=True), SHOWN),
        (empty(FREE, Fallback.GO_ON), Traits(), SHOWN),
        (empty(DELAYED, Fallback.GO_ON), Traits(), LATER),
        (empty(DELAYED, Fallback.TRUSTED), Traits(), waits(Reason.ABSENT)),
        (empty(DELAYED, Fallback.TRUSTED), Traits(trusted=True), SHOWN),
        (empty(FREE, Fallback.HOLD), Traits(), waits(Reason.ABSENT)),
        (empty(FREE, Fallback.HOLD), Traits(trusted=True), waits(Reason.ABSENT)),
    ],
)
def test_post_begins_where_the_rules_say(policy: Policy, post: Traits, verdict: Verdict) -> None:
    assert judge(policy, post, AT) == verdict


@pytest.mark.parametrize(
    ("policy", "post", "verdict"),
    [
        (DELAYED, Traits(), SHOWN),
        (DELAYED, Traits(unknown=True, link=True), SHOWN),
        (FREE, Traits(), SHOWN),
        (REVIEW, Traits(), LOOK),
        (REVIEW, Traits(trusted=True), SHOWN),
        (DELAYED, Traits(listed_word=True), waits(Reason.WORD)),
        (DELAYED, Traits(like_a_name=True), waits(Reason.NAME)),
        (DELAYED, Traits(blocked=True), BLOCKED),
        (replace(DELAYED, brake=True), Traits(), waits(Reason.BRAKE)),
        (empty(DELAYED, Fallback.GO_ON), Traits(), SHOWN),
        (empty(DELAYED, Fallback.TRUSTED), Traits(), waits(Reason.ABSENT)),
        (empty(DELAYED, Fallback.HOLD), Traits(trusted=True), waits(Reason.ABSENT)),
    ],
)
def test_when_its_time_is_over_a_post_is_asked_again(
    policy: Policy, post: Traits, verdict: Verdict
) -> None:
    assert when_due(policy, post, AT) == verdict
