"""A Chromium that does not answer any more is ended, and the next test gets another one."""

from pathlib import Path

import pytest

from tests import chromium

pytestmark = pytest.mark.browser
TESTS = Path(__file__).resolve().parents[1]


def test_window_that_never_closes_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with chromium.kept_chromium() as keeper:
        first = keeper.running()
        assert keeper.running() is first
        page = first.new_page()
        monkeypatch.setattr(chromium, "CLOSE_WITHIN_S", 0.1)
        # Stands for a close that is never answered: it ends with the browser alone.
        monkeypatch.setattr(
            type(page.context), "close", lambda _: page.wait_for_event("close", timeout=0)
        )

        keeper.close_windows()
        monkeypatch.undo()

        another = keeper.running()
        assert another is not first
        assert another.new_page().evaluate("1 + 1") == 2


def test_nobody_waits_in_a_way_that_our_policy_refuses_now_and_then() -> None:
    """Playwright evaluates text there, which fails once the first look was in vain."""
    refused = "wait_for_" + "function"

    found = [path.name for path in TESTS.rglob("*.py") if refused in path.read_text()]

    assert found == []
