"""A heavy module is loaded once, beside the loop, and keeps no place in the gate meanwhile."""

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from eventhub.later import Later

loads: list[str] = []
go_on = threading.Event()


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that is loaded until somebody lets it go on."""
    (tmp_path / "heavy_one.py").write_text(
        "import threading\nfrom tests.kept import test_later\n"
        "test_later.loads.append(threading.current_thread().name)\n"
        "test_later.go_on.wait(30)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    loads.clear()
    go_on.clear()
    monkeypatch.delitem(sys.modules, "heavy_one", raising=False)
    return "heavy_one"


async def test_many_wait_for_one_loading_and_the_loop_goes_on(heavy: str) -> None:
    later = Later(heavy)
    waiting = [asyncio.ensure_future(later.ready()) for _ in range(20)]
    while not loads:
        await asyncio.sleep(0.01)

    assert not any(each.done() for each in waiting)
    go_on.set()
    await asyncio.gather(*waiting)

    assert len(loads) == 1
    assert loads[0].startswith("later")
    assert heavy in sys.modules


async def test_who_gives_up_waiting_stops_no_other(heavy: str) -> None:
    later = Later(heavy)
    impatient, patient = (asyncio.ensure_future(later.ready()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    go_on.set()

    await patient

    assert impatient.cancelled()


async def test_module_that_cannot_be_loaded_is_named_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await Later("eventhub.not_there").ready()

    assert [record.message for record in caplog.records] == ["cannot be loaded"]
