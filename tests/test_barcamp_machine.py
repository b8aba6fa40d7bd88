"""Whatever is done to a barcamp in whichever order: no card is lost, doubled or in two places.

`make test` runs the same examples each time. For a long run with new ones:

    EVENTHUB_TEST_MACHINE_EXAMPLES=500 python -m tests.services sqlite -- \\
        python -m pytest tests/test_barcamp_machine.py
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from agenda import barcamp
from tests.barcamp_machine import BarcampMachine

LONG_RUN = int(os.environ.get("EVENTHUB_TEST_MACHINE_EXAMPLES", "0"))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def run(examples: int) -> None:
    run_state_machine_as_test(
        BarcampMachine,
        settings=settings(
            max_examples=LONG_RUN or examples,
            stateful_step_count=60 if LONG_RUN else 30,
            derandomize=not LONG_RUN,
            phases=(Phase.generate, Phase.shrink) if LONG_RUN else (Phase.generate,),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_verbs_loses_or_doubles_a_card() -> None:
    run(8)


def test_a_board_that_puts_two_into_one_cell_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(barcamp, "refuse_taken", lambda *place, **besides: None)

    with pytest.raises(AssertionError):
        run(8)
