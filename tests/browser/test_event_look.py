"""A change of the event in a real browser: every open page follows, none is loaded for a look."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Venue

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

SOON_MS = 2000  # it takes a moment only; the machine may be busy
# Loading again is spread over 15 s, and what answers is looked at first.
SPREAD_MS = 40_000


def change(hall: Venue, **fields: str) -> None:
    """What an organizer's form does, in another process: only the log tells the server of it."""
    hall.served.aide.run(
        "from agenda import programme; from agenda.models import Event; "
        f"Event.objects.update(**{fields!r}); programme.event_changed(Event.objects.get())",
    )


def now_page(hall: Venue) -> Page:
    page = hall.context(390, 844).new_page()
    page.goto(f"{hall.served.url}/{hall.slug}/")
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    return page


def test_every_open_page_follows_without_being_loaded(venue: Callable[..., Venue]) -> None:
    hall = venue("--posts", "3")
    screen, phone, desk, now = hall.screen(), hall.phone(), hall.desk(), now_page(hall)
    pages = [screen, phone, desk, now]
    for page in pages:
        page.evaluate("window.loadedOnce = true")

    change(hall, name="Forum Süd", hashtag="ForumSued", accent="#7a1f5c")

    for page in pages:
        names = page.locator("[data-shows=name]")
        expect(names).to_have_text(["Forum Süd"] * names.count(), timeout=SOON_MS)
        expect(page.locator("html")).to_have_attribute("data-accent", "#7a1f5c")
        assert "Forum Süd" in page.title()
    expect(screen.locator(".rail__tag")).to_have_text("#ForumSued", timeout=SOON_MS)
    for page in (phone, desk, now):
        expect(page.locator(".top__tag")).to_have_text("#ForumSued", timeout=SOON_MS)
    expect(phone.locator("live-list[topic=wall] .post")).to_have_count(3)
    assert [page.evaluate("window.loadedOnce") for page in pages] == [True] * 4


def test_every_open_page_tells_the_time_of_the_new_zone(venue: Callable[..., Venue]) -> None:
    """The programme's page is loaded again later, for its day begins at another moment now."""
    hall = venue("--posts", "3")
    screen, phone, desk, now = hall.screen(), hall.phone(), hall.desk(), now_page(hall)
    times = [
        screen.locator(".post time").first,
        phone.locator(".post time").first,
        desk.locator(".card time").first,
        now.locator(".slot time").first,
    ]
    before = [time.text_content() or "" for time in times]
    for page in (screen, phone, desk):
        page.evaluate("window.loadedOnce = true")

    change(hall, zone="Asia/Tokyo")

    for time, told in zip(times, before, strict=True):
        expect(time).not_to_have_text(told, timeout=SOON_MS)
    expect(screen.locator("screen-clock")).to_have_attribute("zone", "Asia/Tokyo")
    assert [page.evaluate("window.loadedOnce") for page in (screen, phone, desk)] == [True] * 3


@pytest.mark.sqlite
def test_pages_move_to_the_new_address_by_themselves(venue: Callable[..., Venue]) -> None:
    hall = venue(own=True)
    screen, phone = hall.screen(), hall.phone()

    change(hall, slug="forum-sued")

    phone.wait_for_url("**/forum-sued/wall/", timeout=SPREAD_MS)
    stream = screen.locator("event-stream")
    expect(stream).to_have_attribute("slug", "forum-sued", timeout=SPREAD_MS)
    hall.slug = "forum-sued"
    phone.wait_for_selector("live-dot[data-state=open]", state="attached")
    hall.write(phone, "Unter neuer Adresse")
    expect(screen.get_by_text("Unter neuer Adresse")).to_have_count(1, timeout=10_000)
