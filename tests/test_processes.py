"""The handles on real processes: they start, die and end as told, on one address."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.processes import Collector, Installation, Served
from tests.ready_made import prepared
from tests.stream_client import Options, StreamClient

pytestmark = pytest.mark.processes


class Ends:
    """Remembers how the first connection of one client ended."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.reason = ""

    def note(self, kind: str, **detail: object) -> None:
        if kind == "message" and not self.reason:
            self.kinds.append(json.loads(str(detail["raw"]))["t"])
        elif kind == "lost":
            self.reason = self.reason or str(detail["reason"])


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return prepared(tmp_path / "hub")


@pytest.mark.sqlite
def test_served_comes_back_at_its_address_after_kill9(installation: Installation) -> None:
    with Served(installation) as served:
        url = served.url
        served.kill9()
        assert not served.is_ready()

        served.restart()

        assert served.is_ready()
        assert served.url == url


@pytest.mark.sqlite
async def test_served_says_good_bye_to_open_sockets_and_ends(installation: Installation) -> None:
    events = json.loads(await asyncio.to_thread(installation.module, "tests.faults.setup_events"))
    served = Served(installation)
    await asyncio.to_thread(served.start)
    ends = [Ends() for _ in range(3)]
    clients = [StreamClient(Options(served.port, events["A"]["slug"]), end) for end in ends]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    async with asyncio.timeout(20):
        while not all(client.is_connected for client in clients):
            await asyncio.sleep(0.02)

    await asyncio.to_thread(served.stop)

    async with asyncio.timeout(20):
        while not all(end.reason for end in ends):
            await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [end.kinds[-1] for end in ends] == ["bye"] * 3
    # 1006 is no close frame at all: the process has just gone.
    assert "closed 1006" not in {end.reason for end in ends}
    assert served.process.returncode == 0
    assert "ERROR" not in served.said()


def test_collector_starts_and_ends_by_itself(installation: Installation) -> None:
    collector = Collector(installation)
    with collector:
        assert collector.process.poll() is None

    assert collector.process.returncode == 0
