"""Time rows: how they are made, and that no two overlap and no card is lost."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda import barcamp, periods, placing
from agenda.barcamp import PlaceTaken
from agenda.models import Event, Period, Slot
from agenda.periods import Made, PeriodChanged, PeriodRefused
from eventhub.live.models import Change
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event)
    return event


def clocks(event: Event) -> list[str]:
    return [f"{p.starts_at:%H:%M}-{p.ends_at:%H:%M}" for p in Period.objects.filter(event=event)]


def make_rows(event: Event, start: str, end: str, minutes: int = 45, pause: int = 15) -> Made:
    return periods.generate(event, at(start), at(end), minutes=minutes, pause=pause)


def card(event: Event, start: str = "10:00", minutes: int = 45) -> Slot:
    starts_at = at(start)
    proposal = make_proposal(event)
    ends_at = starts_at + timedelta(minutes=minutes)
    return barcamp.place(proposal, make_room(event), starts_at, ends_at)


def test_rows_come_with_their_pauses(event: Event) -> None:
    assert make_rows(event, "10:00", "13:00") == Made(3, 0)
    assert clocks(event) == ["10:00-10:45", "11:00-11:45", "12:00-12:45"]


def test_short_rows_for_a_short_afternoon(event: Event) -> None:
    make_rows(event, "14:00", "15:30", 20, 10)
    assert clocks(event) == ["14:00-14:20", "14:30-14:50", "15:00-15:20"]


def test_rows_go_round_what_all_go_to(event: Event) -> None:
    make_slot(event, start="12:00", minutes=60)  # everywhere
    pause = make_session(event, kind="break")
    make_slot(event, session=pause, room=make_room(event), start="14:30", minutes=30)
    make_slot(event, room=make_room(event), start="10:00")  # a talk in one room

    make_rows(event, "10:00", "16:00", 45, 0)

    assert clocks(event) == [
        "10:00-10:45",
        "10:45-11:30",
        "13:00-13:45",
        "13:45-14:30",
        "15:00-15:45",
    ]


def test_what_is_cancelled_takes_no_time(event: Event) -> None:
    slot = make_slot(event, start="10:00", minutes=60)
    placing.cancel(slot)
    make_rows(event, "10:00", "10:45")
    assert clocks(event) == ["10:00-10:45"]


def test_made_again_rows_without_cards_are_replaced_and_others_stay(event: Event) -> None:
    make_rows(event, "10:00", "13:00")
    slot = card(event, "11:00")

    assert make_rows(event, "10:00", "13:00", 20, 10) == Made(4, 1)

    assert clocks(event) == [
        "10:00-10:20",
        "10:30-10:50",
        "11:00-11:45",
        "11:55-12:15",
        "12:25-12:45",
    ]
    assert Slot.objects.get(pk=slot.pk).starts_at == at("11:00")


def test_rows_outside_of_the_times_stay(event: Event) -> None:
    make_period(event, "09:00")
    make_rows(event, "10:00", "11:00")
    assert clocks(event) == ["09:00-09:45", "10:00-10:45"]


@pytest.mark.parametrize(
    ("start", "end", "minutes", "pause"),
    [
        ("10:00", "10:00", 45, 15),
        ("11:00", "10:00", 45, 15),
        ("10:00", "10:30", 45, 15),
        ("10:00", "18:00", 0, 0),
        ("10:00", "18:00", 481, 0),
        ("10:00", "18:00", 45, -1),
        ("10:00", "18:00", 5, 0),  # more rows than a board has
    ],
)
def test_what_makes_no_rows_is_refused_with_a_sentence(
    event: Event, start: str, end: str, minutes: int, pause: int
) -> None:
    make_period(event, "10:00")
    before = clocks(event)
    with pytest.raises(PeriodRefused) as refused:
        make_rows(event, start, end, minutes, pause)
    assert refused.value.message.endswith(".")
    assert clocks(event) == before


def test_a_row_over_another_is_refused(event: Event) -> None:
    make_period(event, "10:00")
    with pytest.raises(PeriodRefused) as refused:
        periods.add(event, at("10:30"), at("11:15"))
    assert "12:00" in refused.value.message  # in the zone of the event
    periods.add(event, at("10:45"), at("11:30"))
    assert clocks(event) == ["10:00-10:45", "10:45-11:30"]


def test_the_same_row_twice_is_there_once(event: Event) -> None:
    one = periods.add(event, at("10:00"), at("10:45"))
    before = Change.objects.count()
    assert periods.add(event, at("10:00"), at("10:45")).pk == one.pk
    assert Change.objects.count() == before


def test_a_row_takes_its_cards_along_and_phones_read_that_they_moved(event: Event) -> None:
    period = make_period(event, "10:00")
    slot, other = card(event), card(event, "10:15", 30)

    periods.change(period, at("10:15"), at("11:00"), version=period.version)

    slot.refresh_from_db()
    other.refresh_from_db()
    assert (slot.starts_at, slot.ends_at, slot.was_starts_at) == (
        at("10:15"),
        at("11:00"),
        at("10:00"),
    )
    assert other.starts_at == at("10:15")
    assert clocks(event) == ["10:15-11:00"]


def test_a_row_does_not_push_a_card_over_another(event: Event) -> None:
    period = make_period(event, "10:00")
    slot = card(event)
    taken = barcamp.place(make_proposal(event), slot.room, at("11:00"), at("11:45"))

    with pytest.raises(PlaceTaken) as refused:
        periods.change(period, at("10:30"), at("11:15"))

    assert refused.value.slot == taken
    assert clocks(event) == ["10:00-10:45"]
    assert Slot.objects.get(pk=slot.pk).starts_at == at("10:00")


def test_a_row_that_somebody_changed_is_not_overwritten(event: Event) -> None:
    period = make_period(event, "10:00")
    seen = period.version
    periods.change(period, at("10:00"), at("10:30"), version=seen)

    with pytest.raises(PeriodChanged):
        periods.change(period, at("12:00"), at("12:30"), version=seen)
    with pytest.raises(PeriodChanged):
        periods.remove(period, version=seen)
    assert clocks(event) == ["10:00-10:30"]


def test_removing_a_row_removes_no_card(event: Event) -> None:
    period, slot = make_period(event, "10:00"), card(event)

    assert periods.remove(period) is True
    assert periods.remove(period) is False

    assert Slot.objects.filter(pk=slot.pk).exists()
    assert clocks(event) == []


def test_a_row_that_is_gone_is_not_changed(event: Event) -> None:
    period = make_period(event, "10:00")
    periods.remove(period)
    with pytest.raises(PeriodChanged):
        periods.change(period, at("11:00"), at("11:45"))


def test_cards_are_counted_with_one_query(event: Event, django_assert_num_queries: Any) -> None:
    rows = [make_period(event, f"{hour}:00") for hour in (10, 11, 12)]
    card(event, "10:30", 60)
    with django_assert_num_queries(1):
        found = periods.cards_in(event, rows)
    assert found == {rows[0].pk: 1, rows[1].pk: 1, rows[2].pk: 0}


def when(minutes: int) -> datetime:
    return at("08:00") + timedelta(minutes=minutes)


@given(
    blocks=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 120)), max_size=8),
    start=st.integers(0, 600),
    length=st.integers(5, 120),
    pause=st.integers(0, 60),
)
def test_no_two_rows_overlap_and_none_lies_over_what_is_blocked(
    blocks: list[tuple[int, int]], start: int, length: int, pause: int
) -> None:
    blocked = [(when(begin), when(begin + lasts)) for begin, lasts in blocks]
    gap = timedelta(minutes=pause)

    rows = list(periods.free_times(when(start), when(600), timedelta(minutes=length), gap, blocked))

    for (_, end), (following, _) in pairwise(rows):
        assert end <= following
        assert following - end == gap or any(last == following for _, last in blocked)
    for begin, end in rows:
        assert when(start) <= begin < end <= when(600)
        assert end - begin == timedelta(minutes=length)
        assert all(end <= first or begin >= last for first, last in blocked)
