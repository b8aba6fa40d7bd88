"""The ways people run it, end to end: one process; several with Redis; Redis dead."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.mastodon_server import MastodonServer
from tests.processes import Collector, Installation, Served
from tests.ready_made import furnish, own_database, prepared
from tests.servers import RedisServer, free_port
from tests.stream_client import Options, StreamClient

pytestmark = pytest.mark.processes

SECONDS = 40.0  # the longest anything may take here before it counts as never


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL database of its own."""
    with own_database(os.environ["EVENTHUB_DATABASE_URL"]) as url:
        yield url


def set_up(installation: Installation, *options: str) -> dict[str, str]:
    known: dict[str, str] = furnish(installation, "tests.browser.venue", *options)
    return known


@asynccontextmanager
async def listening(port: int, slug: str):  # type: ignore[no-untyped-def]
    client = StreamClient(Options(port=port, slug=slug))
    task = asyncio.create_task(client.run())
    try:
        await until(lambda: client.is_connected)
        yield client
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not holds():
            await asyncio.sleep(0.02)


def shows(client: StreamClient, text: str) -> bool:
    return any(text in (item.html or "") for item in client.replica.topic("wall").values())


async def write(port: int, known: dict[str, str], text: str) -> None:
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, trust_env=False, follow_redirects=True) as http:
        await http.get(f"/{known['code']}")
        token = (await http.get(f"/{known['slug']}/me")).json()["csrf"]
        answer = await http.post(
            f"/{known['slug']}/notes",
            data={"text": text, "idempotency": "0123456789abcdef-" + str(abs(hash(text)))},
            headers={"Accept": "application/json", "X-CSRFToken": token, "Origin": base},
        )
    assert answer.status_code == 201, answer.text


@pytest.mark.sqlite
async def test_one_process_without_redis_reads_a_tag_and_takes_notes(tmp_path: Path) -> None:
    with ExitStack() as stack:
        mastodon = stack.enter_context(MastodonServer(tag="forumnord"))
        allow = urlsplit(mastodon.url).netloc
        installation = Installation(tmp_path, settings={"EVENTHUB_EGRESS_ALLOW": allow})
        known = set_up(installation, "--source", mastodon.url)
        served = stack.enter_context(Served(installation))
        async with listening(served.port, known["slug"]) as client:
            await write(served.port, known, "Notiz vom Telefon")
            mastodon.add("Gruß aus dem Fediversum")

            await until(lambda: shows(client, "Notiz vom Telefon"))
            await until(lambda: shows(client, "Gruß aus dem"))


@pytest.mark.postgresql
@pytest.mark.redis
async def test_two_web_processes_and_a_collector_with_redis(tmp_path: Path, database: str) -> None:
    with ExitStack() as stack:
        mastodon = stack.enter_context(MastodonServer(tag="forumnord"))
        redis = stack.enter_context(RedisServer(tmp_path))
        allow = urlsplit(mastodon.url).netloc
        installation = Installation(tmp_path, database, redis.url, {"EVENTHUB_EGRESS_ALLOW": allow})
        known = set_up(installation, "--source", mastodon.url)
        first = stack.enter_context(Served(installation, name="first", web_only=True))
        second = stack.enter_context(Served(installation, name="second", web_only=True))
        stack.enter_context(Collector(installation))
        async with listening(second.port, known["slug"]) as client:
            await write(first.port, known, "Von nebenan")
            await until(lambda: shows(client, "Von nebenan"))
            mastodon.add("Aus dem Fediversum")
            await until(lambda: shows(client, "Aus dem Fediversum"))

            redis.kill()
            await write(first.port, known, "Ohne Redis")
            await until(lambda: shows(client, "Ohne Redis"))


@pytest.mark.postgresql
async def test_redis_that_never_answers_delays_nobody(tmp_path: Path, database: str) -> None:
    dead = f"redis://127.0.0.1:{free_port()}/0"
    installation = Installation(tmp_path, database, dead)
    known = set_up(installation)
    with Served(installation) as served:
        async with listening(served.port, known["slug"]) as client:
            await write(served.port, known, "Redis war nie da")

            await until(lambda: shows(client, "Redis war nie da"))


@pytest.mark.sqlite
def test_taken_port_is_one_sentence_and_not_success(tmp_path: Path) -> None:
    import subprocess

    installation = prepared(tmp_path)
    with Served(installation) as served, pytest.raises(subprocess.CalledProcessError) as refused:
        installation.manage("serve", "--port", str(served.port))

    said = str(refused.value.output)
    assert "Traceback" not in said
    assert str(served.port) in said
    assert f"PORT={served.port + 1}" in said


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "options",
    [
        ("--hashtag", "two words", "--server", "mastodon.social"),
        ("--hashtag", "handfest", "--server", "not a server"),
        ("--hashtag", "handfest"),
        ("--demo", "--server", "https://mastodon.social/@somebody"),
    ],
)
def test_tag_or_server_that_cannot_be_one_is_refused_before_anything_is_made(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    import subprocess

    installation = Installation(tmp_path)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        installation.manage("serve", "--port", str(free_port()), *options)

    assert "Traceback" not in str(refused.value.output)
    assert not (tmp_path / "data" / "eventhub.sqlite3").exists()


@pytest.mark.sqlite
def test_second_start_prepares_nothing_and_signals_stop_cleanly(tmp_path: Path) -> None:
    served = Served(Installation(tmp_path))
    served.start()
    served.stop()
    first = served.said()
    served.start()
    served.stop()
    second = served.said()[len(first) :]

    assert served.process.returncode == 0
    assert " …" in first
    assert " …" not in second


@pytest.mark.postgresql
async def test_second_collector_takes_over_from_a_killed_one(tmp_path: Path, database: str) -> None:
    installation = Installation(tmp_path, database)
    set_up(installation)
    first, second = Collector(installation), Collector(installation)
    second.log = tmp_path / "second.log"
    with first:
        await until(lambda: "Reading the sources." in first.said())
        with second:
            await until(lambda: "waiting" in second.said())
            assert "Reading" not in second.said()

            first.kill9()

            await until(lambda: "Reading the sources." in second.said())
