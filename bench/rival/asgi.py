"""Entry of the plain project for Daphne."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.rival.settings")
http = get_asgi_application()

from bench.rival.consumers import Wall  # noqa: E402  (needs the settings)

application = ProtocolTypeRouter(
    {"http": http, "websocket": URLRouter([path("ws/wall/", Wall.as_asgi())])}
)
