"""The day grid in real browsers: by mouse, finger and keys, with two organizers and a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.aide import Copied
from tests.browser.conftest import Venue
from tests.chromium import Keeper, until
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

AT_ONCE_MS = 1000  # what a move promises to every open phone
FIVE_MINUTES_MS = 300_000


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, keeper: Keeper) -> Iterator[Venue]:
    installation = Installation(tmp_path_factory.mktemp("grid"))
    known = furnish(installation, "tests.browser.grid_venue")
    served = Copied(installation)
    served.start()
    yield Venue(served, keeper.running(), **known, troubles=[])
    served.stop()


@pytest.fixture(autouse=True)
def clean(hall: Venue, keeper: Keeper) -> Iterator[None]:
    yield
    keeper.close_windows()
    assert hall.troubles == []


def organizer(hall: Venue, name: str = "ina", *, width: int = 1366) -> Page:
    page = hall.signed_in(name, width=width, height=844 if width < 500 else 768)
    page.goto(f"{hall.served.url}/{hall.slug}/home/programme/")
    page.wait_for_selector("grid-board[data-laid]")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def guest(hall: Venue) -> Page:
    page = hall.context(390, 844).new_page()
    page.goto(f"{hall.served.url}/{hall.slug}/")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def card(page: Page, title: str) -> Locator:
    return page.locator("[data-lane] .card", has_text=title)


def starts(page: Page, title: str) -> int:
    found = page.locator("[data-key]", has_text=title).first
    return int(found.evaluate("(element) => Date.parse(element.dataset.start)"))


def room(page: Page, title: str) -> str:
    return str(card(page, title).evaluate("({ parentElement }) => parentElement.dataset.name"))


def comes_to(page: Page, title: str, start: int) -> None:
    """`page` shows `title` at `start` within the promised time."""
    until(
        page,
        """([title, start]) => [...document.querySelectorAll("[data-key]")].some((element) =>
            element.textContent.includes(title) && Date.parse(element.dataset.start) === start)""",
        [title, start],
        within_ms=AT_ONCE_MS,
    )


def done(page: Page) -> None:
    """The last act has been answered, and shows."""
    expect(page.locator("[data-act=undo]")).to_be_visible()
    expect(page.locator("[data-lifted], .ghost")).to_have_count(0)


def test_card_moved_by_keys_is_on_an_open_phone_at_once(hall: Venue) -> None:
    ina, phone = organizer(hall), guest(hall)
    before = starts(phone, "Offene Daten")

    card(ina, "Offene Daten").locator("a").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        ina.keyboard.press(key)
    expect(ina.locator("[data-say]")).to_contain_text("Saal")
    assert starts(ina, "Offene Daten") == before  # not before Enter
    ina.keyboard.press("Enter")

    comes_to(phone, "Offene Daten", before + 2 * FIVE_MINUTES_MS)
    done(ina)
    assert room(ina, "Offene Daten") == "Saal"
    expect(card(ina, "Offene Daten").locator("a")).to_be_focused()

    ina.click("[data-act=undo]")
    comes_to(phone, "Offene Daten", before)
    comes_to(ina, "Offene Daten", before)


def test_escape_leaves_a_card_where_it_was(hall: Venue) -> None:
    ina = organizer(hall)
    before = starts(ina, "Offene Daten")

    card(ina, "Offene Daten").locator("a").focus()
    ina.keyboard.press("ArrowDown")
    ina.keyboard.press("Escape")
    ina.reload()

    assert starts(ina, "Offene Daten") == before


def drag(page: Page, source: Locator, lane: Locator, dy: int) -> None:
    source.scroll_into_view_if_needed()
    start, target = source.bounding_box(), lane.bounding_box()
    assert start is not None
    assert target is not None
    x, y = start["x"] + 20, start["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8)
    page.mouse.move(target["x"] + 30, y + dy, steps=4)
    page.mouse.up()


def test_card_is_dragged_into_another_room_and_clashes_are_said(hall: Venue) -> None:
    ina, olga = organizer(hall), organizer(hall, "olga")
    before = starts(ina, "Löten")

    drag(ina, card(ina, "Löten"), ina.locator("[data-lane]").first, 0)

    done(ina)
    assert (room(ina, "Löten"), starts(ina, "Löten")) == ("Saal", before)
    for page in (ina, olga):
        for title in ("Löten", "Abschluss"):
            expect(card(page, title).locator("[data-clash]")).to_be_visible()
        expect(page.locator(".tray__clash")).to_have_count(1)
        expect(page.locator(".tray__clash")).to_contain_text("Saal")

    ina.click("[data-act=undo]")
    for page in (ina, olga):
        expect(page.locator(".tray__clash")).to_have_count(0)
        expect(card(page, "Löten").locator("[data-clash]")).to_be_hidden()


def test_of_two_organizers_the_second_reads_what_the_first_did(hall: Venue) -> None:
    ina, olga = organizer(hall), organizer(hall, "olga")
    before = starts(ina, "Abschluss")
    card(olga, "Abschluss").locator("a").focus()
    olga.keyboard.press("ArrowUp")

    card(ina, "Abschluss").locator("a").focus()
    for _ in range(3):
        ina.keyboard.press("ArrowDown")
    ina.keyboard.press("Enter")
    comes_to(olga, "Abschluss", before + 3 * FIVE_MINUTES_MS)
    olga.keyboard.press("Enter")

    expect(olga.locator("[data-problem]")).to_contain_text("Abschluss")
    expect(olga.locator(".ghost")).to_have_count(0)
    olga.reload()
    assert starts(olga, "Abschluss") == before + 3 * FIVE_MINUTES_MS


def test_session_without_a_place_is_placed_by_two_taps(hall: Venue) -> None:
    ina = organizer(hall, width=390)
    lane = ina.locator("[data-lane]").first
    ina.locator(".tray .card", has_text="Nachtrag").click()
    expect(ina.locator("[data-picked]")).to_be_visible()

    lane.scroll_into_view_if_needed()
    lane.click(position={"x": 100, "y": 40})

    expect(card(ina, "Nachtrag")).to_have_count(1)
    expect(ina.locator(".tray .card", has_text="Nachtrag")).to_have_count(0)
    assert room(ina, "Nachtrag") == "Saal"
    assert ina.evaluate("document.documentElement.scrollWidth") == 390


def test_finger_rests_and_drags_and_a_quick_one_scrolls(hall: Venue) -> None:
    context = hall.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.add_cookies(
        [{"name": n, "value": v, "url": hall.served.url} for n, v in hall.cookies["ina"].items()]
    )
    page = context.new_page()
    page.goto(f"{hall.served.url}/{hall.slug}/home/programme/")
    page.wait_for_selector("grid-board[data-laid]")
    before = starts(page, "Podium")
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    card(page, "Podium").scroll_into_view_if_needed()
    box = card(page, "Podium").bounding_box()
    assert box
    x, y = box["x"] + 60, box["y"] + 20
    finger("touchStart", (x, y))
    page.wait_for_selector("grid-board[data-dragging]")
    for step in range(1, 9):
        finger("touchMove", (x, y + 10 * step))
    finger("touchEnd")

    done(page)
    assert starts(page, "Podium") > before
    moved = starts(page, "Podium")
    finger("touchStart", (x, y + 90))
    for step in range(1, 9):
        finger("touchMove", (x, y + 90 - 10 * step))
    finger("touchEnd")
    assert (page.locator(".ghost").count(), starts(page, "Podium")) == (0, moved)
    page.click("[data-act=undo]")
    comes_to(page, "Podium", before)


def test_exact_time_cancelling_and_swapping_by_the_form(hall: Venue) -> None:
    ina, phone = organizer(hall), guest(hall)
    card(ina, "Offene Daten").locator("a").focus()
    ina.keyboard.press("Enter")
    expect(ina.locator("dialog")).to_be_visible()

    ina.fill("#edit-minutes", "50")
    ina.click("[data-act=save]")
    expect(ina.locator("dialog")).to_be_hidden()
    until(
        ina,
        """() => [...document.querySelectorAll("[data-lane] .card")].some(
            ({ dataset, textContent }) => textContent.includes("Offene Daten") &&
            Date.parse(dataset.end) - Date.parse(dataset.start) === 50 * 60000)""",
        within_ms=AT_ONCE_MS,
    )
    expect(card(ina, "Offene Daten").locator("a")).to_be_focused()

    ina.keyboard.press("Enter")
    ina.click("[data-act=cancel]")
    expect(card(ina, "Offene Daten").and_(ina.locator("[data-cancelled]"))).to_be_visible()
    off = phone.locator(".slot[data-cancelled]", has_text="Offene Daten")
    expect(off).to_have_count(1, timeout=AT_ONCE_MS)
    ina.click("[data-act=undo]")
    expect(off).to_have_count(0, timeout=AT_ONCE_MS)

    before = starts(ina, "Offene Daten"), starts(ina, "Podium")
    card(ina, "Offene Daten").locator("a").click()
    ina.click("[data-act=pick-swap]")
    card(ina, "Podium").locator("a").click()
    comes_to(phone, "Offene Daten", before[1])
    comes_to(phone, "Podium", before[0])
    ina.click("[data-act=undo]")
    comes_to(phone, "Podium", before[1])
