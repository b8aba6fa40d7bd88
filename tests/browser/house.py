"""Open any page as any role, and write down what the browser complains of or asks others for."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page

from tests.browser import oracles
from tests.browser.pages import Visit, address
from tests.chromium import complaint

KEPT = "local_storage,indexeddb,cache_storage,service_workers"


@dataclass
class House:
    """One server, its events, and how a person of each role opens its pages."""

    url: str
    browser: Browser
    known: dict[str, dict[str, Any]]
    windows: dict[str, Page] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    wires: dict[Page, CDPSession] = field(default_factory=dict)

    def window(self, visit: Visit, locale: str) -> Page:
        """One for each language, whose cookies change: all that is static is fetched once.

        A window of its own would cost each page a process of the browser, more than all judges do.
        """
        page = self.windows.get(locale)
        if page is None or page.is_closed():
            page = self.windows[locale] = self.bare(locale).new_page()
        carried = self.known[visit.hall]["cookies"][visit.role]
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": key, "value": value, "url": self.url} for key, value in carried.items()]
        )
        page.emulate_media(color_scheme="light")
        large = visit.role == "screen"
        page.set_viewport_size(
            {"width": 1920, "height": 1080} if large else {"width": 390, "height": 844}
        )
        return page

    def bare(self, locale: str = "de-DE") -> BrowserContext:
        """A new profile; whatever it complains of or asks others for is written down."""
        context = self.browser.new_context(
            viewport={"width": 390, "height": 844},
            locale=locale,
            reduced_motion="reduce",
            # People come and go in this profile; what one of them kept is not for the next.
            service_workers="block",
        )
        context.add_init_script(oracles.SCRIPT)
        context.add_init_script(oracles.AXE)  # ready before the page: kept, and not sent each time
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        context.on("request", lambda request: self._watch(request.url))
        context.on("page", lambda page: page.on("websocket", lambda ws: self._watch(ws.url)))
        return context

    @contextmanager
    def open(self, visit: Visit, route: str, locale: str) -> Iterator[Page]:
        page = self.window(visit, locale)
        answer = page.goto(self.url + address(route, self.known[visit.hall], visit.more))
        assert answer is not None
        if answer.status != visit.status:
            self.troubles.append(f"status {answer.status}")
        if page.locator("event-stream").count():
            page.wait_for_selector("live-dot[data-state=open]", state="attached")
        try:
            yield page
        finally:
            self._leave(page)

    def read(self, visit: Visit, route: str, locale: str) -> str:
        """The same page as the server sends it, drawn by nobody."""
        carried = self.known[visit.hall]["cookies"][visit.role]
        cookies = "; ".join(f"{name}={value}" for name, value in carried.items())
        server = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        with closing(server):
            server.request(
                "GET",
                address(route, self.known[visit.hall], visit.more),
                headers={"Cookie": cookies, "Accept-Language": locale},
            )
            answer = server.getresponse()
            assert answer.status in {visit.status, 302}
            return answer.read().decode()

    def noticed(self, page: Page) -> list[str]:
        """What went wrong since the last time; a page that is not there says so on the console."""
        found = self.troubles + [
            f"policy: {report}" for report in page.evaluate("oracles.reports()")
        ]
        self.troubles.clear()
        return found

    def _leave(self, page: Page) -> None:
        """Nothing of this page is found by the next one; cookies are given anew anyway."""
        page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")  # its scripts have ended: nothing is written after this
        if page not in self.wires:
            self.wires[page] = page.context.new_cdp_session(page)
        self.wires[page].send(
            "Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": KEPT}
        )

    def _hear(self, message: ConsoleMessage) -> None:
        expected = ("the server responded with a status of 40", "blocked by Playwright")
        if message.type in {"error", "warning"} and not any(
            words in message.text for words in expected
        ):
            self.troubles.append(f"console: {complaint(message)}")

    def _watch(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.url).netloc and not url.startswith(
            ("data:", "blob:")
        ):
            self.troubles.append(f"foreign request: {url}")
