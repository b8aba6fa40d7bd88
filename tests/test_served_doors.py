"""The same doors on a real server: what Daphne lets through, and how it says no."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.aide import Copied
from tests.processes import Installation, Served
from tests.ready_made import furnish

# Its server brings its own SQLite: once is enough.
pytestmark = [pytest.mark.processes, pytest.mark.sqlite]
SLUG = "event-a"
HELLO = json.dumps({"t": "hello", "subs": {"shared": {"topics": ["wall"]}}})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server as `make run` starts it, with two events."""
    installation = Installation(tmp_path_factory.mktemp("served"))
    furnish(installation, "tests.faults.setup_events")
    with Copied(installation, web_only=True) as server:
        yield server


def opened(
    served: Served, *, path: str = f"/ws/{SLUG}", origin: str | None = "", cookie: str = ""
) -> ClientConnection:
    own = f"http://127.0.0.1:{served.port}"
    return connect(
        f"ws://127.0.0.1:{served.port}{path}",
        origin=own if origin == "" else origin,  # type: ignore[arg-type]  # a plain text will do
        additional_headers={"Cookie": cookie} if cookie else None,
        compression=None,
        proxy=None,
    )


def closed_with(connection: ClientConnection) -> int | None:
    """The code with which the server closes, after whatever it had to say before."""
    try:
        while True:
            connection.recv(timeout=30)
    except ConnectionClosed:
        return connection.close_code


def raw(served: Served, request: bytes) -> bytes:
    """The beginning of the answer to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as line:
        line.sendall(request)
        return line.recv(200)


def test_own_page_hears_the_wall(served: Served) -> None:
    with opened(served) as connection:
        connection.send(HELLO)

        assert json.loads(connection.recv(timeout=30))["g"] == "shared"


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:1"]
)
def test_foreign_page_is_refused_before_the_handshake(served: Served, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        opened(served, origin=origin)

    assert refused.value.response.status_code == 403


def test_sixth_socket_of_a_guest_closes_the_first(served: Served) -> None:
    ask = f"from agenda.models import Event; print(Event.objects.get(slug='{SLUG}').code)"
    code = served.installation.manage("shell", "-v", "0", "-c", ask).split()[-1]
    cookies = httpx.get(f"{served.url}/{code}").cookies
    own = "; ".join(f"{name}={value}" for name, value in cookies.items())

    with ExitStack() as stack:
        pages = [stack.enter_context(opened(served, cookie=own)) for _ in range(6)]
        for page in pages:
            page.send(HELLO)
            assert json.loads(page.recv(timeout=30))["g"] == "shared"

        assert closed_with(pages[0]) == 4429
        pages[1].send('{"t": "catch-up", "g": "shared", "cursor": "0.0"}')
        assert json.loads(pages[1].recv(timeout=30))["g"] == "shared"


@pytest.mark.parametrize("path", ["/", "/ws/", f"/ws/{SLUG}/", f"/{SLUG}/", "/ws/a%2fb", "/ws/%ff"])
def test_address_without_a_socket_is_refused_before_the_handshake(
    served: Served, path: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        opened(served, path=path)

    assert refused.value.response.status_code == 403


def test_frame_that_is_too_large_closes_the_socket(served: Served) -> None:
    with opened(served) as connection:
        connection.send("x" * 9000)

        assert closed_with(connection) in {1006, 1009}  # dropped, or told why


def test_thirty_frames_at_once_close_the_socket(served: Served) -> None:
    with opened(served) as connection:
        with suppress(ConnectionClosed):  # as early as after the twentieth or so
            for _ in range(30):
                connection.send('{"t":"ack","n":1}')

        assert closed_with(connection) == 4409


def test_topic_that_is_not_ones_own_closes_the_socket(served: Served) -> None:
    with opened(served) as connection:
        connection.send(HELLO.replace("wall", "desk"))

        assert closed_with(connection) == 4403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/health", 200),
        ("/metrics", 200),
        ("/static/", 404),
        ("/static/../eventhub.sqlite3", 404),
        ("/static/..%2f..%2feventhub.sqlite3", 404),
        ("/static/%2e%2e/%2e%2e/secret.key", 404),
        ("/static//etc/passwd", 404),
        ("/secret.key", 404),
        ("/%ff%fe/", 404),
        ("/%00/", 404),
        ("/" + "a/" * 2000, 404),
    ],
)
def test_address_is_answered_calmly(served: Served, path: str, status: int) -> None:
    answer = raw(served, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_metrics_are_for_this_machine_only(served: Served) -> None:
    answer = httpx.get(f"{served.url}/metrics", headers={"X-Forwarded-For": "127.0.0.1"})

    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    ],
)
def test_broken_request_is_refused_and_the_server_lives(
    served: Served, request_bytes: bytes
) -> None:
    answer = raw(served, request_bytes)

    assert answer[:10] in {b"", b"HTTP/1.1 4"}
    assert httpx.get(f"{served.url}/health").status_code == 200


def test_server_names_no_version_and_keeps_pages_out_of_caches(served: Served) -> None:
    answer = httpx.get(f"{served.url}/{SLUG}/wall/")

    assert (answer.status_code, answer.headers["server"]) == (200, "Eventhub")
    assert "no-store" in answer.headers["cache-control"]


def test_nothing_above_was_an_exception(served: Served) -> None:
    """Last, because it reads what the server has said in all of this file."""
    lines = served.said().splitlines()

    assert len([line for line in lines if "DisallowedHost" in line]) == 1
    assert [line for line in lines if "Traceback" in line or " ERROR " in line] == []
