"""Take a text by POST and send it to the group."""

from channels.layers import get_channel_layer
from django.http import HttpRequest, HttpResponse

GROUP = "wall"


async def posts(request: HttpRequest) -> HttpResponse:
    """Asynchronous, because that is cheaper than the tutorial's async_to_sync."""
    layer = get_channel_layer()
    assert layer is not None
    content = {"html": request.body.decode()}
    await layer.group_send(GROUP, {"type": "wall.post", "content": content})
    return HttpResponse(status=204)
