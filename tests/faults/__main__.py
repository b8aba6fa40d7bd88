"""`python -m tests.faults --rounds N`: play rounds of random faults and judge each of them."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults.harness import run_round
from tests.faults.rig import Plan

SOAK_HOURS = 26.0  # crosses everybody's limits of 24 h


def plan_of(number: int, options: argparse.Namespace) -> Plan:
    """Without `--database` every other round is PostgreSQL with Redis."""
    database = options.database or ("postgresql" if number % 2 else "sqlite")
    redis = options.redis or (not options.database and database == "postgresql")
    return Plan(options.seed + number, database, redis, seconds=options.seconds)


def play(plan: Plan) -> bool:
    """One round, told on standard output; its files stay only if it went wrong."""
    print(f"{plan}", flush=True)
    directory = Path(tempfile.mkdtemp(prefix="eventhub-faults-"))
    try:
        outcome = run_round(plan, directory)
    except Exception:
        traceback.print_exc()
        print(f"  round broken off, files in {directory}", flush=True)
        return False
    print("\n".join(f"  {line}" for line in outcome.lines()), flush=True)
    if outcome.is_good:
        shutil.rmtree(directory)
    else:
        print(f"  files in {directory}", flush=True)
    return outcome.is_good


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--soak", action="store_true", help="rounds for --hours")
    parser.add_argument("--hours", type=float, default=SOAK_HOURS, help="of --soak")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    parser.add_argument("--redis", action="store_true", help="with Redis")
    parser.add_argument("--seconds", type=float, default=60.0, help="of faults in each round")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options = parser.parse_args()
    end = time.monotonic() + options.hours * 3600
    good = played = 0
    while time.monotonic() < end if options.soak else played < options.rounds:
        good += play(plan_of(played, options))
        played += 1
        print(f"{good} of {played} rounds good", flush=True)
    return 0 if good == played else 1


if __name__ == "__main__":
    sys.exit(main())
