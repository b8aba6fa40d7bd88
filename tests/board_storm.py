"""Two browsers arrange one board at random: `python -m tests.board_storm --operations 500`.

Both follow the same stream and see each other's deeds late, as on a stage. Judged by
tests/board_verdict.py: both boards are as the database, no card lost or doubled, every no said.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests import board_verdict
from tests.board_verdict import Truth
from tests.chromium import chromium
from tests.cpu import browsers, spent_s
from tests.processes import Installation, Served
from tests.ready_made import furnish

SCRIPT = Path(__file__).with_name("board_storm.js").read_text(encoding="utf-8")
PEOPLE = ("ina", "olga")
CALM_S = 20.0  # until the boards have drawn the last deed; then they are judged as they are


@dataclass(frozen=True)
class Outcome:
    """What was asked, what was answered, what is wrong, how long it took, and what it cost."""

    journal: list[dict[str, Any]]
    wrong: list[str]
    seconds: float
    server_cpu_s: float
    browser_cpu_s: float  # both windows, drawing included

    def lines(self) -> list[str]:
        answers = Counter(one["status"] for one in self.journal)
        deeds = Counter(one["path"].split("/")[-1] for one in self.journal if one["status"] == 200)
        refused = [one for one in self.journal if one["status"] != 200]
        done = max(1, len(self.journal))
        said = Counter(one["words"].split("“")[0].strip() or one["words"] for one in refused)
        return [
            f"{len(self.journal)} operations of two browsers in {self.seconds:.1f} s",
            f"CPU per operation: server {1000 * self.server_cpu_s / done:.0f} ms, "
            f"both browsers {1000 * self.browser_cpu_s / done:.0f} ms "
            f"(load of this machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores)",
            f"answers: {dict(sorted(answers.items()))}",
            f"done: {dict(deeds.most_common())}",
            f"refused, each in words: {dict(said.most_common(6))}",
            *(self.wrong or ["boards and database agree, no card lost or doubled"]),
        ]


def storm(
    served: Served,
    browser: Browser,
    known: dict[str, Any],
    *,
    operations: int,
    seconds: float,
    seed: int,
) -> Outcome:
    """`operations` in all, spread over `seconds`."""
    pages = [_board(served, browser, known["slug"], known["cookies"][name]) for name in PEOPLE]
    before = _picture(served)
    each = operations // len(pages)
    costs = _costs(served)
    began = time.monotonic()
    for number, page in enumerate(pages):
        form = {"seed": seed + number, "operations": each, "pauseMs": 1000 * seconds / each}
        page.evaluate("(form) => { window.raging = window.storm(form) }", form)
    journal = [one for page in pages for one in page.evaluate("window.raging")]
    took = time.monotonic() - began
    server_s, browser_s = (now - was for now, was in zip(_costs(served), costs, strict=True))
    calm = time.monotonic() + CALM_S
    while True:
        now = _picture(served)
        truth = Truth(now["states"], board_verdict.shown(now["shown"]))
        boards = {
            name: page.evaluate("window.boardPicture()")
            for name, page in zip(PEOPLE, pages, strict=True)
        }
        wrong = board_verdict.wrong(before["states"], truth, boards, journal) + now["log"]
        if not wrong or time.monotonic() > calm:
            return Outcome(journal, wrong, took, server_s, browser_s)


def _costs(served: Served) -> tuple[float, float]:
    return spent_s(served.process.pid), sum(map(spent_s, browsers()))


def _board(served: Served, browser: Browser, slug: str, cookies: dict[str, str]) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, service_workers="block")
    context.add_cookies(
        [{"name": key, "value": one, "url": served.url} for key, one in cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{served.url}/{slug}/home/barcamp/")
    page.wait_for_selector("plan-board[data-laid]")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    page.evaluate(SCRIPT)
    return page


def _picture(served: Served) -> Any:
    return json.loads(served.aide.module("tests.browser.plan_picture"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.board_storm", description=__doc__)
    parser.add_argument("--operations", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60.0, help="over which they are spread")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="eventhub-board-") as directory:
        installation = Installation(Path(directory))
        known = furnish(installation, "tests.browser.plan_venue", "--cards", "24")
        with Served(installation) as served, chromium() as browser:
            form = {"operations": options.operations, "seconds": options.seconds}
            outcome = storm(served, browser, known, **form, seed=options.seed)
    print("\n".join(outcome.lines()))
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
