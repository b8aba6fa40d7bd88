"""Watch one screen and judge each look at it: a picture, the right scene, the dot, no reload.

The judgements are pure; `Watch` asks a browser. What the director plans is the oracle.
"""

import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

WITHIN_S = 1.0  # a scene may be late by this much
STALE_AFTER_S = 10.0
GRACE_S = 2.0  # two looks of a busy machine
GROWTH = 1.15  # of the last quarter over the first: more is no rest but a leak

LOOK = """() => {
  const shown = [...document.querySelectorAll("[data-slide][data-shown]")]
  const box = shown[0]?.getBoundingClientRect()
  const seen = shown[0]?.checkVisibility({ visibilityProperty: true, opacityProperty: false })
  return {
    scene: document.body?.dataset.scene ?? "",
    slide: shown.map(({ dataset }) => dataset.slide).join(" "),
    words: seen && box.width > 0 && box.height > 0 ? shown[0].innerText.trim().length : 0,
    state: document.querySelector("live-dot")?.dataset.state ?? "",
    once: window.loadedOnce === true,
    nodes: document.querySelectorAll("*").length,
  }
}"""


@dataclass(frozen=True)
class Programme:
    """What a screen has to show when: spells of the director, played from `starts` at `speed`."""

    starts: float
    began: float
    speed: float
    spells: Sequence[tuple[float, str]]

    def scenes(self, since_s: float, until_s: float) -> set[str]:
        """All that were right between two moments of the real time, in seconds since 1970."""
        first, last = (bisect_right(self._times, self.played(at)) for at in (since_s, until_s))
        return {scene for _, scene in self.spells[max(0, first - 1) : max(1, last)]}

    def played(self, at_s: float) -> float:
        return self.starts + (at_s * 1000 - self.began) * self.speed

    @property
    def _times(self) -> list[float]:
        return [at for at, _ in self.spells]


@dataclass(frozen=True)
class Look:
    """What stood there, and when it was asked for, in seconds since 1970."""

    before_s: float
    after_s: float
    seen: Mapping[str, Any]


def faults(
    look: Look, programme: Programme, *, cut_s: float | None, panic_s: float | None
) -> list[str]:
    """What is wrong. `cut_s`, `panic_s`: since when the network is away, the logo asked for."""
    seen, found = look.seen, []
    if not seen["once"]:
        found.append("the page was loaded again")
    if not seen["words"] or " " in seen["slide"]:
        found.append(f"no picture: {seen['slide']!r}")
    right = programme.scenes(look.before_s - WITHIN_S, look.after_s)
    if seen["scene"] not in right:
        found.append(f"{seen['scene']} instead of {sorted(right)}")
    if (
        cut_s is not None
        and look.before_s - cut_s > STALE_AFTER_S + GRACE_S
        and seen["state"] != "stale"
    ):
        found.append(f"no network, and the dot says {seen['state']}")
    if (
        panic_s is not None
        and look.before_s - panic_s > WITHIN_S + GRACE_S
        and seen["slide"] != "logo"
    ):
        found.append(f"panic, and {seen['slide']} stands there")
    return found


def slope_per_hour(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line through (seconds, value) with the least squares."""
    if len(points) < 2:
        return 0.0
    middle_s = sum(at for at, _ in points) / len(points)
    middle = sum(value for _, value in points) / len(points)
    spread = sum((at - middle_s) ** 2 for at, _ in points)
    return (
        3600 * sum((at - middle_s) * (v - middle) for at, v in points) / spread if spread else 0.0
    )


def grows(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the last quarter lies well above the second: the first still fills its pages."""
    quarter = len(points) // 4
    if quarter < 3:
        return False
    early, late = points[quarter : 2 * quarter], points[-quarter:]
    return sum(v for _, v in late) > GROWTH * sum(v for _, v in early)


@dataclass
class Watch:
    """Looks at one page, and remembers what was wrong and how large it grew."""

    page: Page
    programme: Programme
    cut_s: float | None = None
    panic_s: float | None = None
    looks: int = 0
    wrong: list[str] = field(default_factory=list)
    nodes: list[tuple[float, float]] = field(default_factory=list)
    heap: list[tuple[float, float]] = field(default_factory=list)
    scenes: set[str] = field(default_factory=set)
    _cdp: CDPSession | None = None

    def look(self) -> None:
        before = time.time()
        seen = self.page.evaluate(LOOK)
        look = Look(before, time.time(), seen)
        self.looks += 1
        self.scenes.add(seen["scene"])
        self.nodes.append((before, seen["nodes"]))
        found = faults(look, self.programme, cut_s=self.cut_s, panic_s=self.panic_s)
        self.wrong += [f"{time.strftime('%H:%M:%S')} {fault}" for fault in found]

    def weigh(self) -> None:
        """The script heap after a collection, in bytes."""
        self._cdp = self._cdp or self.page.context.new_cdp_session(self.page)
        self._cdp.send("HeapProfiler.collectGarbage")
        self.heap.append((time.time(), self._cdp.send("Runtime.getHeapUsage")["usedSize"]))

    def lasts(self, seconds: float, *, every_s: float = 0.25) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            self.page.wait_for_timeout(every_s * 1000)

    def verdict(self) -> list[str]:
        grown = [name for name in ("nodes", "heap") if grows(getattr(self, name))]
        return [*self.wrong, *(f"{name} grow" for name in grown)]

    def told(self) -> str:
        nodes, heap = slope_per_hour(self.nodes), slope_per_hour(self.heap)
        return (
            f"{self.looks} looks, {len(self.wrong)} wrong, scenes {sorted(self.scenes)}; "
            f"{self.nodes[-1][1]:.0f} nodes, slope {nodes:+.0f}/h; "
            f"heap {self.heap[-1][1] / 1e6:.1f} MB, slope {heap / 1e6:+.2f} MB/h"
        )
