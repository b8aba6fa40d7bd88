"""The plan of the screens as tables: what a programme means for hall, foyer and rooms, and when."""

from datetime import timedelta

import pytest

from tests.wall.programmes import DAYS, at, late, planned, programme, slot, told
from wall.director import Occurrence, Plan, Scene, Settings, plan

PLENARY = programme(
    slot("coffee", "08:30", "09:00", None, "break"),
    slot("opening", "09:00", "10:00", 1),
    slot("lunch", "12:00", "13:00", None, "break"),
    slot("close", "13:00", "13:15", None),
)


def test_day_of_one_hall_from_morning_to_night() -> None:
    assert told(planned(PLENARY)) == [
        "04:00 before",
        "08:30 before coffee",
        "09:00 talk opening",
        "09:50 ending opening",
        "10:00 break",
        "12:00 break lunch",
        "13:00 talk close",
        "13:10 ending close",  # shorter than twice ten minutes: its last third
        "13:15 after",
    ]


def test_room_follows_its_own_sessions_and_those_for_all() -> None:
    found = planned(
        programme(
            slot("a", "09:00", "10:00", 1),
            slot("b", "09:00", "10:30", 2, "workshop"),
            slot("all", "11:00", "11:30", None),
        )
    )

    assert told(found, "1") == [
        "04:00 before",
        "09:00 talk a",
        "09:50 ending a",
        "10:00 break",
        "11:00 talk all",
        "11:20 ending all",
        "11:30 after",
    ]
    assert told(found, "2")[1:4] == ["09:00 talk b", "10:20 ending b", "10:30 break"]


def test_hall_is_calm_only_while_somebody_speaks_to_all() -> None:
    workshops = programme(
        slot("a", "09:00", "10:00", 1, "barcamp"), slot("b", "09:00", "11:00", 2, "workshop")
    )
    beside_a_talk = programme(
        slot("a", "09:00", "10:00", 1, "barcamp"), slot("b", "09:30", "11:00", 2, "panel")
    )

    assert told(planned(workshops)) == [
        "04:00 before",
        "09:00 sessions a b",
        "10:00 sessions b",
        "11:00 after",
    ]
    assert told(planned(beside_a_talk))[1:4] == [
        "09:00 sessions a",
        "09:30 talk b",
        "10:50 ending b",
    ]


def test_with_one_room_whatever_runs_runs_in_the_hall() -> None:
    only = programme(slot("a", "09:00", "10:00", 1, "workshop"), rooms=(1,))

    assert told(planned(only))[1] == "09:00 talk a"
    assert told(planned(programme(rooms=())))[0] == "04:00 break"


def test_foyer_has_no_speaker_and_hears_when_all_come_out() -> None:
    found = planned(
        programme(
            slot("a", "09:00", "10:00", 1),
            slot("b", "09:00", "10:30", 2, "workshop"),
            slot("coffee", "10:30", "11:00", None, "break"),
            slot("c", "11:00", "11:12", 1),
        )
    )

    assert told(found, "foyer") == [
        "04:00 before",
        "09:00 sessions a b",
        "10:00 sessions b",
        "10:20 ending b",
        "10:30 break coffee",
        "11:00 sessions c",
        "11:08 ending c",
        "11:12 after",
    ]


def test_of_overlapping_sessions_the_later_start_is_the_title() -> None:
    overlapping = programme(slot("a", "09:00", "11:00"), slot("b", "10:00", "10:30"))

    assert told(planned(overlapping), "1")[1:] == [
        "09:00 talk a",
        "10:00 talk b a",
        "10:20 ending b a",
        "10:30 talk a",
        "10:50 ending a",
        "11:00 after",
    ]


def test_overrun_into_a_break_is_still_a_talk() -> None:
    overrun = programme(
        slot("a", "09:00", "10:10"), slot("coffee", "10:00", "10:30", None, "break")
    )

    assert told(planned(overrun), "1")[1:5] == [
        "09:00 talk a",
        "10:00 ending a",
        "10:10 break coffee",
        "10:30 after",
    ]


def test_back_to_back_and_cancelled_sessions() -> None:
    found = planned(
        programme(
            slot("a", "09:00", "09:30"),
            slot("b", "09:30", "10:00"),
            slot("gone", "10:00", "11:00", cancelled=True),
        )
    )

    assert told(found) == [
        "04:00 before",
        "09:00 talk a",
        "09:20 ending a",
        "09:30 talk b",
        "09:50 ending b",
        "10:00 after",
    ]


def test_next_is_the_next_row_here_and_what_follows_a_break() -> None:
    found = planned(
        programme(
            slot("a", "09:00", "10:00", 1),
            slot("lunch", "12:00", "13:00", None, "break"),
            slot("b", "13:00", "14:00", 1, "barcamp"),
            slot("c", "13:00", "14:00", 2, "barcamp"),
        )
    )

    assert found.spell("hall", at("09:55")).next == ("lunch", "b", "c")
    assert found.spell("2", at("09:55")).next == ("lunch", "c")
    assert found.spell("hall", at("12:30")).next == ("b", "c")
    assert found.spell("hall", at("13:30")).next == ()


def test_end_of_what_runs_is_told_and_of_a_gap_is_not() -> None:
    found = planned(PLENARY)

    assert found.spell("hall", at("09:30")).ends == at("10:00")
    assert found.spell("hall", at("12:30")).ends == at("13:00")
    assert found.spell("hall", at("11:00")).ends is None


def test_slot_over_midnight_belongs_to_its_event_day() -> None:
    party = programme(slot("talk", "18:00", "19:00"), slot("party", "23:00", "25:30", None))

    assert told(planned(party))[-4:] == [
        "19:00 break",
        "23:00 talk party",
        "01:20 ending party",
        "01:30 after",
    ]


def test_session_past_the_end_of_its_day_goes_on() -> None:
    long = programme(
        slot("night", "22:00", "29:00", None), slot("b", "10:00", "11:00", day="2026-10-08")
    )

    assert told(planned(long), days=2)[-6:] == [
        "22:00 talk night",
        "04:50 ending night",
        "05:00 before",
        "10:00 talk b",
        "10:50 ending b",
        "11:00 after",
    ]


def test_days_without_sessions_are_before_between_and_after_the_event() -> None:
    friday = slot("friday", "10:00", "11:00", day="2026-10-09")
    wednesday = slot("wednesday", "10:00", "11:00")

    assert told(planned(programme(friday)))[0] == "04:00 before"
    assert planned(programme(wednesday, friday)).spell("hall", at("12:00", "2026-10-08")).scene == (
        Scene.BREAK
    )
    assert planned(programme(wednesday)).spell("hall", at("12:00", "2026-10-08")).scene == (
        Scene.AFTER
    )


@pytest.mark.parametrize("stands", ["1", "foyer", "hall"])
def test_without_any_programme_it_is_a_break_for_three_days(stands: str) -> None:
    (only,) = planned(programme()).places[stands]

    assert (only.scene, only.at) == (Scene.BREAK, at("04:00"))


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 23), ("2026-10-24", 25)],  # the night after it changes the clock
)
def test_day_on_which_the_clock_is_changed_is_as_long_as_it_is(day: str, hours: int) -> None:
    found = planned_on(day, slot("late", "23:00", "28:00", None, day=day))

    start, end = DAYS.day_frame(DAYS.day_of(at("12:00", day)))
    assert end - start == timedelta(hours=hours)
    spells = found.places["hall"]
    assert [spell.scene for spell in spells[:3]] == [Scene.BEFORE, Scene.TALK, Scene.ENDING]
    assert spells[2].at == at("28:00", day) - timedelta(minutes=10)
    assert spells[3].at == end


def planned_on(day: str, *slots: Occurrence) -> Plan:
    return plan(programme(*slots), Settings(), at("12:00", day))


@pytest.mark.parametrize(("phase", "scene"), [("board", Scene.BOARD), ("pitch", Scene.PITCH)])
@pytest.mark.parametrize("stands", ["1", "foyer", "hall"])
def test_pitch_and_board_replace_everything_but_the_night(
    phase: str, scene: Scene, stands: str
) -> None:
    """Also the time before the first session: while people pitch, none has a place yet."""
    tomorrow = slot("b", "10:00", "11:00", day="2026-10-08")
    found = planned(
        programme(
            slot("opening", "09:00", "09:30", None),
            tomorrow,
            rows=(("11:00", "17:00"),),
            phase=phase,
        )
    )

    for clock in ("08:00", "09:10", "09:25", "10:00", "16:59"):
        assert found.spell(stands, at(clock)).scene == scene
    assert found.spell(stands, at("17:00")).scene == Scene.AFTER
    assert found.spell(stands, at("08:00", "2026-10-08")).scene == Scene.BEFORE
    assert found.spell("1", at("10:10", "2026-10-08")).scene == Scene.TALK


@pytest.mark.parametrize("phase", ["closed", "collect", "running"])
def test_other_phases_leave_the_scenes_alone(phase: str) -> None:
    slots = (slot("a", "09:00", "10:00"), slot("b", "11:00", "12:00", 2, "barcamp"))

    assert told(planned(programme(*slots, phase=phase))) == told(planned(programme(*slots)))


def test_empty_time_rows_of_a_barcamp_are_part_of_the_day() -> None:
    """After the opening people pitch: nobody is sent home because no card has a place yet."""
    found = planned(programme(slot("opening", "09:00", "09:30", None), rows=(("11:00", "17:00"),)))

    assert told(found)[-2:] == ["09:30 break", "17:00 after"]


def test_plan_reaches_as_far_as_a_day_that_is_rehearsed() -> None:
    later = slot("a", "09:00", "10:00", day="2026-11-20")
    found = plan(programme(later), Settings(), at("12:00"), also=[at("09:30", "2026-11-20")])

    assert found.spell("hall", at("12:00")).scene == Scene.BEFORE
    assert found.spell("hall", at("09:30", "2026-11-20")).now == ("a",)


def test_ending_lasts_as_long_as_was_chosen() -> None:
    a = programme(slot("a", "09:00", "10:00"))

    assert told(planned(a, Settings(ending_minutes=5)))[2] == "09:55 ending a"
    assert told(planned(a, Settings(ending_minutes=0)))[1:] == ["09:00 talk a", "10:00 after"]


# --- delays


def test_delay_shifts_what_is_to_come_and_prolongs_what_runs() -> None:
    slots = (
        slot("over", "08:00", "09:00"),
        slot("runs", "09:00", "10:00"),
        slot("next", "10:00", "11:00"),
        slot("other", "10:00", "11:00", 2),
    )
    found = planned(programme(*slots, delays=(late(10, "09:30", 1),)))

    assert told(found, "1")[1:] == [
        "08:00 talk over",
        "08:50 ending over",
        "09:00 talk runs",
        "10:00 ending runs",
        "10:10 talk next",
        "11:00 ending next",
        "11:10 after",
    ]
    assert told(found, "2")[1:3] == ["08:00 break", "10:00 talk other"]
    assert found.minutes_late == {"runs": 10, "next": 10}


def test_delays_add_up_and_are_of_their_day() -> None:
    tomorrow = slot("b", "10:00", "11:00", day="2026-10-08")
    found = planned(
        programme(
            slot("a", "10:00", "11:00"),
            slot("lunch", "12:00", "13:00", None, "break"),
            tomorrow,
            delays=(late(10, "09:00"), late(5, "09:30", 1)),
        )
    )

    assert told(found, "1")[1:5] == [
        "10:15 talk a",
        "11:05 ending a",
        "11:15 break",
        "12:10 break lunch",
    ]
    assert found.minutes_late == {"a": 15, "lunch": 10}


def test_what_is_caught_up_never_begins_before_it_was_said() -> None:
    found = planned(
        programme(
            slot("runs", "09:00", "10:00"),
            slot("soon", "10:00", "10:30"),
            delays=(late(-20, "09:50", 1),),
        )
    )

    assert told(found, "1")[1:4] == ["09:00 talk runs", "09:40 ending runs", "09:50 talk soon"]


def test_delay_taken_back_leaves_the_programme_as_it_was() -> None:
    slots = (slot("a", "10:00", "11:00"),)

    assert told(planned(programme(*slots, delays=(late(10, "09:00"), late(-10, "09:05"))))) == told(
        planned(programme(*slots))
    )
