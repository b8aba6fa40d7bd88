"""Every slide once as most halls see it and once at its worst, measured; and the measures, too.

All sizes and themes: `python -m tests.sheets`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests import sheets
from tests.aide import Copied
from tests.chromium import chromium
from tests.processes import Installation
from tests.ready_made import furnish
from tests.sheets import SHOTS, Shot, Stage

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]


@dataclass
class House:
    plain: Stage
    hostile: Stage


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    installation = Installation(tmp_path_factory.mktemp("sheets"))
    known = furnish(installation, "tests.browser.sheets_venue")
    with Copied(installation) as served, chromium() as browser:
        yield House(*(_stage(browser, served.url, known, look) for look in sheets.LOOKS))


def _stage(browser: Browser, url: str, known: dict[str, dict[str, object]], look: str) -> Stage:
    stage = sheets.stage(browser, url, known[look], dark=look == "hostile")
    stage.resize((1920, 1080) if look == "plain" else (1024, 768))
    return stage


@pytest.mark.parametrize(
    "look",
    [pytest.param(look, marks=[pytest.mark.sweep] * (look == "plain")) for look in sheets.LOOKS],
)
def test_last_row_can_read_every_slide(house: House, look: str) -> None:
    stage = getattr(house, look)

    wrong = {shot.name: sheets.shoot(stage, shot)[1] for shot in SHOTS}

    assert {name: faults for name, faults in wrong.items() if faults} == {}
    assert stage.page.evaluate("window.hurt") is None  # what people wrote was only ever text


SPOILED = {
    "small": ("talk", ".talk__title", "font-size: 3.9vh", "% of the height"),
    "tiny": ("hint", ".join__host", "font-size: 3vh", "% of the height"),
    "low": ("countdown", ".countdown__number", "position: fixed; top: 70vh", "in the bottom sixth"),
    "outside": ("countdown", ".countdown__number", "position: fixed; left: 1vw", "at the edge"),
    "pale": ("talk", ".talk__title", "color: rgb(140, 140, 140)", "contrast"),
    "over": ("talk", ".talk__title", "margin-bottom: -12vh", "overlap"),
    "cut": ("notice", ".notice__words", "font-size: 40vh", "overflows"),
    "unread": ("hint", ".join__qr", "opacity: 0.04", "code of address not read"),
    "edge": (
        "notice",
        ".notice__box",
        "position: fixed; inset: 0 auto auto 0; background: red",
        "something at the",
    ),
}


@pytest.mark.parametrize("name", sorted(SPOILED))
def test_measures_see_what_is_spoiled(house: House, name: str) -> None:
    slide, selector, style, fault = SPOILED[name]
    stage, shot = house.plain, next(shot for shot in SHOTS if shot.name == slide)
    assert stage.show(shot) == ""
    before = stage.page.evaluate(
        """([selector, style]) => {
          const one = document.querySelector(`[data-shown] ${selector}`)
          for (const each of style.split("; ")) one.style.setProperty(...each.split(": "))
          return one.className
        }""",
        [selector, style],
    )
    assert before

    picture = stage.picture()
    found = [*stage.faults(shot), *stage.misread(shot, picture), *sheets.uneven_edge(picture)]

    stage.page.evaluate(
        "selector => document.querySelector(`[data-shown] ${selector}`).removeAttribute('style')",
        selector,
    )
    assert any(fault in line for line in found), found


def test_edge_of_a_picture_is_looked_at_pixel_by_pixel() -> None:
    picture = Image.new("RGB", (200, 100), "white")
    assert sheets.uneven_edge(picture) == []

    picture.putpixel((1, 50), (250, 255, 255))

    assert sheets.uneven_edge(picture) == ["something at the left edge"]


def test_every_slide_of_a_screen_has_a_sheet(house: House) -> None:
    names = house.plain.page.evaluate(
        "[...document.querySelectorAll('screen-scene > [data-slide]')].map(o => o.dataset.slide)"
    )

    assert set(names) == {shot.slide for shot in SHOTS}
    assert Shot("talk", "talk", "talk") in SHOTS
