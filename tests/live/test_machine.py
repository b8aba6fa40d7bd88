"""Replica against server under dropped, repeated, reordered and delayed messages.

`make test` runs few examples, always the same. For a long run with new ones each time:

    EVENTHUB_TEST_MACHINE_EXAMPLES=500 python -m tests.services sqlite -- \\
        python -m pytest tests/live/test_machine.py
"""

import asyncio
import os
from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from eventhub.live import answers, consumers, hub
from eventhub.live.executor import DatabaseThreads
from tests.live.machine import Machine

LONG_RUN = int(os.environ.get("EVENTHUB_TEST_MACHINE_EXAMPLES", "0"))


@pytest.fixture
def machine(
    transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[Machine]]:
    settings.SENDER = "portable"
    settings.STALLED_SECONDS = 3600.0  # this machine may be slower than any phone
    # A page of two posts fits into a reset, one of ten has to be fetched.
    monkeypatch.setattr(answers, "MAX_SOCKET_RESET_BYTES", 4000)
    monkeypatch.setattr(consumers, "MESSAGES_AT_ONCE", 1000.0)  # the budget has tests of its own
    Machine.loop = asyncio.new_event_loop()
    Machine.threads = DatabaseThreads("machine", workers=1)
    monkeypatch.setattr(hub, "DatabaseThreads", lambda name, workers: Machine.threads)
    yield Machine
    Machine.threads.close()
    Machine.threads.join()
    Machine.loop.close()


def test_replica_follows_whatever_the_network_does(machine: type[Machine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            # On PostgreSQL each example costs three times as much, and finds the same.
            max_examples=LONG_RUN or (12 if connection.vendor == "sqlite" else 4),
            stateful_step_count=100 if LONG_RUN else 40,
            derandomize=not LONG_RUN,
            phases=(Phase.generate, Phase.shrink) if LONG_RUN else (Phase.generate,),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
