"""Every page in a real browser, in every language and both themes: nobody is shut out or followed.

What is judged where, so that each page shows all it may get wrong and a new one costs little:

- ours, German, light: axe, words, storage, keyboard, skip link, four widths, axe again at 200 %;
- ours, English, dark: axe, words, storage;
- ours, for an event that says Sie: words, and the widths of 200 %;
- of the admin, German: axe, words, storage, three widths; colours in the other theme as well, but
  for lists, which Django draws from one template: one in both themes, the others in the dark.

A page that asks others, complains or breaks its policy fails anywhere. A route that stands in no
list of tests/browser/pages.py fails. One server, one browser and one window for each language.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page

from tests.browser import oracles
from tests.browser.house import House
from tests.browser.pages import Visit, unlisted, visits
from tests.chromium import chromium
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.test_permissions import ADMIN_MODELS

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

PHONE = (390, 320)
ZOOMED = (683, 195)  # a laptop of 1366 px and a phone of 390 px, at 200 %
ADMIN = (390, 320, 683)
CARRIED = {"guest": {"guest"}, "screen": {"screen"}, "stranger": set()}  # by whom; else "staff"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    installation = Installation(tmp_path_factory.mktemp("house"))
    known = furnish(installation, "tests.browser.furnish")
    with Served(installation) as served, chromium() as browser:
        yield House(served.url, browser, known)


def spoken(route: str, visit: Visit, locale: str, house: House) -> str:
    """What a page says: English, or the event's German; a screen always, the admin Sie."""
    if locale.startswith("en") and visit.role != "screen":
        return "en"
    return "de-formal" if route.startswith("admin/") else house.known[visit.hall]["language"]


def who(route: str, visit: Visit) -> set[str]:
    """Whose rows of docs/storage.md hold for this browser."""
    of_admin = {"admin"} if route.startswith("admin/") else set()
    return CARRIED.get(visit.role, {"staff"}) | of_admin


def label(route: str, visit: Visit) -> str:
    return f"{visit.role} {visit.hall} /{route}{visit.more}"


OURS = [(route, visit) for route, visit in visits() if not route.startswith("admin/")]
POLITE = [
    (route, replace(visit, hall="sie"))
    for route, visit in OURS
    if visit.hall == "du" and "slug" in route
]
LISTS = {f"admin/{model}/" for model in ADMIN_MODELS} - {"admin/agenda/event/"}
ADMINS = [(route, visit) for route, visit in visits() if route.startswith("admin/")]


def judged(house: House, page: Page, route: str, visit: Visit, locale: str) -> dict[str, list[str]]:
    """What holds for every page in every language, in the theme that it has."""
    found = {"axe": oracles.axe(page, ours=not route.startswith("admin/"))}
    if visit.role != "superuser":  # Django has not translated all that it says of accounts
        found["words"] = oracles.wrong_words(page, spoken(route, visit, locale, house))
    found["storage"] = oracles.unlisted_storage(
        oracles.stored(page.context, page), who(route, visit)
    )
    found["noticed"] = house.noticed(page)
    return found


def wrong(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {judge: lines for judge, lines in found.items() if lines}


@pytest.mark.parametrize(("route", "visit"), OURS, ids=[label(*each) for each in OURS])
def test_page_of_ours_is_for_everybody(house: House, route: str, visit: Visit) -> None:
    with house.open(visit, route, "de-DE") as page:
        found = judged(house, page, route, visit, "de-DE")
        found["keyboard"] = oracles.keyboard(page)
        if page.locator(".skip").count():
            found["skip"] = oracles.skip_link(page)
        if not page.locator("body.screen").count():
            found["size"] = oracles.overflow(page, (*PHONE, *ZOOMED))
            found["zoomed"] = oracles.axe(page)
        found["noticed"] += house.noticed(page)

    assert wrong(found) == {}


@pytest.mark.parametrize(("route", "visit"), OURS, ids=[label(*each) for each in OURS])
def test_page_of_ours_is_for_everybody_in_english(house: House, route: str, visit: Visit) -> None:
    with house.open(visit, route, "en-GB") as page:
        oracles.darken(page)
        found = judged(house, page, route, visit, "en-GB")

    assert wrong(found) == {}


@pytest.mark.parametrize(("route", "visit"), POLITE, ids=[label(*each) for each in POLITE])
def test_page_of_ours_says_sie_where_the_event_does(house: House, route: str, visit: Visit) -> None:
    with house.open(visit, route, "de-DE") as page:
        words = oracles.wrong_words(page, "de-formal")
        size = oracles.overflow(page, ZOOMED)
        noticed = house.noticed(page)

    assert (words, size, noticed) == ([], [], [])


@pytest.mark.parametrize(("route", "visit"), ADMINS, ids=[label(*each) for each in ADMINS])
def test_page_of_the_admin_is_for_everybody(house: House, route: str, visit: Visit) -> None:
    with house.open(visit, route, "de-DE") as page:
        if route in LISTS:
            oracles.darken(page)
        found = judged(house, page, route, visit, "de-DE")
        if route not in LISTS:
            oracles.darken(page)
            found["dark"] = oracles.axe(page, colours_only=True, ours=False)
        found["size"] = oracles.overflow(page, ADMIN)

    assert wrong(found) == {}


def test_every_route_is_listed() -> None:
    assert unlisted(get_resolver().url_patterns) == set()
