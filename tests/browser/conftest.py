"""A real server and a real Chromium for the tests in this folder.

`venue(...)` of the tests of one module is one server for the same options: what one test writes
is there for the next. A test that changes the event itself asks for one of its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.aide import Copied
from tests.chromium import Keeper, complaint, kept_chromium
from tests.processes import Installation, Served
from tests.ready_made import furnish, own_database

expect.set_options(timeout=30_000)  # on a busy machine; a deadline that people feel says so itself


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    with kept_chromium() as kept:
        yield kept


@dataclass
class Venue:
    """One event on one server, and how a person opens its pages."""

    served: Served
    browser: Browser
    slug: str
    code: str
    screen_key: str
    troubles: list[str]
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def context(
        self, width: int, height: int, *, locale: str = "de-DE", keeps: bool = False
    ) -> BrowserContext:
        """`keeps`: as at home, pages are kept for the time without network, behind the tests'."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            service_workers="allow" if keeps else "block",
        )
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        context.on("request", self._watch)
        return context

    def phone(self, base: str = "", *, keeps: bool = False) -> Page:
        """A guest who has scanned the code and opened the wall."""
        context = self.context(390, 844, keeps=keeps)
        page = context.new_page()
        code = f"{base or self.served.url}/{self.code}"
        if keeps:
            page.goto(code)
        else:  # the cookie is what counts: the page that it leads to is not looked at
            context.request.get(code, max_redirects=0)
        page.goto(f"{base or self.served.url}/{self.slug}/wall/")
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        return page

    def screen(self, base: str = "", *, width: int = 1920, height: int = 1080) -> Page:
        page = self.context(width, height).new_page()
        page.goto(f"{base or self.served.url}/screen#{self.screen_key}")
        page.wait_for_selector(".rail__code")
        return page

    def signed_in(self, name: str, *, width: int, height: int = 844) -> Page:
        """An empty page of a browser in which this person has signed in before."""
        context = self.context(width, height)
        context.add_cookies(
            [
                {"name": key, "value": value, "url": self.served.url}
                for key, value in self.cookies[name].items()
            ]
        )
        return context.new_page()

    def desk(self, name: str = "mira", *, width: int = 1366, height: int = 768) -> Page:
        page = self.signed_in(name, width=width, height=height)
        page.goto(f"{self.served.url}/{self.slug}/desk/")
        page.wait_for_selector("desk-board")
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        return page

    def write(self, page: Page, text: str) -> None:
        page.fill("#text", text)
        page.click("note-composer button.go")

    def _hear(self, message: ConsoleMessage) -> None:
        # A cut network, a colleague who was faster and what cannot be taken are what some tests are
        # about; the browser reports each request that was refused for it.
        expected = ("ERR_", "WebSocket", "status of 409", "status of 422")
        if message.type == "error" and not any(word in message.text for word in expected):
            self.troubles.append(complaint(message))

    def _watch(self, request: object) -> None:
        url = getattr(request, "url", "")
        if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname != "127.0.0.1":
            self.troubles.append(f"foreign request: {url}")


@pytest.fixture(scope="module")
def venues(
    tmp_path_factory: pytest.TempPathFactory, keeper: Keeper
) -> Iterator[Callable[..., Venue]]:
    """Starts servers that run until the module's last test: `venues("--mode", "review")`."""
    with ExitStack() as running:

        def start(*options: str) -> Venue:
            installation = Installation(tmp_path_factory.mktemp("venue"), *_stores(running))
            known = furnish(installation, "tests.browser.venue", *options)
            served = running.enter_context(Copied(installation))
            return Venue(served, keeper.running(), **known, troubles=[])

        yield start


def _stores(running: ExitStack) -> tuple[str, str]:
    """The embedded default, or a database of its own on the run's PostgreSQL, with its Redis."""
    url = os.environ.get("EVENTHUB_DATABASE_URL", "")
    if not url:
        return "", ""
    return running.enter_context(own_database(url)), os.environ.get("EVENTHUB_REDIS_URL", "")


@pytest.fixture(scope="module")
def shared() -> dict[tuple[str, ...], Venue]:
    """The servers of this module that later tests find again, by what they were furnished with."""
    return {}


@pytest.fixture
def venue(
    venues: Callable[..., Venue], shared: dict[tuple[str, ...], Venue], keeper: Keeper
) -> Iterator[Callable[..., Venue]]:
    """`venue("--mode", "review", own=True)`: one event on a server; its pages must stay clean."""
    used: list[Venue] = []

    def open_venue(*options: str, own: bool = False) -> Venue:
        made = None if own else shared.get(options)
        if made is None:
            made = venues(*options)
            if not own:
                shared[options] = made
        made.browser = keeper.running()
        made.troubles.clear()
        used.append(made)
        return made

    yield open_venue
    keeper.close_windows()
    for made in used:
        assert made.troubles == []
