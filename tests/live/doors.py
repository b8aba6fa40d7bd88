"""A browser's socket at the real door: routing, consumer and hub, through plain ASGI."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from channels.testing import WebsocketCommunicator

from agenda.models import Event
from eventhub.live.hub import Hub
from eventhub.live.routing import Sockets
from tests import guests
from tests.live.sockets import PATIENCE_S


class Socket(WebsocketCommunicator):  # type: ignore[misc]  # channels carries no types
    """A browser's socket as an ASGI server hands it over."""

    async def enter(self) -> int:
        """0 if the socket was accepted, else the code it was refused with before that."""
        accepted, code = await self.connect(timeout=PATIENCE_S)
        return 0 if accepted else int(code)

    async def say(self, message: object) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """The next message, or {"closed": code}."""
        event = await self.receive_output(timeout=PATIENCE_S)
        if event["type"] == "websocket.close":
            return {"closed": event["code"]}
        message: dict[str, Any] = json.loads(event["text"])
        return message


Open = Callable[..., Socket]


@asynccontextmanager
async def door(hub: Hub, event: Event) -> AsyncIterator[Open]:
    """A function that opens sockets on `event`, or another path; leaves none behind."""
    opened: list[Socket] = []

    def open_socket(path: str = "", **headers: Any) -> Socket:
        path = path or f"/ws/{event.slug}"
        opened.append(Socket(Sockets(hub), path, headers=guests.socket_headers(**headers)))
        return opened[-1]

    yield open_socket
    for socket in opened:
        await socket.disconnect(timeout=PATIENCE_S)


def hello(*topics: str, **fields: Any) -> dict[str, Any]:
    return {"t": "hello", "subs": {"shared": {"topics": topics}}} | fields
