"""The staff's board in real browsers: by keyboard alone, by taps and by mouse, and two at once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.aide import Copied
from tests.browser import oracles
from tests.browser.conftest import Venue
from tests.chromium import Keeper, until
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

AT_ONCE_MS = 1000  # what a deed promises to every open board


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, keeper: Keeper) -> Iterator[Venue]:
    installation = Installation(tmp_path_factory.mktemp("plan"))
    known = furnish(installation, "tests.browser.plan_venue")
    served = Copied(installation)
    served.start()
    yield Venue(served, keeper.running(), **known, troubles=[])
    served.stop()


@pytest.fixture(scope="module")
def pages(hall: Venue) -> dict[str, Page]:
    """One browser for each of the two, for the whole module."""
    return {name: signed_in(hall, name) for name in ("ina", "olga")}


@pytest.fixture
def ina(pages: dict[str, Page]) -> Page:
    return opened(pages["ina"])


@pytest.fixture
def olga(pages: dict[str, Page]) -> Page:
    return opened(pages["olga"])


@pytest.fixture(autouse=True)
def quiet(hall: Venue) -> Iterator[None]:
    yield
    assert hall.troubles == []


def signed_in(hall: Venue, name: str) -> Page:
    page = hall.signed_in(name, width=1366, height=768)
    page.goto(f"{hall.served.url}/{hall.slug}/home/barcamp/")
    return page


def opened(page: Page, *, width: int = 1366) -> Page:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 768})
    page.reload()
    page.wait_for_selector("plan-board[data-laid]")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def card(page: Page, title: str) -> Locator:
    return page.locator(".tile", has=page.locator("[data-title]", has_text=title))


def place(page: Page, title: str) -> str:
    """ "Raum 2 11:00", or the pile in which it waits."""
    return str(
        card(page, title).first.evaluate(
            """tile => tile.closest("[data-list]")?.dataset.list ??
                `${tile.closest(".cell").dataset.name} ${tile.closest(".row").ariaLabel}`"""
        )
    )


def cell(page: Page, room: str, row: str) -> Locator:
    return page.locator(f'.row[aria-label="{row}"] .cell[data-name="{room}"]')


def comes_to(page: Page, title: str, where: str) -> None:
    """`page` shows the card there within the promised time."""
    until(
        page,
        """([title, where]) => [...document.querySelectorAll(".tile")].some((tile) => {
            const pile = tile.closest("[data-list]")?.dataset.list
            const cell = tile.closest(".cell")?.dataset.name
            return tile.querySelector("[data-title]").textContent.includes(title) &&
                (pile ?? `${cell} ${tile.closest(".row")?.ariaLabel}`) === where
        })""",
        [title, where],
        within_ms=AT_ONCE_MS,
    )


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def problem(page: Page) -> Locator:
    return page.locator("plan-board > [data-problem]")


def test_waiting_card_is_placed_by_keyboard_alone_and_every_step_is_said(
    ina: Page, olga: Page
) -> None:
    said = ina.locator("plan-board > [data-say]")
    card(ina, "LinkedIn").locator("a").focus()
    keys(ina, "Enter")
    expect(said).to_contain_text("LinkedIn für Handwerker")

    keys(ina, "ArrowRight", "ArrowRight")  # from the first free cell, where the focus went
    expect(said).to_contain_text("Foyer, 10:00")
    keys(ina, "ArrowDown", "ArrowDown", "ArrowLeft")
    expect(said).to_contain_text("Raum 3, 12:00")
    keys(ina, "Enter")

    comes_to(olga, "LinkedIn", "Raum 3 12:00")
    comes_to(ina, "LinkedIn", "Raum 3 12:00")
    expect(said).to_contain_text("12:00, Raum 3")
    expect(card(ina, "LinkedIn").locator("a")).to_be_focused()

    keys(ina, "Enter", "ArrowRight", "Enter")
    comes_to(olga, "LinkedIn", "Foyer 12:00")
    expect(card(ina, "LinkedIn").locator("a")).to_be_focused()
    ina.locator("[data-bar] [data-act=undo]").focus()
    keys(ina, "Enter")
    comes_to(olga, "LinkedIn", "Raum 3 12:00")


def test_escape_leaves_a_card_where_it_was(ina: Page) -> None:
    before = place(ina, "Digitale Werkstatt")
    card(ina, "Digitale Werkstatt").locator("a").focus()

    keys(ina, "Enter", "ArrowDown", "Escape")

    expect(ina.locator("[data-lifted], [data-target]")).to_have_count(0)
    expect(card(ina, "Digitale Werkstatt").locator("a")).to_be_focused()
    assert place(ina, "Digitale Werkstatt") == before


def test_swap_is_asked_and_done_by_keyboard(ina: Page, olga: Page) -> None:
    card(ina, "Digitale Werkstatt").locator("a").focus()
    keys(ina, "Enter", "ArrowUp")
    expect(card(ina, "Recht im Netz").locator("a")).to_be_focused()
    keys(ina, "Enter")
    expect(ina.locator("dialog[open]")).to_contain_text("Recht im Netz")
    keys(ina, "Escape")
    expect(ina.locator("dialog[open]")).to_have_count(0)
    assert place(ina, "Digitale Werkstatt") == "Saal 11:00"

    card(ina, "Digitale Werkstatt").locator("a").focus()
    keys(ina, "Enter", "ArrowUp", "Enter")
    expect(ina.locator("#plan-ask")).to_be_focused()  # Enter alone answers nothing
    keys(ina, "Tab", "Enter")

    comes_to(olga, "Digitale Werkstatt", "Saal 10:00")
    comes_to(olga, "Recht im Netz", "Saal 11:00")
    comes_to(ina, "Digitale Werkstatt", "Saal 10:00")
    ina.click("[data-bar] [data-act=undo]")
    comes_to(olga, "Digitale Werkstatt", "Saal 11:00")


def test_card_is_dragged_parked_and_brought_back(ina: Page, olga: Page) -> None:
    def drag(source: Locator, target: Locator) -> None:
        target.scroll_into_view_if_needed()
        source.scroll_into_view_if_needed()
        start, goal = source.bounding_box(), target.bounding_box()
        assert start
        assert goal
        ina.mouse.move(start["x"] + 20, start["y"] + 12)
        ina.mouse.down()
        ina.mouse.move(start["x"] + 30, start["y"] + 20)
        ina.mouse.move(goal["x"] + 40, goal["y"] + 30, steps=4)
        ina.mouse.up()

    drag(card(ina, "Mastodon"), cell(ina, "Raum 2", "12:00"))
    comes_to(olga, "Mastodon", "Raum 2 12:00")
    comes_to(ina, "Mastodon", "Raum 2 12:00")

    drag(card(ina, "Mastodon"), ina.locator("[data-list=parked]"))
    comes_to(olga, "Mastodon", "parked")
    ina.click("[data-bar] [data-act=undo]")
    comes_to(olga, "Mastodon", "Raum 2 12:00")
    comes_to(ina, "Mastodon", "Raum 2 12:00")


def test_two_cards_become_one_and_two_again(ina: Page, olga: Page) -> None:
    card(ina, "Podcast").locator("a").click()
    ina.click("[data-bar] [data-act=merge]")
    card(ina, "Haushalt").locator("a").click()
    expect(ina.locator("dialog[open] .ask__words")).to_contain_text("Podcast")
    ina.click("[data-ask] [data-act=merge]")

    expect(card(olga, "Podcast")).to_have_count(0, timeout=AT_ONCE_MS)
    ina.click("[data-bar] [data-act=undo]")
    comes_to(olga, "Podcast", "open")


def test_fixed_lunch_stays(ina: Page) -> None:
    card(ina, "Mittagessen").locator("[data-stop]").click()
    expect(problem(ina)).to_contain_text("Mittagessen")

    card(ina, "Chatbot").locator("a").click()
    card(ina, "Mittagessen").locator("[data-stop]").click()

    expect(problem(ina)).to_contain_text("Mittagessen")
    assert place(ina, "Chatbot") == "open"


def test_of_two_the_second_reads_what_the_first_did(ina: Page, olga: Page) -> None:
    card(olga, "Newsletter").locator("a").click()
    card(ina, "Newsletter").locator("a").click()
    cell(ina, "Foyer", "15:00").locator("button").click()
    comes_to(olga, "Newsletter", "Foyer 15:00")

    cell(olga, "Saal", "15:00").locator("button").click()

    expect(problem(olga)).to_contain_text("Newsletter")
    assert place(olga, "Newsletter") == "Foyer 15:00"


def test_warnings_are_outlined_and_in_words(ina: Page, olga: Page) -> None:
    card(ina, "Offene Daten").locator("a").click()
    cell(ina, "Raum 3", "14:00").locator("button").click()

    for page in (ina, olga):
        tile = card(page, "Offene Daten")
        expect(tile.locator("[data-said]")).to_contain_text("25", timeout=AT_ONCE_MS)
        assert tile.get_attribute("data-warned") == ""
    ina.click("[data-bar] [data-act=undo]")
    comes_to(olga, "Offene Daten", "open")


def test_room_deleted_while_a_card_is_held_is_said_and_the_boards_are_right(
    hall: Venue, ina: Page, olga: Page
) -> None:
    ina.locator("plan-board").evaluate("board => { board.apply = () => {} }")  # nothing arrives
    card(ina, "Chatbot").locator("a").click()
    hall.served.installation.module("tests.browser.plan_venue", "--without", "Raum 2")
    expect(cell(olga, "Raum 2", "15:00")).to_have_count(0)

    cell(ina, "Raum 2", "15:00").locator("button").click()

    expect(problem(ina)).not_to_be_empty()
    opened(ina)
    assert place(ina, "Chatbot") == "open"
    expect(cell(ina, "Raum 2", "15:00")).to_have_count(0)
    expect(cell(olga, "Raum 3", "15:00")).to_have_count(1)


def test_phone_has_a_list_by_time_and_places_by_two_taps(ina: Page, olga: Page) -> None:
    opened(ina, width=390)
    card(ina, "Strickzeug").locator("a").click()
    cell(ina, "Saal", "14:00").locator("button").click()

    comes_to(olga, "Strickzeug", "Saal 14:00")
    assert ina.evaluate("document.documentElement.scrollWidth") == 390
    assert oracles.axe(ina) == []
    oracles.lit(ina, "dark")
    assert oracles.axe(ina) == []
    oracles.lit(ina, "light")


def test_board_passes_axe_with_a_card_in_the_hand(ina: Page) -> None:
    card(ina, "Digitale Werkstatt").locator("a").click()

    assert oracles.axe(ina) == []
    keys(ina, "Escape")
