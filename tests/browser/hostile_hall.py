"""Walls written by attackers as phone, desk, screen and admin draw them in a real Chromium."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from tests.chromium import Keeper

CARDS = {"phone": ".post", "desk": ".card", "screen": ".post", "admin": "#result_list td"}
SIZES = {"phone": (390, 844), "desk": (1366, 768), "screen": (1920, 1080), "admin": (1366, 768)}
FOUND = (Path(__file__).parent / "hostile.js").read_text()


@dataclass
class Hall:
    url: str
    known: dict[str, Any]
    keeper: Keeper
    asked: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)

    def page(self, kind: str, cookies: dict[str, str]) -> Page:
        width, height = SIZES[kind]
        context = self.keeper.running().new_context(
            viewport={"width": width, "height": height}, locale="en-GB", service_workers="block"
        )
        context.add_cookies(
            [{"name": name, "value": one, "url": self.url} for name, one in cookies.items()]
        )
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("console", self._hear)
        return context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "TrustedHTML" in message.text:
            self.reports.append(message.text)

    def foreign(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.url, "data:", "blob:"))]

    def found_on(self, kind: str) -> list[str]:
        """What is wrong with all walls as `kind` (phone, desk, screen) shows them."""
        page, wrong = self.page(kind, {}), []
        for wall in self.known["walls"]:
            path = {"phone": f"{wall['slug']}/wall/", "desk": f"{wall['slug']}/desk/"}
            page.context.clear_cookies()
            page.context.add_cookies(
                [
                    {"name": name, "value": one, "url": self.url}
                    for name, one in wall.get(kind, {}).items()
                ]
            )
            page.goto(f"{self.url}/{path.get(kind, 'screen')}", wait_until="domcontentloaded")
            page.wait_for_selector(CARDS[kind], state="attached")
            page.wait_for_timeout(150)  # an image that is not there takes a moment to fail
            wrong += page.evaluate(FOUND, CARDS[kind])
        page.context.close()
        return wrong

    def found_in_admin(self) -> list[str]:
        """What is wrong with the lists of the admin."""
        page, wrong = self.page("admin", self.known["admin"]), []
        posts = sum(wall["posts"] for wall in self.known["walls"])
        lists = [f"post/?p={number + 1}" for number in range(1 + posts // 100)]
        for path in [*lists, "action/", "decision/"]:
            page.goto(f"{self.url}/admin/wall/{path}", wait_until="domcontentloaded")
            wrong += page.evaluate(FOUND, CARDS["admin"])
        page.context.close()
        return wrong
