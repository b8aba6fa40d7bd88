"""The barcamp of the demo event: something to see in every part, and it moves with its day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from agenda import periods, votes
from agenda.models import Barcamp, Event, Period, Proposal, Slot, Vote
from agenda.proposals import State
from wall import demo

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MORNING = datetime(2026, 10, 7, 10, 3, 20, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def event(settings: Settings) -> Event:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return demo.ensure_demo(MORNING).event


def test_guests_find_proposals_and_staff_cards_in_every_place(event: Event) -> None:
    found = list(Proposal.objects.of(event))
    placed = set(Slot.objects.values_list("session__proposal", flat=True))
    kinds = [(one.state, one.pk in placed) for one in found]

    assert Barcamp.objects.get(event=event).phase == "collect"
    assert 10 <= len(kinds) <= 14
    assert set(kinds) == {(State.OPEN, True), (State.OPEN, False), (State.PARKED, False)}
    assert [one.title for one in found if not one.text or one.hostings.count() > 1] == []
    for proposal in found:
        proposal.full_clean()


def test_counts_are_those_of_distinct_guests(event: Event) -> None:
    told = dict(Proposal.objects.of(event).values_list("pk", "votes"))
    assert votes.tally(event) == told
    assert Vote.objects.filter(proposal__event=event).count() == sum(told.values())


def test_rounds_go_round_the_breaks_and_do_not_overlap(event: Event) -> None:
    rows = list(Period.objects.filter(event=event))
    blocked = [(slot.starts_at, slot.ends_at) for slot in periods.for_all(event)]
    spans = [(row.starts_at, row.ends_at) for row in rows]
    assert len(spans) == 3
    assert [
        (one, other)
        for one in spans
        for other in blocked + [span for span in spans if span != one]
        if one[0] < other[1] and one[1] > other[0]
    ] == []


@pytest.mark.parametrize("later", [timedelta(hours=-3), timedelta(days=1)])
def test_rounds_wishes_and_cards_move_with_the_day(event: Event, later: timedelta) -> None:
    late = Proposal.objects.get(event=event, not_before__isnull=False)
    before = [late.not_before, *Period.objects.values_list("starts_at", flat=True)]
    starts_at = event.starts_at

    moved = demo.ensure_demo(MORNING + later).event

    late.refresh_from_db()
    after = [late.not_before, *Period.objects.values_list("starts_at", flat=True)]
    assert moved.starts_at != starts_at
    assert [at + (moved.starts_at - starts_at) for at in before if at] == after
    cards = Slot.objects.filter(event=event, session__proposal__isnull=False)
    rows = set(Period.objects.values_list("starts_at", flat=True))
    assert set(cards.values_list("starts_at", flat=True)) <= rows
