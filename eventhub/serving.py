"""Run Daphne as we need it: a port of our own, a long queue, clean signals, the hub beside it."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

BACKLOG = 4096  # with 50, a thousand phones that come back at once fail
HTTP_TIMEOUT_S = 60
STOP_WITHIN_S = 3.0


class PortTakenError(Exception):
    """Somebody else listens there already."""


def check_port(host: str, port: int) -> None:
    """PortTakenError or OSError before anything is started: Daphne would log it and exit with 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno in {98, 48}:  # EADDRINUSE on Linux and on BSD
                raise PortTakenError(f"{host}:{port}") from error
            raise


def run(
    application: Any,
    *,
    host: str,
    port: int,
    background: Callable[[], Awaitable[None]] | None,
    on_ready: Callable[[], None],
) -> int:
    """Serve until SIGINT or SIGTERM. 0 after a clean stop, 1 if listening failed."""
    from eventhub import eager_reactor

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    eager_reactor.install(loop)
    from daphne.server import Server
    from twisted.internet import reactor

    from eventhub.quick_channel import answer_quickly
    from eventhub.request_size import bound_requests

    bound_requests()
    answer_quickly(application.at_once)

    failures: list[str] = []

    class EventhubServer(Server):  # type: ignore[misc]  # daphne carries no types
        def listen_error(self, failure: Any) -> None:
            failures.append(failure.getErrorMessage())
            super().listen_error(failure)

    interface = host.replace(":", r"\:")
    kind = "tcp6" if ":" in host else "tcp"
    server = EventhubServer(
        application=application,
        endpoints=[f"{kind}:port={port}:interface={interface}:backlog={BACKLOG}"],
        signal_handlers=False,  # Daphne's skip our tasks and stay deaf to an ignored SIGINT
        http_timeout=HTTP_TIMEOUT_S,
        websocket_timeout=-1,  # Daphne would close every socket after a day; we rotate our own
        websocket_max_message_size=8192,
        websocket_max_frame_size=8192,
        ping_interval=60,  # beats and acknowledgements find dead sockets sooner
        ping_timeout=30,
        request_buffer_size=64 * 1024,
        application_close_timeout=2,
        server_name="Eventhub",
        verbosity=0,
    )
    work = Work(loop, application, background, stop=server.stop)
    reactor.callWhenRunning(work.start, on_ready)
    server.run()
    return 1 if failures else 0


class Work:
    """The hub and the background loop of one process, from its first breath to its clean end."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        application: Any,
        background: Callable[[], Awaitable[None]] | None,
        *,
        stop: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._application = application
        self._background = background
        self._stop = stop
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self, on_ready: Callable[[], None]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self.stop)
        self._loop.call_soon(self._application.hub.start)
        if self._background is not None:
            self._task = self._loop.create_task(self._run_background())
        on_ready()

    async def _run_background(self) -> None:
        assert self._background is not None
        try:
            await self._background()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("the collector has stopped")

    def stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._loop.create_task(self._end())

    async def _end(self) -> None:
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                if self._task is not None:
                    self._task.cancel()
                    await asyncio.gather(self._task, return_exceptions=True)
                self._application.kept.watches.close()
                await self._application.hub.stop()
                await asyncio.sleep(0.05)  # the good-byes leave
        except TimeoutError:
            log.warning("stopped before everybody was told")
        self._stop()
