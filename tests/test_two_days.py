"""Two days of a screen in half a minute, and what its watchman would notice."""

from pathlib import Path
from typing import Any

import pytest

from tests import two_days
from tests.screen_watch import Look, Programme, faults, grows, slope_per_hour

PROGRAMME = Programme(0.0, 0.0, 1.0, [(0, "before"), (60_000, "talk"), (120_000, "break")])


def look(at_s: float, **seen: Any) -> Look:
    whole = {"scene": "talk", "slide": "talk", "words": 20, "state": "open", "once": True}
    return Look(at_s, at_s, whole | seen)


def judged(one: Look, *, cut_s: float | None = None, panic_s: float | None = None) -> list[str]:
    return faults(one, PROGRAMME, cut_s=cut_s, panic_s=panic_s)


def test_right_picture_is_no_fault_and_a_scene_may_be_late_by_a_second() -> None:
    assert judged(look(90)) == []
    assert judged(look(120.9)) == []
    assert judged(look(120.9, scene="break")) == []


@pytest.mark.parametrize(
    ("at_s", "seen", "fault"),
    [
        (121.5, {}, "talk instead of ['break']"),
        (59, {}, "talk instead of ['before']"),
        (90, {"words": 0}, "no picture: 'talk'"),
        (90, {"slide": "talk wall"}, "no picture: 'talk wall'"),
        (90, {"once": False}, "the page was loaded again"),
    ],
)
def test_watchman_notices(at_s: float, seen: dict[str, Any], fault: str) -> None:
    assert judged(look(at_s, **seen)) == [fault]


def test_watchman_notices_a_dot_that_is_silent_and_a_panic_without_logo() -> None:
    assert judged(look(90), cut_s=85) == []
    assert judged(look(90), cut_s=70) == ["no network, and the dot says open"]
    assert judged(look(90, state="stale"), cut_s=70) == []
    assert judged(look(90), panic_s=80) == ["panic, and talk stands there"]
    assert judged(look(90, slide="logo"), panic_s=80) == []


def test_watchman_notices_what_grows_and_leaves_what_breathes() -> None:
    leak = [(float(second), 1000.0 + second) for second in range(1000)]
    breath = [(float(second), 1000.0 + second % 50) for second in range(1000)]

    assert (grows(leak), grows(breath)) == (True, False)
    assert round(slope_per_hour(leak)) == 3600


@pytest.mark.browser
@pytest.mark.processes
@pytest.mark.sqlite
def test_screen_plays_on_through_a_cut_a_restart_and_a_panic(tmp_path: Path) -> None:
    with two_days.opened(tmp_path, "--speed", "600", "--from-hour", "8") as (stage, watch):
        two_days.panic(stage, watch, 4)
        two_days.cut(stage, watch, 13)
        watch.lasts(3)
        two_days.restart(stage, watch)

        assert watch.verdict() == []
        assert watch.scenes >= {"talk", "ending", "break"}

        # The same watchman, beside a screen whose plan is gone and whose picture is blank.
        watch.page.evaluate("document.querySelector('[data-piece=plan]')?.remove()")
        watch.page.evaluate(
            "document.querySelector('[data-slide][data-shown]').removeAttribute('data-shown')"
        )
        watch.look()

        assert any("no picture" in fault for fault in watch.verdict())
