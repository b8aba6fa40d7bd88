"""Say whether this process lives, and count what it does; answered outside the admission gate."""

import ipaddress
from typing import Any

import msgspec
from django.db import Error

from eventhub.http import client_address
from eventhub.live.executor import statements
from eventhub.live.fragments import undrawn
from eventhub.live.hub import Hub
from eventhub.live.models import Stream


class Health:
    """GET /health for everybody; GET /metrics for this machine itself only."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == "/metrics":
            if not _is_local(scope):
                await _answer(send, 404, b"text/plain", b"")
                return
            await _answer(send, 200, b"text/plain; version=0.0.4", self.metrics().encode())
            return
        try:
            await self.hub.executor.run("health", _read_something)
        except Error:
            await _answer(send, 503, b"application/json", b'{"status": "database away"}')
            return
        body = {"status": "ok", "build": self.hub.build, "sockets": len(self.hub.connections)}
        await _answer(send, 200, b"application/json", msgspec.json.encode(body))

    def metrics(self) -> str:
        """Prometheus text: no names, no texts, only counts."""
        from prometheus_client import CollectorRegistry, Gauge, generate_latest
        from prometheus_client.core import CounterMetricFamily

        registry = CollectorRegistry()
        sockets = Gauge("eventhub_sockets", "Open sockets", registry=registry)
        sockets.set(len(self.hub.connections))
        hub = self.hub

        class Counts:
            def collect(self) -> Any:
                asked = CounterMetricFamily(
                    "eventhub_hub_statements", "Statements of the hub", labels=["purpose"]
                )
                for purpose, count in sorted(statements.items()):
                    asked.add_metric([purpose], count)
                yield asked
                yield CounterMetricFamily(
                    "eventhub_deliveries", "Messages handed to sockets", value=hub.deliveries
                )
                left_out = CounterMetricFamily(
                    "eventhub_undrawn_rows", "Rows that could not be drawn", labels=["topic"]
                )
                for topic, count in sorted(undrawn.items()):
                    left_out.add_metric([topic], count)
                yield left_out

        registry.register(Counts())
        return generate_latest(registry).decode()


def _read_something() -> None:
    Stream.objects.exists()


def _is_local(scope: dict[str, Any]) -> bool:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    remote = (scope.get("client") or ("",))[0]
    address = client_address(remote, headers.get(b"x-forwarded-for", ""))
    if b"x-forwarded-for" in headers and address == remote:
        return False  # somebody else's proxy in front: not this machine itself
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


async def _answer(send: Any, status: int, kind: bytes, body: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
