"""How fast posts come in beside bare rows, and whether a flood holds up a hide. Starts children."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass

from bench.report import Line

LEAST_SHARE = 0.5
MOST_HIDE_MS = 500.0
FLOOD_S = 10.0


@dataclass(frozen=True, slots=True)
class Stored:
    """`takings`: seconds by round; `flood`: milliseconds of each hide, and posts a second."""

    takings: list[dict[str, float]]
    calm_ms: list[float]
    flooded_ms: list[float]
    per_second: float


def measure(rounds: int) -> Stored:
    takings = [json.loads(line) for line in _child("bench.taking", str(rounds))]
    flood = json.loads(_child("bench.flood", str(FLOOD_S))[-1])
    return Stored(takings, flood["calm_ms"], flood["flooded_ms"], flood["per_second"])


def lines(found: Stored) -> list[Line]:
    from bench.taking import POSTS

    def rate(name: str) -> float:
        return POSTS / statistics.median(one[name] for one in found.takings)

    def share(name: str) -> float:
        return statistics.median(one[name] / one["ours_s"] for one in found.takings)

    calm, flooded = _p99(found.calm_ms), _p99(found.flooded_ms)
    share_rows = share("rows_s")
    at = f"[{found.per_second:.0f} posts/s]"
    return [
        Line("posts taken a second, ours and bare rows", rate("ours_s"), rate("rows_s"), None,
             "-", None),
        Line("... and bare posts alone", rate("ours_s"), rate("posts_s"), None, "-", None),
        Line("share of the bare rate, the same rows", share_rows, None, None,
             f">= {LEAST_SHARE:g}", share_rows >= LEAST_SHARE),
        Line("... of posts alone", share("posts_s"), None, None, "-", None),
        Line(f"hide p99, ms, in a flood and in peace {at}", flooded, calm, None,
             f"<= {MOST_HIDE_MS:g}", flooded <= MOST_HIDE_MS),
        Line(f"... the longest {at}", max(found.flooded_ms), max(found.calm_ms), None, "-", None),
    ]  # fmt: skip


def as_json(found: Stored) -> str:
    return json.dumps(asdict(found), indent=1)


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def _child(module: str, argument: str) -> list[str]:
    """The lines that `python -m module argument` prints, in a data directory of its own."""
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            [sys.executable, "-m", module, argument],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=600,
            env={**os.environ, "EVENTHUB_DATA_DIR": directory},
        )
    return [line for line in done.stdout.splitlines() if line.startswith("{")]
