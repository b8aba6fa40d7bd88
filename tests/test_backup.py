"""A backup while everybody writes, its restoration, and what the browsers make of that."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agenda.models import Event
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests.conftest import BACKEND
from tests.processes import Installation, Served
from tests.ready_made import own_database, prepared
from tests.servers import postgres_binaries
from tests.stream_client import Options, StreamClient
from wall import ingest
from wall.models import Post

pytestmark = pytest.mark.processes

WAIT_S = 60.0  # longest wait for what must happen; nothing is judged by how soon it does


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """pg_dump and pg_restore of the server's own version, as an operator has them."""
    if BACKEND == "sqlite":
        yield
        return
    with postgres_binaries(None) as directory:
        monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")
        yield


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The URL of a database of its own: "" for the file in the data directory."""
    if BACKEND == "sqlite":
        yield ""
        return
    with own_database(os.environ["EVENTHUB_DATABASE_URL"], empty=True) as url:
        yield url


def restore(installation: Installation, file: Path) -> None:
    """As the operator does: by the command, or on PostgreSQL by what the command says to type."""
    if BACKEND == "sqlite":
        installation.manage("restore", str(file))
        return
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        installation.manage("restore", str(file))
    words = shlex.split(refusal.value.output.splitlines()[-1])
    subprocess.run(words, check=True, capture_output=True)


def export(installation: Installation, directory: Path, slug: str) -> dict[str, Any]:
    file = directory / "export.json"
    installation.module("tests.faults.export", str(file), f"A={slug}")
    found: dict[str, Any] = json.loads(file.read_text())["events"]["A"]
    return found


def make_event() -> Event:
    now = datetime.now(UTC)
    return Event.objects.create(
        name="Backup",
        slug="backup",
        code="BACKUP",
        starts_at=now,
        ends_at=now + timedelta(days=1),
        purge_on=now.date() + timedelta(days=31),
    )


def make_large(event: Event) -> None:
    """Several megabytes, so that copying them takes longer than the gap between two writes."""
    now = datetime.now(UTC)
    with changing(event) as log:
        for number in range(500):
            body = secrets.token_urlsafe(9000)
            log.add(Post(event=event, origin=f"large:{number}", text=body, written_at=now))


class Writers:
    """Two threads that write notes through the one door until they are stopped."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._stop = threading.Event()
        self._written = 0
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._write) for _ in range(2)]
        for thread in self._threads:
            thread.start()

    def _write(self) -> None:
        try:
            while not self._stop.is_set():
                ingest.take_note(
                    self._event, attendee_key=new_key(), written="Moin!", idempotency=new_key()
                )
                with self._changed:
                    self._written += 1
                    self._changed.notify_all()
        finally:
            connection.close()

    def wait_for_more(self, count: int) -> None:
        with self._changed:
            goal = self._written + count
            assert self._changed.wait_for(lambda: self._written >= goal, WAIT_S)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.django_db(transaction=True)
def test_backup_of_a_busy_database_is_one_moment_of_it(
    tmp_path: Path, empty_database: str, programs: None
) -> None:
    event = make_event()
    make_large(event)
    writers = Writers(event)
    file, other = tmp_path / "evening.backup", tmp_path / "other"
    other.mkdir()
    restored = Installation(other, empty_database)

    try:
        writers.wait_for_more(20)
        call_command("backup", str(file), stdout=StringIO())
        writers.wait_for_more(20)
    finally:
        writers.stop()
    restore(restored, file)

    found = export(restored, tmp_path, event.slug)
    assert [row[0] for row in found["log"]] == list(range(1, found["head"] + 1))
    assert restored.manage("check_log")
    everything = list(Post.objects.order_by("version").values_list("key", flat=True))
    kept = [post["key"] for post in sorted(found["posts"], key=lambda post: post["version"])]
    assert len(kept) >= 520
    assert kept == everything[: len(kept)] != everything
    assert file.stat().st_mode & 0o777 == 0o600


def write_note(installation: dict[str, Any], port: int, text: str) -> None:
    """One guest comes in and writes."""
    base = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=base, trust_env=False, timeout=WAIT_S) as http:
        http.get(f"/{installation['code']}")
        token = http.get(f"/{installation['slug']}/me").json()["csrf"]
        answer = http.post(
            f"/{installation['slug']}/notes",
            data={"text": text, "idempotency": secrets.token_urlsafe(16)},
            headers={"X-CSRFToken": token, "Origin": base, "Accept": "application/json"},
        )
    assert answer.status_code == httpx.codes.CREATED


def on_the_wall(client: StreamClient) -> set[str]:
    known = client.replica.groups["shared"].known.values()
    return {text for text in ("vorher", "nachher") if any(text in (k.html or "") for k in known)}


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not done():
            await asyncio.sleep(0.05)


class Tape:
    """Remembers the kinds of messages a client received, by socket or by polling."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def note(self, kind: str, **detail: object) -> None:
        if kind == "message" or (kind == "body" and detail["status"] == httpx.codes.OK):
            self.kinds.append(json.loads(str(detail["raw"]))["t"])


@pytest.mark.sqlite  # what they compare is the log, alike on both
async def test_browsers_that_saw_more_than_the_backup_start_again(
    tmp_path: Path, empty_database: str, programs: None
) -> None:
    hub = prepared(tmp_path / "hub", database_url=empty_database)
    event = json.loads(hub.module("tests.faults.setup_events", "--moderators=0"))["A"]
    file, tape = tmp_path / "noon.backup", Tape()
    with Served(hub) as served:
        client = StreamClient(Options(served.port, event["slug"]), tape)
        running = asyncio.create_task(client.run())
        await asyncio.to_thread(write_note, event, served.port, "vorher")
        await until(lambda: on_the_wall(client) == {"vorher"})
        early = client.replica.groups["shared"].cursor
        await asyncio.to_thread(hub.manage, "backup", str(file))
        await asyncio.to_thread(write_note, event, served.port, "nachher")
        await until(lambda: on_the_wall(client) == {"vorher", "nachher"})
        late = client.replica.groups["shared"].cursor

        await asyncio.to_thread(served.stop)
        await asyncio.to_thread(restore, hub, file)
        tape.kinds.clear()
        await asyncio.to_thread(served.restart)
        await until(lambda: on_the_wall(client) == {"vorher"})

        assert tape.kinds[0] == "reset"
        assert kind_of_answer(served, event, late) == "reset"
        assert kind_of_answer(served, event, early) == "frame"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def kind_of_answer(served: Served, event: dict[str, Any], cursor: str) -> str:
    address = f"{served.url}/poll/{event['slug']}"
    answer = httpx.get(address, params={"topics": "wall", "cursor": cursor}, trust_env=False)
    return str(answer.json()["t"])


@pytest.mark.sqlite
def test_backup_refuses_where_there_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        Installation(tmp_path).manage("backup", str(tmp_path / "nothing.backup"))

    assert "There is no database" in refusal.value.output
    assert not (tmp_path / "nothing.backup").exists()


def test_backup_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "yesterday.backup"
    file.write_text("yesterday")

    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(file))

    assert file.read_text() == "yesterday"


@pytest.mark.postgresql
def test_backup_keeps_the_url_s_demands_on_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = tmp_path / "pg_dump"
    actor.write_text(
        '#!/bin/sh\nfor a; do case $a in --file=*) env > "${a#--file=}";; esac; done\n'
    )
    actor.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    demands = {**connection.settings_dict["OPTIONS"], "sslmode": "verify-full"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", demands)

    call_command("backup", str(tmp_path / "environment"), stdout=StringIO())

    assert "PGSSLMODE=verify-full" in (tmp_path / "environment").read_text().splitlines()
