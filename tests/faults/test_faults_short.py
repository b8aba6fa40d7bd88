"""A short cut through the faults for every run of the tests; the long ones are `make faults`."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import pytest

from tests.faults.harness import PartGoneError, run_round, watch_over
from tests.faults.rig import Plan
from tests.processes import Collector, Installation


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


class Sleeper(Collector):
    """A process that does nothing, for as long as it is let."""

    def command(self) -> list[str]:
        return [sys.executable, "-c", "import time; time.sleep(600)"]

    def is_ready(self) -> bool:
        return self.process.poll() is None


async def test_round_whose_server_was_ended_by_somebody_else_ends(tmp_path: Path) -> None:
    with Sleeper(Installation(tmp_path)) as process:
        watch = asyncio.create_task(watch_over([process], gone_s=0.2))
        await asyncio.sleep(0.5)
        assert not watch.done()
        os.kill(process.process.pid, signal.SIGTERM)

        with pytest.raises(PartGoneError, match="collect ended with -15"):
            await asyncio.wait_for(watch, 30)


async def test_process_that_comes_back_is_not_missed(tmp_path: Path) -> None:
    with Sleeper(Installation(tmp_path)) as process:
        watch = asyncio.create_task(watch_over([process], gone_s=2))
        process.kill9()
        await asyncio.sleep(0.3)
        await asyncio.to_thread(process.restart)
        await asyncio.sleep(3)

        assert not watch.done()
        watch.cancel()
