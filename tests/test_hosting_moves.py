"""A host who may place their own session moves it as well: where, when not, and over nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agenda import barcamp, placing
from agenda.models import Attendee, Event, Period, Proposal, Room, Slot
from eventhub.live.log import changing
from tests import guests
from tests.factories import make_barcamp, make_proposal, make_room

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KEY = "k" * 22


@pytest.fixture
def room(event: Event) -> Room:
    guests.refill_buckets()
    make_barcamp(event, "running", hosts_place=True)
    return make_room(event)


@pytest.fixture
def rows(event: Event, room: Room) -> list[Period]:
    with changing(event) as log:
        begins = [timezone.now() + timedelta(hours=hours) for hours in (1, 2)]
        return [
            log.add(Period(event=event, starts_at=at, ends_at=at + timedelta(minutes=45)))
            for at in begins
        ]


@pytest.fixture
def card(event: Event) -> Proposal:
    card = make_proposal(event, "Mine")
    card.hostings.create(attendee=Attendee.objects.create(event=event, key=KEY))
    return card


@pytest.fixture
def slot(card: Proposal, room: Room, rows: list[Period]) -> Slot:
    return barcamp.place(card, room, rows[0].starts_at, rows[0].ends_at)


def ask(client: Client, card: Proposal, row: Period, room: Room, **form: Any) -> Any:
    where = f"/{card.event.slug}/board/proposals/{card.key}/place"
    return client.post(where, {"cell": f"{row.key}.{room.pk}"} | form, headers=guests.JSON)


def stands(slot: Slot) -> Any:
    return Slot.objects.get(pk=slot.pk).starts_at


def test_host_moves_to_another_free_place_and_the_slot_keeps_its_identity(
    event: Event, card: Proposal, slot: Slot, room: Room, rows: list[Period]
) -> None:
    client = guests.guest(event, KEY)
    page = client.get(f"/{event.slug}/board/proposals/{card.key}/").content.decode()

    answers = [ask(client, card, rows[1], room, seen=slot.version) for _ in range(2)]

    assert f'name="seen" value="{slot.version}"' in page
    assert f"{rows[1].key}.{room.pk}" in page
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [one.guid for one in Slot.objects.all()] == [slot.guid]
    assert stands(slot) == rows[1].starts_at


def test_what_somebody_moved_meanwhile_is_not_moved_over_them(
    event: Event, card: Proposal, slot: Slot, room: Room, rows: list[Period]
) -> None:
    seen, foyer = slot.version, make_room(event, "Foyer")
    placing.move(slot, room=foyer, starts_at=slot.starts_at, ends_at=slot.ends_at)

    answer = ask(guests.guest(event, KEY), card, rows[1], room, seen=seen)

    assert (answer.status_code, stands(slot)) == (409, rows[0].starts_at)
    assert "Foyer" in answer.json()["error"]["message"]


def test_host_moves_onto_nobody(
    event: Event, card: Proposal, slot: Slot, room: Room, rows: list[Period]
) -> None:
    barcamp.place(make_proposal(event, "Faster"), room, rows[1].starts_at, rows[1].ends_at)

    answer = ask(guests.guest(event, KEY), card, rows[1], room, seen=slot.version)

    assert (answer.status_code, stands(slot)) == (409, rows[0].starts_at)
    assert "Faster" in answer.json()["error"]["message"]


@pytest.mark.parametrize("fields", [{"fixed": True}, {"cancelled": True}])
def test_what_is_fixed_or_cancelled_its_host_does_not_move(
    event: Event,
    card: Proposal,
    slot: Slot,
    room: Room,
    rows: list[Period],
    fields: dict[str, bool],
) -> None:
    with changing(event) as log:
        slot = log.fresh(slot)
        for name, value in fields.items():
            setattr(slot, name, value)
        log.touch(slot)
    client = guests.guest(event, KEY)

    answer = ask(client, card, rows[1], room, seen=slot.version)

    assert (answer.status_code, stands(slot)) == (409, rows[0].starts_at)
    page = client.get(f"/{event.slug}/board/proposals/{card.key}/").content.decode()
    assert 'name="cell"' not in page


def test_another_guest_moves_nothing(
    event: Event, card: Proposal, slot: Slot, room: Room, rows: list[Period]
) -> None:
    answer = ask(guests.guest(event, "o" * 22), card, rows[1], room, seen=slot.version)

    assert (answer.status_code, stands(slot)) == (404, rows[0].starts_at)
