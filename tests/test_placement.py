"""Placing proposals: nobody in two places, wishes and seats kept, never worse than greedy."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from agenda import placement, placement_child
from agenda.placement import Limits, propose
from agenda.placement_child import solve
from agenda.solving.greedy import greedy
from agenda.solving.problem import (
    LOT,
    Card,
    Grid,
    Problem,
    Room,
    Row,
    Score,
    fit,
    in_rooms,
    is_possible,
    score,
)
from bench.halls import hall

pytestmark = pytest.mark.sqlite

SWEEP = bool(os.environ.get("EVENTHUB_TEST_SWEEP"))
ROOT = Path(__file__).resolve().parent.parent
EVER = frozenset(range(3))
HOSTS = some.frozensets(some.sampled_from("abc"), max_size=2)


@some.composite
def problems(draw: some.DrawFn) -> Problem:
    """Few enough cards that every grid can be tried."""
    heads = draw(some.integers(0, 6))
    rows = draw(
        some.lists(
            some.builds(
                Row,
                rooms=some.lists(some.sampled_from([None, 5, 20]), max_size=3).map(
                    lambda seats: tuple(Room(n, one) for n, one in enumerate(seats))
                ),
                hosts=HOSTS,
                wished=some.frozensets(some.integers(0, heads - 1), max_size=3)
                if heads
                else some.just(frozenset()),
            ),
            min_size=1,
            max_size=3,
        )
    )
    ways = some.frozensets(some.integers(0, len(rows) - 1), min_size=1)
    card = some.builds(
        Card,
        size=some.sampled_from([0, 4, 12, 30]),
        hosts=HOSTS,
        rows=ways,
        wanted=some.integers(0, 5),
    )
    cards = draw(some.lists(card, min_size=1, max_size=5))
    wishes = some.frozensets(some.integers(0, len(cards) - 1))
    found = draw(some.lists(wishes, min_size=heads, max_size=heads))
    return Problem(tuple(cards), tuple(rows), tuple(found))


def all_grids(problem: Problem) -> Iterator[Grid]:
    ways = [[LOT, *sorted(card.rows)] for card in problem.cards]
    return (grid for grid in itertools.product(*ways) if is_possible(problem, grid))


def solved(problem: Problem, seconds: float) -> tuple[Grid, int | None]:
    """What the child says last, said by this process."""
    said: list[dict[str, Any]] = []
    solve(problem, time.monotonic() + seconds, said.append)
    bounds = [one["bound"] for one in said if "bound" in one]
    return [one["grid"] for one in said if "grid" in one][-1], bounds[-1] if bounds else None


@given(problems())
@settings(
    max_examples=60 if SWEEP else 20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_small_problem_is_solved_as_well_as_by_trying_everything(problem: Problem) -> None:
    least = min(score(problem, grid) for grid in all_grids(problem))

    grid, bound = solved(problem, 3)

    assert is_possible(problem, grid)
    assert score(problem, grid) == least
    assert bound is not None
    assert bound <= least.missed


@given(problems())
@settings(max_examples=200 if SWEEP else 100, deadline=None)
def test_greedy_keeps_seats_wishes_and_hosts(problem: Problem) -> None:
    grid = greedy(problem)

    assert is_possible(problem, grid)
    for row, about in enumerate(problem.rows):
        there = [card for card, at in zip(problem.cards, grid, strict=True) if at == row]
        rooms = {room.key: room.seats for room in about.rooms}
        found = [
            (key, card.size)
            for key, card, at in zip(in_rooms(problem, grid), problem.cards, grid, strict=True)
            if at == row and key is not None
        ]
        assert len({key for key, _size in found}) == len(there)
        assert all((rooms[key] or 99) >= size for key, size in found)
        hosts = [host for card in there for host in card.hosts] + list(about.hosts)
        assert len(hosts) == len(set(hosts) | set(about.hosts))


@pytest.mark.parametrize("kind", ["clusters", "uniform"])
def test_large_problem_is_never_worse_than_greedy_and_never_below_its_bound(kind: str) -> None:
    problem = hall(7, kind)

    grid, bound = solved(problem, 2.5)

    assert is_possible(problem, grid)
    assert score(problem, grid) <= score(problem, greedy(problem))
    assert bound is not None
    assert bound <= score(problem, grid).missed


def test_more_proposals_than_places_leave_the_least_wanted_in_the_lot() -> None:
    cards = tuple(Card(rows=EVER, wanted=number) for number in range(5))
    problem = Problem(cards, (Row((Room(1),)), Row((Room(1),)), Row((Room(1),))))

    grid, bound = solved(problem, 2)

    assert [card for card, row in enumerate(grid) if row == LOT] == [0, 1]
    assert (score(problem, grid), bound) == (Score(2, 1, 0), 1)


def test_grid_that_greedy_leaves_with_gaps_is_filled() -> None:
    """Three who can only come one after the other: the last finds a place if two step aside."""
    rooms = (Room(1),)
    cards = (
        Card(size=3, rows=frozenset({0, 1})),
        Card(size=2, rows=frozenset({1, 2})),
        Card(size=1, rows=frozenset({0})),
    )
    problem = Problem(cards, (Row(rooms), Row(rooms), Row(rooms)))

    grid, _bound = solved(problem, 2)

    assert score(problem, grid).left == 0


def test_torn_are_the_wishes_beyond_the_first_in_a_row() -> None:
    both = Row((Room(1), Room(2), Room(3)))
    cards = (Card(rows=EVER), Card(rows=EVER), Card(rows=EVER))
    wishes = (frozenset({0, 1, 2}), frozenset({0}), frozenset({1, 2}))

    same = Problem(cards, (both,), wishes)
    starred = Problem(cards, (Row(both.rooms, wished=frozenset({1})),), wishes)

    assert score(same, (0, 0, 0)).torn == 3
    assert score(starred, (0, 0, 0)).torn == 4
    assert score(same, (0, 0, LOT)).torn == 1


def test_rooms_are_chosen_so_that_large_ones_stay_free() -> None:
    rooms = (Room(1, 80), Room(2, 40), Room(3, None))
    problem = Problem((Card(size=34, rows=EVER), Card(size=35, rows=EVER)), (Row(rooms),))

    assert in_rooms(problem, (0, 0)) == [1, 2]
    assert fit([34, 35, 500], rooms)
    assert not fit([34, 500, 500], rooms)


def test_web_process_loads_neither_solver_nor_numpy() -> None:
    words = (
        "import sys, agenda.placement as p; from bench.halls import hall;"
        "q = hall(1); print(p.propose(q, p.Limits(wall_s=0.0)).step,"
        "sorted({'numpy', 'highspy'} & set(sys.modules)))"
    )

    said = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env=os.environ, check=True, capture_output=True
    )

    assert said.stdout.decode().split() == ["greedy", "[]"]


def test_child_says_its_best_before_the_deadline() -> None:
    found = propose(hall(3), Limits(wall_s=2.5))

    assert is_possible(hall(3), found.grid)
    assert found.score <= found.greedy
    assert found.bound is None or found.bound <= found.score.missed


@pytest.mark.parametrize(
    "words",
    [
        "raise SystemExit(3)",
        'import sys; print(\'{"step": "exchange", "grid": [0, 0\')',
        "print('nonsense')",
        'print(\'{"step": "exchange", "grid": [99, -7]}\')',
        'print(\'{"step": "exchange", "grid": [0, 0]}\')',
        "import time; time.sleep(60)",
    ],
)
def test_child_that_dies_lies_or_sleeps_costs_nothing_but_time(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the last but one: both have the same host."""
    child = tmp_path / "child.py"
    child.write_text(words)
    monkeypatch.setattr(placement, "CHILD", child)
    one = Card(hosts=frozenset("a"), rows=frozenset({0, 1}))
    problem = Problem((one, one), (Row((Room(1), Room(2))), Row((Room(1),))))

    found = propose(problem, Limits(wall_s=0.5))

    assert (found.grid, found.step) == ((0, 1), "greedy")


def test_child_without_memory_leaves_the_greedy_grid() -> None:
    found = propose(hall(2), Limits(wall_s=3, memory_bytes=40 * placement.MIB))

    assert (found.step, found.bound, found.score) == ("greedy", None, found.greedy)


@pytest.mark.parametrize("problem", [Problem((), ()), Problem((Card(),), ()), hall(1)])
def test_nothing_to_place_and_nowhere_to_place_it_is_an_answer(problem: Problem) -> None:
    empty = Problem(problem.cards, ())

    found = propose(empty)

    assert found.grid == (LOT,) * len(empty.cards)


def test_module_of_the_child_is_loaded_without_django() -> None:
    words = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import agenda.placement_child;"
        "import agenda.solving.columns; print('django' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-I", "-c", words], check=True, capture_output=True)

    assert said.stdout.split() == [b"False"]
    assert placement_child.ROOT == ROOT
