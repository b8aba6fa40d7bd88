"""Kept answers as a browser gets them: on one connection with all others, and right at once."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.aide import Copied
from tests.processes import Served
from tests.ready_made import prepared

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]
MAKE = """
from tests import factories
event = factories.make_event(slug="fair")
factories.make_slot(event, session=factories.make_session(event, "First"))
"""
RETITLE = """
from agenda.models import Slot
from eventhub.live.log import changing
slot = Slot.objects.select_related("session").get()
slot.session.title = "Second"
with changing(slot.event_id) as log:
    slot.session.save()
    log.touch(log.fresh(slot))
"""
SLOTS = "/api/v1/events/fair/slots"
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    installation = prepared(tmp_path_factory.mktemp("kept"))
    installation.manage("shell", "-v", "0", "-c", MAKE)
    with Copied(installation) as served:
        yield served


@pytest.fixture
def line(server: Served) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    yield connection
    connection.close()


def ask(
    line: http.client.HTTPConnection, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request(method, path, headers={"Accept-Encoding": "identity"} | given)
    answer = line.getresponse()
    return answer, answer.read()


def test_kept_and_other_answers_share_a_connection_in_order(
    line: http.client.HTTPConnection,
) -> None:
    for _ in range(3):
        first, whole = ask(line, SLOTS)
    tag = first.headers["ETag"]
    assert line.sock is not None
    mine = line.sock.getsockname()

    asked: list[tuple[str, str, dict[str, str], int, bytes]] = [
        (SLOTS, "GET", {}, 200, whole),
        ("/health", "GET", {}, 200, b""),
        (SLOTS, "GET", {"If_None_Match": tag}, 304, b""),
        (SLOTS, "HEAD", {}, 200, b""),
        (SLOTS, "POST", {}, 405, b""),
        (SLOTS, "GET", {}, 200, whole),
        ("/fair/programme/", "GET", {}, 200, b""),
        (SLOTS, "GET", {"Cookie": "session=x"}, 200, whole),
    ]
    for path, method, headers, status, body in asked:
        answer, said = ask(line, path, method, **headers)
        assert answer.status == status
        assert not body or said == body

    assert line.sock.getsockname() == mine


def test_requests_that_arrive_together_are_answered_in_order(server: Served) -> None:
    def head(path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode()

    together = head(SLOTS) + b"\r\n" + head("/health") + b"\r\n"
    together += head(SLOTS) + b"Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as sock:
        sock.sendall(together)
        said = b""
        while data := sock.recv(65536):
            said += data

    answers = said.split(b"HTTP/1.1 200 OK")[1:]
    assert [b'"items"' in answer for answer in answers] == [True, False, True]


def test_change_by_another_process_is_on_the_page(
    server: Served, line: http.client.HTTPConnection
) -> None:
    for _ in range(3):
        _, before = ask(line, SLOTS)

    server.installation.manage("shell", "-v", "0", "-c", RETITLE)

    deadline = time.monotonic() + PATIENCE_S
    while (after := ask(line, SLOTS)[1]) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [titles(before), titles(after)] == [["First"], ["Second"]]


def titles(said: bytes) -> list[Any]:
    return [each["session"]["title"] for each in json.loads(said)["items"]]
