"""A programme of 1,500 sessions costs a phone no more than one of 50, apart from its own list."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import programme
from agenda.models import Event, Session, Slot
from eventhub.live import reading
from eventhub.live.log import changing
from tests import guests
from tests.factories import at, make_event, make_room

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SMALL, LARGE = 50, 1500
ROOMS = 2
DAYS = 5
FIRST = "Talk 10000"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(at("12:02"), tick=False):
        yield


def event_of(sessions: int) -> Event:
    """Five days, each five minutes filled room by room."""
    event = make_event(zone="UTC", ends_at=at("18:00") + timedelta(days=DAYS - 1))
    rooms = [make_room(event, f"Room {number:02}", position=number) for number in range(ROOMS)]
    made = Session.objects.bulk_create(
        Session(event=event, title=f"Talk {10_000 + number}") for number in range(sessions)
    )
    slots = []
    for number, session in enumerate(made):
        day, within = divmod(number, sessions // DAYS)
        row, room = divmod(within, ROOMS)
        starts_at = at("11:55") + timedelta(days=day, minutes=5 * row)
        slots.append(
            Slot(
                event=event,
                session=session,
                room=rooms[room],
                number=number + 1,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=5),
            )
        )
    with changing(event) as log:
        log.add_all(slots)
    return event


@pytest.fixture
def both() -> tuple[Event, Event]:
    return event_of(SMALL), event_of(LARGE)


def cost(event: Event, path: str) -> tuple[int, str]:
    """Questions to the database, and what came, without what random keys and numbers make of it."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = guests.browser().get(path)
    assert answer.status_code == 200
    html = answer.content.decode().replace(event.slug, "slug").replace(event.name, "name")
    html = re.sub(r'(cursor=|"upto":)"[^"]*"', "cursor", html)  # of random length
    return len(asked), re.sub(r"\d+", "0", re.sub(r"[\w-]{16,}", "key", html))


def first(event: Event) -> Slot:
    return Slot.objects.of(event).get(session__title=FIRST)


def test_page_of_a_session_costs_the_same(both: tuple[Event, Event]) -> None:
    small, large = (
        cost(event, f"/{event.slug}/session/{first(event).session_id}/") for event in both
    )

    assert FIRST.partition(" ")[0] in small[1]
    assert small == large


def test_page_of_what_is_on_differs_by_its_own_list_alone(both: tuple[Event, Event]) -> None:
    small, large = (cost(event, f"/{event.slug}/") for event in both)

    assert small[0] == large[0]
    assert without_slots(small[1]) == without_slots(large[1])
    assert len(small[1]) < len(large[1])  # negative control: its own list is longer


def test_page_of_the_programme_asks_as_often(both: tuple[Event, Event]) -> None:
    small, large = (cost(event, f"/{event.slug}/programme/") for event in both)

    assert small[0] == large[0]


def test_a_change_costs_the_same(both: tuple[Event, Event]) -> None:
    costs = []
    for event in both:
        cursor = reading.position(event.pk)
        programme.describe_anew(event, [first(event)])
        costs.append(cost(event, f"/poll/{event.slug}?topics=programme&cursor={cursor}"))

    assert costs[0] == costs[1]
    assert costs[0][1].count('"html"') == 1


def without_slots(html: str) -> str:
    """The page around the list of what comes later today."""
    bare = re.sub(r"<article.*?</article>\s*", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", bare)
