"""Cues of a projector that is shared with a speaker's laptop: when it changes hands."""

from tests.wall.programmes import DAYS, at, late, planned, programme, slot
from wall.cues import Call, Picture
from wall.director import Plan, Scene, cues

MORNING = (
    slot("a", "09:00", "10:00"),
    slot("b", "10:00", "10:30"),
    slot("coffee", "10:30", "11:00", None, "break"),
    slot("c", "11:00", "12:00"),
)


def changes(found: Plan, clock: str = "08:00", stands: str = "1") -> list[str]:
    return [
        f"{cue.at.astimezone(DAYS.tz):%H:%M} {cue.to} {cue.about}"
        for cue in cues(found, stands, at(clock)).coming
    ]


def test_slides_while_somebody_speaks_and_eventhub_in_between() -> None:
    assert changes(planned(programme(*MORNING))) == [
        "09:00 slides a",
        "10:30 eventhub b",
        "11:00 slides c",
        "12:00 eventhub c",
    ]


def test_what_is_shown_and_since_when() -> None:
    found = planned(programme(*MORNING))

    early, later = cues(found, "1", at("08:00")), cues(found, "1", at("10:45"))

    assert (early.shows, early.since) == (Picture.EVENTHUB, at("04:00"))
    assert (later.shows, later.since) == (Picture.EVENTHUB, at("10:30"))
    assert later.next == later.coming[0]
    assert later.coming[0].about == "c"
    assert cues(found, "1", at("12:30")).next is None


def test_last_minutes_of_a_talk_belong_to_who_speaks() -> None:
    found = planned(programme(*MORNING))

    assert found.spell("1", at("10:25")).scene == Scene.ENDING
    assert cues(found, "1", at("10:25")).shows == Picture.SLIDES


def test_change_is_called_two_minutes_before_and_when_it_is_time() -> None:
    cue = cues(planned(programme(*MORNING)), "1", at("10:00")).coming[0]

    calls = {clock: cue.call(at(clock)) for clock in ("10:27", "10:28", "10:29", "10:30", "10:31")}

    assert calls == {
        "10:27": Call.LATER,
        "10:28": Call.SOON,
        "10:29": Call.SOON,
        "10:30": Call.NOW,
        "10:31": Call.OVER,
    }


def test_gap_too_short_to_reach_for_the_switch_is_none() -> None:
    tight = programme(slot("a", "09:00", "10:00"), slot("b", "10:02", "11:00"))

    assert changes(planned(tight)) == ["09:00 slides a", "11:00 eventhub b"]


def test_delay_moves_the_cue_with_it() -> None:
    delayed = programme(*MORNING, delays=(late(10, "10:10", 1),))

    assert changes(planned(delayed), "10:15") == [
        "10:40 eventhub b",
        "11:10 slides c",
        "12:10 eventhub c",
    ]


def test_foyer_never_changes_hands() -> None:
    assert changes(planned(programme(*MORNING)), stands="foyer") == []
