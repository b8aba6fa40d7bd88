"""What is on now and next, room by room, as the first page of a phone tells it."""

import re

import pytest
import time_machine

from agenda import day
from agenda.models import Event
from agenda.programme import slots_of_day
from eventhub.live.log import changing
from tests.factories import at, make_event, make_room, make_session, make_slot
from tests.test_programme_pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough


@pytest.fixture
def camp() -> Event:
    """Two rooms: in the first of them something runs until 10:30, in the other until 11:00."""
    event = make_event(zone="UTC")
    rooms = {"Hall": make_room(event, "Hall", position=2)}
    rooms["Attic"] = make_room(event, "Attic", position=1)
    for title, room, start, minutes in (
        ("Panel", "Hall", "9:30", 60),
        ("Tinkering", "Attic", "10:00", 60),
        ("Open data", "Hall", "10:45", 30),
        ("Newsletter", "Attic", "11:30", 30),
        ("Later still", "Hall", "12:00", 30),
    ):
        session = make_session(event, title)
        make_slot(event, session=session, room=rooms[room], start=start, minutes=minutes)
    return event


def said(event: Event, clock: str) -> list[tuple[str, int, str]]:
    """Of each room with something on: what, how long still, what then."""
    running = day.running(slots_of_day(event, at(clock)), at(clock))
    return [
        (each.slot.session.title, each.minutes_left, each.then.session.title if each.then else "")
        for each in running
    ]


def test_each_room_says_how_long_it_takes_and_what_follows_there(camp: Event) -> None:
    assert said(camp, "10:15") == [
        ("Tinkering", 45, "Newsletter"),
        ("Panel", 15, "Open data"),
    ]


def test_the_last_minute_is_one_and_then_it_is_over(camp: Event) -> None:
    assert said(camp, "10:29")[1] == ("Panel", 1, "Open data")
    assert [title for title, _, _ in said(camp, "10:30")] == ["Tinkering"]


def test_nothing_follows_what_is_everywhere(camp: Event) -> None:
    make_slot(camp, session=make_session(camp, "Alarm"), start="10:00")

    assert ("Alarm", 15, "") in said(camp, "10:15")


def test_cancelled_session_neither_counts_nor_follows(camp: Event) -> None:
    with changing(camp) as log:
        for slot in camp.slots.filter(session__title__in=["Panel", "Newsletter"]):
            slot = log.fresh(slot)
            slot.cancelled = True
            log.touch(slot)

    assert said(camp, "10:15") == [("Tinkering", 45, ""), ("Panel", 0, "")]


@time_machine.travel(at("10:15"))
def test_page_without_javascript_says_the_same(camp: Event) -> None:
    now = read(camp, "").partition('data-section="now"')[2].partition("</section>")[0]

    assert re.findall(r"data-left-words>([^<]*)<", now) == ["45 minutes left", "15 minutes left"]
    assert re.findall(r"Then <time>([^<]*)</time> <bdi>([^<]*)</bdi>", now) == [
        ("11:30", "Newsletter"),
        ("10:45", "Open data"),
    ]


def test_page_leads_to_what_everybody_asks_if_there_is_an_answer() -> None:
    told, silent = make_event(wifi_name="Forum"), make_event()

    leads = [f'class="link" href="/{each.slug}/info/"' in read(each, "") for each in (told, silent)]
    assert leads == [True, False]
