"""Negative controls: a page made bad on purpose is caught by the very judge that all pages pass."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, path
from playwright.sync_api import Browser, Page, Route

from tests.browser import oracles
from tests.browser.house import House
from tests.browser.pages import unlisted
from tests.chromium import chromium

pytestmark = pytest.mark.browser

ORIGIN = "http://127.0.0.1:9"  # nobody listens there: every answer is given here
GOOD = """<!doctype html><html lang="de"><head><title>Probe</title>
<meta name="viewport" content="width=device-width">
<style>body { color: #111; background: #fff; font-size: 20px } a { display: inline-block }
a, button { min-height: 44px } :focus-visible { outline: 3px solid #005 }</style></head>
<body><a href="#content">Zum Inhalt</a><header><a href="/kopf">Kopf</a></header>
<main id="content"><h1>Probe</h1><button>Senden</button>%s</main></body></html>"""
TINY = "button { display: block; min-height: 0; padding: 0; font-size: 8px }"
DARK = "<style>@media (prefers-color-scheme: dark) { p { color: #444; background: #555 } }</style>"
CAUGHT = "addEventListener('keydown', (press) => press.key === 'Tab' && press.preventDefault())"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def house(browser: Browser) -> Iterator[House]:
    made = House(ORIGIN, browser, {})
    yield made
    for context in browser.contexts:
        context.close()


@pytest.fixture
def page_with(house: House) -> Callable[..., Page]:
    """`page_with("<p>…</p>")` opens the good page with something in it."""

    def opened(more: str = "", *, html: str = "", policy: str = "") -> Page:
        def answer(route: Route) -> None:
            if not route.request.url.startswith(ORIGIN):
                route.abort()
                return
            headers = {"content-security-policy": policy} if policy else {}
            route.fulfill(body=html or GOOD % more, content_type="text/html", headers=headers)

        context = house.bare()
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(f"{ORIGIN}/probe")
        return page

    return opened


def test_good_page_has_nothing_against_it(house: House, page_with: Callable[..., Page]) -> None:
    page = page_with()

    assert oracles.axe(page) == []
    assert oracles.overflow(page, (390, 320, 195)) == []
    assert oracles.keyboard(page) == []
    assert oracles.skip_link(page) == []
    assert oracles.wrong_words(page, "de") == []
    assert oracles.unlisted_storage(oracles.stored(page.context, page), set()) == []
    assert house.noticed(page) == []


def test_complaint_names_the_page_and_what_it_asked_for(
    house: House, page_with: Callable[..., Page]
) -> None:
    page_with('<img src="https://elsewhere.example/x.png" alt="">')

    (said,) = [one for one in house.troubles if one.startswith("console: ")]

    assert f"(https://elsewhere.example/x.png, on {ORIGIN}/probe)" in said


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("<input>", "label"),
        ('<img src="data:,">', "image-alt"),
        ("<h3>Zu tief</h3>", "heading-order"),
        ('<p style="color: #bbb">Blass</p>', "color-contrast"),
        ('<p style="color: #666">Nur 5,7 zu 1</p>', "color-contrast-enhanced"),
        (
            f"<style>{TINY}</style>" + "<button>A</button>" * 3,
            "target-size",
        ),
    ],
)
def test_page_that_shuts_somebody_out_is_caught(
    bad: str, rule: str, page_with: Callable[..., Page]
) -> None:
    found = oracles.axe(page_with(bad))

    assert rule in {line.partition(":")[0] for line in found}


def test_page_that_is_illegible_only_in_the_dark_is_caught(page_with: Callable[..., Page]) -> None:
    page = page_with(f"{DARK}<p>Dunkel</p>")
    in_the_light = oracles.axe(page, colours_only=True)

    oracles.lit(page, "dark")

    assert in_the_light == []
    assert "color-contrast" in {line.partition(":")[0] for line in oracles.axe(page)}


def test_contrast_that_is_enough_for_others_is_caught_on_a_page_of_ours(
    page_with: Callable[..., Page],
) -> None:
    page = page_with('<p style="color: #6a6a6a">Grau</p>')  # 5.4:1

    assert oracles.axe(page, ours=False) == []
    assert [line.partition(":")[0] for line in oracles.axe(page)] == ["color-contrast-enhanced"]


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("button { min-height: 0; padding: 0; font-size: 8px }", "target-size"),
        ("p { color: #ccc }", "color-contrast"),
    ],
)
def test_page_that_is_worse_on_a_small_window_is_caught_by_its_look(
    bad: str, rule: str, page_with: Callable[..., Page]
) -> None:
    narrow = f"<style>button {{ display: block }} @media (max-width: 300px) {{ {bad} }}</style>"
    page = page_with(narrow + "<p>Schmal</p>" + "<button>A</button>" * 3)
    page.set_viewport_size({"width": 390, "height": 844})
    in_full = oracles.axe(page, look=True)

    page.set_viewport_size({"width": 195, "height": 844})

    assert in_full == []
    assert rule in {line.partition(":")[0] for line in oracles.axe(page, look=True)}


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        ("<style>button { outline: none !important }</style>", "no visible focus: <button> Senden"),
        (
            '<div style="height: 2000px"></div><button>Unten</button>'
            '<div style="position: fixed; inset: 20% 0 0; background: #eee"></div>',
            "hidden while focused: <button> Unten, by <div >",
        ),
        (f"<script>{CAUGHT}</script>", "not reached: <button> Senden"),
    ],
)
def test_page_that_a_keyboard_cannot_use_is_caught(
    bad: str, finding: str, page_with: Callable[..., Page]
) -> None:
    assert finding in oracles.keyboard(page_with(bad))


def test_skip_link_that_does_not_skip_is_caught(page_with: Callable[..., Page]) -> None:
    html = (GOOD % "").replace('id="content"', 'id="elsewhere"')

    assert oracles.skip_link(page_with(html=html)) == ["the skip link does not skip"]


@pytest.mark.parametrize("width", [390, 195])
def test_page_wider_than_the_window_is_caught(width: int, page_with: Callable[..., Page]) -> None:
    page = page_with(f'<p style="width: {width}px">Breit</p>')

    assert oracles.overflow(page, (width + 200,)) == []
    assert len(oracles.overflow(page, (width,))) == 1


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        ("localStorage.spur = 1", "local storage spur"),
        ("sessionStorage['eventhub.note.a.b'] = 1", "session storage eventhub.note.a.b"),
        ("localStorage['eventhub.note.a.b'] = 1", "local storage eventhub.note.a.b"),
        ("document.cookie = 'spur=1'", "cookie spur"),
        (
            "return new Promise((there) => { indexedDB.open('spur').onsuccess = () => there() })",
            "indexed database spur",
        ),
    ],
)
def test_page_that_keeps_what_is_not_listed_is_caught(
    bad: str, finding: str, page_with: Callable[..., Page]
) -> None:
    page = page_with()
    page.evaluate(f"() => {{ {bad} }}")

    found = oracles.stored(page.context, page)

    assert oracles.unlisted_storage(found, {"screen"}) == [finding]


def test_what_is_listed_for_guests_may_be_kept_by_guests(page_with: Callable[..., Page]) -> None:
    page = page_with()
    page.evaluate("localStorage['eventhub.note.a.b'] = 1")

    assert oracles.unlisted_storage(oracles.stored(page.context, page), {"guest"}) == []


@pytest.mark.parametrize(
    ("text", "language", "finding"),
    [
        ("<p>Take down</p>", "de", "foreign: Take down"),
        ("<p>Choose the colour</p>", "de", "English: Choose the colour"),
        ('<p lang="en">Choose the colour</p>', "de", ""),
        ("<p>Haben Sie Fragen?</p>", "de", "de, but: Haben Sie Fragen?"),
        ("<p>Hast du Fragen?</p>", "de-formal", "de-formal, but: Hast du Fragen?"),
        ("<p>Hast du Fragen?</p>", "de", ""),
        ("<p>Leinwand</p>", "en", "foreign: Leinwand"),
    ],
)
def test_wrong_words_are_caught(text: str, language: str, finding: str) -> None:
    html = f'<html lang="{language[:2]}"><body>{text}</body></html>'

    assert oracles.wrong_text(html, language) == ([finding] if finding else [])


@pytest.mark.parametrize(
    "bad",
    [
        '<img alt="" src="http://other.example/pixel.png">',
        "<script>fetch('http://other.example/').catch(() => 0)</script>",
        '<link rel="stylesheet" href="http://127.0.0.1:10/other-port.css">',
        "<script>new WebSocket('ws://127.0.0.1:10/')</script>",
    ],
)
def test_request_to_another_host_is_caught(
    bad: str, house: House, page_with: Callable[..., Page]
) -> None:
    page = page_with(bad)

    assert any(line.startswith("foreign request") for line in house.noticed(page))


@pytest.mark.parametrize(
    ("bad", "policy", "finding"),
    [
        ("<script>console.error('kaputt')</script>", "", "console: kaputt"),
        ("<script>throw new Error('kaputt')</script>", "", "kaputt"),
        ('<script src="/fremd.js"></script>', "script-src 'none'", "policy: script-src-elem"),
    ],
)
def test_complaint_of_the_browser_is_caught(
    bad: str, policy: str, finding: str, house: House, page_with: Callable[..., Page]
) -> None:
    page = page_with(bad, policy=policy)
    page.wait_for_timeout(0)

    assert any(finding in line for line in house.noticed(page))


def test_a_route_that_is_not_listed_is_reported() -> None:
    added = path("<slug:slug>/export", lambda request, slug: HttpResponse())

    assert "<slug:slug>/export" in unlisted([*get_resolver().url_patterns, added])
