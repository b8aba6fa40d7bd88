"""Whatever is done at the desk in whichever order: what is hidden stays so, what is gone is gone.

`make test` runs the same examples each time. For a long run with new ones:

    EVENTHUB_TEST_MACHINE_EXAMPLES=500 python -m tests.services sqlite -- \\
        python -m pytest tests/wall/test_moderation_machine.py
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.moderation_machine import ModerationMachine
from wall import portions

LONG_RUN = int(os.environ.get("EVENTHUB_TEST_MACHINE_EXAMPLES", "0"))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def run(examples: int) -> None:
    run_state_machine_as_test(
        ModerationMachine,
        settings=settings(
            max_examples=LONG_RUN or examples,
            stateful_step_count=50 if LONG_RUN else 20,
            derandomize=not LONG_RUN,
            phases=(Phase.generate, Phase.shrink) if LONG_RUN else (Phase.generate,),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_verbs_brings_back_what_is_hidden_or_gone() -> None:
    run(6)


def test_block_that_leaves_posts_on_the_wall_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "hide", lambda *what, **besides: 0)

    with pytest.raises(AssertionError):
        run(6)
