"""Put the parts together: pages behind gate and memory, static files and health beside, sockets."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from agenda import attendees
from eventhub import reach
from eventhub.gate import AdmissionGate
from eventhub.health import Health
from eventhub.http import is_api
from eventhub.kept import Kept
from eventhub.later import Later
from eventhub.live.hub import Hub
from eventhub.live.routing import Sockets
from eventhub.pace import Pace
from eventhub.pages import Pages
from eventhub.squeeze import Squeeze
from eventhub.static_files import StaticFiles, build_id


class Application:
    """The ASGI application of one process. `hub` is its only hub."""

    def __init__(self) -> None:
        self.hub = Hub(build=build_id())
        gate = AdmissionGate(
            Pages(threads=settings.GATE_RUNNING),
            running=settings.GATE_RUNNING,
            waiting=settings.GATE_WAITING,
        )
        pace = Pace(gate, recognise=_guest)
        self.kept = Kept(pace, self.hub.executor, wait_s=pace.wait_s)
        self.pages = Squeeze(self.kept)
        self.api = Later("agenda.api.endpoints")
        self.sockets = Sockets(self.hub)
        self.health = Health(self.hub)
        self.static_files = StaticFiles(settings.STATIC_ROOT)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
        elif scope["type"] == "http":
            await self._page(scope, receive, send)

    async def _page(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope["path"]
        reach.notice(scope)
        if path.startswith("/static/"):
            await self.static_files(scope, receive, send)
        elif path in {"/health", "/metrics"}:
            await self.health(scope, receive, send)
        else:
            if is_api(path):
                await self.api.ready()
            await self.pages(scope, receive, send)

    def at_once(self, scope: dict[str, Any]) -> bytes | None:
        """The whole answer to a request for which nothing has to be done; None: call us."""
        form = self.kept.at_once(scope)
        if form is None:
            return None
        reach.notice(scope)
        return form.wire


def _guest(cookies: Mapping[str, str]) -> str:
    return attendees.name_of(cookies, settings.ATTENDEE_COOKIE_NAME)
