"""Only one plain, complete request on an idle connection is answered before Daphne reads it."""

# mypy: disallow-untyped-calls=False

from typing import Any

import pytest
from twisted.internet.testing import StringTransport

from eventhub import quick_channel
from eventhub.quick_channel import QuickChannel, read

PLAIN = b"GET /fair/?a=%20b HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"


def channel(answer: bytes | None = b"kept") -> tuple[Any, StringTransport, list[Any]]:
    """A connection whose requests on the long way are only noted."""
    asked: list[Any] = []

    class Ours(QuickChannel):
        at_once = staticmethod(lambda scope: answer)

        def lineReceived(self, line: bytes) -> None:
            asked.append(line)

    made: Any = Ours()
    transport = StringTransport()
    made.makeConnection(transport)
    return made, transport, asked


def test_plain_request_is_read_as_asgi_says() -> None:
    assert read(PLAIN) == {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/fair/",
        "query_string": b"a=%20b",
        "headers": [(b"host", b"localhost"), (b"accept", b"*/*")],
    }


def test_path_is_unquoted() -> None:
    scope = read(b"GET /caf%C3%A9 HTTP/1.1\r\nHost: x\r\n\r\n")

    assert scope is not None
    assert scope["path"] == "/café"


@pytest.mark.parametrize(
    "odd",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: x\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nDaphne-Root-Path: /x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX_Under: score\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_request_that_is_odd_goes_the_long_way(odd: bytes) -> None:
    assert read(odd) is None


def test_plain_request_is_answered_on_the_spot() -> None:
    connection, transport, asked = channel()

    connection.dataReceived(PLAIN)
    connection.dataReceived(PLAIN)

    assert (transport.value(), asked) == (b"keptkept", [])


def test_what_is_not_there_at_once_goes_the_long_way() -> None:
    connection, transport, asked = channel(None)

    connection.dataReceived(PLAIN)

    assert transport.value() == b""
    assert asked[0] == b"GET /fair/?a=%20b HTTP/1.1"


def test_request_that_came_in_pieces_is_not_cut_in_two() -> None:
    connection, transport, asked = channel()

    connection.dataReceived(PLAIN[:10])
    connection.dataReceived(PLAIN[10:])

    assert transport.value() == b""
    assert asked[0] == b"GET /fair/?a=%20b HTTP/1.1"


@pytest.mark.parametrize("name", ["requests", "_waitingForTransport", "_dataBuffer"])
def test_connection_that_is_busy_answers_in_order(name: str) -> None:
    connection, _transport, _asked = channel()
    setattr(connection, name, [b"x"])

    assert not connection._is_idle()


def test_libraries_look_as_they_did() -> None:
    assert quick_channel.usable()


def test_libraries_that_look_otherwise_switch_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_channel, "_KNOWN", {"persistent": 2})
    quick_channel.usable.cache_clear()

    assert not quick_channel.usable()
    quick_channel.usable.cache_clear()
