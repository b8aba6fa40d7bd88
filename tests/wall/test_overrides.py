"""What the stage puts on screens by hand: on one or on all, since when, by whom, and back again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.log import changing
from tests import factories
from tests.replay import assert_replay, head
from wall import actions, notices, screens, step_topics, steps
from wall.models import Action, Screen, Step

pytestmark = pytest.mark.django_db

LOGO, FREEZE, NOTICE = Step.What.LOGO, Step.What.FREEZE, Step.What.NOTICE


@pytest.fixture
def mira(event: Event) -> User:
    return factories.make_moderator(event, first_name="Mira")


@pytest.fixture
def ben(event: Event) -> User:
    return factories.make_moderator(event, first_name="Ben")


@pytest.fixture
def foyer(event: Event) -> Screen:
    return factories.make_screen(event, name="Foyer")


def by_hand(event: Event) -> list[tuple[str, str, str]]:
    """What, on which screen ("" for all), with which words."""
    rows = Step.objects.filter(event=event).select_related("screen").order_by("pk")
    return [(r.what, r.screen.name if r.screen else "", r.text) for r in rows]


def undo_newest(event: Event, by: User) -> bool:
    return actions.undo(Action.objects.filter(event=event).latest("pk"), by=by)


# --- logo and freeze


@pytest.mark.each_case
@pytest.mark.parametrize("what", [LOGO, FREEZE])
@pytest.mark.parametrize("alone", [False, True])
def test_step_on_screens_is_followed_taken_back_and_taken_again(
    event: Event, mira: User, foyer: Screen, what: str, alone: bool
) -> None:
    screen = foyer if alone else None
    stands = [(what, "Foyer" if alone else "", "")]

    assert_replay(event, lambda: steps.take(event, what, by=mira, screen=screen))
    assert by_hand(event) == stands
    assert undo_newest(event, mira) is True
    assert by_hand(event) == []
    assert undo_newest(event, mira) is True
    assert by_hand(event) == stands
    assert_replay(event, lambda: steps.lift(event, what, by=mira, screen=screen))


def test_logo_on_one_screen_leaves_the_others_and_their_own_logo(
    event: Event, mira: User, foyer: Screen
) -> None:
    steps.take(event, LOGO, by=mira, screen=foyer)

    assert steps.standing(event) == {}
    steps.take(event, LOGO, by=mira)
    steps.lift(event, LOGO, by=mira)
    assert by_hand(event) == [(LOGO, "Foyer", "")]


@pytest.mark.parametrize("what", [Step.What.BRAKE, Step.What.CLEAR])
def test_what_concerns_posts_is_taken_on_all_screens_only(
    event: Event, mira: User, foyer: Screen, what: str
) -> None:
    with pytest.raises(ValueError, match="all screens"):
        steps.take(event, what, by=mira, screen=foyer)


def test_screen_of_another_event_is_refused(event: Event, mira: User) -> None:
    foreign = factories.make_screen(factories.make_event())

    with pytest.raises(ValueError, match="another event"):
        steps.take(event, LOGO, by=mira, screen=foreign)
    with pytest.raises(ValueError, match="another event"):
        notices.show(event, "Hi", by=mira, screen=foreign)


def test_undo_for_a_screen_that_was_signed_off_is_harmless(
    event: Event, mira: User, foyer: Screen
) -> None:
    steps.take(event, LOGO, by=mira)
    steps.take(event, LOGO, by=mira, screen=foyer)
    with changing(event) as log:
        foyer.revoked_at = timezone.now()
        log.touch(foyer)

    assert undo_newest(event, mira) is True
    assert by_hand(event) == [(LOGO, "", ""), (LOGO, "Foyer", "")]


# --- notices


def test_notice_is_cleaned_shown_and_ends_by_itself(event: Event, mira: User) -> None:
    said = "  Die Tombola\u202e beginnt\x00  jetzt  "

    assert_replay(event, lambda: notices.show(event, said, by=mira, minutes=5))

    assert by_hand(event) == [(NOTICE, "", "Die Tombola beginnt jetzt")]
    later = timezone.now() + timedelta(minutes=5, seconds=1)
    assert_replay(event, lambda: steps.end_due(later))
    assert by_hand(event) == []


def test_notice_of_one_screen_says_so_to_the_screens(
    event: Event, mira: User, foyer: Screen
) -> None:
    notices.show(event, "Alle in den Saal", by=mira)
    notices.show(event, "Kaffee ist leer", by=mira, screen=foyer)

    drawn = "".join(str(item.html) for item in step_topics.for_screens(event.pk, "de").values())

    assert 'data-on="" ' in drawn
    assert f'data-on="{foyer.key}" ' in drawn
    assert drawn.index("Alle in den Saal") < drawn.index("Kaffee ist leer")


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 281, "🎈" * 5000])
def test_words_that_do_not_fit_are_refused_in_words(event: Event, mira: User, words: str) -> None:
    before = head(event)

    with pytest.raises(notices.NoticeRefused) as refusal:
        notices.show(event, words, by=mira)

    assert refusal.value.message.endswith(".")
    assert head(event) == before


@pytest.mark.parametrize("minutes", [0, -5, 601, 10**9])
def test_time_that_is_no_time_is_refused(event: Event, mira: User, minutes: int) -> None:
    with pytest.raises(notices.NoticeRefused):
        notices.show(event, "Hi", by=mira, minutes=minutes)


def test_same_notice_again_is_the_first_one(event: Event, mira: User) -> None:
    first = notices.show(event, "Hi", by=mira, minutes=5, instead_of="")
    before = head(event)

    again = notices.show(event, "Hi", by=mira, minutes=5, instead_of="")

    assert (again.pk, again.since, head(event)) == (first.pk, first.since, before)


def test_two_at_once_have_one_notice_and_the_second_is_asked(
    event: Event, mira: User, ben: User
) -> None:
    first = notices.show(event, "Von Mira", by=mira, instead_of="")

    with pytest.raises(notices.NoticeMeanwhile) as conflict:
        notices.show(event, "Von Ben", by=ben, instead_of="")

    assert (conflict.value.step, "Mira" in conflict.value.message) == (first, True)
    assert by_hand(event) == [(NOTICE, "", "Von Mira")]
    seen = notices.mark_of(first)
    assert_replay(event, lambda: notices.show(event, "Von Ben", by=ben, instead_of=seen))
    assert by_hand(event) == [(NOTICE, "", "Von Ben")]


def test_notice_to_all_replaces_those_of_single_screens(
    event: Event, mira: User, foyer: Screen
) -> None:
    notices.show(event, "Kaffee", by=mira, screen=foyer)

    assert_replay(event, lambda: notices.show(event, "An alle", by=mira))

    assert by_hand(event) == [(NOTICE, "", "An alle")]


def test_undo_of_a_notice_brings_the_earlier_one_back(event: Event, mira: User, ben: User) -> None:
    notices.show(event, "Erste", by=mira)
    notices.show(event, "Zweite", by=ben)

    assert undo_newest(event, ben) is True

    assert by_hand(event) == [(NOTICE, "", "Erste")]
    assert Step.objects.get().by == mira


def test_undo_leaves_a_notice_that_came_later(event: Event, mira: User, ben: User) -> None:
    notices.show(event, "Erste", by=mira)
    deed = Action.objects.get()
    notices.show(event, "Zweite", by=ben)

    actions.undo(deed, by=mira)

    assert by_hand(event) == [(NOTICE, "", "Zweite")]


def test_ended_notice_comes_back_by_undo(event: Event, mira: User, foyer: Screen) -> None:
    notices.show(event, "Hi", by=mira, screen=foyer, minutes=5)
    until = Step.objects.get().until

    assert notices.end(event, by=mira, screen=foyer) is True
    assert notices.end(event, by=mira, screen=foyer) is False
    assert undo_newest(event, mira) is True

    assert by_hand(event) == [(NOTICE, "Foyer", "Hi")]
    assert Step.objects.get().until == until


# --- next slide, reload


def test_screens_are_told_to_go_on_and_to_load_anew(event: Event, foyer: Screen) -> None:
    assert_replay(event, lambda: screens.nudge(foyer))
    assert_replay(event, lambda: screens.reload(foyer))

    foyer.refresh_from_db()
    assert None not in (foyer.nudged_at, foyer.reload_at)
