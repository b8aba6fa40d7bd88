"""Double taps, replays, votes from nowhere, absurd titles, other phases, rooms that are gone: one
object at most, a clear sentence, the board right.
"""

from typing import Any

import pytest
from django.test import Client

from agenda import phases, proposals
from agenda.models import Attendee, Barcamp, Event, Hosting, Membership, Proposal, Room, Slot, Vote
from agenda.proposals import State
from eventhub.live.check_log import check
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests import guests
from tests.factories import make_barcamp, make_event, make_period, make_proposal, make_room
from tests.plan_deeds import cell, deed
from tests.replay import head
from tests.two_events import Hall

pytestmark = pytest.mark.django_db
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f466"
TITLES_OF_NOBODY = ("", "   ", "\u200b\u2060", "\x00\x07", "a" * 121, "a" * 5000, FAMILY * 120)


@pytest.fixture
def event() -> Event:
    guests.refill_buckets()
    event = make_event(zone="UTC", language="en")
    make_barcamp(event)
    return event


@pytest.fixture
def phone(event: Event) -> Client:
    return guests.guest(event)


@pytest.fixture
def ina(event: Event) -> Client:
    """A helper on stage."""
    return guests.signed_in(Hall(event).person(Membership.Role.HELPER, tasks=["pitch"]))


def send(client: Client, event: Event, path: str, **form: Any) -> Any:
    return client.post(f"/{event.slug}/{path}", form, headers=guests.JSON)


def sentence(answer: Any) -> str:
    """What a refusal says; it has words, and none of a developer."""
    words = str(answer.json()["error"]["message"])
    assert words[0].isupper()
    assert words[-1] in ".!?"
    assert "Error" not in words
    return words


# --- double taps and replayed requests


def test_double_tap_on_every_button_of_a_phone_is_one_object(event: Event, phone: Client) -> None:
    card = make_proposal(event)
    form = {"title": "Commons", "sent_key": new_key()}

    for _ in range(3):
        assert send(phone, event, "board/proposals", **form).status_code in (200, 201)
        send(phone, event, "board/votes", proposal=card.key, on=1)
        assert send(phone, event, "board/code", code=card.code).status_code < 400

    assert Proposal.objects.filter(title="Commons").count() == 1
    assert (Vote.objects.count(), Hosting.objects.count(), Attendee.objects.count()) == (1, 2, 1)


def test_replayed_proposal_does_not_come_back_after_it_was_taken_back(
    event: Event, phone: Client
) -> None:
    form = {"title": "Commons", "sent_key": new_key()}
    send(phone, event, "board/proposals", **form)
    card = Proposal.objects.get()
    send(phone, event, f"board/proposals/{card.key}/withdraw")
    seq = head(event)

    answer = send(phone, event, "board/proposals", **form)

    assert answer.status_code < 500
    assert [one.state for one in Proposal.objects.all()] == [State.WITHDRAWN]
    assert head(event) == seq


def test_replayed_proposal_is_answered_after_its_phase_is_over(event: Event, phone: Client) -> None:
    form = {"title": "Commons", "sent_key": new_key()}
    send(phone, event, "board/proposals", **form)
    phases.enter(event, Barcamp.Phase.CLOSED)

    assert send(phone, event, "board/proposals", **form).status_code < 400
    assert Proposal.objects.count() == 1


def test_double_tap_on_place_stands_once(event: Event, ina: Client) -> None:
    make_barcamp(event, Barcamp.Phase.BOARD)
    card, room, row = make_proposal(event), make_room(event), make_period(event)
    form = {"cell": cell(room, row), "version": card.version}

    answers = [deed(ina, event, f"cards/{card.key}/place", form) for _ in range(3)]

    assert {answer.status_code for answer in answers} <= {200, 409}
    assert answers[0].status_code == 200
    assert Slot.objects.count() == 1
    assert check(event.pk) == []


def test_walk_up_typed_once_and_sent_three_times_is_one_card(event: Event, ina: Client) -> None:
    make_barcamp(event, Barcamp.Phase.PITCH)
    form = {"title": "Commons", "sent_key": new_key()}

    for _ in range(3):
        assert send(ina, event, "pitch/new", **form).status_code == 200

    assert Proposal.objects.count() == 1


# --- votes from nowhere


def test_vote_without_a_cookie_is_refused_and_leaves_no_row(event: Event) -> None:
    card = make_proposal(event)

    answer = send(guests.browser(), event, "board/votes", proposal=card.key, on=1)

    assert answer.status_code == 403
    assert sentence(answer)
    assert not Vote.objects.exists()
    assert not Attendee.objects.exists()


def test_vote_with_the_cookie_of_another_event_is_refused(event: Event) -> None:
    card, other = make_proposal(event), make_event()
    make_barcamp(other)

    answer = send(guests.guest(other), event, "board/votes", proposal=card.key, on=1)

    assert answer.status_code == 403
    assert not Vote.objects.exists()


@pytest.mark.parametrize("state", [State.HELD, State.WITHDRAWN, State.DECLINED, State.MERGED])
def test_vote_for_what_cannot_be_voted_for_is_refused(
    event: Event, phone: Client, state: str
) -> None:
    elsewhere = make_event()
    make_barcamp(elsewhere)

    for card in (make_proposal(event, state=state), make_proposal(elsewhere)):
        answer = send(phone, event, "board/votes", proposal=card.key, on=1)
        assert answer.status_code in (404, 409)
        assert sentence(answer)
    assert not Vote.objects.exists()


@pytest.mark.parametrize("on", ["", "2", "yes", "\x00", "1" * 500])
def test_vote_that_no_page_of_ours_sends_is_refused(event: Event, phone: Client, on: str) -> None:
    card = make_proposal(event)

    for key in (card.key, "", "\x00", "x" * 5000):
        assert 400 <= send(phone, event, "board/votes", proposal=key, on=on).status_code < 500
    assert not Vote.objects.exists()


# --- titles of 0 and of 5,000 characters


@pytest.mark.parametrize("title", TITLES_OF_NOBODY)
def test_absurd_title_is_refused_wherever_one_is_typed(
    event: Event, phone: Client, ina: Client, title: str
) -> None:
    make_barcamp(event, Barcamp.Phase.PITCH)
    send(phone, event, "board/proposals", title="Commons", sent_key=new_key())
    card = Proposal.objects.get()

    answers = [
        send(phone, event, "board/proposals", title=title, sent_key=new_key()),
        send(
            phone,
            event,
            f"board/proposals/{card.key}/correct",
            title=title,
            version=card.version,
        ),
        send(ina, event, "pitch/new", title=title, sent_key=new_key()),
        send(ina, event, f"pitch/cards/{card.key}/write", title=title, was_title="Commons"),
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert all(map(sentence, answers))
    assert [one.title for one in Proposal.objects.all()] == ["Commons"]


@pytest.mark.parametrize("field", ["text", "host", "needs"])
def test_other_fields_of_5000_characters_are_refused(
    event: Event, phone: Client, field: str
) -> None:
    form = {"title": "Commons", "sent_key": new_key(), field: "a" * 5000}

    answer = send(phone, event, "board/proposals", **form)

    assert answer.status_code == 422
    assert "5000" in sentence(answer)
    assert not Proposal.objects.exists()


def test_longest_line_that_is_taken_fits_into_the_database(event: Event, phone: Client) -> None:
    line = "ä" * 120

    answer = send(
        phone, event, "board/proposals", title=line, host=line, needs=line, sent_key=new_key()
    )

    assert answer.status_code < 300
    assert Proposal.objects.get().title == line


# --- a phase that changed meanwhile


def test_phase_that_changed_while_somebody_typed_is_said_and_nothing_is_done(
    event: Event, phone: Client
) -> None:
    send(phone, event, "board/proposals", title="Commons", sent_key=new_key())
    card = Proposal.objects.get()
    phases.enter(event, Barcamp.Phase.CLOSED)
    seq = head(event)

    answers = [
        send(phone, event, "board/proposals", title="Late", sent_key=new_key()),
        send(phone, event, "board/votes", proposal=card.key, on=1),
        send(
            phone, event, f"board/proposals/{card.key}/correct", title="New", version=card.version
        ),
        send(phone, event, f"board/proposals/{card.key}/withdraw"),
        send(phone, event, f"board/proposals/{card.key}/place", cell="1.1"),
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert all(map(sentence, answers))
    assert head(event) == seq
    assert not Vote.objects.exists()


def test_pitch_that_goes_on_after_the_pitches_is_refused_in_a_sentence(
    event: Event, ina: Client
) -> None:
    card = make_proposal(event)
    phases.enter(event, Barcamp.Phase.BOARD)

    answers = [
        send(ina, event, "pitch/call", proposal=card.key, seen=""),
        send(ina, event, "pitch/new", title="Late", sent_key=new_key()),
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert all(map(sentence, answers))
    assert Proposal.objects.count() == 1


# --- a room deleted while a card is dragged


@pytest.mark.parametrize("gone", ["room", "row"])
def test_place_that_was_deleted_while_a_card_was_dragged_is_said(
    event: Event, ina: Client, gone: str
) -> None:
    make_barcamp(event, Barcamp.Phase.BOARD)
    card, room, row = make_proposal(event), make_room(event), make_period(event)
    form = {"cell": cell(room, row), "version": card.version}
    if gone == "room":
        Room.objects.all().delete()
    else:
        with changing(event) as log:
            log.remove(row)

    answers = [
        deed(ina, event, f"cards/{card.key}/place", form),
        send(ina, event, f"pitch/cards/{card.key}/place", **form),
    ]

    assert all(400 <= answer.status_code < 500 for answer in answers)
    assert sentence(answers[0])
    assert not Slot.objects.exists()
    card.refresh_from_db()
    assert (card.session, card.state) == (None, State.OPEN)


def test_list_that_trolls_have_filled_leaves_room_for_the_stage(
    event: Event, phone: Client, ina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_barcamp(event, Barcamp.Phase.PITCH)
    monkeypatch.setattr(proposals, "MAX_BY_GUESTS", 2)
    for _ in range(2):
        proposals.withdraw(make_proposal(event))

    answer = send(phone, event, "board/proposals", title="One more", sent_key=new_key())

    assert answer.status_code in (409, 422)
    assert sentence(answer)
    walk_up = send(ina, event, "pitch/new", title="Walk-up", sent_key=new_key())
    assert walk_up.status_code == 200
