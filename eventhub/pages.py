"""Django's pages in a fixed number of threads that stay: one hop per request, connections kept."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from eventhub.keeping import Keep


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response, ready to be sent from the event loop; `keep` as its view declared."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    keep: Keep | None = None


class Pages(ASGIHandler):
    """An ASGI application like Django's own, but middleware and view run in one thread of ours.

    Django's handler opens a new thread per request, with a new database connection, and hops
    between loop and thread for each signal and middleware (docs/decisions/0004).
    """

    def __init__(self, *, threads: int) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return  # the browser has gone before it had said everything
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._answer, scope, body)
        head = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        if answer.keep is not None:
            head["eventhub.keep"] = answer.keep  # taken out by eventhub.kept, in front of the gate
        await send(head)
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, scope: dict[str, Any], body: IO[bytes]) -> Answer:
        """Blocking: from the request's first signal to its last, in this thread."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=self.__class__, scope=scope)
            request, refusal = self.create_request(scope, body)
            response = refusal if request is None else self.get_response(request)
            assert response is not None  # without a request there is a refusal
            try:
                return _finished(response)
            finally:
                response.close()


def _finished(response: HttpResponseBase) -> Answer:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = [
        (name.lower().encode("ascii"), value.encode("latin1")) for name, value in response.items()
    ]
    headers += [
        (b"set-cookie", cookie.output(header="").strip().encode("ascii"))
        for cookie in response.cookies.values()
    ]
    return Answer(response.status_code, headers, body, getattr(response, "keep", None))
