"""Put the parts together: pages behind the gate, static files and health beside it, sockets."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from agenda import attendees
from eventhub import reach
from eventhub.gate import AdmissionGate
from eventhub.health import Health
from eventhub.live.hub import Hub
from eventhub.live.routing import Sockets
from eventhub.pace import Pace
from eventhub.pages import Pages
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
        self.pages = Pace(gate, recognise=_guest)
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
            await self.pages(scope, receive, send)


def _guest(cookies: Mapping[str, str]) -> str:
    return attendees.name_of(cookies, settings.ATTENDEE_COOKIE_NAME)
