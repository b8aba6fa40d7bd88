"""Nights on which the clock jumps, evenings past midnight, another zone: days, pages, minutes."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from agenda import day
from agenda.models import Event, Slot
from agenda.programme import arrange, slots_of_day
from eventhub.live.log import changing
from tests import guests
from tests.factories import make_event, make_room, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = (2026, 3, 29)  # 02:00 becomes 03:00
AUTUMN = (2026, 10, 25)  # 03:00 becomes 02:00
BOUNDARIES = [time(0), time(2, 30), time(4), time(6)]


def berlin(year: int, month: int, number: int, clock: str, *, second: bool = False) -> datetime:
    """An instant by the clock in Berlin; `second`: the second time that it shows this."""
    at = time.fromisoformat(clock)
    return datetime(year, month, number, at.hour, at.minute, tzinfo=BERLIN, fold=int(second))


def festival(start: datetime, end: datetime, **fields: object) -> Event:
    return make_event(zone="Europe/Berlin", starts_at=start, ends_at=end, **fields)


def put(event: Event, title: str, start: datetime, end: datetime) -> Slot:
    room = event.rooms.first() or make_room(event, "Saal")
    with changing(event) as log:
        session = make_session(event, title)
        return log.add(Slot(event=event, session=session, room=room, starts_at=start, ends_at=end))


def read(event: Event, path: str = "") -> str:
    return guests.browser().get(f"/{event.slug}/{path}").content.decode()


def times(html: str) -> list[str]:
    """What the lines of a page say, in their order."""
    return re.findall(r'class="slot__time"><time [^>]*>([^<]+)<', html)


# --- days


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("night", [SPRING, AUTUMN, (2026, 7, 1)])
def test_every_instant_lies_in_the_frame_of_its_day(
    night: tuple[int, int, int], boundary: time
) -> None:
    noon = datetime(*night, 12, tzinfo=UTC)
    event = festival(noon, noon + timedelta(hours=1), day_boundary=boundary)

    for minutes in range(-36 * 60, 36 * 60, 15):
        at = noon + timedelta(minutes=minutes)
        start, end = event.day_frame(event.day_of(at))
        assert start <= at < end


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize(("night", "hours"), [(SPRING, 71), (AUTUMN, 73)])
def test_days_follow_each_other_without_gap(
    night: tuple[int, int, int], hours: int, boundary: time
) -> None:
    noon = datetime(*night, 12, tzinfo=UTC)
    event = festival(noon, noon + timedelta(hours=1), day_boundary=boundary)

    days = [date(*night) + timedelta(days=number) for number in (-1, 0, 1)]
    frames = [event.day_frame(each) for each in days]

    assert [frames[0][1], frames[1][1]] == [frames[1][0], frames[2][0]]
    assert frames[2][1] - frames[0][0] == timedelta(hours=hours)


def test_another_boundary_moves_what_happens_before_it() -> None:
    event = festival(berlin(2026, 7, 1, "20:00"), berlin(2026, 7, 2, "09:00"))
    put(event, "Party", berlin(2026, 7, 1, "22:00"), berlin(2026, 7, 2, "01:00"))
    put(event, "Frühsport", berlin(2026, 7, 2, "05:00"), berlin(2026, 7, 2, "06:00"))

    by_four = day.days(event)
    event.day_boundary = time(6)

    assert (by_four, day.days(event)) == (
        [date(2026, 7, 1), date(2026, 7, 2)],
        [date(2026, 7, 1)],
    )


# --- the night in March


def test_night_that_loses_an_hour_keeps_its_order_on_the_evening_before() -> None:
    event = festival(berlin(2026, 3, 28, "18:00"), berlin(2026, 3, 29, "18:00"))
    put(event, "Lesung", berlin(2026, 3, 29, "01:30"), berlin(2026, 3, 29, "03:15"))
    put(event, "Suppe", berlin(2026, 3, 29, "03:15"), berlin(2026, 3, 29, "03:45"))
    put(event, "Frühstück", berlin(2026, 3, 29, "10:00"), berlin(2026, 3, 29, "11:00"))

    assert times(read(event, "programme/?day=2026-03-28")) == ["01:30", "03:15"]
    assert times(read(event, "programme/?day=2026-03-29")) == ["10:00"]


def test_talk_across_the_lost_hour_is_shorter_than_the_clock_says() -> None:
    event = festival(berlin(2026, 3, 28, "18:00"), berlin(2026, 3, 29, "18:00"))
    put(event, "Lesung", berlin(2026, 3, 29, "01:30"), berlin(2026, 3, 29, "03:30"))

    at = berlin(2026, 3, 29, "03:00").astimezone(UTC)
    (left,) = day.running(slots_of_day(event, at), at)

    assert (left.minutes_left, left.percent) == (30, 50)


# --- the night in October


def test_hour_that_comes_twice_is_two_hours() -> None:
    event = festival(berlin(2026, 10, 24, "18:00"), berlin(2026, 10, 25, "18:00"))
    once = berlin(2026, 10, 25, "02:30").astimezone(UTC)
    again = berlin(2026, 10, 25, "02:30", second=True).astimezone(UTC)
    put(event, "Wieder", again, again + timedelta(minutes=30))
    put(event, "Zuerst", once, once + timedelta(minutes=30))

    html = read(event, "programme/?day=2026-10-24")

    assert times(html) == ["02:30", "02:30"]
    assert html.index("Zuerst") < html.index("Wieder")
    assert re.findall(r'data-start="([^"]+)"', html) == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]
    sections = arrange(slots_of_day(event, again), again)
    assert [[str(slot.session) for slot in part] for part in (sections.past, sections.now)] == [
        ["Zuerst"],
        ["Wieder"],
    ]


def test_talk_across_the_second_hour_is_longer_than_the_clock_says() -> None:
    event = festival(berlin(2026, 10, 24, "18:00"), berlin(2026, 10, 25, "18:00"))
    put(event, "Lesung", berlin(2026, 10, 25, "01:30"), berlin(2026, 10, 25, "03:30"))

    at = berlin(2026, 10, 25, "02:30", second=True).astimezone(UTC)
    (left,) = day.running(slots_of_day(event, at), at)

    assert (left.minutes_left, left.percent) == (60, 67)


# --- days on both sides of a change


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_ten_o_clock_is_ten_o_clock_before_and_after(night: tuple[int, int, int]) -> None:
    days = [date(*night) + timedelta(days=number) for number in (-1, 0, 1)]
    at_ten = [datetime.combine(each, time(10), BERLIN) for each in days]
    event = festival(at_ten[0], at_ten[-1] + timedelta(hours=8))
    for start in at_ten:
        put(event, "Morgenrunde", start, start + timedelta(hours=1))

    assert day.days(event) == days
    for each in days:
        assert times(read(event, f"programme/?day={each}")) == ["10:00"]


# --- midnight


def test_evening_past_midnight_is_one_day_on_every_page() -> None:
    event = festival(berlin(2026, 7, 1, "19:00"), berlin(2026, 7, 2, "03:00"))
    put(event, "Lesung", berlin(2026, 7, 1, "23:30"), berlin(2026, 7, 2, "00:30"))
    put(event, "Nachklang", berlin(2026, 7, 2, "00:30"), berlin(2026, 7, 2, "02:00"))

    with time_machine.travel(berlin(2026, 7, 2, "00:15"), tick=False):
        now, programme = read(event), read(event, "programme/")

    assert (event.has_several_days, day.days(event)) == (False, [date(2026, 7, 1)])
    assert times(now) == ["23:30", "00:30"]
    assert times(programme) == ["23:30", "00:30"]
    assert "slot__day" not in now + programme


# --- another zone


def test_event_that_moves_to_another_zone_is_read_in_its_time() -> None:
    event = festival(berlin(2026, 7, 1, "19:00"), berlin(2026, 7, 2, "09:00"))
    put(event, "Nachklang", berlin(2026, 7, 2, "04:30"), berlin(2026, 7, 2, "05:00"))
    before = day.days(event), times(read(event, "programme/"))

    event.zone = "Europe/Lisbon"
    event.save(update_fields=["zone"])

    assert before == ([date(2026, 7, 2)], ["04:30"])
    assert (day.days(event), times(read(event, "programme/"))) == ([date(2026, 7, 1)], ["03:30"])
