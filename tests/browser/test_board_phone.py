"""The barcamp on phones in real browsers: proposed, voted for, greyed, placed, without network."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.aide import Copied
from tests.browser import oracles
from tests.browser.conftest import Venue
from tests.chromium import Keeper, until
from tests.processes import Installation
from tests.ready_made import furnish
from tests.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

AT_ONCE_MS = 1000  # what a change promises to every open phone
PATIENT_MS = 30_000
PRESSED = re.compile("true")


class Staff:
    """An organizer's own client: what she taps elsewhere, without a window for it."""

    def __init__(self, hall: Venue) -> None:
        self.slug = hall.slug
        self.client = httpx.Client(
            base_url=hall.served.url,
            cookies=hall.cookies["ina"],
            headers={"Accept": "application/json"},
            trust_env=False,
        )
        page = self.client.get(f"/{hall.slug}/home/barcamp/", headers={"Accept": "text/html"})
        self.token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]

    def send(self, path: str, **form: Any) -> dict[str, Any]:
        headers = {"X-CSRFToken": self.token, "Referer": str(self.client.base_url)}
        answer = self.client.post(path, data=form, headers=headers)
        assert answer.status_code in {200, 302}, answer.text
        return answer.json() if answer.status_code == 200 else {}

    def phase(self, name: str) -> None:
        self.send(f"/{self.slug}/home/barcamp/phase", phase=name)

    def card(self, key: str, deed: str, **form: Any) -> None:
        self.send(f"/{self.slug}/home/barcamp/cards/{key}/{deed}", **form)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, keeper: Keeper) -> Iterator[Venue]:
    installation = Installation(tmp_path_factory.mktemp("board"))
    known = furnish(installation, "tests.browser.plan_venue")
    served = Copied(installation)
    served.start()
    yield Venue(served, keeper.running(), **known, troubles=[])
    served.stop()


@pytest.fixture(scope="module")
def staff(hall: Venue) -> Iterator[Staff]:
    staff = Staff(hall)
    yield staff
    staff.client.close()


@pytest.fixture(autouse=True)
def clean(hall: Venue, keeper: Keeper, staff: Staff) -> Iterator[None]:
    staff.phase("collect")
    yield
    keeper.close_windows()
    assert hall.troubles == []


def votes_are_sent(page: Page) -> None:
    """Asked from here: a condition that Playwright watches in the page, the policy refuses."""
    until(page, "!Object.keys(localStorage).some(name => name.startsWith('eventhub.vote.'))")


def phone(hall: Venue, base: str = "") -> Page:
    """A guest on the barcamp's page, who speaks English."""
    page = hall.context(390, 844, locale="en-GB").new_page()
    page.goto(f"{base or hall.served.url}/{hall.code}")
    page.goto(f"{base or hall.served.url}/{hall.slug}/board/")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def propose(page: Page, title: str) -> None:
    page.fill("#p-title", title)
    page.click(".propose__go")


def card(page: Page, title: str) -> Locator:
    return page.locator(".pitch", has_text=title)


def key_of(page: Page, title: str) -> str:
    expect(card(page, title)).to_have_count(1)
    return card(page, title).get_attribute("data-key") or ""


def own(page: Page, title: str) -> Locator:
    return page.locator("[data-own-key]", has_text=title)


def test_proposal_is_on_every_phone_and_its_state_on_ones_own(hall: Venue) -> None:
    page, other = phone(hall), phone(hall)

    propose(page, "Boats for all")

    expect(own(page, "Boats for all")).to_contain_text("number")
    expect(card(other, "Boats for all")).to_have_count(1, timeout=AT_ONCE_MS)
    expect(own(other, "Boats for all")).to_have_count(0)
    expect(page.locator("#p-title")).to_have_value("")


def test_vote_is_one_tap_one_more_takes_it_back_and_a_reload_keeps_it(hall: Venue) -> None:
    page = phone(hall)
    propose(page, "Trees and maps")
    button = card(page, "Trees and maps").locator("button")

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    votes_are_sent(page)
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    votes_are_sent(page)
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_phase_greys_and_frees_the_buttons_without_a_reload(hall: Venue, staff: Staff) -> None:
    page = phone(hall)
    propose(page, "Grey matter")
    expect(card(page, "Grey matter")).to_have_count(1)
    button, go = card(page, "Grey matter").locator("button"), page.locator(".propose__go")
    page.evaluate("window.stayed = true")

    staff.phase("closed")
    expect(button).to_have_attribute("aria-disabled", "true", timeout=AT_ONCE_MS)
    expect(go).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#why-propose")).to_have_text(re.compile("over"))
    button.click(force=True)  # it is greyed, and says why
    expect(card(page, "Grey matter").locator(".vote__why")).not_to_be_empty()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.locator("[data-part]").first.get_attribute("data-part") == "placed"
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert oracles.axe(page) == []

    staff.phase("pitch")
    expect(button).not_to_have_attribute("aria-disabled", PRESSED, timeout=AT_ONCE_MS)
    expect(go).not_to_have_attribute("aria-disabled", PRESSED)
    expect(page.locator("#why-propose")).to_be_hidden()
    assert page.locator("[data-part]").first.get_attribute("data-part") == "waiting"
    assert page.evaluate("window.stayed")


def test_card_that_is_declined_or_taken_back_vanishes_from_every_phone(
    hall: Venue, staff: Staff
) -> None:
    page, other = phone(hall), phone(hall)
    propose(page, "Not wanted")
    propose(page, "Rather not")
    declined = key_of(other, "Not wanted")
    expect(card(other, "Rather not")).to_have_count(1)

    staff.card(declined, "decline")
    for each in (page, other):
        expect(card(each, "Not wanted")).to_have_count(0, timeout=AT_ONCE_MS)
    expect(own(page, "Not wanted")).to_have_attribute("data-tone", "off")
    own(page, "Rather not").locator("a").click()
    page.locator(".takeback summary").click()
    page.locator(".takeback__do").click()

    expect(own(page, "Rather not")).to_contain_text("withdrawn")
    expect(card(other, "Rather not")).to_have_count(0)


def test_placed_card_goes_to_the_board_with_a_star_and_tells_its_host(
    hall: Venue, staff: Staff
) -> None:
    page, other = phone(hall), phone(hall)
    propose(page, "Now it stands")
    key = key_of(other, "Now it stands")
    staff.phase("pitch")
    plan = staff.client.get(f"/{hall.slug}/home/barcamp/", headers={"Accept": "text/html"}).text
    free = next(cell for cell in re.findall(r'value="(\d+-\d+)"', plan) if _free(staff, key, cell))
    assert free

    slot = other.locator("programme-day .slot", has_text="Now it stands")
    expect(slot).to_have_count(1, timeout=AT_ONCE_MS)
    expect(card(other, "Now it stands")).to_have_count(0)
    slot.locator(".star__button").click()
    expect(slot.locator(".star__button")).to_have_attribute("aria-pressed", "true")
    expect(own(page, "Now it stands")).to_contain_text("stands: ")


def _free(staff: Staff, key: str, cell: str) -> bool:
    """Whether the card could be put there."""
    headers = {"X-CSRFToken": staff.token, "Referer": str(staff.client.base_url)}
    path = f"/{staff.slug}/home/barcamp/cards/{key}/place"
    return staff.client.post(path, data={"cell": cell}, headers=headers).status_code == 200


def test_proposal_without_network_is_sent_exactly_once_later(hall: Venue) -> None:
    with TcpProxy(hall.served.port) as proxy:
        page, other = phone(hall, f"http://127.0.0.1:{proxy.port}"), phone(hall)
        proxy.cut()
        propose(page, "From the cellar")
        propose(page, "Dropped in the cellar")
        waiting = page.locator("[data-queue] li")
        expect(waiting).to_have_count(2)
        expect(waiting.first).to_contain_text("as soon as there is a network")
        assert oracles.axe(page) == []
        waiting.nth(1).locator("[data-act=drop]").click()
        expect(waiting).to_have_count(1)

        proxy.heal()

        expect(card(other, "From the cellar")).to_have_count(1, timeout=PATIENT_MS)
        expect(own(page, "From the cellar")).to_have_count(1, timeout=PATIENT_MS)
        expect(waiting).to_have_count(0)
        page.reload()
        expect(own(page, "From the cellar")).to_have_count(1)
        expect(card(other, "Dropped in the cellar")).to_have_count(0)
        assert page.evaluate("Object.keys(localStorage)") == []


def test_everything_goes_without_scripts(hall: Venue) -> None:
    context = hall.browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", java_script_enabled=False
    )
    page, other = context.new_page(), phone(hall)
    page.goto(f"{hall.served.url}/{hall.code}")
    page.goto(f"{hall.served.url}/{hall.slug}/board/")

    propose(page, "Plain paper")
    expect(own(page, "Plain paper")).to_contain_text("number")
    card(page, "Plain paper").locator("button").click()
    taken_back = page.locator(".unvote")
    expect(taken_back).to_contain_text("Plain paper")
    taken_back.locator("button").click()
    expect(taken_back).to_have_count(0)
    own(page, "Plain paper").locator("a").click()
    page.fill("#p-title", "Plain board")
    page.get_by_role("button", name="Save").click()
    expect(card(other, "Plain board")).to_have_count(1)
