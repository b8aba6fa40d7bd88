"""The player of screens in a real browser: covered, uncovered, without network, signed off."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.aide import Copied
from tests.chromium import chromium, until
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

SIGNED_OFF_MS = 2_000
# What a browser does when other windows cover this one: it is hidden, and loses its wake lock.
COVER = """
  globalThis.locks = []
  let covered = false
  for (const [name, told] of [["hidden", () => covered],
                              ["visibilityState", () => (covered ? "hidden" : "visible")]]) {
    Object.defineProperty(Document.prototype, name, { get: told })
  }
  Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
    const lock = { released: false, release: () => (lock.released = true) }
    locks.push(lock)
    return lock
  } } })
  globalThis.cover = (now) => {
    covered = now
    if (now) for (const lock of locks) lock.released = true
    document.dispatchEvent(new Event("visibilitychange"))
    return shows()
  }
  globalThis.shows = () => [
    document.body.dataset.scene,
    document.querySelector("[data-slide][data-shown]").dataset.slide,
  ]
"""
PLAN = """async () => {
  const [{ planNow }, { spellsOf }] = [
    await import("wall/screen-plan-page"),
    await import("/static/wall/plan-text.js"),
  ]
  return spellsOf(planNow().plan, "hall").map(({ at, scene }) => [at, scene])
}"""


@dataclass
class Hall:
    served: Served
    browser: Browser

    def screen(self, key: str = "hall", *, base: str = "", signs: bool = False) -> Page:
        """A screen whose clock is the test's. Its signs would set that right again, so that
        without `signs` they are lost."""
        url = base or self.served.url
        context = self.browser.new_context(viewport={"width": 1280, "height": 720})
        context.add_cookies([{"name": "screen", "value": key, "url": url}])
        context.add_init_script(COVER)
        page = context.new_page()
        if not signs:
            page.route("**/screen/here", lambda route: route.abort())
        page.clock.install()
        page.goto(f"{url}/screen")
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        page.wait_for_selector("[data-slide][data-shown]")
        page.evaluate("window.loadedOnce = true")
        page.evaluate(PLAN)  # what it reads the plan with is there when the network is gone
        return page


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    installation = Installation(tmp_path_factory.mktemp("player"))
    furnish(installation, "tests.browser.player_venue")
    with Copied(installation) as served, chromium() as browser:
        yield Hall(served, browser)


@pytest.fixture(autouse=True)
def closed(hall: Hall) -> Iterator[None]:
    yield
    for context in hall.browser.contexts:
        context.close()


def ahead(page: Page, *, minutes: int) -> None:
    """The clock alone goes on: a covered window may get no timer at all."""
    page.clock.set_system_time(page.evaluate("Date.now()") / 1000 + 60 * minutes)


def scene(page: Page) -> str:
    return str(page.evaluate("shows()[0]"))


def planned(page: Page) -> str:
    """What the plan says for the moment that the page takes for now."""
    at = page.evaluate("Date.now()")
    return str([name for start, name in page.evaluate(PLAN) if start <= at][-1])


def test_window_uncovered_after_forty_minutes_shows_the_right_scene_at_once(hall: Hall) -> None:
    page = hall.screen()
    assert scene(page) == "talk"
    page.evaluate("cover(true)")
    ahead(page, minutes=40)

    before, after = page.evaluate("shows()"), page.evaluate("cover(false)")

    assert (before[0], after[0]) == ("talk", "break")
    assert after[1] == "wall"
    until(page, "locks.filter(({ released }) => !released).length === 1")
    assert page.evaluate("locks.length") == 2


def test_without_network_the_right_scenes_go_on_and_what_was_missed_comes(hall: Hall) -> None:
    with TcpProxy(hall.served.port) as proxy:
        page = hall.screen(base=f"http://127.0.0.1:{proxy.port}")
        proxy.cut()
        page.clock.run_for(10_500)
        expect(page.locator("live-dot[data-state=stale]")).to_have_count(1)
        seen = []
        for _ in range(20):
            page.clock.fast_forward("05:00")
            seen.append(scene(page))
            assert seen[-1] == planned(page)
            expect(page.locator("[data-slide][data-shown]")).to_have_count(1)

        proxy.heal()

        assert list(dict.fromkeys(seen)) == ["talk", "ending", "break", "after"]
        for _ in range(10):
            page.clock.run_for(5_000)
            if page.locator("live-dot[data-state=open]").count():
                break
        expect(page.locator("live-dot[data-state=open]")).to_have_count(1)
        assert page.evaluate("window.loadedOnce") is True


def test_oracle_of_the_plan_notices_a_screen_that_stands_still(hall: Hall) -> None:
    page = hall.screen()
    page.evaluate("cover(true)")
    ahead(page, minutes=40)

    assert scene(page) != planned(page)


def test_clock_of_a_machine_that_is_wrong_is_set_right_by_the_answer(hall: Hall) -> None:
    context = hall.browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_cookies([{"name": "screen", "value": "hall", "url": hall.served.url}])
    context.add_init_script(COVER)
    page = context.new_page()
    page.clock.install()
    ahead(page, minutes=90)
    signs: list[Any] = []
    page.on("request", lambda one: signs.append(one) if one.url.endswith("/screen/here") else None)
    page.goto(f"{hall.served.url}/screen")

    until(page, "document.body.dataset.scene === 'talk'")

    assert "stood" in (signs[0].post_data or "")


@dataclass
class Door:
    """What comes back when the page of a screen is asked for: no answer, or one that is none."""

    answers: str = "away"
    asked: list[str] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        self.asked.append(route.request.resource_type)
        if self.answers == "away":
            route.abort()
        elif self.answers == "ours":
            route.continue_()
        else:
            status = 502 if self.answers == "error" else 200
            route.fulfill(status=status, content_type="text/html", body="<h1>Welcome</h1>")

    def asked_more_often_than(self, before: int) -> bool:
        return len(self.asked) > before


def run_until(page: Page, done: Callable[[], bool], *, seconds: int = 5) -> None:
    """Its clock goes on until that is so."""
    for _ in range(60):
        if done():
            return
        page.clock.run_for(seconds * 1000)
    raise AssertionError("it never came")


def test_new_build_is_loaded_once_the_server_answers_and_the_old_picture_stays_till_then(
    hall: Hall,
) -> None:
    page, door = hall.screen(), Door()
    page.route("**/screen", door)
    told = {"now": page.evaluate("Date.now()"), "build": "another"}
    page.unroute("**/screen/here")
    page.route("**/screen/here", lambda route: route.fulfill(json=told))

    for answers in ("away", "error", "portal"):
        door.answers = answers
        run_until(page, partial(door.asked_more_often_than, len(door.asked)))
        assert page.evaluate("[window.loadedOnce, shows()]") == [True, ["talk", "talk"]]
    door.answers = "ours"
    with page.expect_navigation():
        page.clock.fast_forward(30_000)

    assert page.evaluate("[window.loadedOnce ?? false, shows()]") == [False, ["talk", "talk"]]
    assert door.asked[-1] == "document"
    assert set(door.asked[:-1]) == {"fetch"}


def test_what_stood_is_told_with_the_sign(hall: Hall) -> None:
    told: list[str] = []
    page = hall.screen()
    page.unroute("**/screen/here")
    page.on(
        "request", lambda one: told.append(one.post_data or "") if one.method == "POST" else None
    )
    page.route("**/screen/here", lambda route: route.abort())
    page.clock.fast_forward("25:00")
    staged = page.locator("[data-slide=wall][data-shown] [data-staged]")
    for _ in range(40):  # after a quiet time the wall asks first
        if staged.count():
            break
        page.clock.run_for(3_000)
    keys = set(staged.evaluate_all("(all) => all.map((one) => one.dataset.key)"))

    def named() -> set[str]:
        stood = [json.loads(parse_qs(form)["stood"][0]) for form in told]
        return {key for stays in stood for key, _, _ in stays}

    for _ in range(20):  # a sign that was refused has to come back before the next one is sent
        if named() & keys:
            break
        page.clock.run_for(2_000)
    assert named() & keys


def test_signed_off_screen_keeps_nothing_but_the_name(hall: Hall) -> None:
    page = hall.screen("other", signs=True)
    assert page.locator("screen-wall [data-key]").count() > 0

    hall.served.installation.module("tests.browser.player_venue", "--revoke", "other")

    expect(page.locator("[data-slide=logo][data-shown]")).to_have_count(1, timeout=SIGNED_OFF_MS)
    expect(page.locator(".post, .slot")).to_have_count(0)
    assert "Beitrag" not in page.content()
