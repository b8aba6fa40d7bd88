"""How long our own scripts take for one change of slide, and the gaps between frames meanwhile,
beside an empty page of the same size. One screen of 1920x1080 in Chromium; software drawing.
"""

import json
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from bench.report import Line
from tests import two_days

CHANGES = 40
MOST_MS = 10.0  # of our own scripts for one change
# A nudge, as the stage page would bring it: the look that follows draws and measures another slide.
CHANGE = """() => {
  const own = document.querySelector("[data-screen]")
  own.dataset.nudged = String(Number(own.dataset.nudged || 0) + 1)
  document.dispatchEvent(new CustomEvent("live-change"))
}"""
PARTS = {"ScriptDuration": "script", "LayoutDuration": "layout", "RecalcStyleDuration": "style"}
FRAMES = """(ms) => new Promise((done) => {
  const gaps = []
  let last = performance.now()
  const end = last + ms
  const frame = (now) => {
    gaps.push(now - last)
    last = now
    if (now < end) requestAnimationFrame(frame)
    else done(gaps.slice(1))
  }
  requestAnimationFrame(frame)
})"""
FADE_MS = 400


@dataclass
class Found:
    """Times in ms: CPU of each change by its parts, between the frames after it, and of nothing."""

    changes: dict[str, list[float]] = field(default_factory=dict)
    gaps: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)


def measure() -> Found:
    found = Found()
    with (
        tempfile.TemporaryDirectory(prefix="eventhub-frames-") as directory,
        # The lunch break, which lasts as long as all of this: most slides take turns there.
        two_days.opened(Path(directory), "--speed", "2", "--from-hour", "13") as (_, watch),
    ):
        page = watch.page
        blank = page.context.new_page()
        cdp = page.context.new_cdp_session(page)
        # The time of the page's own thread: what else the machine does is not in it.
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        for _ in range(CHANGES):
            page.bring_to_front()
            before = _spent(cdp)
            page.evaluate(CHANGE)
            for name, spent_ms in _spent(cdp).items():
                found.changes.setdefault(name, []).append(spent_ms - before[name])
            found.gaps += _frames(page)
        blank.bring_to_front()
        for _ in range(CHANGES):
            found.empty += _frames(blank)
    return found


def _spent(cdp: CDPSession) -> dict[str, float]:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return {PARTS[m["name"]]: 1000 * m["value"] for m in metrics if m["name"] in PARTS}


def _frames(page: Page) -> list[float]:
    gaps: list[float] = page.evaluate(FRAMES, FADE_MS)
    return gaps


def lines(found: Found) -> list[Line]:
    shown = []
    for name, spent in sorted(found.changes.items()):
        middle, most = statistics.median(spent), _percentile(spent, 95)
        limit = ("<= 10", most <= MOST_MS) if name == "script" else ("", None)
        shown.append(
            Line(f"{name} per change of slide p50, ms of CPU", middle, None, None, "", None)
        )
        shown.append(Line(f"{name} per change of slide p95, ms of CPU", most, None, None, *limit))
    for percent in (50, 99):
        ours, empty = (_percentile(values, percent) for values in (found.gaps, found.empty))
        name = f"gap between frames p{percent}, ms (beside an empty page)"
        shown.append(Line(name, ours, empty, empty / ours if ours else None, "", None))
    return shown


def as_json(found: Found) -> str:
    return json.dumps({"changes": found.changes, "gaps": found.gaps, "empty": found.empty})


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
