"""Programme, session and info pages in a browser: they follow, and are whole without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.aide import Copied
from tests.browser.conftest import Venue
from tests.chromium import Keeper
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

SOON_MS = 2000  # it takes a moment only; the machine may be busy
LATER_MS = 5000  # what is fetched anew is spread over a moment


@pytest.fixture(scope="module")
def hall(keeper: Keeper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    directory: Path = tmp_path_factory.mktemp("programme")
    directory.chmod(0o755)
    installation = Installation(directory)
    known = furnish(installation, "tests.browser.venue")
    served = Copied(installation)
    served.start()
    made = Venue(served, keeper.running(), **known, troubles=[])
    organizer(  # at whatever hour the test is run, all of it is on one day
        made,
        "from django.utils import timezone",
        "began = timezone.now().astimezone(event.tz) - timedelta(hours=4)",
        "event.day_boundary = began.time()",
        "event.save()",
    )
    yield made
    keeper.close_windows()
    served.stop()
    assert made.troubles == []


def organizer(hall: Venue, *deeds: str) -> None:
    """What is done in the admin, in another process: only the log tells the server of it."""
    words = "from datetime import timedelta; from agenda import placing, programme; "
    words += "from agenda.models import Event, Room, Session, Slot; event = Event.objects.get(); "
    hall.served.aide.run(words + "; ".join(deeds))


def opened(hall: Venue, where: str, *, width: int = 390) -> Page:
    page = hall.context(width, 844).new_page()
    page.goto(f"{hall.served.url}/{hall.slug}/{where}")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    page.evaluate("window.loadedOnce = true")
    return page


def address_of(page: Page, title: str) -> str:
    """Where the session's page is, below the event's."""
    link = page.locator(".slot__link", has_text=re.compile(title)).first.get_attribute("href")
    assert link is not None
    return link.split("/", 2)[2]


def test_open_pages_follow_a_moved_and_a_renamed_session(hall: Venue) -> None:
    by_time = opened(hall, "programme/")
    by_room = opened(hall, "programme/?by=room", width=1366)
    session = opened(hall, address_of(by_time, "Abschluss"))
    pages = [by_time, by_room, session]

    organizer(
        hall,
        "hof = Room.objects.create(event=event, name='Hof', where='Im Freien', position=9)",
        "slot = Slot.objects.get(session__title='Abschluss')",
        "placing.move(slot, room=hof, starts_at=slot.starts_at + timedelta(minutes=15), "
        "ends_at=slot.ends_at + timedelta(minutes=15))",
    )

    for page in pages:
        room = page.locator(".slot", has_text="Abschluss").locator(".slot__room")
        expect(room).to_have_text("Hof", timeout=SOON_MS)
    head = by_room.locator(".group", has_text="Abschluss").locator("[data-head]")
    expect(head).to_have_text("Hof")
    expect(session.locator(".slot__way")).to_have_text("Im Freien")

    organizer(
        hall,
        "one = Session.objects.get(title='Abschluss')",
        "one.title, one.abstract = 'Ausklang', 'Mit Musik.'",
        "one.save()",
        "programme.session_changed(one)",
    )

    expect(session.locator("h1")).to_have_text("Ausklang", timeout=LATER_MS)
    expect(session.locator(".session__abstract")).to_have_text("Mit Musik.")
    expect(by_time.get_by_role("link", name="Ausklang")).to_have_count(1)
    assert [page.evaluate("window.loadedOnce") for page in pages] == [True] * 3


def test_note_to_a_session_comes_and_goes_on_its_page(hall: Venue) -> None:
    phone = hall.phone()
    programme = opened(hall, "programme/")
    panel = opened(hall, address_of(programme, "Podium"))
    other = opened(hall, address_of(programme, "Abschluss|Ausklang"))

    phone.goto(f"{hall.served.url}{panel.locator('.session__write').get_attribute('href')}")
    phone.wait_for_selector("live-dot[data-state=open]", state="attached")
    hall.write(phone, "Mehr davon, bitte")

    note = panel.locator(".session-notes .post")
    expect(note).to_contain_text("Mehr davon, bitte", timeout=SOON_MS)
    organizer(
        hall,
        "from wall import moderation; from wall.models import Post",
        "moderation.hide(Post.objects.get(), by=None)",
    )
    expect(note).to_have_count(0, timeout=SOON_MS)
    expect(other.locator(".session-notes .post")).to_have_count(0)


def test_info_gives_the_new_password_and_copies_it(hall: Venue) -> None:
    page = opened(hall, "info/")
    expect(page.locator(".wifi")).to_have_count(0)

    organizer(
        hall,
        "event.wifi_name, event.wifi_password = 'Speicher', 'nur-mut'",
        "event.save()",
        "programme.event_changed(event)",
    )

    expect(page.locator("#wifi-password")).to_have_text("nur-mut", timeout=LATER_MS)
    page.locator("copy-text button").click()
    expect(page.locator("copy-text [role=status]")).not_to_be_empty()
    page.goto(f"{hall.served.url}/{hall.slug}/programme/")
    page.focus("#q")
    page.keyboard.press("Control+V")
    expect(page.locator("#q")).to_have_value("nur-mut")


def test_without_scripts_nothing_is_missing(hall: Venue) -> None:
    context = hall.browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()

    page.goto(f"{hall.served.url}/{hall.slug}/")
    expect(page.locator(".programme__now [data-left-words]")).not_to_be_empty()
    page.get_by_role("navigation").locator("a[href$='/programme/']").click()
    page.fill("#q", "podium")
    page.keyboard.press("Enter")
    expect(page.locator(".slot")).to_have_count(1)
    page.locator(".slot__link").click()

    expect(page.locator("h1")).to_have_text("Podium")
    expect(page.locator(".slot__room")).to_have_text("Saal")
