"""`python -m tests.two_days`: a screen plays two days in minutes, with cuts, restarts and panics.

The programme runs on the rehearsal's clock; network, time-outs, restarts are real. With `--hours`
everything is: no rehearsal, and a fault every ten minutes.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext

from tests.chromium import chromium
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.screen_watch import Programme, Watch
from tests.tcp_proxy import TcpProxy

HOURS = 48
ALONE_S = 600.0  # the longest time without network of a full run
WEIGH_EVERY_S = 20.0
SOAK_EVERY_S = 600.0  # between two faults when it lasts for hours


class Stage:
    """One server, its proxy, and whoever panics."""

    def __init__(
        self, served: Served, proxy: TcpProxy, staff: APIRequestContext, slug: str
    ) -> None:
        self.served, self.proxy, self._staff, self._slug = served, proxy, staff, slug

    def logo(self, *, stands: bool) -> None:
        page = self._staff.get(f"{self.served.url}/{self._slug}/desk/").text()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        answer = self._staff.post(
            f"{self.served.url}/{self._slug}/desk/steps/logo",
            form={"csrfmiddlewaretoken": token[1], "stands": "yes" if stands else "no"},
            headers={"Accept": "application/json", "Referer": self.served.url},
        )
        assert answer.ok, answer.text()


def cut(stage: Stage, watch: Watch, seconds: float) -> None:
    stage.proxy.cut()
    watch.cut_s = time.time()
    watch.lasts(seconds)
    watch.cut_s = None
    stage.proxy.heal()


def restart(stage: Stage, watch: Watch) -> None:
    """Killed, and there again after a moment."""
    stage.served.kill9()
    watch.lasts(2)
    stage.served.start()
    watch.lasts(6)


def panic(stage: Stage, watch: Watch, seconds: float) -> None:
    stage.logo(stands=True)
    watch.panic_s = time.time()
    watch.lasts(seconds)
    watch.panic_s = None
    stage.logo(stands=False)
    watch.lasts(2)


@contextmanager
def opened(directory: Path, *options: str) -> Iterator[tuple[Stage, Watch]]:
    """A server with two days, and a screen behind a proxy that plays them."""
    installation = Installation(directory)
    known: dict[str, Any] = furnish(installation, "tests.two_days_venue", *options)
    with Served(installation) as served, TcpProxy(served.port) as proxy, chromium() as browser:
        url = f"http://127.0.0.1:{proxy.port}"
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_cookies([{"name": "screen", "value": known["key"], "url": url}])
        page = context.new_page()
        page.goto(f"{url}/screen")
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        page.wait_for_selector("[data-slide][data-shown]")
        page.evaluate("window.loadedOnce = true")
        page.wait_for_timeout(1500)
        staff = browser.new_context()
        staff.add_cookies(
            [
                {"name": name, "value": value, "url": served.url}
                for name, value in known["moderator"].items()
            ]
        )
        spells = [(float(at), str(scene)) for at, scene in known["spells"]]
        programme = Programme(known["starts"], known["began"], known["speed"], spells)
        stage = Stage(served, proxy, staff.request, known["slug"])
        yield stage, Watch(page, programme)


def play(
    stage: Stage, watch: Watch, *, seconds: float, alone_s: float, rest_s: float, seed: int
) -> None:
    """Faults by chance until the time is over, each followed by a rest; once the network is away
    for `alone_s`.
    """
    chance = random.Random(seed)
    end, weighed, alone = time.monotonic() + seconds, 0.0, False
    while (left := end - time.monotonic()) > 0:
        if not alone and left < seconds / 2 + alone_s / 2:
            alone = True
            print(f"{time.strftime('%H:%M:%S')} no network for {alone_s:.0f} s", flush=True)
            cut(stage, watch, alone_s)
            watch.lasts(20)
        deed = chance.choice(["cut", "restart", "panic", "rest"])
        print(f"{time.strftime('%H:%M:%S')} {deed}", flush=True)
        if deed == "cut":
            cut(stage, watch, chance.uniform(5, 40))
            watch.lasts(20)  # it comes back by itself, whatever it was waiting for
        elif deed == "restart":
            restart(stage, watch)
        elif deed == "panic" and watch.page.locator("live-dot[data-state=open]").count():
            panic(stage, watch, 5)
        else:
            watch.lasts(chance.uniform(10, 20))
        rested = time.monotonic() + min(rest_s, max(0.0, end - time.monotonic()))
        while True:
            if time.monotonic() - weighed > WEIGH_EVERY_S:
                weighed = time.monotonic()
                watch.weigh()
            if (rest := rested - time.monotonic()) <= 0:
                break
            watch.lasts(min(rest, WEIGH_EVERY_S))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.two_days", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--hours", type=float, default=0.0, help="as long as that, in real time")
    options = parser.parse_args()
    seconds = options.hours * 3600 or options.minutes * 60
    speed = 1 if options.hours else max(2, round(HOURS * 3600 / seconds))
    rest_s = SOAK_EVERY_S if options.hours else 0.0
    print(f"{seconds / 60:g} minutes, {speed} times as fast, seed {options.seed}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="eventhub-two-days-") as directory,
        opened(Path(directory), "--speed", str(speed)) as (stage, watch),
    ):
        alone_s = min(ALONE_S, seconds / 2)
        play(stage, watch, seconds=seconds, alone_s=alone_s, rest_s=rest_s, seed=options.seed)
    print(watch.told())
    print("\n".join(watch.verdict()[:40]) or "nothing was wrong")
    return 1 if watch.verdict() else 0


if __name__ == "__main__":
    sys.exit(main())
