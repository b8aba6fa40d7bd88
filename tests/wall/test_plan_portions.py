"""What screens are told reaches far, comes again in time, and at once where a room is new."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import descriptions
from agenda.models import Appearance, Event, Room
from eventhub.live.log import changing
from tests import guests
from tests.factories import (
    at,
    make_event,
    make_room,
    make_screen,
    make_session,
    make_slot,
    make_speaker,
)
from tests.replay import assert_replay, changes_since, head
from tests.wall.plan_reader import html_of, told_to_screens
from wall import directing, plan_portions, rehearsals, signs
from wall.models import Screen, Sign
from wall.plan_portions import PORTION, Renewal
from wall.signs import Said

pytestmark = pytest.mark.django_db
NOW = at("12:05")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event() -> Event:
    return make_event(zone="UTC")


@pytest.fixture
def screen(event: Event) -> Screen:
    made = make_screen(event, key="a-key")
    signs.here(made, Said(scene="break", slide="wall"))
    return made


# --- renewed


def test_screens_that_are_on_get_their_plan_anew_once_in_each_portion(
    event: Event, screen: Screen
) -> None:
    renewal, before = Renewal(), head(event)

    told = [renewal.look(NOW + minutes * PORTION / 8) for minutes in range(17)]

    assert sum(told) == 3  # when the process begins, and at each portion after that
    assert changes_since(event, before) == [("direction", "plan")] * 3


def test_renewal_is_a_change_like_any_other(event: Event, screen: Screen) -> None:
    make_slot(event, start="14:30")

    def next_day() -> None:
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            Renewal().look(NOW + timedelta(days=1))

    assert_replay(event, next_day, topics=["screen", "screens"])


def test_nobody_is_told_whose_screens_are_off(event: Event) -> None:
    make_screen(event, key="never-on")
    revoked = make_screen(event, key="gone", revoked_at=NOW)
    Sign.objects.create(screen=revoked, seen_at=NOW, alive=True)

    assert Renewal().look(NOW) == 0


def test_looking_asks_one_question_while_nothing_is_due(event: Event, screen: Screen) -> None:
    signs.here(make_screen(make_event(), key="b-key"), Said())
    renewal = Renewal()
    assert renewal.look(NOW) == 2

    with CaptureQueriesContext(connection) as asked:
        assert renewal.look(NOW + timedelta(minutes=5)) == 0

    assert len(asked) == 1


def test_plan_is_the_same_whenever_in_its_portion_it_is_drawn(event: Event) -> None:
    speak(event, "13:00")

    def drawn(minutes: int) -> str:
        with time_machine.travel(at("12:00") + timedelta(minutes=minutes), tick=False):
            return html_of(event)

    assert drawn(0) == drawn(1) == drawn(119)
    assert drawn(20 * 60) != drawn(0)  # on the next day it begins later


# --- what speakers are


def speak(event: Event, clock: str, *, days: int = 0) -> int:
    """A session at that time, with a speaker of whom it is known what they are; its number."""
    session = make_session(event)
    speaker = make_speaker(event, f"Karin {clock} {days}", organisation="Amt")
    Appearance.objects.create(session=session, speaker=speaker, position=0)
    slot = make_slot(event, session=session, start=clock)
    with changing(event) as log:
        slot.starts_at += timedelta(days=days)
        slot.ends_at += timedelta(days=days)
        log.touch(slot)
    return session.pk


def introduced(event: Event) -> list[int]:
    return [session for session, *_names in told_to_screens(event)["people"]]


def test_what_speakers_are_is_told_for_the_next_hours(event: Event) -> None:
    speak(event, "11:00")
    soon = [speak(event, "12:00"), speak(event, "18:30")]
    speak(event, "20:30")
    speak(event, "12:00", days=1)

    assert introduced(event) == soon
    told = told_to_screens(event)
    assert told["people"][1] == [soon[1], 1]
    assert told["names"].split("\n")[1] == "Karin 18:30 0\tAmt"


def test_of_a_rehearsed_day_all_are_told(event: Event) -> None:
    early = speak(event, "08:00")
    with time_machine.travel(NOW - timedelta(days=9), tick=False):
        assert introduced(event) == []
        rehearsals.begin(event, starts_at=at("15:00"), speed=1, by=None)

        assert introduced(event) == [early]


def test_name_with_odd_spaces_stays_one_line(event: Event) -> None:
    session = speak(event, "12:30")
    Appearance.objects.filter(session=session).get().speaker.__class__.objects.update(
        organisation="Amt\t für\nWirtschaft"
    )

    assert told_to_screens(event)["names"] == "Karin 12:30 0\tAmt für Wirtschaft"


# --- at once


def test_new_empty_room_is_a_place_at_once(event: Event) -> None:
    def build() -> None:
        room = Room.objects.create(event=event, name="Attic")
        with changing(event):
            descriptions.described(room)

    assert_replay(event, build, topics=["screen", "screens"])

    assert told_to_screens(event)["plan"]["stands"][2:] == [str(Room.objects.get().pk)]


def test_empty_room_that_is_removed_is_none_any_more(event: Event) -> None:
    room = make_room(event)

    assert_replay(event, lambda: descriptions.removed(room), topics=["screen", "screens"])

    assert told_to_screens(event)["plan"]["stands"] == ["hall", "foyer"]


# --- the first page


def test_first_page_plans_once(
    event: Event, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Event] = []
    read: Callable[[Event], object] = directing.programme_of

    def counted(of: Event) -> object:
        asked.append(of)
        return read(of)

    monkeypatch.setattr(directing, "programme_of", counted)

    assert guests.beamer("a-key").get("/screen").status_code == 200
    assert asked == [event]


@pytest.mark.parametrize("whose", ["all", "own"])
def test_first_page_shows_the_time_that_is_rehearsed(
    event: Event, screen: Screen, whose: str
) -> None:
    make_slot(event, start="12:00", minutes=60)
    make_slot(event, start="16:00", minutes=60)
    assert 'data-scene="talk"' in guests.beamer("a-key").get("/screen").content.decode()
    own = screen if whose == "own" else None
    rehearsals.begin(event, starts_at=at("14:00"), speed=0, by=None)
    rehearsals.begin(event, starts_at=at("16:55"), speed=0, by=None, screen=own)

    assert 'data-scene="ending"' in guests.beamer("a-key").get("/screen").content.decode()


def test_rehearsal_has_its_own_clock(event: Event, screen: Screen) -> None:
    rehearsals.begin(event, starts_at=at("14:00"), speed=10, by=None)

    assert rehearsals.time_of(screen, NOW + timedelta(minutes=3)) == at("14:30")
    assert rehearsals.time_of(make_screen(make_event()), NOW) == NOW


def test_portions_begin_with_the_event_day(event: Event) -> None:
    begun = [plan_portions.portion_of(event, at(clock)) for clock in ("04:00", "05:59", "06:00")]

    assert begun == [at("04:00"), at("04:00"), at("06:00")]
