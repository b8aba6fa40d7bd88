"""The switch of the barcamp's phases in two browsers: one taps, the other reads it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.aide import Copied
from tests.chromium import chromium
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

SHOWN_MS = 20_000  # a machine under load must not fail what is right
NOW = ".phases [aria-pressed=true]"


@dataclass
class Hall:
    url: str
    slug: str
    cookies: dict[str, str]
    browser: Browser

    def setup(self, *, scripts: bool = True) -> Page:
        context = self.browser.new_context(
            viewport={"width": 390, "height": 844},
            locale="en-GB",
            java_script_enabled=scripts,
            service_workers="block",
        )
        context.add_cookies(
            [{"name": name, "value": one, "url": self.url} for name, one in self.cookies.items()]
        )
        page = context.new_page()
        page.goto(f"{self.url}/{self.slug}/home/barcamp/setup")
        page.wait_for_selector(".phases")
        if scripts:
            page.wait_for_selector("live-dot[data-state=open]", state="attached")
        return page


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    installation = Installation(tmp_path_factory.mktemp("phases"))
    known = furnish(installation, "tests.browser.plan_venue")
    with Copied(installation) as served, chromium() as browser:
        yield Hall(served.url, known["slug"], known["cookies"]["ina"], browser)


def value(page: Page) -> str | None:
    return page.get_attribute(NOW, "value")


def test_one_taps_and_the_other_reads_it_without_loading_again(hall: Hall) -> None:
    here, there = hall.setup(), hall.setup()
    assert (value(here), value(there)) == ("board", "board")
    means = there.text_content(".phases__means")
    there.evaluate("window.same = true")

    here.click(".phases [value=running]")

    for page in (here, there):
        expect(page.locator(NOW)).to_have_attribute("value", "running", timeout=SHOWN_MS)
    assert there.text_content(".phases__means") != means
    assert there.text_content(".phases [data-say]") != ""
    assert there.evaluate("window.same")

    # Somebody who still sees another phase switches nothing, and reads why.
    here.eval_on_selector(
        ".phases [value=closed]",
        "button => button.formAction = button.formAction.replace(/seen=.*/, 'seen=pitch')",
    )
    here.click(".phases [value=closed]")
    expect(here.locator(".phases__problem")).to_be_visible(timeout=SHOWN_MS)
    assert (value(here), value(there)) == ("running", "running")

    # By keyboard alone, and the focus stays where it is.
    there.focus(".phases [value=board]")
    there.keyboard.press("Enter")
    expect(there.locator(NOW)).to_have_attribute("value", "board", timeout=SHOWN_MS)
    assert there.evaluate("document.activeElement.value") == "board"
    here.context.close()
    there.context.close()


def test_without_scripts_one_tap_switches_and_comes_back_to_the_page(hall: Hall) -> None:
    page = hall.setup(scripts=False)

    page.click(".phases [value=pitch]")

    expect(page.locator(NOW)).to_have_attribute("value", "pitch", timeout=SHOWN_MS)
    assert page.url.endswith("/home/barcamp/setup")
    page.context.close()
