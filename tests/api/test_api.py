"""The API says what the programme holds, page by page and in two times; and errors in one shape."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Appearance, Event, Slot, Speaker, Track
from tests import factories, guests

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ROOT = "/api/v1/"


def get(path: str, **headers: str) -> Any:
    return guests.browser().get(ROOT + path, headers=headers)


def items(path: str) -> list[Any]:
    return list(get(path).json()["items"])


def make_programme(rows: int) -> Event:
    """`rows` of everything, all of it joined up."""
    event = factories.make_event(slug=f"fair-{rows}", licence=Event.Licence.BY)
    for number in range(rows):
        room = factories.make_room(event)
        track = Track.objects.create(event=event, name=f"Track {number}")
        speaker = Speaker.objects.create(event=event, name=f"Speaker {number}")
        session = factories.make_session(event, track=track)
        Appearance.objects.create(session=session, speaker=speaker)
        factories.make_slot(event, session=session, room=room, start=f"{10 + number}:00")
    return event


# --- what it says


def test_event_says_its_times_twice_and_its_licence(event: Event) -> None:
    event.licence = Event.Licence.BY
    event.save()

    said = get(f"events/{event.slug}").json()

    assert said["starts_at"] == "2026-10-07T10:00:00+02:00"
    assert said["starts_at_utc"] == "2026-10-07T08:00:00Z"
    assert said["days"] == ["2026-10-07"]
    assert said["licence"] == {
        "id": "CC-BY-4.0",
        "name": "CC BY 4.0",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    }


def test_event_without_a_licence_says_so(event: Event) -> None:
    assert get(f"events/{event.slug}").json()["licence"] is None


def test_slot_names_its_room_its_session_and_who_speaks() -> None:
    event = make_programme(1)

    slot = items(f"events/{event.slug}/slots")[0]

    assert slot["room"]["name"] == event.rooms.get().name
    assert slot["starts_at"] == "2026-10-07T12:00:00+02:00"
    assert slot["session"]["title"] == event.sessions.get().title
    assert [each["name"] for each in slot["session"]["speakers"]] == ["Speaker 0"]
    assert slot["session"]["track"]["name"] == "Track 0"


def test_session_is_found_by_its_id_with_its_slots() -> None:
    event = make_programme(2)
    wanted = items(f"events/{event.slug}/sessions")[1]

    assert get(f"events/{event.slug}/sessions/{wanted['id']}").json() == wanted
    assert len(wanted["slots"]) == 1


def test_session_that_is_not_placed_is_said_as_well(event: Event) -> None:
    session = factories.make_session(event, "Not placed")

    assert [each["title"] for each in items(f"events/{event.slug}/sessions")] == [session.title]
    assert items(f"events/{event.slug}/slots") == []


def test_only_links_of_the_web_are_passed_on(event: Event) -> None:
    web = {"title": "Slides", "url": "https://slides.example/"}
    factories.make_session(event, links=[web, {"title": "x", "url": "javascript:alert(1)"}, "no"])

    assert items(f"events/{event.slug}/sessions")[0]["links"] == [web]


def test_speaker_names_their_sessions() -> None:
    event = make_programme(1)

    said = items(f"events/{event.slug}/speakers")[0]

    assert [each["title"] for each in said["sessions"]] == [event.sessions.get().title]


def test_session_after_midnight_is_said_on_the_day_before(event: Event) -> None:
    factories.make_slot(event, start="23:30")  # 01:30 there

    assert items(f"events/{event.slug}/slots")[0]["day"] == "2026-10-07"
    assert len(items(f"events/{event.slug}/slots?day=2026-10-07")) == 1
    assert items(f"events/{event.slug}/slots?day=2026-10-08") == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_hold_no_slots(event: Event, day: str) -> None:
    factories.make_slot(event)

    assert items(f"events/{event.slug}/slots?day={day}") == []


def test_slots_are_found_by_room_and_by_track() -> None:
    event = make_programme(2)
    room, track = event.rooms.last(), event.tracks.first()
    assert room is not None
    assert track is not None

    of_room = items(f"events/{event.slug}/slots?room={room.guid}")
    of_track = items(f"events/{event.slug}/slots?track={track.pk}")

    assert [each["room"]["name"] for each in of_room] == [room.name]
    assert [each["session"]["track"]["id"] for each in of_track] == [track.pk]


def test_now_is_what_runs_and_is_not_cancelled(event: Event) -> None:
    running = factories.make_slot(event, start="10:00")
    cancelled = factories.make_slot(event, start="10:00")
    Slot._base_manager.filter(pk=cancelled.pk).update(cancelled=True)
    factories.make_slot(event, start="10:30")

    with time_machine.travel(factories.at("10:29"), tick=False):
        now = items(f"events/{event.slug}/slots?now=true")

    assert [each["id"] for each in now] == [str(running.guid)]


def test_now_and_next_speaks_of_each_room(event: Event) -> None:
    first, second = factories.make_room(event, "A"), factories.make_room(event, "B", position=1)
    running = factories.make_slot(event, room=first, start="10:00")
    pause = factories.make_session(event, "Coffee", kind="break")
    factories.make_slot(event, session=pause, room=first, start="10:30")
    follows = factories.make_slot(event, room=first, start="11:00")
    later = factories.make_slot(event, room=second, start="12:00")

    with time_machine.travel(factories.at("10:10"), tick=False):
        said = get(f"events/{event.slug}/now-and-next").json()

    assert said["at"] == "2026-10-07T12:10:00+02:00"
    assert [
        (each["room"]["name"], each["now"] and each["now"]["id"], each["next"]["id"])
        for each in said["rooms"]
    ] == [("A", str(running.guid), str(follows.guid)), ("B", None, str(later.guid))]


def test_slot_that_moved_says_where_it_was(event: Event) -> None:
    slot, room = factories.make_slot(event), factories.make_room(event, "Old")
    before = slot.starts_at - timedelta(hours=1)
    Slot._base_manager.filter(pk=slot.pk).update(
        moved_at=slot.starts_at, was_starts_at=before, was_room=room
    )

    former = items(f"events/{event.slug}/slots")[0]["moved_from"]

    assert former["starts_at_utc"] == "2026-10-07T09:00:00Z"
    assert former["room"]["name"] == "Old"


# --- page by page


@pytest.mark.parametrize("what", ["rooms", "tracks", "speakers", "sessions", "slots"])
def test_pages_hold_every_row_once_in_one_order(what: str) -> None:
    event = make_programme(5)
    whole = items(f"events/{event.slug}/{what}")
    found: list[Any] = []
    address = f"http://localhost{ROOT}events/{event.slug}/{what}?limit=2"

    while address:
        said = get(address.partition(ROOT)[2]).json()
        found += said["items"]
        address = said["next"]

    assert found == whole
    assert len(whole) == 5


def test_row_that_is_deleted_meanwhile_hides_no_other() -> None:
    event = make_programme(4)
    first = get(f"events/{event.slug}/speakers?limit=2").json()
    event.speakers.get(name="Speaker 0").delete()

    rest = get(first["next"].partition(ROOT)[2]).json()

    assert [each["name"] for each in rest["items"]] == ["Speaker 2", "Speaker 3"]


def test_next_page_keeps_the_filter() -> None:
    event = make_programme(3)

    following = get(f"events/{event.slug}/slots?day=2026-10-07&limit=1").json()["next"]

    assert "day=2026-10-07" in following
    assert "limit=1" in following


@pytest.mark.parametrize(
    "what", ["", "/rooms", "/tracks", "/speakers", "/sessions", "/slots", "/now-and-next"]
)
def test_list_asks_the_database_as_often_for_one_row_as_for_three(what: str) -> None:
    counts = []
    for rows in (1, 3):
        event = make_programme(rows)
        with time_machine.travel(factories.at("10:10")), CaptureQueriesContext(connection) as asked:
            assert get(f"events/{event.slug}{what}").status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]
