"""Who is at the desk is a lease, and no two of them are given the same post."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.check_log import check
from tests.factories import make_event, make_moderator, make_post, make_rule
from tests.replay import assert_replay, changes_since, head
from wall import moderation, presence
from wall.models import Post, Presence, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira")


@pytest.fixture
def tom(event: Event) -> User:
    return make_moderator(event, "tom")


def waiting(event: Event, count: int) -> list[Post]:
    return [make_post(event, state="pending") for _ in range(count)]


def ago(event: Event, user: User, seconds: int, *, looks: int | None = None) -> None:
    """The last sign of `user` was so long ago, and their look began then."""
    at = timezone.now()
    since = at - timedelta(seconds=looks if looks is not None else seconds)
    rows = Presence.objects.filter(event=event, user=user)
    rows.update(seen_at=at - timedelta(seconds=seconds), looks_since=since)


def who(event: Event) -> list[tuple[str, int | None]]:
    return [(row.user.username, row.post_id) for row in presence.people(event)]


def test_whoever_opens_the_desk_is_there_with_what_they_look_at(
    event: Event, mira: User, tom: User
) -> None:
    (post,) = waiting(event, 1)

    presence.here(event, mira, post)
    presence.here(event, tom)

    assert who(event) == [("mira", post.pk), ("tom", None)]
    assert presence.somebody_there(event, timezone.now()) is True


def test_after_two_minutes_without_a_sign_nobody_is_there(event: Event, mira: User) -> None:
    presence.here(event, mira)
    ago(event, mira, 121)

    assert presence.people(event) == []
    assert presence.somebody_there(event, timezone.now()) is False


def test_others_are_told_only_of_what_is_new(event: Event, mira: User) -> None:
    first, second = waiting(event, 2)
    before = head(event)

    presence.here(event, mira, first)
    presence.here(event, mira, first)
    presence.here(event, mira, second)
    presence.here(event, mira, second)
    presence.leave(event, mira)
    presence.leave(event, mira)

    assert changes_since(event, before) == [("presence", "presence")] * 3


def test_a_sign_that_says_nothing_new_renews_the_lease(event: Event, mira: User) -> None:
    presence.here(event, mira)
    ago(event, mira, 100)

    presence.here(event, mira)

    assert Presence.objects.get().seen_at > timezone.now() - timedelta(seconds=50)


def test_sign_that_an_answer_has_overtaken_frees_nothing(
    event: Event, mira: User, tom: User
) -> None:
    first, second, third = waiting(event, 3)
    presence.next_post(event, mira)
    moderation.show(first, by=mira)
    assert presence.next_post(event, mira, after=first) == second

    known = presence.still_here(event, mira, first, was=first)

    assert (known, presence.next_post(event, tom)) == (second, third)
    presence.here(event, mira, first)  # a sign that is believed however late it comes
    assert presence.next_post(event, tom, after=third) == second


def test_sign_says_what_a_desk_has_chosen_without_us(event: Event, mira: User) -> None:
    first, second = waiting(event, 2)
    presence.next_post(event, mira)

    assert presence.still_here(event, mira, second, was=first) == second
    assert presence.still_here(event, mira, second, was=first) == second
    assert who(event) == [("mira", second.pk)]


def test_desk_that_nobody_knew_any_more_is_believed(event: Event, mira: User) -> None:
    _, second = waiting(event, 2)
    presence.next_post(event, mira)
    ago(event, mira, 121)

    assert presence.still_here(event, mira, second, was=None) == second


def test_next_post_is_the_oldest_one_nobody_else_looks_at(
    event: Event, mira: User, tom: User
) -> None:
    posts = waiting(event, 3)

    given = [presence.next_post(event, user) for user in (mira, tom)]

    assert given == posts[:2]
    assert who(event) == [("mira", posts[0].pk), ("tom", posts[1].pk)]


def test_asking_again_gives_the_same_post(event: Event, mira: User) -> None:
    posts = waiting(event, 2)

    assert [presence.next_post(event, mira) for _ in range(2)] == [posts[0], posts[0]]


def test_passing_over_goes_on_and_comes_round(event: Event, mira: User) -> None:
    posts = waiting(event, 3)
    found, given = None, []
    for _ in range(4):
        found = presence.next_post(event, mira, after=found)
        given.append(found)

    assert given == [*posts, posts[0]]


def test_the_only_post_is_not_given_twice_in_a_row(event: Event, mira: User) -> None:
    (post,) = waiting(event, 1)

    assert presence.next_post(event, mira, after=post) is None
    assert who(event) == [("mira", None)]


def test_what_everybody_else_looks_at_is_not_given(event: Event, mira: User, tom: User) -> None:
    waiting(event, 1)
    presence.next_post(event, mira)

    assert presence.next_post(event, tom) is None


@pytest.mark.parametrize(("seconds", "looks", "free"), [(59, 59, False), (61, 61, True)])
def test_a_post_is_free_again_a_minute_after_the_last_sign(
    event: Event, mira: User, tom: User, seconds: int, looks: int, free: bool
) -> None:
    (post,) = waiting(event, 1)
    presence.next_post(event, mira)
    ago(event, mira, seconds, looks=looks)

    assert presence.next_post(event, tom) == (post if free else None)


def test_a_desk_left_open_keeps_no_post_for_ever(event: Event, mira: User, tom: User) -> None:
    (post,) = waiting(event, 1)
    presence.next_post(event, mira)
    ago(event, mira, 0, looks=301)

    assert presence.next_post(event, tom) == post


def test_decided_posts_are_not_given(event: Event, mira: User) -> None:
    first, second = waiting(event, 2)
    moderation.hide(first, by=mira)

    assert presence.next_post(event, mira) == second


def test_whoever_comes_ends_the_emptiness(event: Event, mira: User) -> None:
    make_rule(event, Rule.Mode.DELAYED, empty_since=timezone.now())
    before = head(event)

    presence.here(event, mira)

    assert Rule.objects.get().empty_since is None
    assert [kind for kind, _key in changes_since(event, before)] == ["presence", "rule"]


def test_ended_leases_are_forgotten_once(event: Event, mira: User, tom: User) -> None:
    presence.here(event, mira)
    presence.here(event, tom)
    ago(event, mira, 121)
    at = timezone.now()

    assert [presence.forget_gone(event, at) for _ in range(2)] == [1, 0]

    assert who(event) == [("tom", None)]


def test_another_events_desk_is_not_ours(event: Event, mira: User) -> None:
    other = make_event()
    waiting(other, 1)
    presence.here(other, mira)

    assert presence.people(event) == []
    assert presence.somebody_there(event, timezone.now()) is False
    assert presence.next_post(event, mira) is None


def test_presence_is_replayable(event: Event, mira: User) -> None:
    posts = waiting(event, 2)

    assert_replay(event, lambda: presence.next_post(event, mira))
    assert_replay(event, lambda: presence.here(event, mira, posts[1]))
    assert_replay(event, lambda: presence.leave(event, mira))


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_never_get_the_same(event: Event, mira: User, tom: User) -> None:
    waiting(event, 6)
    given: dict[str, list[Post | None]] = {"mira": [], "tom": []}
    together = threading.Barrier(2)

    def work(user: User) -> None:
        try:
            for _ in range(3):
                together.wait(30)
                post = presence.next_post(event, user)
                given[user.username].append(post)
                together.wait(30)
                if post is not None:
                    moderation.show(post, by=user, seen_version=post.version)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[user]) for user in (mira, tom)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len({post.pk for posts in given.values() for post in posts if post}) == 6
    assert check(event.pk) == []
