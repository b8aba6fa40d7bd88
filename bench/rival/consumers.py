"""One consumer per socket, one group for all of them."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from bench.rival.views import GROUP


class Wall(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels carries no types
    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def wall_post(self, event: dict[str, Any]) -> None:
        await self.send_json(event["content"])
