"""The staff's board: what the page shows, what its addresses do and answer, and how it follows."""

from typing import Any

import pytest
from django.test import Client

from agenda import descriptions, phases, placing
from agenda.models import Barcamp, Event, Membership, Period, Proposal, Room, Slot
from agenda.views import plan
from eventhub.live.log import changing
from tests import guests
from tests.factories import (
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)
from tests.plan_deeds import cell, deed, placed, undo, where
from tests.two_events import Hall

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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
    helper = Hall(event).person(Membership.Role.HELPER, tasks=["pitch"])
    return guests.signed_in(helper)


# --- the page


def test_page_shows_cards_in_cells_and_what_waits(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    make_room(event, "Loft", barcamp=False)
    slot = placed(event, hall, "Open data", hands=34, host="Ece")
    make_proposal(event, "Later", state="parked")
    make_slot(event, session=make_session(event, "Lunch"), start="12:00")

    html = ina.get(f"/{event.slug}/home/barcamp/").content.decode()

    assert f'data-slot="{slot.key}"' in html
    for words in ("Open data", "Ece", "34", "Later", "Lunch", "Hall"):
        assert words in html
    assert Proposal.objects.get(title="Open data").code in html
    assert "Loft" not in html


def test_event_without_a_barcamp_leads_organizers_to_its_beginning(ina: Client) -> None:
    event = make_event()
    organizer = guests.signed_in(Hall(event).person(Membership.Role.MODERATOR))

    assert organizer.get(f"/{event.slug}/home/barcamp/").status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_page_costs_the_same_whatever_stands_there(
    event: Event,
    hall: Room,
    row: Period,
    ina: Client,
    how_many: int,
    django_assert_num_queries: Any,
) -> None:
    for n in range(how_many):
        placed(event, make_room(event), f"A{n}", host="Ada")
        make_proposal(event, f"W{n}")
        make_slot(event, session=make_session(event, "Break"), start=f"1{n + 2}:00")

    with django_assert_num_queries(22):
        assert ina.get(f"/{event.slug}/home/barcamp/").status_code == 200


# --- what is done


def test_waiting_card_is_placed_moved_and_each_is_taken_back(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    later, card = make_period(event, "11:00"), make_proposal(event, "A")

    made = deed(
        ina,
        event,
        f"cards/{card.key}/place",
        {"cell": cell(hall, row), "version": card.version, "again": 0},
    )
    assert (made.status_code, where("A")) == (200, [("Hall", "10:00")])
    moved = deed(
        ina,
        event,
        f"slots/{made.json()['key']}/move",
        {"cell": cell(hall, later), "version": made.json()["version"]},
    )
    assert (moved.json()["said"], where("A")) == ("“A”: 11:00, Hall", [("Hall", "11:00")])

    back = undo(ina, event, moved)
    assert (back.status_code, where("A")) == (200, [("Hall", "10:00")])
    slot = Slot.objects.get()
    gone = deed(ina, event, f"slots/{slot.key}/remove", {"version": slot.version})
    assert (gone.status_code, where("A")) == (200, [])
    assert undo(ina, event, gone).status_code == 200
    assert where("A") == [("Hall", "10:00")]


def test_placing_is_taken_back_to_where_it_waited(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    card = make_proposal(event, "A")

    made = deed(ina, event, f"cards/{card.key}/place", {"cell": cell(hall, row)})
    undo(ina, event, made)

    assert (where("A"), Proposal.objects.get().state) == ([], "open")


def test_swap_exchange_merge_and_cancel_are_taken_back(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    make_period(event, "11:00")
    one, other = placed(event, hall, "A"), placed(event, hall, "B", "11:00", host="Ece")
    waiting = make_proposal(event, "C", host="Ben")
    a, b = (Proposal.objects.get(title=title) for title in "AB")
    before = [where(title) for title in "ABC"]

    for path, data in (
        (f"slots/{one.key}/swap", {"with": other.key}),
        (f"cards/{waiting.key}/exchange", {"with": one.key}),
        (f"cards/{waiting.key}/merge", {"into": b.key}),
        (f"slots/{other.key}/cancel", {}),
    ):
        if not Slot.objects.filter(key=one.key).exists():
            one = Slot.objects.get(session__proposal=a)
            data = {name: one.key if name == "with" else value for name, value in data.items()}
        done = deed(ina, event, path, data)
        assert (path, done.status_code) == (path, 200)
        assert undo(ina, event, done).status_code == 200
        assert [where(title) for title in "ABC"] == before

    assert Proposal.objects.get(title="B").host == "Ece"
    assert not Slot.objects.filter(cancelled=True).exists()


def test_cards_that_wait_are_parked_let_in_and_declined(event: Event, ina: Client) -> None:
    card = make_proposal(event, "A", state="held")

    for path, data, state in (
        ("back", {"to": "open"}, "open"),
        ("back", {"to": "parked"}, "parked"),
        ("decline", {}, "declined"),
    ):
        done = deed(ina, event, f"cards/{card.key}/{path}", data)
        assert (done.status_code, Proposal.objects.get().state) == (200, state)
    undo(ina, event, done)

    assert Proposal.objects.get().state == "parked"


# --- what is refused, in words


def test_taken_cell_is_refused_and_says_by_whom(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    placed(event, hall, "A")
    card = make_proposal(event, "B")

    refused = deed(ina, event, f"cards/{card.key}/place", {"cell": cell(hall, row)})

    assert refused.status_code == 409
    assert "“A”" in refused.json()["error"]["message"]
    assert where("B") == []


def test_undo_says_that_it_came_too_late(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    later, card = make_period(event, "11:00"), make_proposal(event, "A")
    made = deed(ina, event, f"cards/{card.key}/place", {"cell": cell(hall, row)})
    slot = Slot.objects.get()
    placing.move(slot, room=hall, starts_at=later.starts_at, ends_at=later.ends_at)

    refused = undo(ina, event, made)

    assert refused.status_code == 409
    assert "“A” is now at 11:00" in refused.json()["error"]["message"]
    assert where("A") == [("Hall", "11:00")]


def test_room_and_row_that_are_gone_are_said(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    card, loft = make_proposal(event, "A"), make_room(event, "Loft")
    late = make_period(event, "11:00")
    in_loft, too_late = cell(loft, row), cell(hall, late)
    descriptions.removed(loft)
    with changing(event) as log:
        log.remove(log.fresh(late))

    answers = [
        deed(ina, event, f"cards/{card.key}/place", {"cell": each, "version": card.version})
        for each in (in_loft, too_late)
    ]

    assert [each.status_code for each in answers] == [409, 409]
    assert "room is gone" in answers[0].json()["error"]["message"]
    assert "time row is gone" in answers[1].json()["error"]["message"]


def test_double_tap_places_once(event: Event, hall: Room, row: Period, ina: Client) -> None:
    card = make_proposal(event, "A")
    form = {"cell": cell(hall, row), "version": card.version}

    answers = [deed(ina, event, f"cards/{card.key}/place", form) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert len({each.json()["key"] for each in answers}) == 1
    assert where("A") == [("Hall", "10:00")]


def test_closed_barcamp_says_why_nothing_moves(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    card = make_proposal(event, "A")
    phases.enter(event, Barcamp.Phase.CLOSED)

    refused = deed(ina, event, f"cards/{card.key}/place", {"cell": cell(hall, row)})

    assert (refused.status_code, where("A")) == (409, [])
    assert "over" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cell": "x-1"},
        {"cell": "12"},
        {"cell": f"{'9' * 30}-1"},
        {"at": "yesterday", "minutes": "45"},
        {"at": "2026-10-07T10:00:00Z", "minutes": "0"},
        {"at": "2026-10-07T10:00:00", "minutes": "45"},
        {"at": "0001-01-01T00:00:00Z", "minutes": "45"},
        {},
    ],
)
def test_nonsense_is_refused_in_words(event: Event, ina: Client, wrong: dict[str, str]) -> None:
    card = make_proposal(event, "A")

    refused = deed(ina, event, f"cards/{card.key}/place", wrong)

    assert refused.status_code == 422
    assert refused.json()["error"]["message"]
    assert where("A") == []


def test_cards_and_rooms_of_another_event_are_not_there(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    elsewhere = make_event()
    make_barcamp(elsewhere)
    foreign, own = make_proposal(elsewhere, "F"), make_proposal(event, "A")
    room = make_room(elsewhere)

    answers = [
        deed(ina, event, f"cards/{foreign.key}/place", {"cell": cell(hall, row)}),
        deed(ina, event, f"cards/{own.key}/place", {"cell": cell(room, row)}),
        deed(ina, event, f"cards/{own.key}/merge", {"into": foreign.key}),
    ]

    assert [each.status_code for each in answers] == [404, 409, 404]
    assert all(each.json()["error"]["message"] for each in answers)
    assert (where("F"), where("A")) == ([], [])


def test_too_many_deeds_wait(event: Event, ina: Client) -> None:
    card, person = make_proposal(event, "A"), ina.session["_auth_user_id"]
    plan._per_person.take(f"{event.pk}:{person}", plan._per_person.at_once)  # and no time passes

    answer = deed(ina, event, f"cards/{card.key}/back", {"to": "parked"})

    assert (answer.status_code, Proposal.objects.get().state) == (429, "open")


# --- without scripts


def test_form_places_without_scripts(event: Event, hall: Room, row: Period, ina: Client) -> None:
    card = make_proposal(event, "A")
    html = ina.get(f"/{event.slug}/home/barcamp/?card={card.key}").content.decode()

    answer = deed(
        ina,
        event,
        f"cards/{card.key}/place",
        {"cell": cell(hall, row), "version": card.version},
        headers=guests.HTML,
    )

    assert f'action="/{event.slug}/home/barcamp/cards/{card.key}/place"' in html
    assert f'value="{cell(hall, row)}"' in html
    assert (answer.status_code, where("A")) == (302, [("Hall", "10:00")])


def test_refusal_without_scripts_is_the_board_and_a_sentence(
    event: Event, hall: Room, row: Period, ina: Client
) -> None:
    slot = placed(event, hall, "A")
    card = make_proposal(event, "B")
    html = ina.get(f"/{event.slug}/home/barcamp/?card=nothing&slot=x").content.decode()

    answer = deed(
        ina, event, f"cards/{card.key}/place", {"cell": cell(hall, row)}, headers=guests.HTML
    )

    assert "plan-act" in html
    assert answer.status_code == 409
    assert f'data-slot="{slot.key}"' in answer.content.decode()
    assert "is taken by now" in answer.content.decode()
