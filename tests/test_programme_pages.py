"""The programme by day, by room and by track, and what is found in it, as guests read it."""

import json
import re
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import day, search
from agenda.models import Appearance, Event, Session, Slot, Speaker, Track
from eventhub.live.log import changing
from tests import factories, guests
from tests.factories import at, make_event, make_post, make_room, make_session, make_slot

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough


def read(event: Event, where: str) -> str:
    answer = guests.browser().get(f"/{event.slug}/{where}")
    assert answer.status_code == 200
    return answer.content.decode()


def titles(html: str) -> list[str]:
    within = html.partition("data-groups")[2].partition("</programme-day>")[0]
    found = re.findall(r'<h3 class="slot__title" dir="auto">(.*?)</h3>', within)
    return [re.sub("<[^>]+>", "", title) for title in found]


def linked(html: str) -> Any:
    """What machines read in the page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def speaker(session: Session, name: str, **fields: Any) -> Speaker:
    made = Speaker.objects.create(event=session.event, name=name, **fields)
    Appearance.objects.create(session=session, speaker=made)
    return made


@pytest.fixture
def festival() -> Event:
    """Two days; on the first a party past midnight, which belongs to its evening."""
    event = make_event(zone="UTC", ends_at=at("42:00"))
    for title, start in (("Opening", "9:00"), ("Party", "23:30"), ("Late", "24:30")):
        make_slot(event, session=make_session(event, title), start=start)
    make_slot(event, session=make_session(event, "Breakfast"), start="33:00")
    return event


# --- days


@time_machine.travel(at("9:30"))
def test_what_happens_after_midnight_belongs_to_the_evening_before(festival: Event) -> None:
    assert titles(read(festival, "programme/")) == ["Opening", "Party", "Late"]
    assert titles(read(festival, "programme/?day=2026-10-08")) == ["Breakfast"]


@time_machine.travel(at("24:45"))
def test_at_night_the_page_still_shows_the_evening(festival: Event) -> None:
    html = read(festival, "programme/")

    assert 'href="?day=2026-10-07" aria-current="page"' in html
    assert titles(html) == ["Opening", "Party", "Late"]


@pytest.mark.parametrize("wanted", ["", "2026-10-09", "2026-02-30", "x", "9" * 400, "\u0661"])
def test_a_day_that_is_none_is_answered_with_today(festival: Event, wanted: str) -> None:
    found = day.days(festival)

    assert day.chosen(festival, found, wanted, at("10:00")) == found[0]
    assert day.chosen(festival, found, wanted, at("34:00")) == found[1]
    assert day.chosen(festival, found, wanted, at("99:00")) == found[1]


def test_a_day_of_the_clock_change_has_all_its_hours() -> None:
    event = make_event(zone="Europe/Berlin", starts_at=at("0:00"), ends_at=at("24:00"))
    start = event.starts_at.replace(month=10, day=25)
    slots = [start.replace(hour=hour) for hour in (2, 3, 23)]  # 03:00 to 24:00 by the clock there
    with changing(event) as log:
        for one in slots:
            talk = make_session(event)
            ends = one + timedelta(minutes=30)
            log.add(Slot(event=event, session=talk, starts_at=one, ends_at=ends))

    assert [each.isoformat() for each in day.days(event)] == ["2026-10-24", "2026-10-25"]
    html = read(event, "programme/?day=2026-10-25")
    heads = re.findall(r"<time data-head>([^<]+)</time>", html)
    assert heads == ["04:00", "00:00"]


def test_programme_without_a_slot_says_so() -> None:
    event = make_event()

    assert guests.in_english("The programme will appear here") in read(event, "programme/")


@time_machine.travel(at("10:10"))
def test_what_is_over_is_folded_away_while_something_is_to_come() -> None:
    event = make_event(zone="UTC")
    for start in ("9:00", "10:00", "11:00"):
        make_slot(event, start=start)

    html = read(event, "programme/")

    assert re.findall(r'data-start="[^"]*T(\d\d):00[^>]*data-past', html) == ["09"]
    assert '<details class="day__past"><summary>' in html
    with time_machine.travel(at("20:00")):
        over = read(event, "programme/")
    assert ("data-past>" in over, '<details class="day__past" hidden>' in over) == (False, True)


# --- room, track, search


@pytest.fixture
def forum() -> Event:
    event = make_event(zone="UTC")
    hall = make_room(event, "Hall", position=2, where="Straight on")
    attic = make_room(event, "Attic", position=1)
    data = Track.objects.create(event=event, name="Data", colour="#00594a", position=1)
    ask = make_session(event, "Ask us", track=data, abstract="Bring the Größe of it.")
    speaker(ask, "Zoë Łukasz", organisation="City")
    make_slot(event, session=ask, room=hall, start="10:00")
    make_slot(event, session=make_session(event, "Roof"), room=attic, start="11:00")
    make_slot(event, session=make_session(event, "Lunch", kind="break"), start="12:00")
    return event


def test_rooms_stand_in_the_organizers_order_and_everywhere_last(forum: Event) -> None:
    html = read(forum, "programme/?by=room")

    assert titles(html) == ["Roof", "Ask us", "Lunch"]
    assert re.findall(r"<bdi data-head>(.+?)</bdi>", html) == ["Attic", "Hall", "Everywhere"]


def test_tracks_are_headings_and_what_has_none_is_last(forum: Event) -> None:
    html = read(forum, "programme/?by=track")

    assert titles(html) == ["Ask us", "Roof", "Lunch"]
    assert re.findall(r"<bdi data-head>(.+?)</bdi>", html) == ["Data", "Without a track"]


def test_an_unknown_order_is_by_time(forum: Event) -> None:
    assert titles(read(forum, "programme/?by=%00x")) == ["Ask us", "Roof", "Lunch"]


@pytest.mark.parametrize("typed", ["GROSSE", "zoe", "city ask", "#data", "hall", "bring größe"])
def test_search_finds_every_word_however_it_is_typed(forum: Event, typed: str) -> None:
    assert [slot.session.title for slot in search.find(forum, typed)] == ["Ask us"]


@pytest.mark.parametrize("typed", ["", "   ", "#", "hall attic", "%", "_", "\x00", "x" * 5000])
def test_search_finds_nothing_where_a_word_is_missing(forum: Event, typed: str) -> None:
    assert search.find(forum, typed) == []


def test_search_looks_through_all_days(festival: Event) -> None:
    assert titles(read(festival, "programme/?q=breakfast&day=2026-10-07")) == ["Breakfast"]
    assert guests.in_english("Nothing found.") in read(festival, "programme/?q=nothing")


def test_search_stays_in_its_event(forum: Event) -> None:
    assert search.find(make_event(), "ask") == []


# --- cost


def cost(rows: int, where: str) -> int:
    event = make_event(zone="UTC", day_boundary=time(4))
    for number in range(rows):
        room = make_room(event, where="Upstairs")
        track = Track.objects.create(event=event, name=f"Track {number}")
        session = make_session(event, f"Talk {number}", track=track, abstract="Words")
        speaker(session, f"Ada {number}")
        make_slot(event, session=session, room=room, start=f"1{number}:00")
    first = event.sessions.order_by("pk")[0]
    for number in range(rows):
        if number:
            speaker(first, f"Guest {number}")
            make_slot(event, session=first, start=f"1{number}:30")
        make_post(event, session=first)
    client = guests.guest(event, factories.make_attendee(event).key)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/{event.slug}/{where.replace('ONE', str(first.pk))}")
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "where",
    [
        "",
        "programme/",
        "programme/?by=room",
        "programme/?by=track",
        "programme/?q=words",
        "session/ONE/",
        "session/ONE/?part=1",
        "info/",
    ],
)
def test_three_rows_cost_as_many_questions_as_one(where: str) -> None:
    assert cost(3, where) == cost(1, where)
