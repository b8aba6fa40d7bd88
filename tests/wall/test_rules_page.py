"""The organizers' page of rules, and the log of the desk with what can be taken back."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, Membership, User
from eventhub.live.log import changing
from tests.factories import make_author, make_event, make_moderator, make_post, make_rule, make_user
from tests.guests import signed_in
from wall import declining, listing, moderation, standings, upstream
from wall.declining import Choice
from wall.models import Action, Listed, Post, Rule

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CHOICE = {"mode": "delayed", "delay_s": "60", "fallback": "hold", "hold_first": "on"}


@pytest.fixture
def event(db: None) -> Event:
    return make_event(language="en")


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira", first_name="Mira")


@pytest.fixture
def organizer(event: Event) -> Client:
    user = make_user("ada", first_name="Ada")
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return signed_in(user)


@pytest.fixture
def desk(mira: User) -> Client:
    return signed_in(mira)


def rules(event: Event) -> str:
    return f"/{event.slug}/home/rules/"


def log(event: Event) -> str:
    return f"/{event.slug}/desk/log"


def test_rules_are_saved_and_shown(event: Event, organizer: Client) -> None:
    answer = organizer.post(rules(event), CHOICE, follow=True)

    assert "That holds from now on" in answer.text
    assert 'value="delayed" checked' in answer.text
    rule = Rule.objects.get()
    assert (rule.mode, rule.delay_s, rule.fallback) == ("delayed", 60, "hold")
    assert Action.objects.get().by == User.objects.get(username="ada")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"delay_s": "4"}, "from 5 to 600"),
        ({"delay_s": "601"}, "from 5 to 600"),
        ({"delay_s": "soon"}, "from 5 to 600"),
        ({"delay_s": ""}, "from 5 to 600"),
        ({"mode": "never"}, "load the page again"),
        ({"was_mode": "never"}, "load the page again"),
    ],
)
def test_what_cannot_be_is_said_in_words(
    event: Event, organizer: Client, change: dict[str, str], words: str
) -> None:
    make_rule(event)

    answer = organizer.post(rules(event), CHOICE | change)

    assert answer.status_code == 422
    assert words in answer.text
    assert Rule.objects.get().mode == "free"


def test_change_by_a_colleague_meanwhile_is_shown(
    event: Event, organizer: Client, mira: User
) -> None:
    make_rule(event)
    moderation.set_mode(event, Rule.Mode.REVIEW, by=mira)
    seen = {"was_mode": "free", "was_delay_s": "30", "was_fallback": "hold", "was_hold_first": "on"}

    answer = organizer.post(rules(event), CHOICE | seen)

    assert answer.status_code == 409
    assert "changed the rules in the meantime" in answer.text
    assert 'value="review" checked' in answer.text


def test_words_and_servers_are_added_and_struck(event: Event, organizer: Client) -> None:
    for what, written in (("words", "Troll*"), ("servers", "https://evil.example/about")):
        organizer.post(f"{rules(event)}{what}", {"written": written})
    page = organizer.get(rules(event)).text
    assert "Troll*" in page
    assert "evil.example" in page

    for row in Listed.objects.all():
        organizer.post(f"{rules(event)}listed/{row.pk}/strike")

    assert Listed.objects.count() == 0
    assert Action.objects.count() == 4


@pytest.mark.parametrize(
    ("what", "written", "words"),
    [
        ("words", "a", "two letters or more"),
        ("words", "", "two letters or more"),
        ("servers", "nothing", "not the name of a server"),
        ("servers", "", "not the name of a server"),
    ],
)
def test_what_cannot_be_listed_is_said_beside_its_field(
    event: Event, organizer: Client, what: str, written: str, words: str
) -> None:
    answer = organizer.post(f"{rules(event)}{what}", {"written": written})

    assert answer.status_code == 422
    assert words in answer.text
    assert f'aria-describedby="problem-{what}"' in answer.text


def test_log_says_who_did_what_and_takes_it_back(event: Event, desk: Client, mira: User) -> None:
    taken_down, flood = make_post(event, text="Hallo"), make_post(event, text="troll")
    moderation.hide(taken_down, by=mira)
    action = declining.decline(event, Choice(word="troll"), mira)

    page = desk.get(log(event)).text

    assert "Declined together: troll" in page
    assert "1 post" in page
    assert "Took a post down" in page
    assert "Hallo" in page
    assert "Mira" in page

    again = [desk.post(f"{log(event)}/{action.pk}/undo", follow=True) for _ in range(2)]

    assert [answer.status_code for answer in again] == [200, 200]
    assert Post.objects.get(pk=flood.pk).state == "shown"
    assert "taken back by" in desk.get(log(event)).text


def test_undo_answers_a_script_in_its_own_words(event: Event, desk: Client, mira: User) -> None:
    action = listing.add_word(event, "troll", by=mira)
    assert action is not None
    address, json = f"{log(event)}/{action.pk}/undo", {"accept": "application/json"}

    answers = [desk.post(address, headers=json).json() for _ in range(2)]

    assert answers == [{"changed": True}, {"changed": False}]


def test_what_cannot_be_taken_back_says_so(event: Event, desk: Client) -> None:
    action = Action.objects.create(event=event, verb="account_gone")

    assert desk.post(f"{log(event)}/{action.pk}/undo").status_code == 409


def test_log_shows_nothing_of_what_was_taken_back(event: Event, desk: Client, mira: User) -> None:
    post = make_post(event, text="canary")
    moderation.hide(post, by=mira)
    with changing(event) as opened:
        upstream.remove_gone(opened, [opened.fresh(post)])

    assert "canary" not in desk.get(log(event)).text


def test_deed_of_another_event_is_not_there(event: Event, desk: Client) -> None:
    other = make_event()
    action = standings.block_server(other, "evil.example", by=None)

    assert desk.post(f"{log(event)}/{action.pk}/undo").status_code == 404
    assert "evil.example" not in desk.get(log(event)).text


@pytest.mark.parametrize("page", [log, rules])
def test_pages_ask_the_same_for_one_and_three(
    event: Event, organizer: Client, mira: User, page: Callable[[Event], str]
) -> None:
    make_rule(event)
    asked = []
    for number in range(3):
        listing.add_word(event, f"word{number}", by=mira)
        standings.block_author(make_author(event), by=mira)
        moderation.hide(make_post(event), by=mira)
        with CaptureQueriesContext(connection) as queries:
            assert organizer.get(page(event)).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[2]
