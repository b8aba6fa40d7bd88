"""Every page in a real browser: nobody is shut out or followed, in any language and either theme.

Each page of ours is drawn once, in a language and theme that go round with the list: axe, words,
storage, keyboard, skip link, four widths; and of a sixth of them what axe says of colours and sizes
at 200 % in the other theme. Its words in the languages that it is not drawn in are read as the
server sends them. Where several roles open one page, or the same page of another event, it is drawn
for the one who can do most there, and read for the others. `make sweep` draws each page for
everybody, in every language and both themes, and asks axe for all at 200 %. Of the admin, German:
axe, words, storage, three widths; one theme, and in the sweep the colours of the other. Of the
lists and rows that Django draws from one template a sixth is drawn, the others are read; all of
them in the sweep.

A page that asks others, complains or breaks its policy fails anywhere. A route that stands in no
list of tests/browser/pages.py fails. One server, one browser and one window for each language.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page

from tests.aide import Copied
from tests.browser import oracles
from tests.browser.furnish import ROLES
from tests.browser.house import House
from tests.browser.pages import Visit, unlisted, visits
from tests.chromium import chromium
from tests.processes import Installation
from tests.ready_made import furnish
from tests.test_permissions import ADMIN_MODELS

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

Theme = Literal["light", "dark"]
SWEEP = bool(os.environ.get("EVENTHUB_TEST_SWEEP"))
LANGUAGES = ("de", "en", "de-formal")
THEMES: tuple[Theme, Theme] = ("light", "dark")
PHONE = (390, 320)
ZOOMED = (683, 195)  # a laptop of 1366 px and a phone of 390 px, at 200 %
ADMIN = (390, 320, 683)
CARRIED = {"guest": {"guest"}, "screen": {"screen"}, "stranger": set()}  # by whom; else "staff"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    installation = Installation(tmp_path_factory.mktemp("house"))
    known = furnish(installation, "tests.browser.furnish")
    with Copied(installation) as served, chromium() as browser:
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page as one browser shows it, and the languages in which it is read only."""

    route: str
    visit: Visit
    language: str
    theme: Theme
    read: tuple[str, ...] = ()
    only_read: bool = False
    zoomed: bool = True

    def __str__(self) -> str:
        return f"{label(self.route, self.visit)} {self.language} {self.theme}"


def says_sie(route: str, visit: Visit) -> bool:
    """Whether the page is of an event that has a double which says Sie."""
    return visit.hall == "du" and "slug" in route


def spelled(visit: Visit, language: str) -> tuple[Visit, str]:
    """Whom to send, with a browser of which language, so that the page speaks `language`."""
    hall = "sie" if language == "de-formal" else visit.hall
    return replace(visit, hall=hall), "en-GB" if language == "en" else "de-DE"


def selection(sweep: bool) -> list[Drawn]:
    """Every page of ours in all looks, or in one each: languages and themes go round."""
    found = []
    for number, (route, visit) in enumerate(OURS):
        spoken = LANGUAGES if says_sie(route, visit) else LANGUAGES[:2]
        looks = list(product(spoken, THEMES))
        if sweep:
            found += [Drawn(route, visit, *look) for look in looks]
        elif (route, visit) in FULLEST:
            language, theme = looks[number % len(looks)]
            read = tuple(other for other in spoken if other != language)
            found.append(Drawn(route, visit, language, theme, read, zoomed=number % 6 == 0))
        else:
            found.append(Drawn(route, visit, *looks[0], read=spoken, only_read=True))
    return found


def fullest(every: list[tuple[str, Visit]]) -> set[tuple[str, Visit]]:
    """Of each page the visit of who can do most there; a screen's page is another one."""
    found: dict[object, tuple[str, Visit]] = {}
    for route, visit in every:
        page = (route, visit.more, visit.status, visit.role == "screen")
        if page not in found or rank(visit) > rank(found[page][1]):
            found[page] = (route, visit)
    return set(found.values())


def rank(visit: Visit) -> tuple[bool, int]:
    return visit.hall == "du", ROLES.index(visit.role)


OURS = [(route, visit) for route, visit in visits() if not route.startswith("admin/")]
FULLEST = fullest(OURS)
# Django draws all lists from one template, and all rows from another.
LISTS = {f"admin/{model}/" for model in ADMIN_MODELS} - {"admin/agenda/event/"}
FORMS = {f"admin/{model}/<path:object_id>/change/" for model in ADMIN_MODELS}
FORMS -= {"admin/agenda/event/<path:object_id>/change/"}
ALIKE = [*sorted(LISTS), *sorted(FORMS)]
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


@pytest.mark.parametrize("drawn", selection(SWEEP), ids=str)
def test_page_of_ours_is_for_everybody(house: House, drawn: Drawn) -> None:
    found = {} if drawn.only_read else looked_at(house, drawn)
    for language in drawn.read:
        reader, locale = spelled(drawn.visit, language)
        words = oracles.wrong_text(
            house.read(reader, drawn.route, locale), spoken(drawn.route, reader, locale, house)
        )
        found[f"words in {language}"] = words

    assert wrong(found) == {}


def looked_at(house: House, drawn: Drawn) -> dict[str, list[str]]:
    route, (visit, locale) = drawn.route, spelled(drawn.visit, drawn.language)
    with house.open(visit, route, locale) as page:
        oracles.lit(page, drawn.theme)
        found = judged(house, page, route, visit, locale)
        found["keyboard"] = oracles.keyboard(page)
        if page.locator(".skip").count():
            found["skip"] = oracles.skip_link(page)
        if not page.locator("body.screen").count():
            found["size"] = oracles.overflow(page, (*PHONE, *ZOOMED))
        if drawn.zoomed:
            oracles.lit(page, THEMES[drawn.theme == THEMES[0]])
            found["zoomed"] = oracles.axe(page, look=not SWEEP)
            found["noticed"] += house.noticed(page)
    return found


@pytest.mark.parametrize(("route", "visit"), ADMINS, ids=[label(*each) for each in ADMINS])
def test_page_of_the_admin_is_for_everybody(house: House, route: str, visit: Visit) -> None:
    if not SWEEP and route in ALIKE and ALIKE.index(route) % 6:
        text = oracles.without_data(house.read(visit, route, "de-DE"))
        assert visit.role == "superuser" or oracles.wrong_text(text, "de-formal") == []
        return
    first, other = THEMES[:: 1 if ADMINS.index((route, visit)) % 2 else -1]
    with house.open(visit, route, "de-DE") as page:
        oracles.lit(page, first)
        found = judged(house, page, route, visit, "de-DE")
        if SWEEP or route not in LISTS | FORMS:
            oracles.lit(page, other)
            found["other theme"] = oracles.axe(page, colours_only=True, ours=False)
        found["size"] = oracles.overflow(page, ADMIN)

    assert wrong(found) == {}


@pytest.mark.parametrize("sweep", [False, True])
def test_selection_has_every_page_and_every_look(sweep: bool) -> None:
    drawn = selection(sweep)

    assert {(each.route, each.visit) for each in drawn} == set(OURS)
    seen = [each for each in drawn if not each.only_read]
    assert {each.route for each in seen} == {route for route, _ in OURS}
    assert {(each.language, each.theme) for each in seen} == set(product(LANGUAGES, THEMES))
    for each in drawn if not sweep else ():
        spoken = LANGUAGES if says_sie(each.route, each.visit) else LANGUAGES[:2]
        assert {each.language, *each.read} == set(spoken)
        assert each.zoomed or not sweep


def test_every_route_is_listed() -> None:
    assert unlisted(get_resolver().url_patterns) == set()
