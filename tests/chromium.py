"""The system's Chromium, started alike for every test that needs one."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    sync_playwright,
)

from tests.services import browser_path

# The last such switch counts, so Playwright's own list stands here again (chromiumSwitches.ts).
SWITCHED_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    # Two pages behind the address bar, which nobody sees here: half the CPU of a new window.
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    # All pages here are of one server and trust each other: no process waits for the next site, and
    # the network is looked after in the first one. A fifth to a quarter of the CPU of a page.
    "SpareRendererForSitePerProcess,IsolateOrigins,site-per-process"
)
FLAGS = [
    f"--disable-features={SWITCHED_OFF}",
    "--enable-features=CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies,NetworkServiceInProcess2",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",  # for each window's profile; others have their own
    "--in-process-gpu",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",  # the headless shell would round the width of every letter
]

CLOSE_WITHIN_S = 20.0


def until(page: Page, script: str, argument: object = None, *, within_ms: float = 30_000) -> None:
    """Ask again until the browser says yes; what it is asked for may be a promise.

    Playwright's own waiting evaluates text within the page, which our policy refuses.
    """
    deadline = time.monotonic() + within_ms / 1000
    while not page.evaluate(script, argument):
        if time.monotonic() > deadline:
            raise AssertionError(f"still not: {script}")
        page.wait_for_timeout(20)


def complaint(message: ConsoleMessage) -> str:
    """What the console says, of which address, and on which page: a status alone names nothing."""
    page = message.page.url if message.page else "no page"
    return f"{message.text} ({message.location.get('url', '')}, on {page})"


class Keeper:
    """One Chromium for several tests, started anew if it has gone.

    On a busy machine closing a window was once never answered, and the run stood still for good.
    Then this Chromium is killed, which ends the wait: nothing is asked of it any more.
    """

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._mark = f"--started-by-test={uuid4().hex}"
        self._browser: Browser | None = None
        self._killed = False

    def running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(
                executable_path=browser_path(), args=[*FLAGS, self._mark]
            )
        return self._browser

    def close_windows(self) -> None:
        if self._browser is not None:
            with self._patience(), suppress(Error):
                for context in self._browser.contexts:
                    context.close()

    def close(self) -> None:
        if self._browser is not None:
            with self._patience(), suppress(Error):
                self._browser.close()

    @contextmanager
    def _patience(self) -> Iterator[None]:
        watch = threading.Timer(CLOSE_WITHIN_S, self._kill)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            if self._killed:
                self._browser, self._killed = None, False

    def _kill(self) -> None:
        self._killed = True
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # ended meanwhile
                line = process.read_bytes()
                if self._mark.encode() in line and b"--type=" not in line:
                    os.kill(int(process.parent.name), signal.SIGKILL)


class Household:
    """One Playwright and one Chromium for all who ask, until the last of them has left.

    With `stays` they are there for the next one as well: a start costs more than many a test. While
    they run, their event loop is in the way of tests that have one or ask a database, so whoever
    sets `stays` calls `let_go` before those (tests/conftest.py).
    """

    def __init__(self) -> None:
        self.stays = False
        self._guests = 0
        self._open = ExitStack()
        self._keeper: Keeper | None = None

    @contextmanager
    def guest(self) -> Iterator[Keeper]:
        if self._keeper is None:
            self._keeper = Keeper(self._open.enter_context(sync_playwright()))
            self._open.callback(self._keeper.close)
        self._guests += 1
        try:
            yield self._keeper
        finally:
            self._guests -= 1
            if self._guests == 0:
                self._keeper.close_windows()
            if not self.stays:
                self.let_go()

    def let_go(self) -> None:
        """Close both, unless somebody is there."""
        if self._guests == 0:
            self._keeper = None
            self._open.close()


HOUSEHOLD = Household()


@contextmanager
def kept_chromium() -> Iterator[Keeper]:
    """The Keeper of this process; the windows of whoever asks last are closed behind them."""
    with HOUSEHOLD.guest() as keeper:
        yield keeper


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this process, for those who do not need another if it has gone."""
    with kept_chromium() as keeper:
        yield keeper.running()
