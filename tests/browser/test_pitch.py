"""One pitch in a real hall: two helpers at their phones, a guest, and the board's screen."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.aide import Copied
from tests.browser import oracles
from tests.browser.conftest import Venue
from tests.chromium import Keeper, until
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

AT_ONCE_MS = 1000  # what a placed card promises to every phone and screen
ONE_PITCH_MS = 20_000
TITLE = "Open Data auch für Kammern"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, keeper: Keeper) -> Iterator[Venue]:
    installation = Installation(tmp_path_factory.mktemp("pitch"))
    known = furnish(installation, "tests.browser.pitch_venue")
    with Copied(installation) as served:
        yield Venue(served, keeper.running(), **known, troubles=[])


@pytest.fixture(autouse=True)
def clean(hall: Venue, keeper: Keeper) -> Iterator[None]:
    yield
    keeper.close_windows()
    assert hall.troubles == []


def helper(hall: Venue, name: str, *, width: int = 390) -> Page:
    page = hall.signed_in(name, width=width)
    page.set_default_timeout(ONE_PITCH_MS)
    page.goto(f"{hall.served.url}/{hall.slug}/pitch/")
    page.wait_for_selector("pitch-desk[data-live]")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def empty_stage(page: Page) -> None:
    """Whoever an earlier test has left there is placed or parked."""
    if page.locator("[data-act=park]").count():
        page.click("[data-act=park]")
    expect(page.locator("[data-act=place]")).to_have_count(0)


def reads(page: Page, text: str) -> None:
    """`page` shows `text` within the promised time."""
    until(page, "(text) => document.body.innerText.includes(text)", text, within_ms=AT_ONCE_MS)


def test_two_helpers_type_count_and_place_one_pitch(hall: Venue) -> None:
    ben, mira = helper(hall, "ben"), helper(hall, "mira")
    phone = hall.context(390, 844).new_page()
    phone.goto(f"{hall.served.url}/{hall.slug}/board/")
    phone.wait_for_selector("live-dot[data-state=open]", state="attached")
    screen = hall.context(1920, 1080).new_page()
    screen.goto(f"{hall.served.url}/screen#{hall.screen_key}")
    expect(screen.get_by_role("heading", name="Newsletter, der gelesen wird")).to_be_visible()
    ben.click("[data-take=writer]")
    # A tap that falls into the moment in which its line is drawn anew is lost, as on any page.
    expect(mira.locator("[data-who=writer]")).to_contain_text("Ben")
    mira.click("[data-take=counter]")
    expect(ben.locator("[data-who=counter]")).to_contain_text("Mira")
    empty_stage(mira)

    began = time.monotonic()
    ben.fill("[data-new]", TITLE[:9])
    ben.press("[data-new]", "Enter")
    expect(mira.locator("[data-field=title]")).to_have_value(TITLE[:9])
    ben.press("[data-field=title]", "End")
    ben.keyboard.type(TITLE[9:])
    for digit in "34":
        mira.click(f"[data-digit='{digit}']")
    expect(mira.locator("[data-field=title]")).to_have_value(TITLE)
    expect(mira.locator("[data-act=place]")).to_contain_text("Raum 2")
    mira.click("[data-act=place]")
    reads(phone, TITLE)
    reads(screen, TITLE)
    reads(screen, "Raum 2")
    expect(mira.locator("[data-bar]")).to_contain_text(TITLE)
    print(f"\none pitch typed, counted and placed in {time.monotonic() - began:.1f} s")

    assert oracles.axe(mira) == []
    expect(ben.locator("[data-part=placed]")).to_contain_text("34")
    mira.click("[data-bar-undo]")
    expect(ben.locator("[data-act=place]")).to_have_count(1)
    assert mira.evaluate("document.documentElement.scrollWidth") == 390


def test_what_both_type_at_once_is_nobodys_loss(hall: Venue) -> None:
    ben, mira = helper(hall, "ben"), helper(hall, "mira")
    empty_stage(mira)
    mira.locator(".pitch__queue .line__call").first.click()
    title = ben.locator("[data-field=title]")
    for page in (ben, mira):
        expect(page.locator("[data-act=place]")).to_have_count(1)

    ben.context.set_offline(True)
    title.fill("Ben schreibt")
    expect(ben.locator("[data-problem]")).to_be_visible()
    mira.fill("[data-field=title]", "Mira schreibt")
    mira.press("[data-field=title]", "Enter")
    mira.click("[data-digit='7']")
    stored = mira.locator("[data-field=title][data-stored='Mira schreibt']")
    expect(stored).to_have_count(1)
    ben.context.set_offline(False)
    title.press("Enter")

    expect(ben.locator("[data-quarrel]")).to_be_visible()
    expect(ben.locator("[data-problem]")).to_contain_text("Mira schreibt")
    expect(title).to_have_value("Ben schreibt")
    assert oracles.axe(ben) == []
    ben.click("[data-mine]")
    expect(mira.locator("[data-field=title]")).to_have_value("Ben schreibt")
    expect(ben.locator("[data-field=hands]")).to_have_value("7")
    expect(ben.locator("[data-quarrel]")).to_be_hidden()


def test_pitch_by_keys_of_a_laptop_and_the_next_one(hall: Venue) -> None:
    mira = helper(hall, "mira", width=1366)
    empty_stage(mira)
    mira.click("[data-act=next]")
    expect(mira.locator("[data-field=hands]")).to_have_value("")
    for key in ("1", "1", "1", "2", "Backspace", "Backspace"):
        mira.keyboard.press(key)
    expect(mira.locator("[data-field=hands]")).to_have_value("11")
    expect(mira.locator(".cell--best")).to_have_count(1)

    mira.keyboard.press("Enter")

    expect(mira.locator("[data-part=placed]")).to_contain_text("11")
    mira.click("[data-act=next]")
    expect(mira.locator("[data-digit='5']")).to_be_visible()
    mira.click("[data-digit='5']")
    mira.click("[data-digit=enough]")
    expect(mira.locator("[data-field=hands]")).to_have_value("")
    cell = mira.locator("button.cell--free").last
    cell.click()
    expect(mira.locator("[data-part=placed]")).to_have_count(1)
    oracles.lit(mira, "dark")
    assert oracles.axe(mira) == []
