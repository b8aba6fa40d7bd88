"""Two browsers arrange one board at random, and the judge of it finds what must not be.

The whole minute is `python -m tests.board_storm --operations 500`.
"""

from dataclasses import replace
from typing import Any

import pytest

from tests import board_storm, board_verdict
from tests.aide import Copied
from tests.board_verdict import Shown, Truth
from tests.chromium import chromium
from tests.processes import Installation
from tests.ready_made import furnish

A = Shown("a", "slot-a", "1 1000", False)
B = Shown("b", "slot-b", "2 1000", False)
C = Shown("c", "", "parked", False)
STATES = {"a": "open", "b": "open", "c": "parked", "d": "merged"}


def picture(*cards: Shown) -> list[dict[str, Any]]:
    return [
        {
            "card": one.card,
            "slot": one.slot,
            "place": one.place,
            "stands": one.place,
            "cancelled": one.cancelled,
        }
        for one in cards
    ]


def judged(*on_board: Shown, truth: tuple[Shown, ...] = (A, B, C), words: str = "x") -> list[str]:
    journal = [{"path": "slots/x/move", "status": 409, "words": words}]
    boards = {"ina": picture(*on_board)}
    return board_verdict.wrong(STATES, Truth(STATES, truth), boards, journal)


@pytest.mark.browser
@pytest.mark.processes
@pytest.mark.sqlite
def test_two_boards_and_the_database_agree_after_a_storm(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    installation = Installation(tmp_path_factory.mktemp("storm"))
    known = furnish(installation, "tests.browser.plan_venue", "--cards", "24")
    with Copied(installation) as served, chromium() as browser:
        outcome = board_storm.storm(served, browser, known, operations=60, seconds=6, seed=7)

    assert outcome.wrong == []
    assert len(outcome.journal) >= 60
    assert {one["path"].split("/")[-1] for one in outcome.journal} >= {"place", "move", "remove"}


def test_judge_has_nothing_to_say_of_boards_that_are_right() -> None:
    assert judged(C, B, A) == []


def test_judge_finds_a_card_that_is_lost() -> None:
    assert any("a at 1 1000 is not there" in line for line in judged(B, C))
    assert judged(B, C, truth=(B, C)) == ["lost: a (open)"]


def test_judge_finds_a_card_that_is_doubled() -> None:
    twice = replace(A, slot="slot-x", place="3 1000")

    assert any("doubled: a" in line for line in judged(A, B, C, twice))
    everywhere = judged(A, B, C, twice, truth=(A, B, C, twice))
    assert everywhere == ["database: doubled: a", "ina: doubled: a"]


def test_judge_finds_two_cards_in_one_place() -> None:
    pushed = replace(B, place="1 1000")

    assert "database: 2 cards at 1 1000" in judged(A, pushed, C, truth=(A, pushed, C))
    cancelled = replace(pushed, cancelled=True)
    assert judged(A, cancelled, C, truth=(A, cancelled, C)) == []


def test_judge_finds_a_card_that_stands_where_it_says_it_does_not() -> None:
    boards = {"ina": picture(A, B, C)}
    boards["ina"][0]["stands"] = "2 1000"

    found = board_verdict.wrong(STATES, Truth(STATES, (A, B, C)), boards, [])

    assert found == ["ina: a stands at '2 1000' and says '1 1000'"]


def test_judge_finds_a_refusal_without_words() -> None:
    assert judged(A, B, C, words="") == ["refused without words: slots/x/move"]
