"""The handles on real processes: they start, die and end as told, on one address."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.processes import Collector, Installation, Served, prepared
from tests.stream_client import Options, StreamClient

pytestmark = pytest.mark.processes


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return prepared(tmp_path / "hub")


def test_served_comes_back_at_its_address_after_kill9(installation: Installation) -> None:
    with Served(installation) as served:
        url = served.url
        served.kill9()
        assert not served.is_ready()

        served.restart()

        assert served.is_ready()
        assert served.url == url


async def test_served_ends_by_itself_with_sockets_open(installation: Installation) -> None:
    events = json.loads(await asyncio.to_thread(installation.module, "tests.faults.setup_events"))
    served = Served(installation)
    await asyncio.to_thread(served.start)
    clients = [StreamClient(Options(served.port, events["A"]["slug"])) for _ in range(3)]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    async with asyncio.timeout(20):
        while not all(client.is_connected for client in clients):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    await asyncio.to_thread(served.stop)

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert served.process.returncode == 0
    assert "ERROR" not in served.said()


def test_collector_starts_and_ends_by_itself(installation: Installation) -> None:
    collector = Collector(installation)
    with collector:
        assert collector.process.poll() is None

    assert collector.process.returncode == 0
