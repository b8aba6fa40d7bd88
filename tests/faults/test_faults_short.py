"""A short cut through the faults for every run of the tests; the long ones are `make faults`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.harness import run_round
from tests.faults.rig import Plan


def short_plan(database: str, *, redis: bool) -> Plan:
    """A new seed each time: pytest shows the printed plan when a test fails."""
    seed = random.SystemRandom().randrange(10**9)
    return Plan(
        seed,
        database,
        redis,
        seconds=10,
        gap_s=(0.5, 2),
        listeners=6,
        notes=30,
        settle_s=15,
    )


def assert_nothing_broken(plan: Plan, directory: Path) -> None:
    outcome = run_round(plan, directory)

    print(plan, *outcome.lines(), sep="\n")
    assert [line for line in outcome.verdict.lines() if "BROKEN" in line] == []
    assert outcome.is_good
    assert outcome.faults.total() > 0


@pytest.mark.sqlite
@pytest.mark.processes
def test_everything_survives_random_faults_on_sqlite(tmp_path: Path) -> None:
    assert_nothing_broken(short_plan("sqlite", redis=False), tmp_path)


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.processes
def test_everything_survives_random_faults_on_postgresql(tmp_path: Path) -> None:
    assert_nothing_broken(short_plan("postgresql", redis=True), tmp_path)
