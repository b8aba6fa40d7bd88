"""The barcamp on beamers in a real browser: switched live, legible, right without network."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.aide import Copied
from tests.browser import oracles
from tests.chromium import chromium
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

AT_ONCE_MS = 1000  # what a change promises to every screen
TURN_MS = 12_000
LARGE, BETWEEN, SMALL = (1920, 1080), (1280, 800), (1024, 768)
# What is legible on the largest and on the smallest is so between them: that one is for the sweep.
SIZES = (LARGE, pytest.param(BETWEEN, marks=pytest.mark.sweep), SMALL)
BOARD, PITCHES, EMPTY = "mittelstand", "pitches", "empty"
PLACE = "/mittelstand/home/barcamp/cards/{}/place"


@dataclass
class Hall:
    served: Served
    browser: Browser
    known: dict[str, Any]

    def screen(
        self, key: str, *, base: str = "", size: tuple[int, int] = LARGE, dark: bool = False
    ) -> Page:
        """A beamer whose clock is the test's, so that no turn is waited for."""
        width, height = size
        url = base or self.served.url
        context = self.browser.new_context(viewport={"width": width, "height": height})
        context.add_cookies([{"name": "screen", "value": key, "url": url}])
        context.add_init_script(oracles.SCRIPT)
        page = context.new_page()
        page.clock.install()
        page.goto(f"{url}/screen" + ("?theme=dark" if dark else ""))
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        page.wait_for_selector("[data-slide][data-shown]")
        page.evaluate("window.loadedOnce = true")
        return page

    def staff(self) -> Page:
        context = self.browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.served.url}
                for name, value in self.known["moderator"].items()
            ]
        )
        page = context.new_page()
        page.goto(f"{self.served.url}/{BOARD}/home/screens/")
        return page

    def send(self, staff: Page, path: str, **form: str) -> None:
        """What one of the staff's other pages would send."""
        token = staff.locator("[name=csrfmiddlewaretoken]").first.input_value()
        answer = staff.request.post(
            self.served.url + path,
            form={"csrfmiddlewaretoken": token, **form},
            headers={"Accept": "application/json", "Referer": self.served.url},
        )
        assert answer.ok, answer.text()


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    installation = Installation(tmp_path_factory.mktemp("screens"))
    known = furnish(installation, "tests.browser.screens_venue")
    with Copied(installation) as served, chromium() as browser:
        yield Hall(served, browser, known)


@pytest.fixture(autouse=True)
def closed(hall: Hall) -> Iterator[None]:
    yield
    for context in hall.browser.contexts:
        context.close()


def switch(staff: Page, show: str) -> None:
    staff.locator("select").select_option(show)
    staff.locator(".one__show button").click()


def shows(page: Page, slide: str) -> None:
    expect(page.locator(f"[data-slide={slide}][data-shown]")).to_have_count(1, timeout=AT_ONCE_MS)


def judged(page: Page) -> list[str]:
    """What axe finds once nothing fades any more."""
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished)).then(() => true)")
    return oracles.axe(page)


def pages_of(page: Page) -> int:
    """How many pages take turns on the board."""
    number = page.locator("board-slide .board__number")
    return int(number.inner_text().partition("/")[2]) if number.count() else 1


def test_staff_switches_a_screen_and_it_follows_without_being_loaded_again(hall: Hall) -> None:
    screen, staff = hall.screen(BOARD), hall.staff()
    shows(screen, "board")

    for show in ("wall", f"door {hall.known['room']}", "changes", "pitch", "auto"):
        switch(staff, show)
        shows(screen, {"auto": "board"}.get(show, show.partition(" ")[0]))

    assert screen.evaluate("window.loadedOnce") is True
    expect(staff.locator("select")).to_have_value("auto")


def test_placed_card_is_on_the_screen_within_a_second_and_marked_once(hall: Hall) -> None:
    screen, staff = hall.screen(BOARD), hall.staff()
    expect(screen.locator(".board .card[data-new]")).to_have_count(0)
    key = hall.known["cards"]["Podcast in einer Stunde"]

    hall.send(staff, PLACE.format(key), cell=hall.known["soon"])

    marked = screen.locator("board-slide .card[data-new]", has_text="Podcast in einer Stunde")
    expect(marked).to_be_visible(timeout=AT_ONCE_MS)
    for _ in range(pages_of(screen) + 1):
        screen.clock.run_for(TURN_MS + 1000)
    expect(screen.locator("board-slide .card[data-new]")).to_have_count(0)


def test_card_for_later_comes_up_once_and_the_board_goes_on(hall: Hall) -> None:
    screen, staff = hall.screen(BOARD), hall.staff()
    key = hall.known["cards"]["Was darf ein Chatbot?"]
    before = screen.locator("board-slide .board__head").first.inner_text()

    hall.send(staff, PLACE.format(key), cell=hall.known["later"])

    coming = screen.locator("board-slide .card[data-new]", has_text="Was darf ein Chatbot?")
    expect(coming).to_be_visible(timeout=AT_ONCE_MS)
    screen.clock.run_for(TURN_MS + 1000)
    expect(coming).to_have_count(0)
    expect(screen.locator("board-slide .board__head").first).to_have_text(before)


def test_steps_against_a_storm_reach_the_screen_within_a_second(hall: Hall) -> None:
    screen, staff = hall.screen(BOARD), hall.staff()
    posts = screen.locator("screen-wall [data-staged]")

    hall.send(staff, "/mittelstand/desk/steps/logo", stands="yes")
    shows(screen, "logo")
    hall.send(staff, "/mittelstand/desk/steps/logo", stands="no")
    shows(screen, "board")
    switch(staff, "wall")
    hall.send(staff, "/mittelstand/desk/house/post", text="Soup is ready", idempotency="1")
    expect(posts).to_have_count(1)
    hall.send(staff, "/mittelstand/desk/steps/clear", stands="yes")
    expect(screen.locator("screen-wall [data-key]")).to_have_count(0, timeout=AT_ONCE_MS)
    hall.send(staff, "/mittelstand/desk/steps/clear", stands="no")
    expect(posts).to_have_count(1)
    key = posts.first.get_attribute("data-key")
    hall.send(staff, f"/mittelstand/desk/posts/{key}/spotlight")
    shows(screen, "spotlight")
    hall.send(staff, f"/mittelstand/desk/posts/{key}/hide")
    shows(screen, "wall")
    switch(staff, "auto")


def test_never_more_than_six_and_all_of_them_within_a_round(hall: Hall) -> None:
    screen = hall.screen(BOARD)
    cards = screen.locator("board-slide .card[data-slot]")
    number = screen.locator("board-slide .board__number")
    seen: set[str] = set()
    stood = ""

    for turn in range(pages_of(screen)):
        if turn:
            screen.clock.run_for(TURN_MS + 1000)
        expect(number).not_to_have_text(stood)  # it is drawn a moment after its time
        stood = number.inner_text()
        assert 0 < cards.count() <= 6
        seen.update(cards.evaluate_all("(cards) => cards.map(({ dataset }) => dataset.slot)"))

    assert len(seen) >= 13  # seven that run, six or more that come


def test_no_count_of_hands_stands_on_any_slide(hall: Hall) -> None:
    screen = hall.screen(BOARD)

    assert not re.search(r"\b77\b", screen.locator("body").inner_text())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_is_legible_for_the_last_row(hall: Hall, size: tuple[int, int]) -> None:
    wrong = {}
    screen, staff = hall.screen(BOARD, size=size), hall.staff()
    for show in ("board", f"door {hall.known['room']}", "changes"):
        switch(staff, show)
        shows(screen, show.partition(" ")[0])
        for number in range(pages_of(screen) if show == "board" else 1):
            wrong[f"{show} {number}"] = screen.evaluate("oracles.legible()")
            screen.clock.run_for(TURN_MS + 1000)
    switch(staff, "auto")
    for key in (PITCHES, EMPTY):
        wrong[key] = hall.screen(key, size=size).evaluate("oracles.legible()")

    assert {where: faults for where, faults in wrong.items() if faults} == {}
    assert screen.evaluate("window.hurt") is None  # what people wrote was only ever text


def test_oracle_of_legibility_sees_what_is_too_small_too_low_and_too_wide(hall: Hall) -> None:
    screen = hall.screen(BOARD)

    screen.evaluate(
        """() => {
          const [small, low, wide] = document.querySelectorAll("board-slide .card__title")
          small.style.fontSize = "3vh"
          for (const [one, place] of [[low, "top: 90vh"], [wide, "left: 90vw; width: 30vw"]]) {
            const [name, value] = place.split(";")[0].split(": ")
            one.style.position = "fixed"
            one.style.setProperty(name, value)
          }
        }"""
    )

    faults = " ".join(screen.evaluate("oracles.legible()"))
    assert all(words in faults for words in ("px of", "bottom sixth", "at the edge"))


# The contrast of both themes is measured slide by slide in test_sheets.py.
@pytest.mark.parametrize(
    "dark",
    [
        pytest.param(False, id="light"),
        pytest.param(True, id="dark", marks=pytest.mark.sweep),
    ],
)
def test_slides_are_without_a_finding_of_axe(hall: Hall, dark: bool) -> None:
    found = []
    screen, staff = hall.screen(BOARD, dark=dark), hall.staff()
    for show in ("board", f"door {hall.known['room']}", "changes"):
        switch(staff, show)
        shows(screen, show.partition(" ")[0])
        found += judged(screen)
    switch(staff, "auto")
    for key in (PITCHES, EMPTY):
        found += judged(hall.screen(key, dark=dark))

    assert found == []


def test_without_network_the_picture_stays_goes_by_the_clock_and_catches_up(hall: Hall) -> None:
    with TcpProxy(hall.served.port) as proxy:
        screen = hall.screen(BOARD, base=f"http://127.0.0.1:{proxy.port}")
        staff = hall.staff()
        running = screen.locator("board-slide .board__head").first.inner_text()

        proxy.cut()
        hall.send(
            staff,
            PLACE.format(hall.known["cards"]["Während der Lücke"]),
            cell=hall.known["while_away"],
        )
        screen.clock.run_for(30_000)
        expect(screen.locator("live-dot[data-state=stale]")).to_be_visible()
        expect(screen.locator("board-slide .card").first).to_be_visible()
        screen.clock.fast_forward("45:00")
        # What was to come runs now, though nobody has told this screen.
        expect(screen.locator("board-slide .board__head").first).not_to_have_text(running)
        expect(screen.locator("board-slide .card").first).to_be_visible()

        proxy.heal()

        for _ in range(10):
            screen.clock.run_for(5_000)
            if screen.locator("[topic=programme] .slot", has_text="Während der Lücke").count():
                break
        expect(screen.locator("live-dot[data-state=open]")).to_have_count(1)
        expect(
            screen.locator("[topic=programme] .slot", has_text="Während der Lücke")
        ).to_have_count(1)
        assert screen.evaluate("window.loadedOnce") is True
