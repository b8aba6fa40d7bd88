"""What is wrong with an open page, one line per finding: the judges of the tests of all pages."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import BrowserContext, Page

from tests import messages
from tests.test_languages import foreign, read_page
from tests.test_messages import DU, NAMES_OF_TONES, SIE

HERE = Path(__file__).resolve().parent
SCRIPT = (HERE / "oracles.js").read_text(encoding="utf-8")
TABLE = HERE.parent.parent / "docs" / "storage.md"
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
# Beyond what axe looks for by itself: our own promises of 7:1 and of targets for thumbs.
OF_OURS = {name: {"enabled": True} for name in ("color-contrast-enhanced", "target-size")}
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = ["target-size", "scrollable-region-focusable"]
# Django gives these question marks a name that such an element must not have.
STOCK = [[".selector .help-tooltip"]]
# Everyday words that no German text of ours has: what nobody has marked for translation.
ENGLISH = re.compile(
    r"\b(the|and|you|your|with|not|this|that|is|are|of|to|for|please|from|by|at|or|it|"
    r"here|open|close|delete|add|choose|show|until)\b"
)
WORDS_OF_COOKIES = {"minutes": 60, "hours": 3600, "days": 24 * 3600}


# --- axe


def axe(
    page: Page, *, ours: bool = True, look: bool = False, colours_only: bool = False
) -> list[str]:
    """The violations that axe finds; `ours` asks for more than the rules of everybody.

    `look` asks anew what another size and theme may change of a page, `colours_only` a theme.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Without "preload" it reads no style sheet by itself: that would break our own policy.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if look or colours_only:
        options["runOnly"] = [*COLOURS, *(SIZES if look else ())]
        options["runOnly"] += ["color-contrast-enhanced"] if ours else []
    elif ours:
        options["rules"] = OF_OURS
    run = "([exclude, options]) => axe.run({ exclude }, options).then(all => all.violations)"
    found = page.evaluate(run, [STOCK, options])
    return [
        f"{violation['id']}: {node['html'][:160]} {_why(node)}"
        for violation in found
        for node in violation["nodes"][:3]
    ]


def lit(page: Page, theme: Literal["light", "dark"]) -> None:
    """The page in this theme, every transition over."""
    page.emulate_media(color_scheme=theme)
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished)).then(() => true)")


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])[:200]


# --- size


def overflow(page: Page, widths: tuple[int, ...]) -> list[str]:
    """Where the page is wider than the window; leaves the window at the last width."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        found += page.evaluate("oracles.overflow()")
    return found


# --- keyboard


def keyboard(page: Page) -> list[str]:
    """Tab from the top through everything: reached, visible, never caught."""
    stops = page.evaluate("oracles.begin()")
    found: dict[str, None] = {}
    for _ in range(stops + 3):
        page.keyboard.press("Tab")
        for line in page.evaluate("oracles.focused()"):
            found[line] = None
    return [*found, *(f"not reached: {name}" for name in page.evaluate("oracles.unreached()"))]


def skip_link(page: Page) -> list[str]:
    """The first stop leads past the head: the next one lies within the content, or behind it."""
    page.evaluate("oracles.begin()")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('href') ?? ''")
    if not first.startswith("#"):
        return ["the first stop is no link into the page"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    passed = page.evaluate(
        """id => {
          const [goal, element] = [document.getElementById(id), document.activeElement]
          const behind = Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY
          if (!goal) return false
          return element === document.body || (goal.compareDocumentPosition(element) & behind) > 0
        }""",
        first[1:],
    )
    return [] if passed else ["the skip link does not skip"]


# --- storage


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of the table in docs/storage.md."""

    name: str
    kind: str
    who: str
    how_long: str
    scripts_read_it: bool

    def fits(self, name: str) -> bool:
        pattern = re.sub(r"[A-Z]{1,}(?![a-z])", r"[\\w-]+", re.escape(self.name))
        return re.fullmatch(pattern, name) is not None


@cache
def listed() -> tuple[Kept, ...]:
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    found = []
    for name, rest in rows:
        kind, who, _what_for, how_long, scripts = rest.split(" | ")
        found.append(Kept(name, kind, who, how_long, scripts == "yes"))
    return tuple(found)


def stored(context: BrowserContext, page: Page) -> list[tuple[str, str]]:
    """(kind, name) of all that this browser keeps."""
    cookies = [("cookie", each.get("name", "")) for each in context.cookies()]
    if not page.evaluate("'oracles' in window"):
        page.evaluate(SCRIPT)
    kept = page.evaluate("oracles.stored()")
    return cookies + [(kind, name) for kind, names in kept.items() for name in names]


def unlisted_storage(found: list[tuple[str, str]], who: set[str]) -> list[str]:
    """What is kept although the table does not say so of such a person."""
    rows = [row for row in listed() if row.who == "everybody" or row.who in who]
    return [
        f"{kind} {name}"
        for kind, name in found
        if not any(row.kind == kind and row.fits(name) for row in rows)
    ]


# --- words


def wrong_words(page: Page, language: str) -> list[str]:
    """Words of another language, and du where Sie is said, or the other way round."""
    html = page.content()
    return wrong_text(without_data(html) if "/admin/" in page.url else html, language)


def without_data(html: str) -> str:
    """A page of the admin, whose scripts show nothing of these."""
    return re.sub(r' data-[\w-]+="[^"]*"', "", html)


def wrong_text(html: str, language: str) -> list[str]:
    """As `wrong_words`, of a page's markup."""
    pieces = [piece for piece in read_page(html).pieces if piece not in names_of_tones()]
    found = [f"foreign: {text}" for text in sorted(foreign(html, language) - names_of_tones())]
    if language != "en":
        found += [f"English: {piece}" for piece in pieces if ENGLISH.search(piece)]
    other = {"de": SIE, "de-formal": DU}.get(language)
    if other:
        found += [f"{language}, but: {piece}" for piece in pieces if re.search(other, piece)]
    return found


@cache
def names_of_tones() -> frozenset[str]:
    """ "Deutsch, du" and "Deutsch, Sie": they address nobody."""
    german = messages.read("de")
    return frozenset(str(german[messages.Msgid(text)]) for text in NAMES_OF_TONES)
