"""Our memory in front of Django's own handler, in the test's loop; counts who came through."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from eventhub.kept import Kept
from eventhub.live.executor import DatabaseThreads
from eventhub.pages import Pages


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes


class Front:
    """A process's way in, as far as it keeps answers. `worked` counts requests that Django saw."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self.threads = threads
        self.pages = Pages(threads=2)
        self.worked = 0
        self.wait_s = 0.0
        self.kept = Kept(self._work, threads, wait_s=lambda scope, costs: self.wait_s)

    async def _work(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.worked += 1
        await self.pages(scope, receive, send)

    async def get(self, path: str, method: str = "GET", **headers: str) -> Answered:
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        await self.kept(scope(path, method, **headers), receive, send)
        start, body = said
        assert "eventhub.keep" not in start
        given = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answered(start["status"], given, body["body"])

    async def twice(self, path: str, **headers: str) -> Answered:
        """Whatever may be kept is kept after this: the first asker only begins the watch."""
        await self.get(path, **headers)
        return await self.get(path, **headers)

    async def do(self, deed: Callable[[], Any]) -> Any:
        """Write to the database as a thread of this process does."""
        return await self.threads.run("test", deed)

    async def elsewhere(self, deed: Callable[[], Any]) -> Any:
        """Write as another process does, of which nobody here is told; and time passes."""
        self.kept.watches.close()
        done = await self.do(deed)
        for watch in self.kept.watches._watches.values():
            watch.looked_at = 0.0
        return done


def scope(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    path, _, query = path.partition("?")
    given = {"host": "localhost", "accept_language": "en"} | headers
    return {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "client": ["127.0.0.1", 40_000],
        "server": ["127.0.0.1", 80],
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
    }


@pytest.fixture
async def front(transactional_db: None) -> AsyncIterator[Front]:
    threads = DatabaseThreads("test", workers=1)
    front = Front(threads)
    yield front
    front.kept.watches.close()
    for _ in range(2):
        front.pages._threads.submit(connection.close)
    front.pages._threads.shutdown(wait=True)
    threads.close()
    threads.join()
