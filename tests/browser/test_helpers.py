"""Helpers in real browsers: scanned, typed, used twice, sent away; and the organizer's page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Venue
from tests.browser.venue import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

SOON_MS = 2000  # what the page promises
NUMBERS_MS = 10_000  # asked for every 5 s


def organizer(hall: Venue) -> Page:
    """The organizer's phone, on the page of the event."""
    page = hall.signed_in("ina", width=390)
    page.goto(f"{hall.served.url}/{hall.slug}/home/")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def show_code(page: Page, task: str) -> str:
    """Open the door of `task` on the organizer's phone; the key in its code."""
    page.click(f"[data-act=door-{task}]")
    if page.locator(".door-form__first").is_visible():
        page.click(".door-form__first")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return key_on(page)


def key_on(page: Page) -> str:
    return (page.locator(".door__words").text_content() or "").replace("-", "")


def scan(hall: Venue, key: str, name: str = "Jo") -> Page:
    """Another phone opens what stands in the code, types a name and taps."""
    page = hall.context(390, 844).new_page()
    page.goto(f"{hall.served.url}/{hall.slug}/help#{key}")
    expect(page.locator("#key")).to_be_hidden()
    page.fill("#name", name)
    page.click("helper-door .go")
    return page


@pytest.mark.sqlite
def test_organizer_who_signs_in_lands_on_the_page_of_the_event(venue: Callable[..., Venue]) -> None:
    hall = venue()
    page = hall.context(390, 844).new_page()
    page.goto(f"{hall.served.url}/login/")
    page.fill("#username", "ina")
    page.fill("#password", PASSWORD)

    page.click("button.go")

    page.wait_for_url(f"**/{hall.slug}/home/")


def test_helper_scans_helps_and_is_sent_away_at_once(venue: Callable[..., Venue]) -> None:
    hall = venue("--mode", "review")
    ina = organizer(hall)
    first = show_code(ina, "desk")
    ina.evaluate("window.loadedOnce = true")

    jo = scan(hall, first)

    jo.wait_for_url(f"**/{hall.slug}/helper/")
    expect(ina.locator(".door__came")).to_contain_text("Jo", timeout=SOON_MS)
    assert key_on(ina) != first
    assert ina.evaluate("window.loadedOnce") is True
    jo.click("a.go")
    jo.wait_for_selector("live-dot[data-state=open]", state="attached")
    phone, mira = hall.phone(), hall.desk("mira")
    hall.write(phone, "Vorher geschrieben")
    expect(jo.locator("[data-list=pending] .card")).to_have_count(1)

    ina.click("a.link")
    ina.locator(".rows__row", has_text="Jo").locator("button").click()

    expect(jo.locator("live-dot[data-state=denied]")).to_have_count(1, timeout=SOON_MS)
    hall.troubles.clear()  # what was on its way from this desk is refused, and the browser says so
    hall.write(phone, "Nachher geschrieben")
    expect(mira.get_by_text("Nachher geschrieben")).to_have_count(1)
    expect(jo.get_by_text("Nachher geschrieben")).to_have_count(0)
    asked = [f"/{hall.slug}/desk/", f"/{hall.slug}/helper/", f"/poll/{hall.slug}?topics=desk"]
    codes = [jo.request.get(f"{hall.served.url}{where}").status for where in asked]
    assert codes == [404, 403, 403]
    expect(ina.locator(".book")).to_contain_text("Jo")


@pytest.mark.sqlite
def test_key_stands_in_no_address_that_is_asked_for(venue: Callable[..., Venue]) -> None:
    hall = venue()
    key = show_code(organizer(hall), "desk")
    asked: list[str] = []
    page = hall.context(390, 844).new_page()
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))

    page.goto(f"{hall.served.url}/{hall.slug}/help#{key}")
    page.fill("#name", "Jo")
    in_address = page.evaluate("location.href")
    page.click("helper-door .go")
    page.wait_for_url(f"**/{hall.slug}/helper/")

    # The browser's own word for what it opened is without the part behind the #.
    assert [one for one in asked if key in one.partition("#")[0] or key in one.split("{")[1]] == []
    assert key not in in_address
    assert key not in page.evaluate("JSON.stringify([history.state, {...localStorage}])")


@pytest.mark.sqlite
def test_photographed_code_opens_nothing_and_says_so(venue: Callable[..., Venue]) -> None:
    hall = venue()
    ina = organizer(hall)
    key = show_code(ina, "desk")
    scan(hall, key, "Bo").wait_for_url(f"**/{hall.slug}/helper/")

    hall.troubles.clear()
    kim = scan(hall, key, "Kim")

    expect(kim.locator(".error")).to_be_visible()
    expect(kim.locator("#key")).to_have_value("")
    assert "/login/" in kim.request.get(f"{hall.served.url}/{hall.slug}/desk/").url
    ina.goto(f"{hall.served.url}/{hall.slug}/home/")
    expect(ina.locator(".book [data-state=spent]")).to_contain_text("Kim")
    hall.troubles[:] = [trouble for trouble in hall.troubles if "status of 403" not in trouble]


@pytest.mark.sqlite
def test_helper_comes_in_without_scripts(venue: Callable[..., Venue]) -> None:
    hall = venue()
    ina = organizer(hall)
    show_code(ina, "stage")
    words = ina.locator(".door__words").text_content() or ""
    context = hall.browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{hall.served.url}/{hall.slug}/help")
    page.fill("#key", words.lower())
    page.fill("#name", "Uli")
    page.click("button.go")

    expect(page.locator(".programme .slot__title").first).to_be_visible()
    expect(ina.locator(".door__came")).to_contain_text("Uli", timeout=SOON_MS)


@pytest.mark.sqlite
def test_second_task_is_added_on_the_same_phone(venue: Callable[..., Venue]) -> None:
    hall = venue()
    ina = organizer(hall)
    jo = scan(hall, show_code(ina, "desk"))
    jo.wait_for_url(f"**/{hall.slug}/helper/")
    ina.click("a.link")

    jo.goto(f"{hall.served.url}/{hall.slug}/help#{show_code(ina, 'pitch')}")
    expect(jo.locator("#name")).to_have_count(0)
    jo.click("helper-door .go")

    jo.wait_for_url(f"**/{hall.slug}/helper/")
    expect(jo.locator(".task h2")).to_have_count(2)


@pytest.mark.sqlite
def test_numbers_follow_by_themselves(venue: Callable[..., Venue]) -> None:
    hall = venue("--mode", "review")
    ina = organizer(hall)
    ina.evaluate("window.loadedOnce = true")
    counts = [ina.locator(f"[data-part={part}] > b") for part in ("waiting", "guests")]
    before = [int(count.inner_text()) for count in counts]
    phone = hall.phone()

    hall.write(phone, "Zählt mich mit")

    for count, was in zip(counts, before, strict=True):
        expect(count).to_have_text(str(was + 1), timeout=NUMBERS_MS)
    assert ina.evaluate("window.loadedOnce") is True
    assert ina.evaluate("document.documentElement.scrollWidth") == 390
