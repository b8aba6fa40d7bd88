"""A guest goes on in another browser, with separate storage: everything is kept, on both sides."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eventhub.live.models import new_key
from tests.browser.conftest import Venue

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]


def named(page: Page, name: str, organisation: str) -> None:
    page.click("nick-name summary")
    page.fill("#nickname", name)
    page.fill("#organisation", organisation)
    page.click("nick-name button")
    expect(page.locator("[data-name]")).to_have_text(name)


def written(hall: Venue, page: Page, text: str) -> None:
    hall.write(page, text)
    expect(page.locator("[topic=mine] .note", has_text=text)).to_have_count(1)


def key_shown(page: Page) -> str:
    """Two taps from any page: the foot, then the button. What a camera would read, without host."""
    page.get_by_role("contentinfo").locator("a[href$='/you/']").click()
    page.locator("form[action$='/carry'] button").click()
    return page.input_value("#way-link").partition("#")[2]


def has_notes(page: Page, *texts: str) -> None:
    notes = page.locator("[topic=mine] .note__text")
    expect(notes).to_have_count(len(texts))
    assert sorted(notes.all_text_contents()) == sorted(texts)


def test_everything_travels_and_the_old_device_goes_on(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    old = hall.phone()
    named(old, "Aylin", "Musterbau")
    written(hall, old, "Guter Kaffee")
    key = key_shown(old)
    expect(old.locator("svg.way__qr")).to_be_visible()
    assert key not in old.url

    new = hall.context(390, 844).new_page()
    new.goto(f"{hall.served.url}/{hall.slug}/carry/in#{key}")
    expect(new.locator("#key")).to_be_hidden()
    new.click("carry-in [data-enter] button")

    expect(new.locator(".as__who")).to_have_text("Aylin, Musterbau")
    has_notes(new, "Guter Kaffee")
    old.goto(f"{hall.served.url}/{hall.slug}/wall/")
    written(hall, old, "Vom alten")
    written(hall, new, "Vom neuen")
    expect(old.locator("[topic=mine] .note")).to_have_count(3)
    expect(new.locator("[topic=mine] .note")).to_have_count(3)
    expect(old.locator(".as__who")).to_have_text("Aylin, Musterbau")


def test_code_is_typed_where_no_script_runs(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    old = hall.phone()
    written(hall, old, "Guter Kaffee")
    key_shown(old)
    groups = " ".join(old.locator(".way__code span").all_text_contents())

    portal = hall.browser.new_context(java_script_enabled=False).new_page()
    portal.goto(f"{hall.served.url}/{hall.slug}/carry/in")
    portal.fill("#key", groups.lower())
    portal.click("[data-enter] button")

    expect(portal.locator(".note__text")).to_have_text(["Guter Kaffee"])


def test_who_is_a_guest_there_already_decides(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    old, new = hall.phone(), hall.phone()
    named(old, "Aylin", "")
    written(hall, old, "Guter Kaffee")
    named(new, "Jonas", "")
    written(hall, new, "Harte Stühle")
    address = f"{hall.served.url}/{hall.slug}/carry/in#{key_shown(old)}"

    new.goto(address)
    new.click("carry-in [data-enter] button")
    expect(new.locator(".two__who b")).to_have_text(["Jonas", "Aylin"])
    new.click(".two__stay a")
    has_notes(new, "Harte Stühle")

    new.goto(address)
    new.click("carry-in [data-enter] button")
    new.click("[name=decision][value=take]")
    expect(new.locator("[data-name]")).to_have_text("Aylin")
    has_notes(new, "Guter Kaffee", "Harte Stühle")
    old.goto(f"{hall.served.url}/{hall.slug}/wall/")
    has_notes(old, "Guter Kaffee", "Harte Stühle")


def test_notes_that_wait_for_a_network_are_sent_first(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    old, new = hall.phone(), hall.phone()
    key = key_shown(old)
    new.goto("about:blank")
    new.goto(f"{hall.served.url}/{hall.slug}/carry/in#{key}")
    entry = {"key": new_key(), "text": "Noch nicht gesendet", "at": 1}
    name = f"eventhub.note.{hall.slug}.{entry['key']}"
    new.evaluate(
        "([name, entry]) => localStorage.setItem(name, JSON.stringify(entry))", [name, entry]
    )
    new.reload()

    expect(new.locator("[data-unsent]")).to_be_visible()
    new.click("[data-send]")
    expect(new.locator("[data-unsent]")).to_be_hidden()
    new.click("carry-in [data-enter] button")
    new.click("[name=decision][value=take]")

    expect(new.locator("[topic=mine] .note")).to_have_count(1)
    post = new.locator("live-list[topic=wall] .post", has_text="Noch nicht gesendet")
    expect(post).to_have_count(1)


def test_erased_guest_leaves_nothing_in_the_browser(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    phone, screen = hall.phone(), hall.screen()
    written(hall, phone, "Das soll ganz weg")
    phone.evaluate(
        "localStorage.setItem('eventhub.note.forum-nord-2.x', 'of another event');"
        "localStorage.setItem('eventhub.phone.forum-nord', 'x');"
        "sessionStorage.setItem('eventhub.draft.forum-nord', 'x')"
    )
    expect(screen.get_by_text("Das soll ganz weg")).to_have_count(1)

    phone.get_by_role("contentinfo").locator("a[href$='/you/']").click()
    expect(phone.locator("[data-kinds=phone] [data-count]")).not_to_be_empty()
    phone.click(".erase__ask")
    phone.click(".erase__go")

    expect(screen.get_by_text("Das soll ganz weg")).to_have_count(0, timeout=2000)
    expect(phone.locator("h1")).to_be_visible()
    kept = phone.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert [name for name in kept if name.startswith("eventhub.")] == [
        "eventhub.note.forum-nord-2.x"
    ]
    cookies = [cookie["name"] for cookie in phone.context.cookies()]
    assert not any(name.startswith("attendee") for name in cookies)
