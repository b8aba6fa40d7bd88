"""What was suggested is placed, whole or card by card; what no longer fits says why."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from agenda import accepting, pitching, proposals
from agenda.cards import Written
from agenda.models import Event, Period, Proposal, Room, Slot, Suggestion
from eventhub.live.log import changing
from tests import factories, guests
from tests.factories import at, make_proposal, make_room
from tests.suggested import MORNING, State, card, make_barcamp_morning, slots, staff, worked_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]


@pytest.fixture
def event(monkeypatch: pytest.MonkeyPatch) -> Event:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return make_barcamp_morning()


@pytest.fixture
def client(event: Event) -> Client:
    guests.refill_buckets()
    return guests.signed_in(staff(event))


def test_accepted_as_a_whole_everything_stands_where_it_was_suggested(event: Event) -> None:
    cards = [make_proposal(event, hands=hands) for hands in (50, 10, 40)]
    found = worked_out(event)

    refused = accepting.accept(found)
    again = accepting.accept(Suggestion.objects.get(pk=found.pk))

    assert (refused, again, Slot.objects.count()) == ([], [], 3)
    assert Suggestion.objects.get().state == State.DONE
    for proposal in cards:
        about = card(found, proposal)
        assert slots(proposal) == [(about["room_name"], about["row"][:5])]


def test_one_card_is_accepted_and_the_others_wait(event: Event) -> None:
    one, other = make_proposal(event), make_proposal(event)
    found = worked_out(event)

    accepting.accept(found, one.key)

    assert [card(found, each)["state"] for each in (one, other)] == ["placed", "open"]
    assert (len(slots(one)), slots(other)) == (1, [])


def spoil_place(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    room = Room.objects.get(pk=about["room"])
    factories.make_slot(event, room=room, start=about["row"][:5])


def spoil_card(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    proposals.withdraw(proposal)


def spoil_host(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    talk = factories.make_session(event, "Keynote", host="Ada")
    factories.make_slot(event, session=talk, room=make_room(event), start=about["row"][:5])


def spoil_wish(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    wish = Written(proposal.title, host=proposal.host, not_before=at("17:00"))
    proposals.correct(proposal, wish, version=None)


def spoil_hands(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    pitching.count(proposal, 500)


def spoil_room(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    Room.objects.filter(pk=about["room"]).delete()


def spoil_rows(event: Event, proposal: Proposal, about: dict[str, Any]) -> None:
    with changing(event) as log:
        log.remove(Period.objects.get(pk=about["period"]))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_place, "is taken by now"),
        (spoil_card, "has changed"),
        (spoil_host, "Ada is in “Keynote”"),
        (spoil_wish, "wishes another time"),
        (spoil_hands, "500 hands"),
        (spoil_room, "rooms or time rows have changed"),
        (spoil_rows, "rooms or time rows have changed"),
    ],
)
def test_what_no_longer_fits_is_refused_with_its_reason_and_takes_nothing_along(
    event: Event, spoil: Any, words: str
) -> None:
    stale = make_proposal(event, "stale", host="Ada", not_after=at("10:50"))
    fine = make_proposal(event, "fine", hands=50, not_before=at("10:50"))
    found = worked_out(event)
    spoil(event, stale, card(found, stale))

    with translation.override("en"):
        refused = accepting.accept(found)

    assert [(one["key"], words in one["said"]) for one in refused] == [(stale.key, True)]
    assert (slots(stale), len(slots(fine))) == ([], 1)
    assert card(found, stale)["state"] == "refused"


def test_refused_card_answers_a_program_with_409(event: Event, client: Client) -> None:
    one = make_proposal(event)
    found = worked_out(event)
    spoil_place(event, one, card(found, one))
    where = f"/{event.slug}/home/barcamp/suggestion/{found.key}/accept"

    answer = client.post(where, {"card": one.key}, headers={"Accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json()["error"]["message"] == card(found, one)["said"]
