"""How late rooms run: added up, taken back, refused where it makes no sense, told to screens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from agenda.models import Event, Room
from tests.factories import at, make_event, make_room, make_slot, make_user
from tests.replay import assert_replay, head
from tests.wall.plan_reader import named, read, told_to_screens
from wall import actions, delays
from wall.models import Action, Delay

pytestmark = pytest.mark.django_db
NOW = at("10:05")


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event() -> Event:
    return make_event(zone="UTC")


@pytest.fixture
def room(event: Event) -> Room:
    return make_room(event, "Room 1")


def test_delay_reaches_the_plan_of_every_screen(event: Event, room: Room) -> None:
    slot = make_slot(event, room=room, start="10:00", minutes=60)

    assert_replay(event, lambda: delays.add(event, room, 10, by=None), topics=["screen", "screens"])

    told = told_to_screens(event)["plan"]
    assert (named(told), told["late"]) == ([slot.key[: told["letters"]]], [[0, 0, 600]])
    (talk,) = [spell for spell in read(told)[str(room.pk)] if spell.scene == "talk"]
    assert talk.ends == slot.ends_at + timedelta(minutes=10)


def test_delays_add_up_by_room(event: Event, room: Room) -> None:
    for place, minutes in ((room, 10), (room, 5), (None, 10), (room, -3)):
        delays.add(event, place, minutes, by=None)

    assert delays.standing(event, NOW) == {room.pk: 12, None: 10}
    assert delays.standing(event, NOW + timedelta(days=1)) == {}


@pytest.mark.parametrize("minutes", [-121, -1, 0, 121, 10_000])
def test_nonsense_is_refused_in_words(event: Event, room: Room, minutes: int) -> None:
    before = head(event)

    with pytest.raises(delays.DelayRefused) as refused:
        delays.add(event, room, minutes, by=None)

    assert refused.value.message.endswith(".")
    assert head(event) == before


def test_together_they_are_no_more_than_two_hours(event: Event, room: Room) -> None:
    delays.add(event, room, 120, by=None)

    with pytest.raises(delays.DelayRefused):
        delays.add(event, room, 1, by=None)


@pytest.mark.parametrize("days", [-1, 1])
def test_only_on_the_days_of_the_event(event: Event, room: Room, days: int) -> None:
    with (
        time_machine.travel(NOW + timedelta(days=days), tick=False),
        pytest.raises(delays.DelayRefused),
    ):
        delays.add(event, room, 10, by=None)


def test_room_of_another_event_is_refused(event: Event) -> None:
    with pytest.raises(ValueError, match="another event"):
        delays.add(event, make_room(make_event()), 10, by=None)


def test_button_pressed_twice_counts_once(event: Event, room: Room) -> None:
    delays.add(event, room, 10, by=None, seen_minutes=0)

    with pytest.raises(delays.DelayMeanwhile) as meanwhile:
        delays.add(event, room, 10, by=None, seen_minutes=0)

    assert meanwhile.value.minutes == 10
    assert delays.standing(event, NOW) == {room.pk: 10}


def test_on_time_takes_back_that_room_alone(event: Event, room: Room) -> None:
    for place in (room, room, None):
        delays.add(event, place, 10, by=None)

    assert_replay(event, lambda: delays.take_back(event, room, by=None), topics=["screen"])

    assert delays.standing(event, NOW) == {None: 10}
    assert delays.take_back(event, room, by=None) is False


def test_both_are_written_down_and_undone(event: Event, room: Room) -> None:
    person = make_user()
    delays.add(event, room, 10, by=person)
    delays.add(event, room, 5, by=person)
    said, corrected = Action.objects.filter(event=event).order_by("pk")

    assert actions.undo(corrected, by=person) is True
    assert delays.standing(event, NOW) == {room.pk: 10}

    delays.take_back(event, room, by=person)
    on_time = Action.objects.get(event=event, verb="on_time")
    assert actions.undo(on_time, by=person) is True
    assert delays.standing(event, NOW) == {room.pk: 10}
    assert Delay.objects.get(event=event).since == NOW
    assert [said.about, corrected.about, on_time.about] == [
        "Room 1: +10",
        "Room 1: +5",
        "Room 1: +10",
    ]


def test_undo_of_what_is_gone_is_harmless(event: Event, room: Room) -> None:
    delays.add(event, room, 10, by=None)
    delays.take_back(event, room, by=None)
    delays.add(event, room, 20, by=None)

    for action in Action.objects.filter(event=event, verb__in=["delay", "on_time"]).order_by("pk")[
        :2
    ]:
        actions.undo(action, by=None)

    assert delays.standing(event, NOW) == {room.pk: 20}
