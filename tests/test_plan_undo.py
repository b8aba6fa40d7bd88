"""The way back on the staff's board outlives the page: whose it is, how long, and what ends it."""

import re
from typing import Any

import pytest
from django.test import Client

from agenda.models import Barcamp, Event, Membership, Period, Room, Slot
from agenda.views import plan_undo
from tests import guests
from tests.factories import make_barcamp, make_event, make_period, make_proposal, make_room
from tests.plan_deeds import cell, deed, placed, where
from tests.two_events import Hall

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FORM = re.compile(r'<form[^>]*id="plan-undo"[^>]*action="([^"]+)".*?</form>', re.DOTALL)
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


@pytest.fixture
def event() -> Event:
    guests.refill_buckets()
    event = make_event(zone="UTC", language="en")
    make_barcamp(event, Barcamp.Phase.BOARD)
    return event


@pytest.fixture
def hall(event: Event) -> Room:
    return make_room(event, "Hall", capacity=80)


@pytest.fixture
def row(event: Event) -> Period:
    return make_period(event, "10:00")


@pytest.fixture
def ina(event: Event) -> Client:
    return guests.signed_in(Hall(event).person(Membership.Role.HELPER, tasks=["pitch"]))


def offered(client: Client, event: Event) -> tuple[str, dict[str, str]] | None:
    """Where the page's own form would send what; None if it offers no way back."""
    html = client.get(f"/{event.slug}/home/barcamp/").content.decode()
    if (form := FORM.search(html)) is None:
        return None
    fields = dict(FIELD.findall(form[0]))
    return form[1], {name: value for name, value in fields.items() if "csrf" not in name}


def place(client: Client, event: Event, hall: Room, row: Period) -> Any:
    card = make_proposal(event, "A")
    return deed(client, event, f"cards/{card.key}/place", {"cell": cell(hall, row)})


def test_page_that_is_loaded_again_takes_back_as_a_plain_form(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    place(ina, event, hall, row)

    way = offered(ina, event)
    assert way is not None
    answer = ina.post(*way)

    assert (answer.status_code, where("A")) == (302, [])
    again = offered(ina, event)
    assert again is not None
    ina.post(*again)
    assert where("A") == [("Hall", "10:00")]


def test_way_back_brings_a_card_to_the_place_it_was_taken_from(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    slot = placed(event, hall, "A")
    deed(ina, event, f"slots/{slot.key}/remove", {})
    assert not Slot.objects.exists()

    way = offered(ina, event)
    assert way is not None
    ina.post(*way)

    assert where("A") == [("Hall", "10:00")]


def test_way_back_is_offered_to_nobody_else_and_in_no_other_event(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    olga = guests.signed_in(Hall(event).person(Membership.Role.MODERATOR))
    other = make_event(slug="other", language="en")
    make_barcamp(other, Barcamp.Phase.BOARD)
    place(olga, event, hall, row)
    Membership.objects.create(
        user_id=olga.session["_auth_user_id"], event=other, role=Membership.Role.MODERATOR
    )

    assert offered(ina, event) is None
    assert offered(olga, other) is None
    assert offered(olga, event) is not None


def test_way_back_ends_after_a_while_and_with_a_deed_that_was_refused(
    event: Event, hall: Room, row: Period, ina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(ina, event, hall, row)
    assert offered(ina, event) is not None

    assert deed(ina, event, "slots/nosuchslot/cancel", {}).status_code == 404
    assert offered(ina, event) is None

    monkeypatch.setattr(plan_undo, "UNDO_S", 0)
    deed(ina, event, f"slots/{Slot.objects.get().key}/cancel", {})
    assert offered(ina, event) is None
