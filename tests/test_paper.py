"""What of a barcamp is printed: room sheets, cards for the wall, blank cards; and who may print."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from agenda import barcamp, paper, placing, proposals
from agenda.models import Barcamp, Event, Membership, Proposal, Slot
from agenda.qr import draw
from tests import factories, guests
from tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
BASE = "https://forum.example"
PAGES = ("rooms", "cards", "blank")


@pytest.fixture
def event(settings: Settings) -> Event:
    settings.PUBLIC_URL = BASE
    event = factories.make_event(zone="UTC", language="en")
    factories.make_barcamp(event, Barcamp.Phase.BOARD)
    return event


def staff(event: Event, **membership: Any) -> Client:
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, **{"role": "helper"} | membership)
    return guests.signed_in(user)


def read(event: Event, page: str, client: Client | None = None) -> str:
    client = client or staff(event, tasks=["pitch"])
    answer = client.get(f"/{event.slug}/home/barcamp/paper/{page}")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def put(event: Event, title: str, start: str, **fields: Any) -> Proposal:
    card = factories.make_proposal(event, title, **fields)
    room = event.rooms.first() or factories.make_room(event, "Saal")
    barcamp.place(card, room, at(start), at(start) + timedelta(minutes=45))
    card.refresh_from_db()
    return card


def titles(event: Event, which: str = "") -> list[list[str]]:
    found = paper.cards(event, event.barcamp, which=which, base=BASE)
    return [[card.proposal.title for card in sheet] for sheet in found]


# --- room sheets


def test_room_sheet_says_what_is_there_when_and_what_is_free(event: Event) -> None:
    factories.make_room(event, "Saal", capacity=40, where="First floor")
    factories.make_room(event, "Not ours", barcamp=False)
    for start in ("10:00", "11:00", "12:00"):
        factories.make_period(event, start)
    put(event, "Commons", "10:00", host="Ece")
    put(event, "Cancelled", "11:00")
    placing.cancel(Slot.objects.get(session__title="Cancelled"))
    factories.make_slot(event, session=factories.make_session(event, "Lunch"), start="12:00")

    (sheet,) = paper.sheets(event)

    said = [(line.starts_at, line.slot and line.slot.session.title) for line in sheet.lines]
    assert said == [(at("10:00"), "Commons"), (at("11:00"), None), (at("12:00"), "Lunch")]
    page = read(event, "rooms")
    for word in ("Saal", "First floor", "40 seats", "10:00", "Commons", "Ece", "Lunch", event.code):
        assert word in page
    assert "Not ours" not in page
    assert "Cancelled" not in page


def test_day_with_many_rows_goes_on_on_a_second_sheet(event: Event) -> None:
    factories.make_room(event)
    for number in range(20):
        factories.make_period(event, f"{8 + number // 3:02}:{number % 3 * 20:02}", 20)

    sheets = paper.sheets(event)

    assert [(len(sheet.lines), sheet.size) for sheet in sheets] == [(14, "most"), (6, "few")]


# --- cards


def test_cards_come_by_time_then_by_their_turn_six_on_a_sheet(event: Event) -> None:
    for number in range(6):
        factories.make_proposal(event, f"Waits {number}")
    put(event, "Late", "14:00")
    put(event, "Early", "10:00")

    assert titles(event) == [
        ["Early", "Late", "Waits 0", "Waits 1", "Waits 2", "Waits 3"],
        ["Waits 4", "Waits 5"],
    ]
    assert titles(event, "placed") == [["Early", "Late"]]
    assert titles(event, "waiting") == [[f"Waits {number}" for number in range(6)]]


def test_card_holds_title_host_place_and_a_code_that_leads_to_it(event: Event) -> None:
    card = put(event, "Commons", "10:00", host="Ece Beispiel", needs="canaryneeds")

    page = read(event, "cards")

    for word in ("Commons", "Ece Beispiel", "10:00", "Saal", f"{card.code[:3]} {card.code[3:]}"):
        assert word in page
    assert draw(f"{BASE}/{event.slug}/board/code/{card.code}").path in page
    assert "canaryneeds" not in page


def test_no_card_is_printed_that_nobody_may_read(event: Event) -> None:
    factories.make_proposal(event, "Held", state="held")
    proposals.withdraw(factories.make_proposal(event, "Taken back"))
    proposals.decline(factories.make_proposal(event, "Declined"))
    barcamp.merge(factories.make_proposal(event, "Merged"), factories.make_proposal(event, "Kept"))

    assert titles(event) == [["Kept"]]


@pytest.mark.parametrize(("public", "printed"), [(False, [None, 7]), (True, [34, 7])])
def test_hands_are_printed_while_it_waits_and_later_only_if_wanted(
    event: Event, public: bool, printed: list[int | None]
) -> None:
    factories.make_barcamp(event, Barcamp.Phase.BOARD, hands_public=public)
    put(event, "Placed", "10:00", hands=34)
    factories.make_proposal(event, "Waits", hands=7)

    (sheet,) = paper.cards(event, Barcamp.objects.get(event=event), which="", base=BASE)

    assert [card.hands for card in sheet] == printed


# --- all of them


@pytest.mark.parametrize("closed", [False, True])
def test_blank_cards_lead_to_where_one_proposes(event: Event, closed: bool) -> None:
    Event.objects.filter(pk=event.pk).update(closed=closed)

    page = read(event, "blank")

    assert page.count("card card--blank") == 4
    way = event.code if closed else f"{event.slug}/board/"
    assert draw(f"{BASE}/{way}").path in page


@pytest.mark.parametrize("page", PAGES)
def test_paper_is_for_the_staff_of_the_barcamp_alone(event: Event, page: str) -> None:
    address = f"/{event.slug}/home/barcamp/paper/{page}"
    other = factories.make_event()

    answers = {
        "organizer": staff(event, role="organizer").get(address),
        "moderator": staff(event, role="moderator").get(address),
        "other task": staff(event, tasks=["desk"]).get(address),
        "elsewhere": staff(other, role="organizer").get(address),
        "guest": guests.guest(event).get(address),
    }

    status = {name: answer.status_code for name, answer in answers.items()}
    assert status == {
        "organizer": 200,
        "moderator": 200,
        "other task": 404,
        "elsewhere": 404,
        "guest": 302,
    }


@pytest.mark.parametrize("page", PAGES)
def test_without_a_barcamp_there_is_no_paper(page: str) -> None:
    event = factories.make_event()

    answer = staff(event, role="organizer").get(f"/{event.slug}/home/barcamp/paper/{page}")

    assert answer.status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nothing_to_print_yet_is_said(event: Event, page: str) -> None:
    assert ("print-page hidden" in read(event, page)) == (page == "blank")


@pytest.mark.parametrize("fill", [paper.sheets, lambda event: titles(event)])
def test_paper_asks_as_often_for_one_card_as_for_many(
    event: Event, fill: Callable[[Event], object]
) -> None:
    counts = []
    for start in ("10:00", "11:00", "12:00"):
        factories.make_period(event, start)
        factories.make_room(event)
        put(event, start, start)
        event.refresh_from_db()
        with CaptureQueriesContext(connection) as asked:
            fill(Event.objects.select_related("barcamp").get(pk=event.pk))
        counts.append(len(asked))

    assert len(set(counts)) == 1, counts


def test_what_guests_wrote_is_printed_as_words(event: Event) -> None:
    attack = '<img src=x onerror="alert(1)">'
    put(event, attack, "10:00", host=attack)

    for page in PAGES:
        assert "<img" not in read(event, page)
