"""Helpers are told how many would come when that has changed, and not asked for otherwise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import barcamp, phases, votes
from agenda.models import Event, Proposal
from agenda.tallies import Teller
from eventhub.live.models import Change
from tests.factories import make_barcamp, make_event, make_proposal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event)
    return event


def vote(event: Event, proposal: Proposal, letter: str = "A", *, on: bool = True) -> None:
    votes.vote(event, letter * 22, proposal.key, on=on)


def told(event: Event) -> list[tuple[str, str]]:
    return list(
        Change.objects.filter(event_id=event.pk, kind=votes.TALLY).values_list("key", "topics")
    )


def test_votes_of_many_are_told_as_one_count_to_helpers_alone(event: Event) -> None:
    proposal, teller = make_proposal(event), Teller()
    for letter in "ABC":
        vote(event, proposal, letter)

    assert teller.look() == 1
    assert Proposal.objects.get().votes == 3
    assert told(event) == [(proposal.key, " ".join(votes.TELLS))]
    assert "board" not in votes.TELLS


def test_vote_taken_back_while_another_comes_is_told(event: Event) -> None:
    first, second = make_proposal(event), make_proposal(event)
    teller = Teller()
    vote(event, first)
    teller.look()

    vote(event, first, on=False)
    vote(event, second)

    assert teller.look() == 2
    assert sorted(Proposal.objects.values_list("votes", flat=True)) == [0, 1]


def test_merging_is_told_though_nobody_has_voted_since(event: Event) -> None:
    one, into = make_proposal(event), make_proposal(event)
    teller = Teller()
    vote(event, one)
    teller.look()

    barcamp.merge(one, into)
    teller.look()

    assert Proposal.objects.get(pk=into.pk).votes == 1


def test_count_changes_nothing_that_a_helper_sees_otherwise(event: Event) -> None:
    proposal = make_proposal(event)
    vote(event, proposal)

    Teller().look()

    assert Proposal.objects.get().version == proposal.version


@pytest.mark.parametrize("number", [1, 3])
def test_look_at_what_has_not_changed_costs_three_questions(number: int) -> None:
    teller = Teller()
    for _ in range(number):
        event = make_event()
        make_barcamp(event)
        vote(event, make_proposal(event))
    teller.look()
    teller.look()  # what it told itself has moved the logs

    with CaptureQueriesContext(connection) as captured:
        assert teller.look() == 0

    assert len(captured) == 3


def test_without_a_barcamp_a_look_is_one_question() -> None:
    make_event()

    with CaptureQueriesContext(connection) as captured:
        Teller().look()

    assert len(captured) == 1


def test_last_votes_are_counted_when_the_phase_ends(event: Event) -> None:
    proposal = make_proposal(event)
    vote(event, proposal)

    phases.enter(event, "board")

    assert Proposal.objects.get(pk=proposal.pk).votes == 1
