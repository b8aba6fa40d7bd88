"""What attackers elsewhere write is only ever text: on phone, desk, screen and in the admin."""

from collections.abc import Iterator

import pytest

from tests.aide import Copied
from tests.browser.hostile_hall import FOUND, Hall
from tests.chromium import Keeper
from tests.processes import Installation
from tests.ready_made import furnish

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, keeper: Keeper) -> Iterator[Hall]:
    installation = Installation(tmp_path_factory.mktemp("hostile"))
    known = furnish(installation, "tests.browser.hostile_posts")
    with Copied(installation) as served:
        yield Hall(served.url, known, keeper)


@pytest.mark.parametrize("kind", ["desk", "phone", "screen"])
def test_chosen_text_is_only_text(hall: Hall, kind: str) -> None:
    assert sum(wall["posts"] for wall in hall.known["walls"]) >= 500

    assert (hall.found_on(kind), hall.reports, hall.foreign()) == ([], [], [])


def test_chosen_text_is_only_text_in_the_admin(hall: Hall) -> None:
    assert (hall.found_in_admin(), hall.reports, hall.foreign()) == ([], [], [])


def test_browser_that_were_attacked_would_be_noticed(hall: Hall) -> None:
    """Negative control: markup, a script that ran, a card that bursts, a foreign request."""
    page = hall.page("phone", {})
    page.goto(f"{hall.url}/{hall.known['walls'][0]['slug']}/wall/")
    page.evaluate(
        """() => {
          window.hurt = 1
          const card = document.querySelector(".post")
          card.append(document.createElement("iframe"))
          const wide = document.createElement("b")
          wide.textContent = "wide"
          card.append(wide)
          wide.style.cssText = "display: block; width: 2000px"
        }"""
    )

    wrong = page.evaluate(FOUND, ".post")
    page.context.close()

    assert wrong[0] == "a script ran"
    assert any("iframe" in one for one in wrong)
    assert any("leaves" in one for one in wrong)
