"""A Jetstream on loopback that tells what it is told to, in the order and shape it is told.

`with JetstreamServer() as server: server.says(commit(...))`. Every connection gets what was said
from its cursor on, then what is said while it stands.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.sync.server import Server, ServerConnection, serve

from tests.bluesky_server import record_of

START_US = 1_780_000_000_000_000  # within 2026


def commit(
    did: str,
    rkey: str,
    text: str = "",
    *,
    at_us: int,
    operation: str = "create",
    rev: str = "",
    **record: Any,
) -> dict[str, Any]:
    """A post that is created, updated or deleted `at_us` after START_US."""
    told: dict[str, Any] = {
        "rev": rev or f"3m{START_US + at_us}",
        "operation": operation,
        "collection": "app.bsky.feed.post",
        "rkey": rkey,
    }
    if operation != "delete":
        told |= {"record": record_of(text, **record), "cid": "bafy"}
    return {"did": did, "time_us": START_US + at_us, "kind": "commit", "commit": told}


def account(did: str, *, active: bool, at_us: int) -> dict[str, Any]:
    told = {"active": active, "did": did, "seq": 1, "time": "2026-05-25T14:23:29.950Z"}
    return {"did": did, "time_us": START_US + at_us, "kind": "account", "account": told}


def identity(did: str, *, at_us: int) -> dict[str, Any]:
    told = {"did": did, "seq": 1, "time": "2026-05-25T14:23:29.950Z"}
    return {"did": did, "time_us": START_US + at_us, "kind": "identity", "identity": told}


class JetstreamServer:
    """`hangs_up_after`: messages of one connection, in turn; the last connection stays open."""

    def __init__(self, *, hangs_up_after: Sequence[int] = ()) -> None:
        self.queries: list[dict[str, list[str]]] = []
        self.refuses_with = 0  # an HTTP status, once
        self._hangs_up_after = list(hangs_up_after)
        self._said: list[tuple[int, bytes]] = []  # moment (0: garbage, told to everybody), message
        self._more = threading.Condition()
        self._stopping = False
        self._server: Server = serve(
            self._speak, "127.0.0.1", 0, process_request=self._refuse, compression=None
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        with self._more:
            self._stopping = True
            self._more.notify_all()
        self._server.shutdown()
        self._thread.join()

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self._server.socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.address[1]}"

    def says(self, *messages: dict[str, Any] | bytes) -> None:
        with self._more:
            for message in messages:
                if isinstance(message, bytes):
                    self._said.append((0, message))
                else:
                    line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
                    self._said.append((message["time_us"], line.encode()))
            self._more.notify_all()

    def _refuse(self, connection: ServerConnection, _request: Any) -> Any:
        if status := self.refuses_with:
            self.refuses_with = 0
            return connection.respond(status, "not now\n")
        return None

    def _speak(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        query = parse_qs(urlsplit(connection.request.path).query)
        with self._more:
            self.queries.append(query)
            left = self._hangs_up_after.pop(0) if self._hangs_up_after else -1
        cursor, at = int(query.get("cursor", ["0"])[0]), 0
        while left != 0:
            with self._more:
                self._more.wait_for(lambda at=at: self._stopping or len(self._said) > at)  # type: ignore[misc]
                if self._stopping:
                    return
                moment, message = self._said[at]
            at += 1
            if moment and moment < cursor:
                continue
            try:
                connection.send(message, text=True)
            except Exception:  # whoever listened went away; that is often the test
                return
            left -= 1
