"""A beamer on its way in a real browser: code, test picture, plan; renamed, silent, signed off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.aide import Copied
from tests.browser import oracles
from tests.browser.pairing_venue import SLUG
from tests.chromium import chromium
from tests.processes import Installation, Served
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

SOON_MS = 15_000  # a browser asks every few seconds
GONE_MS = 2_000  # what signing off promises
HOME = f"/{SLUG}/home/screens/"


@dataclass
class Hall:
    served: Served
    browser: Browser
    staff: BrowserContext

    def beamer(self) -> Page:
        """A browser without a key, as it stands beside a projector."""
        context = self.browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en")
        page = context.new_page()
        page.goto(f"{self.served.url}/screen")
        expect(page.locator(".wait__code")).to_be_visible(timeout=SOON_MS)
        return page

    def phone(self, path: str) -> Page:
        page = self.staff.new_page()
        page.goto(self.served.url + path)
        return page

    def paired(self, name: str) -> Page:
        beamer = self.beamer()
        phone = self.phone(f"/{SLUG}/home/screens/add")
        phone.fill("#code", code_of(beamer).lower())
        phone.fill("#name", name)
        phone.locator("form.setup button").click()
        expect(phone).to_have_url(re.compile(HOME))
        phone.close()
        shows(beamer, "test")
        return beamer


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    installation = Installation(
        tmp_path_factory.mktemp("pairing"), settings={"EVENTHUB_SCREEN_LEASE_SECONDS": "5"}
    )
    known: dict[str, Any] = furnish(installation, "tests.browser.pairing_venue")
    with Copied(installation) as served, chromium() as browser:
        staff = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
        cookies = known["organizer"].items()
        staff.add_init_script(oracles.SCRIPT)
        staff.add_cookies([{"name": n, "value": v, "url": served.url} for n, v in cookies])
        yield Hall(served, browser, staff)


@pytest.fixture(autouse=True)
def closed(hall: Hall) -> Iterator[None]:
    yield
    for context in hall.browser.contexts:
        if context is not hall.staff:
            context.close()
    for page in hall.staff.pages:
        page.close()


def code_of(beamer: Page) -> str:
    return "".join(beamer.locator(".wait__letters").inner_text().split())


def shows(page: Page, slide: str) -> None:
    shown = page.locator(f"[data-slide={slide}][data-shown]")
    expect(shown).to_have_count(1, timeout=SOON_MS)


def one(page: Page, name: str) -> Any:
    return page.locator(".one", has=page.locator(".state__name", has_text=name))


def test_code_typed_on_a_phone_makes_the_beamer_a_screen(hall: Hall) -> None:
    beamer = hall.paired("Hall left")

    expect(beamer.locator("[data-slide=test] [data-size]")).to_have_count(4)
    expect(beamer.locator("[data-slide=test]")).to_contain_text("1920 × 1080")
    assert oracles.axe(beamer) == []

    phone = hall.phone(HOME)
    expect(one(phone, "Hall left")).to_contain_text("is on", timeout=SOON_MS)
    expect(one(phone, "Hall left")).to_contain_text("1920 × 1080")
    one(phone, "Hall left").get_by_role("button", name="Picture is fine").click()
    expect(beamer.locator("[data-slide=test][data-shown]")).to_have_count(0, timeout=SOON_MS)
    expect(beamer.locator("[data-slide][data-shown]")).to_have_count(1)
    assert oracles.axe(phone) == []
    assert oracles.overflow(phone, (320, 390, 768, 1366)) == []


def test_renamed_screen_is_called_so_on_both_pages(hall: Hall) -> None:
    beamer = hall.paired("Hall left over there")
    watching, setting = hall.phone(HOME), hall.phone(HOME)
    one(setting, "over there").get_by_role("link", name="Set up").click()

    setting.fill("#name", "Foyer right")
    setting.get_by_role("button", name="Save").click()

    expect(one(watching, "Foyer right")).to_have_count(1, timeout=SOON_MS)
    expect(beamer.locator("[data-slide=test]")).to_contain_text("Foyer right", timeout=SOON_MS)


def test_signed_off_beamer_shows_the_logo_at_once_and_has_nothing_left(hall: Hall) -> None:
    beamer = hall.paired("Bar")
    phone = hall.phone(HOME)
    one(phone, "Bar").get_by_role("link", name="Set up").click()
    expect(phone.locator(".setup__state")).to_contain_text("Bar")
    phone.locator(".setup__ways summary").click()

    phone.get_by_role("button", name="Yes, sign it off").click()

    logo = beamer.locator("[data-slide=logo][data-shown]")
    expect(logo).to_have_count(1, timeout=GONE_MS)
    expect(phone.locator(".state__name", has_text="Bar")).to_have_count(0)


def test_beamer_that_goes_is_told_on_the_page(hall: Hall) -> None:
    beamer = hall.paired("Door")
    phone = hall.phone(HOME)
    expect(one(phone, "Door")).to_contain_text("is on", timeout=SOON_MS)

    beamer.context.close()

    expect(one(phone, "Door")).to_contain_text("gives no sign", timeout=30_000)


def test_page_for_the_code_is_kind_to_everybody(hall: Hall) -> None:
    phone = hall.phone(f"/{SLUG}/home/screens/add?code=abc234")
    expect(phone.locator("#code")).to_have_value("ABC234")
    assert oracles.axe(phone) == []
    assert oracles.overflow(phone, (320, 390, 768, 1366)) == []
    phone.fill("#name", "Nowhere")

    phone.locator("form.setup button").click()

    expect(phone.get_by_role("alert")).to_contain_text("This code is on no screen now")
    assert oracles.axe(hall.beamer()) == []
