"""Which sockets exist, and from whose pages they may be opened. Refuses before the handshake."""

import re
from typing import Any

from eventhub.http import origin_allowed
from eventhub.live.consumers import StreamConsumer
from eventhub.live.hub import Hub

_PATH = re.compile(r"/ws/(?P<slug>[-a-zA-Z0-9_]{1,50})")


class Sockets:
    """The ASGI application for websockets: 403 before accept for a foreign page or an odd path."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        match = _PATH.fullmatch(scope["path"])
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if match is None or not origin_allowed(headers.get(b"origin"), headers.get(b"host", "")):
            await receive()  # "websocket.connect", which we do not accept
            await send({"type": "websocket.close", "code": 4403})
            return
        await StreamConsumer(self.hub, match["slug"])(scope, receive, send)
