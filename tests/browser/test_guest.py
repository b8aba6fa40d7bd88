"""A guest's way in a real browser: from the code to the first note; each note's honest state."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Venue
from tests.tcp_proxy import TcpProxy
from tests.wall import pictures

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

GONE_MS = 2000
PATIENT_MS = 30_000
PHOTO: FilePayload = {
    "name": "IMG_1.jpg",
    "mimeType": "image/jpeg",
    "buffer": pictures.jpeg(3200, 2400),
}


@pytest.fixture
def cut_off() -> Iterator[Callable[[Venue], tuple[TcpProxy, str]]]:
    """A network of its own for one phone, which a test can cut."""
    proxies: list[TcpProxy] = []

    def make(hall: Venue) -> tuple[TcpProxy, str]:
        proxy = TcpProxy(hall.served.port)
        proxies.append(proxy)
        proxy.__enter__()
        return proxy, f"http://127.0.0.1:{proxy.port}"

    yield make
    for proxy in proxies:
        proxy.__exit__(None, None, None)


def take_back(page: Page, text: str) -> None:
    note = page.locator(".note", has_text=text)
    note.locator(".back summary").click()
    note.locator("[data-act=withdraw]").click()


def add_photo(page: Page) -> None:
    page.set_input_files("#photo", files=[PHOTO])
    expect(page.locator("canvas[data-preview]")).to_be_visible()


# --- the way in


def test_first_note_stands_there_within_fifteen_seconds_of_scanning(
    venue: Callable[..., Venue],
) -> None:
    hall = venue()
    screen = hall.screen()
    page = hall.context(390, 844).new_page()
    began = time.monotonic()

    page.goto(f"{hall.served.url}/{hall.code}")
    page.get_by_role("link", name="Wand", exact=True).click()
    page.locator("nick-name summary").click()
    page.fill("#nickname", "Aylin K.")
    page.fill("#organisation", "Musterbau GmbH")
    page.locator("nick-name button").click()
    expect(page.locator("[data-name]")).to_have_text("Aylin K.")
    page.locator("note-target .chip", has_text="Podium").click()
    hall.write(page, "Guten Morgen!")
    expect(screen.locator(".post", has_text="Guten Morgen!")).to_have_count(1)

    assert time.monotonic() - began < 15
    post = screen.locator(".post", has_text="Guten Morgen!")
    expect(post.locator(".post__name")).to_have_text("Aylin K.")
    expect(post.locator(".post__organisation")).to_have_text("Musterbau GmbH")
    expect(post.locator(".post__to")).to_contain_text("Podium")


@pytest.mark.parametrize(
    ("at_once", "then"), [("summary", "nickname"), ("#organisation", "organisation")]
)
def test_opened_name_takes_the_thumb_to_its_field_but_out_of_no_other(
    venue: Callable[..., Venue], at_once: str, then: str
) -> None:
    page = venue().phone()

    page.locator("nick-name details").evaluate(
        """async (details, selector) => {
             const heard = new Promise((done) => details.addEventListener("toggle", done))
             details.open = true
             details.querySelector(selector).focus()
             await heard
           }""",
        at_once,
    )

    expect(page.locator(f"#{then}")).to_be_focused()


def test_name_that_cannot_be_taken_is_refused_where_it_is_written(
    venue: Callable[..., Venue],
) -> None:
    page = venue().phone()
    page.locator("nick-name summary").click()
    problem = page.locator("#nickname-problem")
    said: list[str] = [""]

    for name in ("ece  beispiel", "x" * 10_000, "\u200b\u2060"):
        page.fill("#nickname", name)
        page.locator("nick-name button").click()
        expect(problem).not_to_have_text(said[-1])
        expect(problem).not_to_be_empty()
        said.append(problem.text_content() or "")

    assert len(set(said)) == 4
    expect(page.locator("[data-name]")).to_have_text("Gast")


def test_session_that_runs_is_one_tap_away_and_what_has_been_chosen_stays(
    venue: Callable[..., Venue],
) -> None:
    page = venue().phone()
    chips = page.locator("note-target .chip:visible")
    expect(chips).to_have_count(2)  # to all, to what runs; not to the break, not to what comes

    chips.nth(1).click()
    page.fill("#text", "Eine Frage")
    page.click("note-composer button.go")

    expect(page.locator("own-notes .note__to")).to_contain_text("Podium")
    expect(chips.nth(1).locator("input")).to_be_checked()


# --- where each note is


def test_each_state_of_a_note_is_reached_and_said(
    venue: Callable[..., Venue], cut_off: Callable[[Venue], tuple[TcpProxy, str]]
) -> None:
    hall = venue("--mode", "review")
    proxy, base = cut_off(hall)
    phone, desk = hall.phone(base), hall.desk()
    decide = "desk-board:not([data-settling]) [data-list=pending] [data-act={}]"

    for number in range(3):
        hall.write(phone, f"Notiz {number}")
        expect(phone.locator("own-notes .note[data-state=pending]")).to_have_count(1)
        desk.locator(decide.format("show")).click()
        expect(phone.locator("own-notes .note[data-state=pending]")).to_have_count(0)
    hall.write(phone, "Die vierte")
    waiting = phone.locator("own-notes .note[data-state=pending] .note__state")
    expect(waiting).to_have_text(waiting_words(phone))
    desk.locator(decide.format("hide")).click()
    hidden = phone.locator("own-notes .note[data-state=hidden] .note__state")
    expect(hidden).to_contain_text("Infotresen im Foyer")
    shown = phone.locator("own-notes .note[data-state=shown] .note__state time").first
    expect(shown).to_have_text(clock_of(phone))
    take_back(phone, "Notiz 1")
    expect(phone.locator("own-notes .note[data-state=withdrawn]")).to_have_count(1)
    expect(phone.get_by_text("Notiz 1")).to_have_count(0)
    proxy.cut()
    hall.write(phone, "Die letzte")
    queued = phone.locator("note-queue .note", has_text="Die letzte").locator(".note__state")
    expect(queued).to_have_text(phone.locator("note-queue").get_attribute("data-waiting") or "")
    proxy.heal()
    expect(phone.locator("own-notes .note", has_text="Die letzte")).to_have_count(
        1, timeout=PATIENT_MS
    )


def waiting_words(phone: Page) -> str:
    """What stands beside a note that waits: the words for it, and how long it mostly takes."""
    wait = phone.locator("own-notes").get_attribute("wait")
    deadline = time.monotonic() + 5
    while not wait and time.monotonic() < deadline:
        phone.wait_for_timeout(50)
        wait = phone.locator("own-notes").get_attribute("wait")
    assert wait
    state = phone.locator("own-notes .note[data-state=pending] .note__state")
    return (state.text_content() or "").split(",")[0] + f", {wait}"


def clock_of(phone: Page) -> str:
    """The hour of the first shown note in the zone of the event, by another way."""
    since = phone.locator("own-notes .note[data-state=shown]").first.get_attribute("data-since")
    return str(
        phone.evaluate(
            "since => new Date(since).toLocaleTimeString('de', {hour: '2-digit',"
            " minute: '2-digit', timeZone: 'Europe/Berlin'})",
            since,
        )
    )


# --- taken back


def test_note_taken_back_is_gone_everywhere_within_two_seconds(
    venue: Callable[..., Venue],
) -> None:
    hall = venue("--photos")
    screen, phone, other, desk = hall.screen(), hall.phone(), hall.phone(), hall.desk()
    add_photo(phone)
    phone.fill("#alt", "Ein Flipchart")
    hall.write(phone, "Das nehme ich mit")
    expect(phone.locator("own-notes .note[data-state=pending] img")).to_have_count(1)
    expect(screen.get_by_text("Das nehme ich mit")).to_have_count(0)  # photos are looked at first
    waiting = desk.locator("desk-board:not([data-settling]) [data-list=pending] .card")
    waiting.filter(has_text="Das nehme ich mit").locator("[data-act=show]").click()
    for page in (screen, other):
        image = page.locator(".post", has_text="Das nehme ich mit").locator("img")
        expect(image).to_have_count(1)
    source = image.get_attribute("src") or ""
    assert other.context.request.get(hall.served.url + source).status == 200

    take_back(phone, "Das nehme ich mit")

    for page in (screen, other, desk):
        expect(page.get_by_text("Das nehme ich mit")).to_have_count(0, timeout=GONE_MS)
    assert other.context.request.get(hall.served.url + source).status == 410
    assert phone.context.request.get(hall.served.url + source).status == 410
    expect(phone.locator("own-notes .note[data-state=withdrawn]")).to_have_count(1)


def test_note_taken_back_without_network_goes_when_there_is_one(
    venue: Callable[..., Venue], cut_off: Callable[[Venue], tuple[TcpProxy, str]]
) -> None:
    hall = venue()
    proxy, base = cut_off(hall)
    screen, phone = hall.screen(), hall.phone(base)
    hall.write(phone, "Doch lieber nicht")
    post = screen.locator(".post", has_text="Doch lieber nicht")
    expect(post).to_have_count(1)
    expect(phone.locator("own-notes .note[data-state=shown]")).to_have_count(1)

    proxy.cut()
    take_back(phone, "Doch lieber nicht")
    expect(phone.locator("own-notes .note[data-leaving] .note__leaving")).to_be_visible()
    expect(post).to_have_count(1)
    proxy.heal()

    expect(post).to_have_count(0, timeout=PATIENT_MS)
    expect(phone.locator("own-notes .note[data-state=withdrawn]")).to_have_count(1)
    assert phone.evaluate("Object.keys(localStorage)") == []


def test_note_taken_back_before_it_could_be_sent_is_never_seen(
    venue: Callable[..., Venue], cut_off: Callable[[Venue], tuple[TcpProxy, str]]
) -> None:
    hall = venue()
    proxy, base = cut_off(hall)
    screen, phone = hall.screen(), hall.phone(base)
    proxy.cut()
    hall.write(phone, "Das sieht niemand")
    hall.write(phone, "Das sehen alle")
    expect(phone.locator("note-queue .note")).to_have_count(2)

    take_back(phone, "Das sieht niemand")
    expect(phone.locator("note-queue .note")).to_have_count(1)
    proxy.heal()

    expect(screen.get_by_text("Das sehen alle")).to_have_count(1, timeout=PATIENT_MS)
    expect(phone.locator("note-queue .note")).to_have_count(0)
    expect(phone.locator("own-notes .note", has_text="Das sieht niemand")).to_have_count(0)
    expect(screen.get_by_text("Das sieht niemand")).to_have_count(0)
    assert phone.evaluate("Object.keys(localStorage)") == []


# --- a photo


def test_photo_waits_for_the_network_with_its_note_also_over_a_new_page(
    venue: Callable[..., Venue], cut_off: Callable[[Venue], tuple[TcpProxy, str]]
) -> None:
    hall = venue("--photos")
    proxy, base = cut_off(hall)
    phone = hall.phone(base)
    add_photo(phone)
    proxy.cut()
    hall.write(phone, "Mit Bild")
    expect(phone.locator("note-queue .note")).to_have_count(1)
    expect(phone.locator("canvas[data-preview]")).to_be_hidden()

    phone.evaluate("window.stop()")
    proxy.heal()
    phone.reload()

    picture = phone.locator("own-notes .note img")
    expect(picture).to_have_count(1, timeout=PATIENT_MS)
    expect(phone.locator("note-queue .note")).to_have_count(0)
    assert picture.get_attribute("width") == "1600"
    assert phone.evaluate("Object.keys(localStorage)") == []


def test_photo_is_seen_before_it_is_sent_and_can_be_removed(venue: Callable[..., Venue]) -> None:
    phone = venue("--photos").phone()
    add_photo(phone)
    expect(phone.locator("#photo-consent")).to_be_visible()

    phone.locator("[data-remove]").click()
    expect(phone.locator("canvas[data-preview]")).to_be_hidden()
    expect(phone.locator("#photo")).to_be_focused()
    none: FilePayload = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<html>"}
    phone.set_input_files("#photo", files=[none])

    expect(phone.locator("#photo-problem")).not_to_be_empty()
    phone.fill("#text", "Ohne Bild")
    phone.click("note-composer button.go")
    expect(phone.locator("own-notes .note[data-state=shown]")).to_have_count(1)
    expect(phone.locator("own-notes img")).to_have_count(0)


# --- elsewhere, too; and without scripts


def test_note_is_offered_to_other_networks_by_links_only(venue: Callable[..., Venue]) -> None:
    hall = venue()
    phone = hall.phone()
    phone.locator("note-target .chip", has_text="Podium").click()
    hall.write(phone, "Guten Tag & danke!")
    expect(phone.locator("share-note")).to_be_visible()

    text = "Guten%20Tag%20%26%20danke!%20%23ForumNord%20%23Podium"
    for place, address in {
        "bluesky": f"https://bsky.app/intent/compose?text={text}",
        "linkedin": f"https://www.linkedin.com/feed/?shareActive=true&text={text}",
    }.items():
        link = phone.locator(f"[data-place={place}]")
        expect(link).to_have_attribute("href", address)
        expect(link).to_have_attribute("rel", "noopener noreferrer")
    phone.locator("share-note summary").click()
    expect(phone.locator("[data-place=mastodon]")).to_be_hidden()
    phone.fill("#instance", "social.example")
    expect(phone.locator("[data-place=mastodon]")).to_have_attribute(
        "href", f"https://social.example/share?text={text}"
    )
    # Which requests were made to others is watched by the venue.


def test_note_is_written_and_taken_back_without_scripts(venue: Callable[..., Venue]) -> None:
    hall = venue("--photos")
    screen = hall.screen()
    context = hall.browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{hall.served.url}/{hall.code}")
    page.goto(f"{hall.served.url}/{hall.slug}/wall/")
    page.locator(".chip", has_text="Podium").click()
    page.fill("#text", "Ohne Skripte")
    page.click("note-composer button.go")
    expect(screen.get_by_text("Ohne Skripte")).to_have_count(1)

    take_back(page, "Ohne Skripte")

    expect(screen.get_by_text("Ohne Skripte")).to_have_count(0, timeout=GONE_MS)
    expect(page.locator(".note[data-state=withdrawn]")).to_have_count(1)
    page.set_input_files("#photo", files=[PHOTO])
    page.fill("#text", "Mit Bild")
    page.click("note-composer button.go")
    expect(page.locator(".note[data-state=pending] img")).to_have_count(1)
