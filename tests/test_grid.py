"""The organizers' day grid: what stands where, what is done by forms, and what it answers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from agenda import grid, placing, programme
from agenda.models import Event, Membership, Room, Session, Slot
from tests import guests
from tests.factories import at, make_event, make_room, make_session, make_slot
from tests.replay import assert_replay, keys, page
from tests.two_events import Hall
from wall.demo_organizer import add_organizer

pytestmark = pytest.mark.django_db

DAY = "2026-10-07"


@pytest.fixture
def event() -> Event:
    return make_event(zone="UTC")


@pytest.fixture
def hall(event: Event) -> Room:
    return make_room(event, "Hall", capacity=80)


@pytest.fixture
def ina(event: Event) -> Client:
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def ask(ina: Client, event: Event, act: str, data: dict[str, Any], **headers: Any) -> Any:
    headers = {"headers": guests.JSON} | headers
    return ina.post(f"/{event.slug}/home/programme/{act}", data, **headers)


def spot(room: Room | None, start: str, minutes: int = 30, **more: Any) -> dict[str, Any]:
    return {
        "room": room.pk if room else "",
        "at": at(start).isoformat(),
        "minutes": minutes,
    } | more


def where(slot: Slot) -> tuple[int | None, str, int]:
    slot = Slot.objects.get(pk=slot.pk)
    return slot.room_id, f"{slot.starts_at:%d. %H:%M}", slot.minutes


# --- the page


def test_grid_shows_each_slot_in_the_column_of_its_room(event: Event, hall: Room) -> None:
    loft = make_room(event, "Loft", position=1)
    lunch, talk = make_slot(event, start="12:00"), make_slot(event, room=loft)
    make_slot(event, room=hall, start="35:00")

    columns = grid.columns(event, date(2026, 10, 7))

    assert [(column.name, column.slots) for column in columns] == [
        ("Hall", []),
        ("Loft", [talk]),
        (gettext("Everywhere"), [lunch]),
    ]


def test_page_names_rooms_cards_and_what_waits(event: Event, hall: Room, ina: Client) -> None:
    slot = make_slot(event, room=hall, session=make_session(event, "Open data", host="Ada"))
    waiting = make_session(event, "Later maybe")

    html = ina.get(f"/{event.slug}/home/programme/?day={DAY}").content.decode()

    assert f'data-key="{slot.key}"' in html
    assert f'data-session="{waiting.pk}"' in html
    for words in ("Hall", "80", "Open data", "Ada", "Later maybe"):
        assert words in html


def test_days_of_the_event_and_those_with_a_programme(event: Event) -> None:
    make_slot(event, start="52:30")

    assert grid.days(event) == [date(2026, 10, 7), date(2026, 10, 9)]


@pytest.mark.parametrize(
    ("wanted", "today", "shown"),
    [
        ("2026-10-09", 7, 9),
        ("2026-10-08", 7, 7),
        ("nonsense", 8, 9),
        ("", 1, 7),
        ("", 30, 9),
    ],
)
def test_day_that_is_shown(wanted: str, today: int, shown: int) -> None:
    found = [date(2026, 10, 7), date(2026, 10, 9)]

    assert grid.chosen(found, wanted, date(2026, 10, today)).day == shown


def test_hours_of_a_day_end_with_the_event() -> None:
    event = make_event(zone="UTC", ends_at=at("40:00"))

    assert grid.hours(event, date(2026, 10, 7)) == (at("08:00"), at("28:00"))
    assert grid.hours(event, date(2026, 10, 8)) == (at("28:00"), at("40:00"))


def test_clash_is_said_in_words_for_the_list_and_both_cards(event: Event, hall: Room) -> None:
    for title, host in (("A", "Ada"), ("B", "Ada")):
        make_slot(event, room=hall, session=make_session(event, title, host=host))

    with translation.override("en"):
        room, person = grid.troubles(event)

    assert room.words == "Hall is taken twice: “A” and “B”."
    assert person.words == "Ada is in two places: “A” (Hall) and “B” (Hall)."
    assert (person.on_one, person.on_other) == ("Ada is also in “B”", "Ada is also in “A”")


# --- what is done


def test_session_is_placed_moved_and_taken_off(event: Event, hall: Room, ina: Client) -> None:
    session = make_session(event)

    made = ask(ina, event, "place", spot(hall, "10:00", session=session.pk)).json()
    slot = Slot.objects.get()
    assert (made, where(slot)) == (
        {"key": slot.key, "version": slot.version},
        (hall.pk, "07. 10:00", 30),
    )

    moved = ask(ina, event, f"slots/{slot.key}/move", spot(None, "11:05", 50)).json()
    assert where(slot) == (None, "07. 11:05", 50)

    gone = ask(ina, event, f"slots/{slot.key}/remove", {"version": moved["version"]})
    assert (gone.status_code, grid.unplaced(event)) == (200, [session])


def test_cancelled_restored_and_swapped(event: Event, hall: Room, ina: Client) -> None:
    one, other = make_slot(event, room=hall), make_slot(event, start="12:00", minutes=60)

    for act, cancelled in (("cancel", True), ("restore", False)):
        assert ask(ina, event, f"slots/{one.key}/{act}", {}).status_code == 200
        assert Slot.objects.get(pk=one.pk).cancelled is cancelled
    answer = ask(ina, event, f"slots/{one.key}/swap", {"with": other.key})

    assert answer.status_code == 200
    assert (where(one), where(other)) == ((None, "07. 12:00", 60), (hall.pk, "07. 10:00", 30))


def test_stale_move_is_answered_with_what_is_there(event: Event, hall: Room, ina: Client) -> None:
    slot = make_slot(event, session=make_session(event, "Open data"))
    placing.move(slot, room=hall, starts_at=at("11:00"), ends_at=at("12:00"))

    answer = ask(ina, event, f"slots/{slot.key}/move", spot(None, "15:00", version=slot.version))

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "changed_meanwhile"
    assert "“Open data” is now at 11:00, Hall" in answer.json()["error"]["message"]
    assert where(slot) == (hall.pk, "07. 11:00", 60)


def test_slot_or_room_of_another_event_is_not_there(event: Event, ina: Client) -> None:
    elsewhere = make_event()
    foreign, own = make_slot(elsewhere), make_slot(event)

    moved = ask(ina, event, f"slots/{foreign.key}/move", spot(None, "15:00"))
    swapped = ask(ina, event, f"slots/{own.key}/swap", {"with": foreign.key})
    placed = ask(ina, event, "place", spot(None, "9:00", session=make_session(elsewhere).pk))
    roomed = ask(ina, event, f"slots/{own.key}/move", spot(make_room(elsewhere), "15:00"))

    statuses = [answer.status_code for answer in (moved, swapped, placed, roomed)]
    assert statuses == [404, 404, 404, 422]
    assert (where(foreign)[1], where(own)[1]) == ("07. 10:00", "07. 10:00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "0"},
        {"minutes": "x"},
        {"minutes": "100000"},
        {"at": "yesterday"},
        {"at": "", "day": DAY, "start": "25:00"},
        {"at": "", "day": "", "start": "10:00"},
        {"at": "9999-12-31T23:59:00Z"},
        {"at": "0001-01-01T00:00:00Z"},
        {"room": "x"},
        {"version": "-1"},
    ],
)
def test_nonsense_is_refused_in_words(
    event: Event, hall: Room, ina: Client, wrong: dict[str, str]
) -> None:
    slot = make_slot(event, room=hall)

    answer = ask(ina, event, f"slots/{slot.key}/move", spot(hall, "12:00") | wrong)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
    assert where(slot) == (hall.pk, "07. 10:00", 30)


# --- without scripts


def test_form_moves_without_scripts(event: Event, hall: Room, ina: Client) -> None:
    slot = make_slot(event)
    form = {"room": hall.pk, "day": DAY, "start": "13:20", "minutes": "40"}
    page = ina.get(f"/{event.slug}/home/programme/?day={DAY}&edit={slot.key}").content.decode()

    answer = ask(ina, event, f"slots/{slot.key}/move", form, headers=guests.HTML)

    assert f'action="/{event.slug}/home/programme/slots/{slot.key}/move"' in page
    assert (answer.status_code, where(slot)) == (302, (hall.pk, "07. 13:20", 40))
    assert answer.headers["Location"].endswith(f"?day={DAY}#slot-{slot.key}")


def test_half_past_midnight_belongs_to_the_evening_before(event: Event, ina: Client) -> None:
    slot = make_slot(event)

    ask(ina, event, f"slots/{slot.key}/move", {"day": DAY, "start": "00:30", "minutes": "40"})

    assert where(slot) == (None, "08. 00:30", 40)
    assert event.day_of(Slot.objects.get().starts_at) == date(2026, 10, 7)


def test_refusal_without_scripts_is_a_page_that_says_why(event: Event, ina: Client) -> None:
    slot = make_slot(event)
    placing.move(slot, room=None, starts_at=at("11:00"), ends_at=at("12:00"))
    form = {"day": DAY, "start": "13:20", "minutes": "40", "version": slot.version}

    answer = ask(ina, event, f"slots/{slot.key}/move", form, headers=guests.HTML)

    assert answer.status_code == 409
    assert "Somebody was faster" in answer.content.decode()


def test_page_opens_the_form_of_what_waits(event: Event, ina: Client) -> None:
    session = make_session(event, "Open data")

    html = ina.get(f"/{event.slug}/home/programme/?session={session.pk}").content.decode()

    assert f'name="session" value="{session.pk}"' in html
    for odd in ("edit=nothing", "session=x", f"session={'9' * 30}", "day=x"):
        assert ina.get(f"/{event.slug}/home/programme/?{odd}").status_code == 200


# --- live


@pytest.mark.each_case
@pytest.mark.parametrize(
    "act",
    [
        lambda session: programme.session_changed(session),
        lambda session: programme.remove(session),
        lambda session: placing.place(session.event, session, None, at("16:00"), at("17:00")),
        lambda session: placing.unplace(make_slot(session.event, session=session)),
    ],
    ids=["renamed", "removed", "placed", "taken off"],
)
def test_what_waits_follows_on_every_organizers_page(event: Event, act: Any) -> None:
    make_slot(event)
    session = make_session(event)

    assert_replay(event, lambda: act(session))


def test_session_that_waits_concerns_no_phone(event: Event) -> None:
    """The negative control: the tray hears of it, the programme does not."""
    before = page(event, ["programme"])

    programme.session_changed(make_session(event))

    assert page(event, ["programme"]).topic("programme") == before.topic("programme")
    assert keys(event, "tray") == ["tray"]


def test_new_clash_is_in_the_tray(event: Event, hall: Room) -> None:
    one, other = make_slot(event, room=hall), make_slot(event, room=hall, start="12:00")

    placing.move(
        other, room=hall, starts_at=at("10:15"), ends_at=at("10:15") + timedelta(minutes=30)
    )

    html = page(event, ["tray"]).topic("tray")["tray"].html or ""
    assert f'data-one="{one.key}" data-other="{other.key}"' in html


def test_usual_length_is_that_of_most(event: Event) -> None:
    assert grid.usual_minutes(event) == grid.USUAL_MINUTES
    for minutes in (20, 45, 45, 90):
        make_slot(event, minutes=minutes)
    assert grid.usual_minutes(event) == 45


def test_waiting_sessions_stand_by_title(event: Event) -> None:
    titles = ["B", "A"]
    for title in titles:
        make_session(event, title)
    make_slot(event, session=Session.objects.get(title="B"))

    assert [session.title for session in grid.unplaced(event)] == ["A"]
