"""The rules of an event and its lists: changed, written down, taken back."""

import pytest
from django.utils import translation

from agenda.models import Event, User
from tests.factories import make_event, make_moderator, make_rule
from tests.replay import assert_replay
from wall import actions, listing, ruling, standings, word_list
from wall.listing import WordRefused
from wall.models import Action, Listed, Rule
from wall.ruling import RuleChanged, Wish

pytestmark = pytest.mark.django_db

DELAYED, REVIEW, FREE = Rule.Mode.DELAYED, Rule.Mode.REVIEW, Rule.Mode.FREE
HOLD = Rule.Fallback.HOLD


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira")


def rule_now() -> tuple[str, int, str, bool]:
    rule = Rule.objects.get()
    return rule.mode, rule.delay_s, rule.fallback, rule.hold_first


def test_rules_are_changed_in_one_deed_that_says_what(mira: User) -> None:
    event = make_event(language="en")
    make_rule(event, FREE, delay_s=30)

    action = ruling.set_rule(event, Wish(DELAYED, 60, HOLD, False), by=mira)

    assert rule_now() == ("delayed", 60, "hold", False)
    assert action is not None
    with translation.override("en"):
        said = actions.words(action)
    assert said == (
        "Changed the rules: Time for second thoughts, 60 seconds, "
        "with nobody at the desk: Hold everything, the first post of somebody unknown does not wait"
    )


def test_what_is_wished_already_changes_nothing(event: Event, mira: User) -> None:
    make_rule(event, REVIEW)

    assert ruling.set_rule(event, Wish(mode=REVIEW), by=mira, seen=Wish(mode=FREE)) is None
    assert Action.objects.count() == 0


def test_change_by_a_colleague_meanwhile_is_not_overwritten(event: Event, mira: User) -> None:
    make_rule(event, FREE)
    ruling.set_rule(event, Wish(mode=REVIEW), by=mira)

    with pytest.raises(RuleChanged):
        ruling.set_rule(event, Wish(mode=DELAYED), by=mira, seen=Wish(mode=FREE))

    assert Rule.objects.get().mode == REVIEW


def test_what_nobody_touched_on_the_page_stays_as_a_colleague_left_it(
    event: Event, mira: User
) -> None:
    make_rule(event, FREE, delay_s=30)
    ruling.set_rule(event, Wish(mode=REVIEW), by=mira)

    ruling.set_rule(event, Wish(mode=FREE, delay_s=60), by=mira, seen=Wish(mode=FREE, delay_s=30))

    assert rule_now()[:2] == ("review", 60)


def test_rules_taken_back_leave_what_was_changed_since(event: Event, mira: User) -> None:
    make_rule(event, FREE, delay_s=30, fallback=HOLD)
    first = ruling.set_rule(event, Wish(mode=DELAYED, delay_s=60), by=mira)
    ruling.set_rule(event, Wish(delay_s=90), by=mira)
    assert first is not None

    assert actions.undo(first, by=mira) is True

    assert rule_now()[:3] == ("free", 90, "hold")


def test_word_is_listed_once_in_however_many_spellings(event: Event, mira: User) -> None:
    made = [listing.add_word(event, word, by=mira) for word in ("Troll ", "TROLL", "Tr\u043ell")]

    assert [action is not None for action in made] == [True, False, False]
    assert Listed.objects.get().written == "Troll"
    assert word_list.of_event(event).found_in("troll") is True


@pytest.mark.parametrize("word", ["", "a", "*", "!!", "wort " * 40])
def test_word_that_cannot_be_looked_for_is_refused(event: Event, mira: User, word: str) -> None:
    with pytest.raises(WordRefused):
        listing.add_word(event, word, by=mira)

    assert Listed.objects.count() == 0


def test_full_list_is_said_to_be_full(
    event: Event, mira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MAX_WORDS", 1)
    listing.add_word(event, "troll", by=mira)

    with pytest.raises(WordRefused):
        listing.add_word(event, "spam", by=mira)


def test_listing_and_striking_are_taken_back(event: Event, mira: User) -> None:
    listed = listing.add_word(event, "troll", by=mira)
    struck = listing.strike(Listed.objects.get(), by=mira)
    assert listed is not None
    assert struck is not None

    actions.undo(struck, by=mira)
    assert Listed.objects.get().written == "troll"
    actions.undo(listed, by=mira)
    assert Listed.objects.count() == 0


def test_striking_twice_is_one_deed(event: Event, mira: User) -> None:
    listing.add_word(event, "troll", by=mira)
    row = Listed.objects.get()

    assert [listing.strike(row, by=mira) is not None for _ in range(2)] == [True, False]


def test_server_let_in_by_the_list_is_let_in(event: Event, mira: User) -> None:
    standings.block_server(event, "evil.example", by=mira)
    struck = listing.strike(Listed.objects.get(), by=mira)

    assert struck is not None
    assert (struck.verb, struck.about) == ("unblock_server", "evil.example")
    actions.undo(struck, by=mira)
    assert Listed.objects.get().folded == "evil.example"


def test_rules_are_replayable(event: Event, mira: User) -> None:
    assert_replay(event, lambda: ruling.set_rule(event, Wish(mode=REVIEW), by=mira))
    assert_replay(event, lambda: actions.undo(Action.objects.get(), by=mira))
    assert_replay(event, lambda: listing.add_word(event, "troll", by=mira))
