"""Turn samples into lines with a verdict. Measures nothing."""

import json
import math
import os
import platform
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.plan import STALLED_SOCKETS, Samples

Values = list[float]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `ratio` is rival / ours; None stands for what does not exist."""

    name: str
    ours: float | None
    rival: float | None
    ratio: float | None
    target: str
    ok: bool | None

    def __str__(self) -> str:
        verdict = "-" if self.ok is None else "ok" if self.ok else "SHORT"
        cells = (_number(self.ours), _number(self.rival), _number(self.ratio))
        return (
            f"{self.name:66} {cells[0]:>9} {cells[1]:>9} {cells[2]:>8} {self.target:>8}  {verdict}"
        )


HEAD = f"{'name':66} {'ours':>9} {'rival':>9} {'ratio':>8} {'target':>8}  verdict"

_CPU = "cpu per delivery, us"

# Figure, name in the report: what is better when it is smaller, at each number of sockets.
_COMPARED = (
    ("cpu_gross_us", "cpu per delivery with the POST and idling, us"),
    ("last_p50_ms", "time to the last socket p50, ms"),
    ("last_p99_ms", "time to the last socket p99, ms"),
    ("kib_per_socket", "memory per socket, KiB"),
    ("burst_ms", "burst of 100 with everybody after, ms"),
    ("storm_s", "storm of reconnects over after, s"),
    ("storm_missed", "deliveries missed in the storm"),
)


def lines(samples: Samples, sizes: tuple[int, ...], *, stalled: bool) -> Iterator[Line]:
    for sockets in sizes:
        for rival in ("memory", "redis"):
            judged = (sockets, rival) == (1000, "memory")
            for who, least in (("ours", 20), ("portable", 8)):
                yield _compare(samples, sockets, who, rival, "cpu_us", _CPU,
                               least if judged else None)  # fmt: skip
                yield _compare(samples, sockets, who, rival, "lively_cpu_us",
                               f"{_CPU}, ours at 10 texts/s", None, theirs="cpu_us")  # fmt: skip
            for figure, name in _COMPARED:
                yield _compare(samples, sockets, "ours", rival, figure, name)
        yield from _storm(samples, sockets)
        yield _alone("load client idle in the burst, %", samples, "steady", sockets,
                     "burst_client_idle")  # fmt: skip
    if stalled:
        yield from _stalled(samples)
    yield from _wrong(samples)


def _compare(
    samples: Samples, sockets: int, who: str, rival: str, figure: str, name: str,
    least: float | None = None, *, theirs: str = "",
) -> Line:  # fmt: skip
    """`theirs`: the rival's figure to compare with, where it has none of this kind."""
    ours = samples.values("steady", sockets, who, figure)
    others = samples.values("steady", sockets, rival, theirs or figure)
    ratio = _median([b / a for a, b in zip(ours, others, strict=False) if a > 0])
    ok = None if least is None else ratio is not None and ratio >= least
    sender = "portable " if who == "portable" else ""
    return Line(f"{sender}{name} [{sockets}, {rival}]", _median(ours), _median(others), ratio,
                f">= {least:g}" if least else "-", ok)  # fmt: skip


def _storm(samples: Samples, sockets: int) -> Iterator[Line]:
    limits = sockets == 1000
    for figure, name, most in (
        ("storm_failed", "reconnects that failed", 0.0),
        ("storm_statements", "catch-up statements in the storm", 19.0),
        ("storm_missed", "deliveries missing after the storm", 0.0),
    ):
        yield _alone(name, samples, "steady", sockets, figure, most if limits else None)


def _stalled(samples: Samples) -> Iterator[Line]:
    def of(figure: str, who: str = "ours") -> Values:
        return samples.values("stalled", STALLED_SOCKETS, who, figure)

    yield _alone("stalled readers dropped after, s", samples, "stalled", STALLED_SOCKETS,
                 "stalled_dropped_after_s", 20.0)  # fmt: skip
    for figure, name in (("delivery_p99_ms", "delivery"), ("last_p99_ms", "last socket")):
        calm, disturbed = of(f"calm_{figure}"), of(f"stalled_{figure}")
        factor = _median([b / a for a, b in zip(calm, disturbed, strict=True) if a > 0])
        yield Line(f"others' p99 {name} stalled / calm [{STALLED_SOCKETS}]", factor, None, None,
                   "<= 1.5", factor is not None and factor <= 1.5)  # fmt: skip
    for figure, name in (
        ("stalled_kept", "stalled readers still held after 30 s"),
        ("stalled_grown_kib", "memory grown with stalled readers, KiB"),
    ):
        yield Line(f"{name} [{STALLED_SOCKETS}, memory]", _median(of(figure)),
                   _median(of(figure, "memory")), None, "-", None)  # fmt: skip


def _wrong(samples: Samples) -> Iterator[Line]:
    for figure, name in (
        ("lost", "lost"),
        ("doubled", "doubled"),
        ("misordered", "misordered"),
        ("cut_off", "sockets cut off"),
        ("refused", "posts refused"),
    ):
        ours, rival = (
            [run[figure] for (_, _, subject), runs in samples.runs.items() if subject in subjects
             for run in runs]
            for subjects in (("ours", "portable"), ("memory", "redis"))
        )  # fmt: skip
        total = sum(ours) if ours else None
        yield Line(f"{name}, all runs together", total, sum(rival) if rival else None, None,
                   "0", total == 0)  # fmt: skip


def _alone(
    name: str, samples: Samples, scenario: str, sockets: int, figure: str,
    most: float | None = None,
) -> Line:  # fmt: skip
    """A figure that has a limit instead of a rival; the worst round counts against the limit."""
    values = samples.values(scenario, sockets, "ours", figure)
    shown = _median(values) if most is None else max(values, default=None)
    ok = None if most is None else shown is not None and shown <= most
    return Line(f"{name} [{sockets}]", shown, None, None, "-" if most is None else f"<= {most:g}",
                ok)  # fmt: skip


def _median(values: Values) -> float | None:
    return statistics.median(values) if values else None


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if not math.isfinite(value):
        return "never"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def write(path: Path, found: list[Line], samples: Samples, rounds: int) -> None:
    """The same as JSON, with every raw figure and what the machine was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packages = ("django", "channels", "channels_redis", "daphne", "twisted", "autobahn")
    content: dict[str, Any] = {
        "rounds": rounds,
        "machine": {
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "versions": {name: version(name) for name in packages},
        },
        "lines": [asdict(line) for line in found],
        "samples": [
            {"scenario": scenario, "sockets": sockets, "subject": subject, "rounds": runs}
            for (scenario, sockets, subject), runs in samples.runs.items()
        ],
    }
    # Infinity is no JSON: what never happened is null.
    path.write_text(json.dumps(_finite(content), indent=1) + "\n")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
