"""Steps against a storm and the spotlight: what stands, what each wall shows, who did it when."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from agenda.models import Event, User
from tests import factories, guests
from tests.replay import assert_replay, head, keys
from wall import actions, moderation, steps
from wall.models import Action, Post, Step

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

BRAKE, CLEAR, LOGO = steps.STORM


@pytest.fixture
def mira(event: Event) -> User:
    guests.refill_buckets()
    return factories.make_moderator(event, first_name="Mira")


def said(event: Event) -> list[tuple[str, str]]:
    return list(Action.objects.filter(event=event).order_by("pk").values_list("verb", "about"))


# --- taking and lifting


@pytest.mark.parametrize("what", steps.STORM)
def test_step_can_be_followed_by_every_open_page(event: Event, mira: User, what: str) -> None:
    for _ in range(3):
        factories.make_post(event)

    assert_replay(event, lambda: steps.take(event, what, by=mira))
    assert_replay(event, lambda: steps.lift(event, what, by=mira))


@pytest.mark.parametrize("what", steps.STORM)
def test_step_taken_twice_is_the_first_one_and_tells_nothing(
    event: Event, mira: User, what: str
) -> None:
    first = steps.take(event, what, by=mira)
    before = head(event)

    second = steps.take(event, what, by=factories.make_moderator(event))

    assert (second.pk, second.by, second.since) == (first.pk, mira, first.since)
    assert head(event) == before


def test_lifting_what_does_not_stand_tells_nothing(event: Event, mira: User) -> None:
    before = head(event)

    assert steps.lift(event, LOGO, by=mira) is False
    assert head(event) == before


def test_every_step_stands_in_the_log_of_deeds_and_is_taken_back_there(
    event: Event, mira: User
) -> None:
    steps.take(event, CLEAR, by=mira)
    taken = Action.objects.get()

    assert actions.undo(taken, by=mira) is True
    assert steps.standing(event) == {}
    lifted = Action.objects.exclude(pk=taken.pk).get()
    assert actions.undo(lifted, by=mira) is True
    assert sorted(steps.standing(event)) == [CLEAR]


def test_unknown_step_is_refused(event: Event, mira: User) -> None:
    with pytest.raises(ValueError, match="no step"):
        steps.take(event, "lottery", by=mira)
    with pytest.raises(ValueError, match="no step"):
        steps.take(event, Step.What.SPOTLIGHT, by=mira)


def test_event_without_a_step_is_not_touched_by_that_of_another(event: Event, mira: User) -> None:
    elsewhere = factories.make_event()
    post = factories.make_post(elsewhere)

    steps.take(event, CLEAR, by=mira)

    assert (keys(elsewhere), steps.standing(elsewhere)) == ([post.key], {})


# --- Leeren


def test_cleared_wall_is_empty_everywhere_and_comes_back_as_it_was(
    event: Event, mira: User
) -> None:
    factories.make_screen(event, key="a-key")
    session = factories.make_session(event)
    posts = [factories.make_post(event), factories.make_note(event, session=session)]
    session_page = f"/{event.slug}/session/{session.pk}/"

    def found() -> dict[str, list[bool]]:
        guest, beamer = guests.guest(event), guests.beamer("a-key")
        bodies = {
            "wall": guest.get(f"/{event.slug}/wall/").content.decode(),
            "session": guest.get(session_page).content.decode(),
            "screen": beamer.get("/screen").content.decode(),
        }
        return {name: [post.key in body for post in posts] for name, body in bodies.items()}

    before = found()
    steps.take(event, CLEAR, by=mira)
    late = factories.make_post(event)
    cleared, on_topic = found(), keys(event)
    steps.lift(event, CLEAR, by=mira)

    assert before == {"wall": [True, True], "session": [False, True], "screen": [True, True]}
    assert (cleared, on_topic) == ({name: [False, False] for name in before}, [])
    assert sorted(keys(event)) == sorted([late.key, posts[0].key, posts[1].key])


def test_clearing_reaches_posts_of_a_session_that_have_left_the_wall(
    event: Event, mira: User
) -> None:
    old = factories.make_note(event, session=factories.make_session(event))
    for _ in range(60):
        factories.make_post(event)
    before = Post.objects.get(pk=old.pk).version

    steps.take(event, CLEAR, by=mira)

    assert Post.objects.get(pk=old.pk).version > before


def test_posts_decided_while_the_wall_is_cleared_stay_decided(event: Event, mira: User) -> None:
    kept, declined = factories.make_post(event), factories.make_post(event)
    steps.take(event, CLEAR, by=mira)

    moderation.hide(declined, by=mira)
    steps.lift(event, CLEAR, by=mira)

    assert keys(event) == [kept.key]


# --- the spotlight


def test_spotlight_can_be_followed_and_ends_by_itself(event: Event, mira: User) -> None:
    post, other = factories.make_post(event), factories.make_post(event)

    assert_replay(event, lambda: steps.spotlight(post, by=mira))
    assert_replay(event, lambda: steps.spotlight(other, by=mira, seconds=60))
    assert steps.standing(event)["spotlight"].post == other
    later = timezone.now() + timedelta(seconds=61)
    assert_replay(event, lambda: steps.end_due(later))

    assert steps.standing(event) == {}
    assert steps.end_due(later) == 0


def test_what_is_hidden_leaves_the_spotlight_in_the_same_change(event: Event, mira: User) -> None:
    post = factories.make_post(event)
    steps.spotlight(post, by=mira)

    assert_replay(event, lambda: moderation.hide(post, by=mira))

    assert steps.standing(event) == {}


def test_clearing_ends_the_spotlight_and_keeps_another_from_beginning(
    event: Event, mira: User
) -> None:
    post = factories.make_post(event)
    steps.spotlight(post, by=mira)
    steps.take(event, CLEAR, by=mira)

    assert sorted(steps.standing(event)) == [CLEAR]
    with pytest.raises(steps.StepRefused):
        steps.spotlight(post, by=mira)


@pytest.mark.parametrize("state", ["pending", "hidden", "withdrawn"])
def test_only_what_is_on_the_wall_comes_into_the_spotlight(
    event: Event, mira: User, state: str
) -> None:
    with pytest.raises(steps.StepRefused):
        steps.spotlight(factories.make_post(event, state=state), by=mira)


# --- pages


def press(client: Client, event: Event, what: str, stands: str) -> int:
    path = f"/{event.slug}/desk/steps/{what}"
    return client.post(path, {"stands": stands}, headers=guests.JSON).status_code


def test_panel_says_since_when_and_by_whom(event: Event, mira: User) -> None:
    client = guests.signed_in(mira)
    step = steps.take(event, BRAKE, by=mira)
    organizer = guests.signed_in(factories.make_user(is_superuser=True, is_staff=True))

    page = unescape(organizer.get(f"/{event.slug}/home/").content.decode())

    clock = timezone.localtime(step.since, event.tz).strftime("%H:%M")
    assert (clock in page, "<bdi>Mira</bdi>" in page) == (True, True)
    assert press(client, event, BRAKE, "no") == 200
    assert steps.standing(event) == {}


def test_odd_wishes_change_nothing(event: Event, mira: User) -> None:
    client = guests.signed_in(mira)

    answers = [
        press(client, event, what, stands)
        for what, stands in [("lottery", "yes"), ("spotlight", "yes"), ("logo", ""), ("logo", "x")]
    ]

    assert (answers, steps.standing(event), said(event)) == ([404, 404, 422, 422], {}, [])


def test_spotlight_of_what_is_hidden_is_a_conflict_with_a_sentence(
    event: Event, mira: User
) -> None:
    client = guests.signed_in(mira)
    hidden = factories.make_post(event, state="hidden")

    answer = client.post(f"/{event.slug}/desk/posts/{hidden.key}/spotlight", headers=guests.JSON)

    sentence = guests.in_english("This post is not on the wall.")
    assert (answer.status_code, answer.json()["error"]["message"]) == (409, sentence)


def test_screen_opens_with_the_logo_while_it_stands(event: Event, mira: User) -> None:
    factories.make_screen(event, key="a-key")

    def scene() -> bool:
        page = guests.beamer("a-key").get("/screen").content.decode()
        return re.search(r'data-slide="logo"[^>]* data-shown', page) is not None

    assert [scene(), bool(steps.take(event, LOGO, by=mira)), scene()] == [False, True, True]
