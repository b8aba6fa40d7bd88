"""The page that sets a barcamp up: started at once, changed by parts, overwriting nobody."""

from typing import Any

import pytest
from django.test import Client

from agenda import barcamp, barcamp_setup
from agenda.barcamp_setup import Part, RoomChanged, RoomWish
from agenda.models import Barcamp, Event, Membership, Period, Room, Slot
from tests import guests
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_slot,
)
from tests.two_events import Hall
from wall.demo_organizer import add_organizer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

TIMES = {"day": "2026-10-07", "start": "10:00", "end": "13:00", "rhythm": "45+15"}


@pytest.fixture
def event() -> Event:
    return make_event(zone="UTC", language="en")


@pytest.fixture
def ina(event: Event) -> Client:
    guests.refill_buckets()
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def post(ina: Client, event: Event, part: str, data: dict[str, Any], **more: Any) -> Any:
    return ina.post(f"/{event.slug}/home/barcamp/setup{part}", data, **more)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["message"]


def shown(room: Room) -> dict[str, Any]:
    """What the page sends of a room that takes part and that nobody touched."""
    seats = room.capacity or ""
    return {"known": room.pk, f"was-{room.pk}": f"1 {seats}", f"seats-{room.pk}": seats}


def clocks(event: Event) -> list[str]:
    return [f"{p.starts_at:%H:%M}-{p.ends_at:%H:%M}" for p in Period.objects.filter(event=event)]


# --- the first start


def test_a_barcamp_begins_with_one_form(ina: Client, event: Event) -> None:
    hall, store = make_room(event, "Hall", capacity=80), make_room(event, "Store")
    make_slot(event, start="11:00", minutes=60)
    sent = shown(hall) | shown(store) | TIMES
    sent["known"] = [hall.pk, store.pk]
    sent |= {"room": [hall.pk], "new_name": ["Attic", ""], "new_seats": ["25", ""]}

    answer = post(ina, event, "", sent)

    assert answer.status_code == 302
    assert Barcamp.objects.get(event=event).phase == "collect"
    assert list(Room.objects.filter(event=event, barcamp=True).values_list("name", "capacity")) == [
        ("Hall", 80),
        ("Attic", 25),
    ]
    assert clocks(event) == ["10:00-10:45", "12:00-12:45"]
    assert "ready" in ina.get(answer["Location"]).content.decode()


def test_started_twice_it_is_there_once(ina: Client, event: Event) -> None:
    sent = TIMES | {"new_name": "Attic", "new_seats": "25"}
    assert [post(ina, event, "", sent).status_code for _ in range(2)] == [302, 302]
    assert Room.objects.filter(event=event).count() == 1
    assert len(clocks(event)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"new_name": ""},
        {"new_seats": "many"},
        {"new_seats": "0"},
        {"new_name": "R" * 61},
        {"start": "late"},
        {"end": "10:00"},
        {"day": "0001-01-01"},
        {"rhythm": "own", "minutes": ""},
        {"rhythm": "own", "minutes": "2"},
        {"rhythm": "own", "minutes": "999"},
        {"rhythm": "waltz"},
    ],
)
def test_what_cannot_be_starts_nothing_and_says_why(
    ina: Client, event: Event, wrong: dict[str, str]
) -> None:
    sent = TIMES | {"new_name": "Attic", "new_seats": "25"} | wrong

    page = post(ina, event, "", sent)
    status, message = refusal(post(ina, event, "", sent, headers=guests.JSON))

    assert (page.status_code, status) == (422, 422)
    assert message.endswith(".")
    assert message in page.content.decode()
    assert not Barcamp.objects.filter(event=event).exists()
    assert not Room.objects.filter(event=event).exists()
    assert clocks(event) == []


def test_own_numbers_make_the_rows(ina: Client, event: Event) -> None:
    own = {"rhythm": "own", "minutes": "30", "pause": "5", "new_name": "Attic", "end": "11:10"}
    post(ina, event, "", TIMES | own)
    assert clocks(event) == ["10:00-10:30", "10:35-11:05"]


# --- rooms


def test_rooms_are_ticked_counted_and_added(ina: Client, event: Event) -> None:
    make_barcamp(event)
    hall, store = make_room(event, "Hall", capacity=80), make_room(event, "Store")
    sent = shown(hall) | shown(store) | {"known": [hall.pk, store.pk], "room": [hall.pk]}
    sent |= {f"seats-{hall.pk}": "70", "new_name": "Attic", "new_seats": ""}

    assert post(ina, event, "/rooms", sent).status_code == 302

    assert list(Room.objects.filter(event=event).values_list("name", "capacity", "barcamp")) == [
        ("Hall", 70, True),
        ("Store", None, False),
        ("Attic", None, True),
    ]


def test_seats_that_somebody_counted_meanwhile_are_not_overwritten(
    ina: Client, event: Event
) -> None:
    make_barcamp(event)
    hall = make_room(event, "Hall", capacity=80)
    sent = shown(hall) | {"room": [hall.pk], f"seats-{hall.pk}": "70"}
    Room.objects.filter(pk=hall.pk).update(capacity=60)

    status, message = refusal(post(ina, event, "/rooms", sent, headers=guests.JSON))

    assert status == 409
    assert "Hall" in message
    assert Room.objects.get(pk=hall.pk).capacity == 60


def test_what_this_person_did_not_touch_stays_as_others_made_it(event: Event) -> None:
    make_barcamp(event)
    hall = make_room(event, "Hall", capacity=80)
    Room.objects.filter(pk=hall.pk).update(capacity=60)

    wish = RoomWish(Part(False, 80), was=Part(True, 80), number=hall.pk)
    assert barcamp_setup.arrange_rooms(event, [wish]) == 1

    hall.refresh_from_db()
    assert (hall.capacity, hall.barcamp) == (60, False)
    wish = RoomWish(Part(False, 70), was=Part(False, 80), number=hall.pk)
    with pytest.raises(RoomChanged):
        barcamp_setup.arrange_rooms(event, [wish])


def test_room_of_another_event_is_not_touched(ina: Client, event: Event) -> None:
    make_barcamp(event)
    foreign = make_room(make_event(), "Foreign", capacity=10)
    sent = shown(foreign) | {f"seats-{foreign.pk}": "99", "room": [foreign.pk]}
    assert post(ina, event, "/rooms", sent).status_code == 422
    foreign.refresh_from_db()
    assert foreign.capacity == 10


# --- rows


def test_rows_are_made_added_changed_and_removed(ina: Client, event: Event) -> None:
    make_barcamp(event)
    post(ina, event, "/rows", TIMES)
    assert clocks(event) == ["10:00-10:45", "11:00-11:45", "12:00-12:45"]

    row = {"day": "2026-10-07", "start": "14:00", "end": "14:45"}
    post(ina, event, "/row", row)
    first = Period.objects.filter(event=event).earliest("starts_at")
    sent = row | {"start": "09:30", "end": "10:15", "version": first.version}
    post(ina, event, f"/rows/{first.key}/change", sent)
    last = Period.objects.filter(event=event).latest("starts_at")
    post(ina, event, f"/rows/{last.key}/remove", {"version": last.version})

    assert clocks(event) == ["09:30-10:15", "11:00-11:45", "12:00-12:45"]


def test_removed_row_leaves_its_cards(ina: Client, event: Event) -> None:
    make_barcamp(event)
    row = make_period(event, "10:00")
    slot = barcamp.place(make_proposal(event), make_room(event), at("10:00"), at("10:45"))

    assert "1 card" in ina.get(f"/{event.slug}/home/barcamp/setup").content.decode()
    post(ina, event, f"/rows/{row.key}/remove", {"version": row.version})

    assert clocks(event) == []
    assert Slot.objects.filter(pk=slot.pk).exists()


@pytest.mark.parametrize("deed", ["change", "remove"])
def test_row_that_changed_meanwhile_is_a_sentence(ina: Client, event: Event, deed: str) -> None:
    make_barcamp(event)
    row = make_period(event, "10:00")
    sent = {"day": "2026-10-07", "start": "12:00", "end": "12:45", "version": row.version - 1}
    status, message = refusal(
        post(ina, event, f"/rows/{row.key}/{deed}", sent, headers=guests.JSON)
    )
    assert (status, message != "") == (409, True)
    assert clocks(event) == ["10:00-10:45"]


def test_row_that_is_gone_is_a_sentence(ina: Client, event: Event) -> None:
    make_barcamp(event)
    page = post(ina, event, "/rows/nothing/remove", {})
    assert page.status_code == 409
    assert 'role="alert"' in page.content.decode()


# --- switches, rights, queries


def test_switches_turn_only_what_this_person_turned(ina: Client, event: Event) -> None:
    make_barcamp(event, hosts_place=True, pitch_clock=True)

    sent = {"look_first": "on", "hosts_place": "on", "was-pitch_clock": ""}
    post(ina, event, "/switches", sent | {"was-hosts_place": "on"})

    found = Barcamp.objects.get(event=event)
    assert (found.look_first, found.hosts_place, found.pitch_clock) == (True, True, True)


@pytest.mark.parametrize("part", ["/rooms", "/rows", "/row", "/switches", "/rows/x/change"])
def test_without_a_barcamp_only_its_start_is_there(ina: Client, event: Event, part: str) -> None:
    assert post(ina, event, part, TIMES).status_code == 404


def test_moderator_does_not_set_up(event: Event) -> None:
    moderator = guests.signed_in(Hall(event).person(Membership.Role.MODERATOR))
    assert moderator.get(f"/{event.slug}/home/barcamp/setup").status_code == 404


def test_page_asks_as_often_for_three_rows_as_for_one(
    ina: Client, event: Event, django_assert_max_num_queries: Any
) -> None:
    make_barcamp(event)
    counts = []
    for hour in (10, 11, 12):
        make_period(event, f"{hour}:00")
        make_room(event)
        with django_assert_max_num_queries(40) as asked:
            ina.get(f"/{event.slug}/home/barcamp/setup")
        counts.append(len(asked))
    assert counts[1] == counts[2] == counts[0]
