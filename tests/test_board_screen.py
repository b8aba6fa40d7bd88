"""What a board screen shows at a time: six at most, by room, over midnight and clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agenda import board_screen, placing
from agenda.board_screen import MOST, Moment, Row
from agenda.models import Event, Period, Room, Slot
from eventhub.live.log import changing
from tests.factories import at, make_event, make_period, make_room, make_session, make_slot

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def slots_of(event: Event) -> list[Slot]:
    return list(Slot.objects.of(event).in_order())


def shown(event: Event, when: datetime) -> Moment:
    return board_screen.moment(event, slots_of(event), list(event.periods.all()), when)


def titles(one: Moment) -> list[list[tuple[str, str]]]:
    return [[(title(row.now), title(row.next)) for row in page] for page in one.pages]


def title(slot: Slot | None) -> str:
    return slot.session.title if slot is not None else ""


def hall(rooms: int, *starts: str, minutes: int = 45) -> Event:
    """An event with `rooms` rooms and a session in each at each of these times: "A1", "B1" ..."""
    event = make_event(zone="UTC")
    for number, start in enumerate(starts, 1):
        make_period(event, start, minutes)
        for room in rooms_of(event, rooms):
            session = make_session(event, f"{room.name}{number}")
            make_slot(event, session=session, room=room, start=start, minutes=minutes)
    return event


def rooms_of(event: Event, count: int) -> list[Room]:
    found = list(Room.objects.filter(event=event))
    letters = "ABCDEFGHIJKLMNOP"[len(found) : count]
    return found + [make_room(event, letter, position=ord(letter)) for letter in letters]


def test_what_runs_and_what_comes_stand_side_by_side_by_room() -> None:
    event = hall(2, "10:00", "11:00", "12:00")

    assert titles(shown(event, at("10:30"))) == [[("A1", "A2"), ("B1", "B2")]]


def test_at_its_end_a_session_is_over() -> None:
    event = hall(1, "10:00", "11:00")

    assert titles(shown(event, at("10:45"))) == [[("", "A2")]]
    assert titles(shown(event, at("11:00"))) == [[("A2", "")]]


def test_after_the_last_session_there_is_nothing_to_show() -> None:
    event = hall(1, "10:00")

    assert shown(event, at("10:45")).has_content is False
    assert shown(make_event(), at("10:45")).has_content is False


@pytest.mark.parametrize("rooms", range(1, 15))
def test_never_more_than_six_stand_on_a_page_and_none_is_left_out(rooms: int) -> None:
    event = hall(rooms, "10:00", "11:00")

    for when in ("09:00", "10:30", "11:30"):
        pages = shown(event, at(when)).pages
        assert all(sum(row.cards for row in page) <= MOST for page in pages)
        assert len([row for page in pages for row in page]) == rooms


def test_pages_are_as_full_as_each_other() -> None:
    event = hall(7, "10:00", "11:00")

    assert [len(page) for page in shown(event, at("09:00")).pages] == [4, 3]
    assert [len(page) for page in shown(event, at("10:30")).pages] == [3, 3, 1]
    assert [len(page) for page in shown(hall(4, "10:00", "11:00"), at("10:30")).pages] == [2, 2]


def test_what_is_everywhere_stands_above_every_page_and_counts() -> None:
    event = hall(8, "10:00", "11:00")
    make_slot(event, session=make_session(event, "Lunch"), start="10:45", minutes=15)

    one = shown(event, at("10:50"))

    assert title(one.everywhere.now) == "Lunch"
    assert [len(page) for page in one.pages] == [4, 4]
    assert all(sum(row.cards for row in page) + one.everywhere.cards <= MOST for page in one.pages)


def test_lunch_alone_is_content() -> None:
    event = make_event(zone="UTC")
    make_slot(event, session=make_session(event, "Lunch"), start="12:00")

    one = shown(event, at("12:10"))

    assert (one.has_content, one.pages, title(one.everywhere.now)) == (True, (), "Lunch")


def test_sessions_of_one_time_row_come_together_whatever_their_minute() -> None:
    event = make_event(zone="UTC")
    make_period(event, "10:00", 45)
    for room, start in zip(rooms_of(event, 2), ("10:00", "10:15"), strict=True):
        session = make_session(event, room.name)
        make_slot(event, session=session, room=room, start=start, minutes=20)

    assert titles(shown(event, at("09:00"))) == [[("", "A"), ("", "B")]]


def test_two_at_once_in_one_room_make_two_rows() -> None:
    event = hall(1, "10:00")
    room = Room.objects.get(event=event)
    make_slot(event, session=make_session(event, "Clash"), room=room, start="10:00")

    assert titles(shown(event, at("10:10"))) == [[("A1", ""), ("Clash", "")]]


def test_cancelled_session_stays_where_people_look_for_it_and_counts_for_nothing() -> None:
    event = hall(2, "10:00", "11:00")
    for slot in Slot.objects.filter(event=event, starts_at=at("10:00")):
        placing.cancel(slot)

    one = shown(event, at("09:00"))

    assert titles(one) == [[("", "A1"), ("", "A2"), ("", "B1"), ("", "B2")]]
    assert [row.next.cancelled for page in one.pages for row in page if row.next] == [
        True,
        False,
    ] * 2


def test_at_night_the_next_morning_is_another_day() -> None:
    event = make_event(zone="UTC", ends_at=at("18:00") + timedelta(days=1))
    room = make_room(event)
    late = at("23:30")
    add(event, room, late, timedelta(hours=1), "Party")
    add(event, room, at("09:00") + timedelta(days=1), timedelta(hours=1), "Breakfast")

    running = shown(event, late)
    assert titles(running) == [[("Party", "")]]  # while it runs nobody asks for tomorrow
    assert running.other_day is False
    before_midnight = shown(event, at("22:00"))
    assert (titles(before_midnight), before_midnight.other_day) == ([[("", "Party")]], False)
    # 00:40 belongs to the evening before; from 04:00 on the breakfast is today's.
    night = shown(event, at("00:40") + timedelta(days=1))
    assert (titles(night), night.other_day) == ([[("", "Breakfast")]], True)
    assert shown(event, at("04:00") + timedelta(days=1)).other_day is False


def test_session_after_midnight_is_not_another_day() -> None:
    event = make_event(zone="UTC", ends_at=at("18:00") + timedelta(days=1))
    add(event, make_room(event), at("00:15") + timedelta(days=1), timedelta(hours=1), "Late")

    assert shown(event, at("23:30")).other_day is False


@pytest.mark.parametrize("clock", ["2026-10-25T00:30", "2026-03-29T00:30"])
def test_night_of_a_clock_change_has_each_moment_once(clock: str) -> None:
    """In October 02:30 comes twice, in March not at all: instants decide, not clocks."""
    zone = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(clock).replace(tzinfo=zone).astimezone(UTC)
    event = make_event(starts_at=start, ends_at=start + timedelta(hours=20))
    room = make_room(event)
    add(event, room, start, timedelta(hours=2), "First")
    add(event, room, start + timedelta(hours=2), timedelta(hours=1), "Second")

    found = [one for one in board_screen.moments(event, slots_of(event), []) if not one.other_day]

    assert [titles(one) for one in found[:3]] == [
        [[("", "First")]],
        [[("First", "Second")]],
        [[("Second", "")]],
    ]
    assert (found[2].at - found[1].at) == timedelta(hours=2)


def test_plan_says_at_every_moment_what_the_moment_itself_says() -> None:
    event = hall(5, "10:00", "11:00", "13:00")
    make_slot(event, session=make_session(event, "Lunch"), start="12:00", minutes=50)
    make_slot(event, session=make_session(event, "Other day"), start="10:00", minutes=20)
    placing.cancel(Slot.objects.filter(event=event).order_by("pk")[7])
    slots, periods = slots_of(event), list(Period.objects.filter(event=event))

    plan = board_screen.moments(event, slots, periods)

    for minute in range(0, 24 * 60, 5):
        when = at("00:00") + timedelta(minutes=minute)
        now = [one for one in plan if one.at <= when][-1]
        wanted = board_screen.moment(event, slots, periods, when)
        assert (now.pages, now.everywhere) == (wanted.pages, wanted.everywhere)


def test_moves_are_told_before_the_old_time_and_before_the_new_one() -> None:
    event = hall(1, "10:00")
    slot = Slot.objects.get(event=event)
    placing.move(slot, room=slot.room, starts_at=at("15:00"), ends_at=at("15:45"))

    (before, after) = board_screen.changes(event, slots_of(event))

    assert before[1:] == (at("08:30"), at("10:10"))
    assert after[1:] == (at("13:30"), at("15:10"))


def test_cancelled_is_told_and_what_stands_as_planned_is_not() -> None:
    event = hall(2, "10:00")
    placing.cancel(Slot.objects.filter(event=event, room__name="B").get())

    assert [slot.session.title for slot, _, _ in board_screen.changes(event, slots_of(event))] == [
        "B1"
    ]


def test_large_programme_is_planned_in_one_pass() -> None:
    """Each slot is looked at a fixed number of times, however many there are."""
    looked = {}
    for count in (50, 400):
        event = Event(zone="UTC", starts_at=at("08:00"), ends_at=at("18:00"))
        room = Room(pk=1, name="A")
        slots = [Counted(start=i, room=room) for i in range(count)]
        Counted.looks = 0
        board_screen.moments(event, slots, [])  # type: ignore[arg-type]
        looked[count] = Counted.looks / count

    assert looked[400] < 1.5 * looked[50]


class Counted:
    """A slot of one minute that counts how often its start is looked at."""

    looks = 0
    cancelled = False
    room_id = 1

    def __init__(self, start: int, room: Room) -> None:
        self.room = room
        self._start = at("08:00") + timedelta(minutes=start)
        self.ends_at = self._start + timedelta(minutes=1)

    @property
    def starts_at(self) -> datetime:
        Counted.looks += 1
        return self._start


def test_row_counts_its_sessions() -> None:
    assert Row().cards == 0


def add(event: Event, room: Room, start: datetime, takes: timedelta, name: str) -> Slot:
    with changing(event) as log:
        return log.add(
            Slot(
                event=event,
                session=make_session(event, name),
                room=room,
                starts_at=start,
                ends_at=start + takes,
            )
        )
