"""The servers for tests come up, hand over their addresses, and are gone afterwards."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.services import RedisServer, ServiceError, postgres, redis

pytestmark = pytest.mark.processes

SERVICES = [sys.executable, "-m", "tests.services"]
ROOT = Path(__file__).parent.parent


def is_alive(url: str) -> bool:
    """Whether somebody listens at `url` on loopback."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def show(name: str) -> list[str]:
    return [sys.executable, "-c", f"import os; print(os.environ.get({name!r}, ''), flush=True)"]


def test_command_gets_the_addresses_and_its_exit_code_is_returned() -> None:
    script = (
        "import os, sys; print(*(os.environ.get('EVENTHUB_' + name, '') for name in "
        "('TEST_BACKEND', 'DATABASE_URL', 'REDIS_URL'))); sys.exit(7)"
    )

    result = subprocess.run(
        [*SERVICES, "postgresql", "redis", "--", sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    backend, database, queue = result.stdout.split()
    assert (result.returncode, backend) == (7, "postgresql")
    assert database.startswith("postgresql://eventhub@127.0.0.1:")
    assert (is_alive(database), is_alive(queue)) == (False, False)


@pytest.mark.parametrize("name", ["EVENTHUB_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"])
def test_settings_of_the_caller_do_not_reach_the_tests(name: str) -> None:
    environ = os.environ | {name: "postgresql://production/"}

    result = subprocess.run(
        [*SERVICES, "sqlite", "--", *show(name)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == "\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_command_and_the_servers(number: signal.Signals) -> None:
    waiting = f"{show('EVENTHUB_REDIS_URL')[2]}; import time; time.sleep(600)"
    with subprocess.Popen(
        [*SERVICES, "redis", "--", sys.executable, "-c", waiting],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # no terminal: the signal reaches the first process alone
        text=True,
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        alive_before = is_alive(url)

        process.send_signal(number)

        process.communicate()
    assert alive_before
    assert process.returncode in (1, 128 + number)
    assert not is_alive(url)


def test_killed_redis_comes_back_at_the_same_address(tmp_path: Path) -> None:
    with redis(tmp_path) as server:
        url, first = server.url, server.process.pid

        server.kill()
        dead = not is_alive(url)
        server.restart()

        assert dead
        assert server.url == url
        assert server.process.pid != first
        assert is_alive(url)


def test_postgresql_comes_up_empty_and_goes_away(tmp_path: Path) -> None:
    with postgres(tmp_path) as url, psycopg.connect(url) as connection:
        tables = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'public'"
        ).fetchone()

    assert tables == (0,)
    assert not is_alive(url)


def test_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    with redis(tmp_path) as server, pytest.raises(ServiceError, match="did not start"):
        RedisServer(tmp_path, server.port).start()
