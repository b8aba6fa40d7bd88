"""What attackers write on cards is only ever text, on every page that draws it and in frames."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.aide import Copied
from tests.browser.hostile_venue import ANOTHER
from tests.chromium import Keeper, until
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

PAGES = (
    "board/",
    "board/proposals/{card}/",
    "pitch/",
    "home/barcamp/",
    "home/barcamp/setup",
    "home/barcamp/suggestion/{suggestion}/",
    "home/barcamp/paper/cards",
    "home/barcamp/paper/rooms",
    "home/programme/",
    "session/{session}/",
    "programme/",
    "my/",
    "you/",
    "",
)
WAIT_S = 20_000
# What a browser would have made of an attack that was markup.
MADE = """() => [
    window.hurt,
    document.querySelectorAll("[onerror], [onload], [onfocus], iframe").length,
    document.querySelectorAll("script:not([type]), img[src=x], [href^=javascript]").length,
    document.body.innerText.includes("14" + new Date().getFullYear()),
]"""

# On the stage's page a title stands in a field.
SHOWS = """words => document.body.innerText.includes(words)
  || [...document.querySelectorAll("input, textarea")].some(field => field.value === words)"""


@dataclass
class Hall:
    url: str
    known: dict[str, Any]
    staff: BrowserContext
    screen: BrowserContext
    asked: list[str] = field(default_factory=list)

    def opened(self, path: str) -> Page:
        page = self.staff.pages[0] if self.staff.pages else self.staff.new_page()
        answer = page.goto(f"{self.url}/{self.known['slug']}/{path.format(**self.known)}")
        assert answer is not None
        assert answer.status == 200
        if page.locator("event-stream").count():
            page.wait_for_selector("live-dot[data-state=open]", state="attached")
        return page


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, keeper: Keeper) -> Iterator[Hall]:
    installation = Installation(tmp_path_factory.mktemp("hostile"))
    known = furnish(installation, "tests.browser.hostile_venue")
    with Copied(installation) as served:
        asked: list[str] = []

        def opened(cookies: dict[str, str]) -> BrowserContext:
            context = keeper.running().new_context(locale="en-GB")
            context.add_cookies(
                [{"name": key, "value": one, "url": served.url} for key, one in cookies.items()]
            )
            context.on("request", lambda request: asked.append(request.url))
            context.set_default_timeout(WAIT_S)
            return context

        staff, screen = opened(known["cookies"]), opened(known["screen"])
        yield Hall(served.url, known, staff, screen, asked)
        staff.close()
        screen.close()


def made(page: Page) -> list[Any]:
    page.wait_for_timeout(100)  # an image that is not there takes a moment to fail
    return list(page.evaluate(MADE))


NOTHING = [None, 0, 0, False]


@pytest.mark.parametrize("path", PAGES)
def test_attack_is_text_on_this_page(hall: Hall, path: str) -> None:
    page = hall.opened(path)

    assert made(page) == NOTHING
    assert not [url for url in hall.asked if url.endswith("/x")]


def test_attack_is_text_on_the_screen(hall: Hall) -> None:
    page = hall.screen.new_page()
    page.goto(f"{hall.url}/screen")
    page.wait_for_selector("[data-slide][data-shown] >> text=onerror")

    assert made(page) == NOTHING


@pytest.mark.parametrize("path", ["board/", "pitch/", "home/barcamp/"])
def test_attack_that_comes_in_a_frame_is_text(hall: Hall, path: str) -> None:
    watching = hall.opened(path)
    title = f"{ANOTHER} {len(path)}"

    answer = hall.staff.new_page()
    answer.goto(f"{hall.url}/{hall.known['slug']}/board/proposals/{hall.known['card']}/")
    said = answer.evaluate(
        """async (title) => {
          const form = document.querySelector("form[action$=correct]")
          const sent = new FormData(form)
          for (const name of ["title", "text", "host", "needs"]) sent.set(name, title)
          const headers = { Accept: "application/json" }
          const got = await fetch(form.action, { method: "POST", body: sent, headers })
          return [got.status, await got.text()]
        }""",
        title,
    )
    assert said[0] == 200, json.dumps(said)
    answer.close()

    until(watching, SHOWS, title)
    assert made(watching) == NOTHING


def test_browser_that_were_attacked_would_say_so(hall: Hall) -> None:
    page = hall.opened("board/")

    page.evaluate(
        """() => {
          const frame = document.createElement("iframe")
          document.querySelector("main").append(frame)
          window.hurt = 1
        }"""
    )

    assert made(page)[:2] == [1, 1]
    page.close()
