"""Which slides take turns: the defaults, what may be left out, and how a screen is wired."""

import pytest

from wall import turns as turning
from wall.director import Scene, Settings, turns
from wall.models import Screen
from wall.turns import of_screen

DEFAULTS = {
    "before": "welcome hint next wifi placards",
    "talk": "talk",
    "ending": "next hint",
    "break": "wall hint nownext wall changes wifi wall placards",
    "sessions": "board wall hint changes placards",
    "pitch": "pitch",
    "board": "board",
    "after": "goodnight wall hint",
}


def test_defaults_need_no_configuration() -> None:
    assert {scene: " ".join(turns(scene, Settings())) for scene in DEFAULTS} == DEFAULTS
    assert set(DEFAULTS) == set(Scene)


def test_what_event_and_screen_leave_out_is_gone() -> None:
    told = Settings(left_out=("wifi", "placards"))

    found = turns(Scene.BREAK, told, left_out=["wall", "no such slide"])

    assert found == ("hint", "nownext", "changes")


def test_scene_of_which_everything_is_left_out_has_a_turn() -> None:
    everything = Settings(left_out=turning.OPTIONAL)

    assert {scene: turns(scene, everything) for scene in ("break", "after", "talk")} == {
        "break": ("hint",),
        "after": ("hint",),
        "talk": ("talk",),
    }


def test_without_the_board_sessions_are_told_by_now_and_next() -> None:
    assert turns(Scene.SESSIONS, Settings(left_out=("board",)))[0] == "nownext"


def test_running_barcamp_puts_its_board_first() -> None:
    assert turns(Scene.BREAK, Settings(), phase="running")[:2] == ("board", "wall")
    assert turns(Scene.BREAK, Settings(), phase="closed")[0] == "wall"


@pytest.mark.parametrize("wiring", ["door", "monitor", "own", "shared"])
def test_wall_in_talks_is_asked_for_and_needs_a_projector_of_its_own(wiring: str) -> None:
    asked = Settings(wall_in_talks=True)

    assert ("wall" in turns(Scene.TALK, asked, wiring=wiring)) == (wiring == "own")
    assert "wall" not in turns(Scene.TALK, Settings(), wiring=wiring)


def test_monitor_counts_down_and_a_door_stays_a_door() -> None:
    monitor = {scene: turns(scene, Settings(), wiring="monitor") for scene in Scene}

    assert monitor[Scene.TALK] == monitor[Scene.ENDING] == ("countdown",)
    assert monitor[Scene.BREAK] == turns(Scene.BREAK, Settings())
    assert {turns(scene, Settings(), wiring="door") for scene in Scene} == {("door",)}


def test_screen_that_was_set_by_hand_shows_that_in_every_scene() -> None:
    for view, order in turning.BY_HAND.items():
        found = of_screen(Screen(view=view, left_out=["wall", "board"]), Settings())
        assert set(found.values()) == {order}


def test_every_order_by_hand_ends_with_a_slide_that_is_never_empty() -> None:
    """The wall and the board invite when there is nothing else."""
    assert {order[-1] for order in turning.BY_HAND.values()} <= {"wall", "board"}
