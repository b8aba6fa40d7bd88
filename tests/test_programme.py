"""Which day of the programme a page shows, before, during and after the event."""

from datetime import timedelta

import pytest

from agenda.models import Event
from agenda.programme import slots_of_day
from tests.factories import at, make_event, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> Event:
    """From 8 o'clock until half past five the next morning, with a programme until 20 o'clock."""
    event = make_event(zone="UTC", ends_at=at("29:30"))
    for start in ("10:00", "19:30"):
        make_slot(event, start=start)
    return event


@pytest.mark.parametrize("clock", ["-24:00", "7:59", "10:00", "23:00", "27:59", "29:30", "99:00"])
def test_a_page_shows_the_day_that_has_a_programme(party: Event, clock: str) -> None:
    """Before the event its first day, and also when it ended on a day of its own: the last one."""
    assert [slot.starts_at for slot in slots_of_day(party, at(clock))] == [at("10:00"), at("19:30")]


def test_after_the_day_boundary_a_new_day_has_begun(party: Event) -> None:
    assert slots_of_day(party, at("28:00")) == []

    breakfast = make_slot(party, start="29:00")

    assert slots_of_day(party, at("28:00")) == [breakfast]
    assert slots_of_day(party, party.ends_at + timedelta(days=3)) == [breakfast]


def test_event_without_a_programme_shows_none() -> None:
    event = make_event()

    assert slots_of_day(event, at("99:00")) == []
