"""Both halves of a run are made, whatever happens to one, and neither speaks into the other."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import halves

WAYS = [halves.at_once, halves.in_turn]


def command(code: str) -> list[str]:
    return [sys.executable, "-c", f"import sys, time; from pathlib import Path; {code}"]


@pytest.mark.parametrize("run", WAYS)
def test_second_half_speaks_after_the_first(
    run: Callable[..., int], capfd: pytest.CaptureFixture[str]
) -> None:
    slow = command("print('a', flush=True); time.sleep(0.3); print('b')")

    code = run(slow, command("print('c', flush=True); print('d', file=sys.stderr)"))

    said = "".join(capfd.readouterr()) if run is halves.in_turn else capfd.readouterr().out
    assert (code, said.split()) == (0, ["a", "b", "c", "d"])


@pytest.mark.parametrize("run", WAYS)
@pytest.mark.parametrize(("first", "second", "expected"), [(3, 0, 3), (0, 4, 4), (3, 4, 3)])
def test_failure_of_either_half_counts(
    run: Callable[..., int],
    first: int,
    second: int,
    expected: int,
    tmp_path: Path,
) -> None:
    was_there = tmp_path / "second"
    second_half = command(f"Path({str(was_there)!r}).touch(); sys.exit({second})")

    code = run(command(f"sys.exit({first})"), second_half)

    assert (code, was_there.exists()) == (expected, True)


@pytest.mark.parametrize("run", WAYS)
def test_half_that_is_killed_has_failed(run: Callable[..., int]) -> None:
    killed = command("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")

    assert run(killed, command("pass")) == 128 + 9


def test_halves_run_at_once(tmp_path: Path) -> None:
    """Each waits for the other to begin."""
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    meeting = "Path({!r}).touch()\nwhile not Path({!r}).exists(): time.sleep(0.01)"

    code = halves.at_once(
        command("0\n" + meeting.format(one, other)), command("0\n" + meeting.format(other, one))
    )

    assert code == 0


def test_every_worker_on_postgresql_gets_a_redis_of_its_own() -> None:
    asked = halves.half(halves.POSTGRESQL, 3, ["-x"])

    assert asked[asked.index("--workers") + 1] == asked[asked.index("-n") + 1] == "3"
    assert asked[-1] == "-x"
