"""In a real browser: the programme and the stars stay readable when the network is cut."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.aide import Copied
from tests.browser import oracles
from tests.chromium import Keeper, kept_chromium, until
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

PODIUM, OTHER = "Podium", "Werkstatt"
# Runs beside the other one, whatever hour it is.
SECOND = """
from datetime import timedelta
from django.utils import timezone
from agenda import placing
from agenda.models import Event, Room, Session
event, now = Event.objects.get(), timezone.now()
room = Room.objects.create(event=event, name="Keller", position=1)
session = Session.objects.create(event=event, title="Werkstatt")
placing.place(event, session, room, now - timedelta(hours=1), now + timedelta(hours=1))
"""
KEPT = """async (pages) => {
  const names = (await caches.keys()).filter(name => name.startsWith('eventhub-pages-'))
  const found = await Promise.all(names.map(async name => (await caches.open(name)).keys()))
  const kept = found.flat().map(({ url }) => new URL(url).pathname)
  return navigator.serviceWorker.controller !== null && pages.every(page => kept.includes(page))
}"""
FILES = """async () => {
  const names = (await caches.keys()).filter(name => name.startsWith('eventhub-files-'))
  const found = await Promise.all(names.map(async name => (await caches.open(name)).keys()))
  return found.flat().some(({ url }) => url.includes('my.pack'))
}"""


@dataclass
class Hall:
    """One event behind a network that can be cut."""

    served: Served
    proxy: TcpProxy
    slug: str
    code: str
    keeper: Keeper
    contexts: list[BrowserContext] = field(default_factory=list)

    def url(self, page: str = "") -> str:
        return f"http://127.0.0.1:{self.proxy.port}/{self.slug}/{page}"

    def guest(self) -> Page:
        """Somebody who has scanned the code; their browser has kept what it may."""
        context = self.keeper.running().new_context(
            viewport={"width": 390, "height": 844}, locale="de-DE"
        )
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{self.proxy.port}/{self.code}")
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        return page

    def prepared(self, page: Page) -> None:
        """Wait until the worker has fetched what the page has asked it for."""
        until(page, KEPT, [f"/{self.slug}/{each}" for each in ("", "my/", "offline")])
        until(page, FILES)

    def stored(self, page: Page) -> list[int]:
        """The guest's stars, as the server tells them."""
        answer = page.request.get(f"{self.served.url}/{self.slug}/stars", headers=cookies(page))
        found: list[int] = answer.json()["stars"]
        return found

    def count(self) -> int:
        code = "from agenda.models import Star; print(Star.objects.count())"
        return int(self.served.aide.run(code))

    def shell(self, lines: str) -> None:
        self.served.aide.run(lines)


def cookies(page: Page) -> dict[str, str]:
    kept = page.context.cookies()
    return {"Cookie": "; ".join(f"{each['name']}={each['value']}" for each in kept)}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    installation = Installation(tmp_path_factory.mktemp("offline"))
    known = furnish(installation, "tests.browser.venue")
    with Copied(installation) as served, TcpProxy(served.port) as proxy, kept_chromium() as keeper:
        served.aide.run(SECOND)
        yield Hall(served, proxy, known["slug"], known["code"], keeper)


@pytest.fixture
def hall(house: Hall) -> Iterator[Hall]:
    yield house
    house.proxy.heal()
    house.keeper.close_windows()


def star(page: Page, title: str) -> Locator:
    return page.locator(".slot", has_text=title).locator(".star__button").first


def test_reload_without_network_shows_programme_and_stars(hall: Hall) -> None:
    page = hall.guest()
    star(page, PODIUM).click()
    expect(star(page, PODIUM)).to_have_attribute("aria-pressed", "true")
    hall.prepared(page)

    hall.proxy.cut()
    page.reload()

    expect(page.locator(".slot", has_text=PODIUM)).to_be_visible()
    expect(star(page, PODIUM)).to_have_attribute("aria-pressed", "true")
    expect(star(page, OTHER)).to_have_attribute("aria-pressed", "false")
    page.goto(hall.url("my/"))
    expect(page.locator("my-programme .slot")).to_have_count(1)
    expect(page.locator("my-programme .slot__title")).to_have_text(PODIUM)
    page.goto(hall.url("wall/"))
    expect(page.locator("main a[href$='/my/']")).to_be_visible()
    assert page.url == hall.url("wall/")


def test_star_set_without_network_is_stored_once_when_it_is_back(hall: Hall) -> None:
    before = hall.count()
    page = hall.guest()
    hall.prepared(page)
    hall.proxy.cut()

    star(page, OTHER).click()
    page.reload()
    expect(star(page, OTHER)).to_have_attribute("aria-pressed", "true")
    page.goto(hall.url("my/"))
    expect(page.locator("my-programme .slot__title")).to_have_text(OTHER)
    expect(page.locator("[data-waiting-words]")).to_be_visible()
    hall.proxy.heal()

    expect(page.locator("[data-waiting-words]")).to_be_hidden(timeout=60_000)
    assert len(hall.stored(page)) == 1
    page.reload()
    expect(page.locator("my-programme .slot__title")).to_have_text(OTHER)
    assert hall.count() == before + 1


MOVE = """
from agenda import placing
from agenda.models import Room, Slot
slot = Slot.objects.get(session__title={title!r})
room = Room.objects.get_or_create(event=slot.event, name={room!r})[0]
placing.move(slot, room=room, starts_at=slot.starts_at, ends_at=slot.ends_at)
"""


def test_moved_starred_slot_is_announced_once_and_an_unstarred_one_not(hall: Hall) -> None:
    page = hall.guest()
    star(page, PODIUM).click()
    line = page.locator("[data-card]")

    hall.shell(MOVE.format(title=OTHER, room="Garten"))
    expect(page.locator(".slot", has_text=OTHER).locator(".slot__room")).to_have_text("Garten")
    expect(line).to_be_hidden()
    hall.shell(MOVE.format(title=PODIUM, room="Foyer"))

    expect(line).to_be_visible()
    expect(line.locator("b")).to_have_text(PODIUM)
    expect(line).to_contain_text("Foyer")
    for path in ("wall/", "my/"):
        page.goto(hall.url(path))
        page.wait_for_selector("live-dot[data-state=open]", state="attached")
        expect(line).to_be_hidden()


def test_what_moved_while_no_page_was_open_is_said_on_the_next(hall: Hall) -> None:
    page = hall.guest()
    star(page, PODIUM).click()
    expect(page.locator("[data-card]")).to_be_hidden()
    page.goto("about:blank")
    hall.shell(MOVE.format(title=PODIUM, room="Dachboden"))

    page.goto(hall.url("wall/"))

    expect(page.locator("[data-card]")).to_contain_text("Dachboden")


def test_what_is_kept_stands_in_the_table(hall: Hall) -> None:
    page = hall.guest()
    star(page, PODIUM).click()
    hall.prepared(page)

    found = oracles.stored(page.context, page)

    assert oracles.unlisted_storage(found, {"guest"}) == []
    kinds = {kind for kind, _name in found}
    assert {"cache", "service worker"} <= kinds


def test_nothing_but_the_programme_is_kept(hall: Hall) -> None:
    page = hall.guest()
    hall.prepared(page)
    for path in ("wall/", "you/", "carry", "programme/"):
        page.goto(hall.url(path))
    until(page, KEPT, [f"/{hall.slug}/programme/"])

    kept = page.evaluate(
        """async () => {
          const open = async name => (await caches.open(name)).keys()
          const found = await Promise.all((await caches.keys()).map(open))
          return found.flat().map(({ url }) => new URL(url).pathname)
        }"""
    )

    pages = {path for path in kept if not path.startswith("/static/")} - {"/doubt"}
    allowed = {f"/{hall.slug}/{each}" for each in ("", "programme/", "info/", "my/", "offline")}
    assert pages <= allowed, json.dumps(sorted(pages))


def test_event_that_is_closed_later_is_let_go(hall: Hall) -> None:
    page = hall.guest()
    hall.prepared(page)
    hall.shell("from agenda.models import Event; Event.objects.update(closed=True)")
    try:
        page.goto(hall.url())  # kept, and asked for anew behind it
        until(page, f"async pages => !(await ({KEPT})(pages))", [f"/{hall.slug}/"])
    finally:
        hall.shell("from agenda.models import Event; Event.objects.update(closed=False)")
