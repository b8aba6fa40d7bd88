"""Stopping a countdown and linking to a session: what the desk does to a post beside deciding."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.models import Event, Session, User
from eventhub.live.log import changing
from tests.factories import make_event, make_moderator, make_post, make_rule, make_session
from tests.replay import assert_replay, head
from wall import actions, linking, moderation, upstream
from wall.judging import Judge
from wall.models import Action, Decision, Post, Rule
from wall.moderation import DecidedMeanwhileError, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira")


def running(event: Event) -> Post:
    due_at = timezone.now() + timedelta(seconds=30)
    return make_post(event, state="pending", due_at=due_at)


def row(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def test_held_post_waits_for_a_look(event: Event, mira: User) -> None:
    post = running(event)

    outcome = moderation.hold(post, by=mira, seen_version=post.version)

    assert (outcome.changed, outcome.state) == (True, "pending")
    assert (row(post).reason, row(post).due_at) == (Post.Reason.HELD, None)
    assert Decision.objects.get(pk=outcome.undo or 0).by == mira


def test_holding_what_waits_for_a_look_changes_nothing(event: Event, mira: User) -> None:
    post = running(event)
    moderation.hold(post, by=mira)
    before = head(event)

    assert moderation.hold(post, by=mira) == Outcome(False, "pending")
    assert head(event) == before


@pytest.mark.parametrize("state", ["shown", "hidden", "withdrawn"])
def test_what_is_decided_cannot_be_held(event: Event, mira: User, state: str) -> None:
    post = make_post(event, state=state)

    with pytest.raises(DecidedMeanwhileError):
        moderation.hold(post, by=mira)


def test_holding_taken_back_counts_anew(event: Event, mira: User) -> None:
    make_rule(event, Rule.Mode.DELAYED, delay_s=30)
    post = running(event)
    undo = moderation.hold(post, by=mira).undo

    moderation.undo(post, decision_id=undo or 0, by=mira)

    due_at = row(post).due_at
    assert row(post).reason == ""
    assert due_at is not None
    assert due_at > timezone.now() + timedelta(seconds=20)


def test_undo_never_shows_a_text_that_was_changed_since(event: Event, mira: User) -> None:
    post = make_post(event)
    undo = moderation.hide(post, by=mira).undo
    with changing(event) as log:
        fresh = log.fresh(post)
        fresh.text = "Buy now!"
        upstream.judge_again(log, Judge(log, event), {fresh: False})

    with pytest.raises(DecidedMeanwhileError):
        moderation.undo(post, decision_id=undo or 0, by=mira)

    assert row(post).state == "hidden"


def test_linked_post_stands_at_its_session_until_that_is_taken_back(
    event: Event, mira: User
) -> None:
    post, session = make_post(event), make_session(event, "Open Data")

    action = moderation.link(post, session, by=mira)

    assert action is not None
    assert row(post).session == session
    assert (action.by, action.about, action.count) == (mira, "Open Data", 1)
    assert moderation.link(post, session, by=mira) is None
    assert [actions.undo(action, by=mira) for _ in range(2)] == [True, False]
    assert row(post).session is None


def test_taking_a_link_back_leaves_a_later_one(event: Event, mira: User) -> None:
    post, session, later = make_post(event), make_session(event), make_session(event)
    action = moderation.link(post, session, by=mira)
    moderation.link(post, later, by=mira)

    assert action is not None
    assert actions.undo(action, by=mira) is True
    assert row(post).session == later


def test_session_of_another_event_is_refused(event: Event, mira: User) -> None:
    post = make_post(event)

    with pytest.raises(Session.DoesNotExist):
        moderation.link(post, make_session(make_event()), by=mira)

    assert row(post).session is None


def test_withdrawn_post_is_linked_to_nothing(event: Event, mira: User) -> None:
    assert linking.link(make_post(event, state="withdrawn"), make_session(event), by=mira) is None


def test_newest_deeds_of_this_event_come_first(event: Event, mira: User) -> None:
    session = make_session(event)
    made = [moderation.link(make_post(event), session, by=mira) for _ in range(3)]
    other = make_event()
    moderation.link(make_post(other), make_session(other), by=mira)

    assert list(actions.newest(event)) == list(reversed(made))


def test_every_deed_is_called_something_and_taken_back_by_something() -> None:
    for verb in actions.VERBS.values():
        assert str(verb.words)
        assert verb.undo == "" or callable(verb.reverse())


def test_deed_of_an_unknown_name_stays_readable(event: Event) -> None:
    action = Action(event=event, verb="of old", about="x")

    assert (actions.words(action), actions.can_undo(action)) == ("of old: x", False)


def test_holding_and_linking_are_replayable(event: Event, mira: User) -> None:
    post, session = running(event), make_session(event)

    assert_replay(event, lambda: moderation.hold(post, by=mira))
    assert_replay(event, lambda: moderation.link(post, session, by=mira))
    assert_replay(event, lambda: actions.undo(Action.objects.get(), by=mira))
