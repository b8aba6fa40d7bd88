"""Several people decide about the same posts, and are told when they contradict each other."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import translation

from agenda.models import Event, User
from eventhub.live.check_log import check
from eventhub.live.log import changing
from tests.factories import make_moderator, make_post, make_rule
from tests.replay import changes_since, head, keys
from wall import moderation
from wall.models import Decision, Post, Rule
from wall.moderation import DecidedMeanwhileError, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

Verb = Callable[..., Outcome]


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira", first_name="Mira")


@pytest.fixture
def tom(event: Event) -> User:
    return make_moderator(event, "tom")


def state_of(post: Post) -> str:
    return Post.objects.get(pk=post.pk).state


def decisions(post: Post) -> list[tuple[str | None, str, str]]:
    rows = Decision.objects.filter(post=post).order_by("pk")
    return [(row.by.username if row.by else None, row.before, row.after) for row in rows]


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        (moderation.show, "pending", "shown"),
        (moderation.show, "hidden", "shown"),
        (moderation.hide, "pending", "hidden"),
        (moderation.hide, "shown", "hidden"),
    ],
)
def test_decision_moves_a_post_and_is_written_down(
    event: Event, mira: User, verb: Verb, before: str, after: str
) -> None:
    post = make_post(event, state=before)

    outcome = verb(post, by=mira)

    row = Post.objects.get(pk=post.pk)
    assert (outcome.changed, outcome.state) == (True, after)
    assert (row.state, row.decided_by) == (after, mira)
    assert decisions(post) == [("mira", before, after)]
    assert outcome.undo == Decision.objects.get().pk
    assert changes_since(event, 1) == [("post", post.key)]


@pytest.mark.parametrize(
    ("verb", "state"), [(moderation.show, "shown"), (moderation.hide, "hidden")]
)
def test_deciding_what_is_decided_changes_nothing(
    event: Event, mira: User, verb: Verb, state: str
) -> None:
    """Whoever pressed second is not told off: what they wanted is so."""
    post = make_post(event, state=state)

    outcome = verb(post, by=mira, seen_version=0)

    assert outcome == Outcome(changed=False, state=state, undo=None)
    assert (decisions(post), head(event)) == ([], 1)


def test_hidden_post_leaves_the_wall(event: Event) -> None:
    posts = [make_post(event) for _ in range(3)]

    moderation.hide(posts[1], by=None)

    assert keys(event) == [posts[0].key, posts[2].key]


def test_shown_again_a_post_stands_where_it_stood(event: Event) -> None:
    posts = [make_post(event) for _ in range(3)]
    place = Post.objects.get(pk=posts[0].pk).shown_seq

    moderation.hide(posts[0], by=None)
    moderation.show(posts[0], by=None)

    row = Post.objects.get(pk=posts[0].pk)
    assert (row.shown_seq, row.version) == (place, 5)
    assert keys(event) == [post.key for post in posts]


def test_place_on_the_wall_is_the_moment_of_first_being_shown(event: Event) -> None:
    waited, came_later = make_post(event, state="pending"), make_post(event)

    moderation.show(waited, by=None)

    assert keys(event) == [came_later.key, waited.key]


@pytest.mark.parametrize("verb", [moderation.show, moderation.hide])
def test_decision_about_what_has_changed_since_is_refused_with_the_name(
    event: Event, mira: User, tom: User, verb: Verb
) -> None:
    opposite = moderation.hide if verb is moderation.show else moderation.show
    post = make_post(event, state="pending")
    seen = post.version
    opposite(post, by=mira, seen_version=seen)
    state, before = state_of(post), head(event)

    with pytest.raises(DecidedMeanwhileError) as refusal, translation.override("en"):
        verb(post, by=tom, seen_version=seen)

    assert "Mira" in refusal.value.message
    assert refusal.value.state == state == state_of(post)
    assert head(event) == before


def test_edit_since_it_was_seen_is_refused_without_a_name(event: Event, mira: User) -> None:
    post = make_post(event, state="pending")
    with changing(event) as log:
        fresh = log.fresh(post)
        fresh.text = "Buy now!"
        log.touch(fresh)

    with pytest.raises(DecidedMeanwhileError):
        moderation.show(post, by=mira, seen_version=post.version)

    assert state_of(post) == "pending"


@pytest.mark.parametrize("before", ["pending", "shown", "hidden"])
def test_undo_brings_back_what_was(event: Event, mira: User, before: str) -> None:
    verb = moderation.show if before == "hidden" else moderation.hide
    post = make_post(event, state=before)
    undo = verb(post, by=mira).undo
    assert undo is not None

    outcome = moderation.undo(post, decision_id=undo, by=mira)

    assert (outcome.changed, outcome.state, state_of(post)) == (True, before, before)
    assert decisions(post)[-1] == ("mira", "shown" if before == "hidden" else "hidden", before)


def test_undo_can_itself_be_undone(event: Event, mira: User) -> None:
    post = make_post(event)
    hide = moderation.hide(post, by=mira).undo
    undo = moderation.undo(post, decision_id=hide or 0, by=mira).undo

    moderation.undo(post, decision_id=undo or 0, by=mira)

    assert state_of(post) == "hidden"
    assert len(decisions(post)) == 3


def test_undo_takes_back_the_last_decision_only(event: Event, mira: User, tom: User) -> None:
    post = make_post(event, state="pending")
    first = moderation.show(post, by=mira).undo
    moderation.hide(post, by=tom)

    with pytest.raises(DecidedMeanwhileError, match="tom"):
        moderation.undo(post, decision_id=first or 0, by=mira)

    assert state_of(post) == "hidden"


def test_undo_of_another_post_is_refused(event: Event, mira: User) -> None:
    posts = [make_post(event), make_post(event)]
    undo = moderation.hide(posts[0], by=mira).undo

    with pytest.raises(DecidedMeanwhileError):
        moderation.undo(posts[1], decision_id=undo or 0, by=mira)

    assert [state_of(post) for post in posts] == ["hidden", "shown"]


def test_mode_is_switched_once_and_what_waits_keeps_waiting(event: Event, mira: User) -> None:
    make_rule(event, Rule.Mode.REVIEW)
    post = make_post(event, state="pending")
    before = head(event)

    assert moderation.set_mode(event, Rule.Mode.FREE, by=mira) is True
    assert moderation.set_mode(event, Rule.Mode.FREE, by=mira) is False

    assert state_of(post) == "pending"
    assert [kind for kind, _ in changes_since(event, before)] == ["rule", "action"]


def test_first_look_at_a_rule_makes_it(event: Event) -> None:
    assert moderation.rule_for_page(event) == moderation.rule_for_page(event)

    assert Rule.objects.get().mode == Rule.Mode.FREE
    assert check(event.pk) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(event: Event, mira: User, tom: User) -> None:
    """One shows, one hides, both have seen it waiting: exactly one decision stands."""
    for _ in range(5):
        post = make_post(event, state="pending")
        outcomes: dict[str, Outcome | DecidedMeanwhileError] = {}
        together = threading.Barrier(2)

        def decide(
            verb: Verb,
            by: User,
            post: Post = post,
            together: threading.Barrier = together,
            outcomes: dict[str, Outcome | DecidedMeanwhileError] = outcomes,
        ) -> None:
            try:
                together.wait(30)
                outcomes[by.username] = verb(post, by=by, seen_version=post.version)
            except DecidedMeanwhileError as refusal:
                outcomes[by.username] = refusal
            finally:
                connection.close()

        threads = [
            threading.Thread(target=decide, args=[moderation.show, mira]),
            threading.Thread(target=decide, args=[moderation.hide, tom]),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        ((who, before, after),) = decisions(post)
        refused = next(name for name in outcomes if name != who)
        assert (before, after, state_of(post)) == ("pending", after, after)
        assert isinstance(outcomes[refused], DecidedMeanwhileError)
    assert check(event.pk) == []
