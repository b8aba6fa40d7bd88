"""Refuse to start in production with an unsafe setting."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def origins_are_exact(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Origins are scheme, host and port, nothing else: that is what a browser sends."""
    found: list[CheckMessage] = []
    for origin in settings.ORIGINS:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
            found.append(
                Error(
                    f"EVENTHUB_ORIGINS: {origin!r} is not scheme://host[:port].", id="eventhub.E001"
                )
            )
    return found


@register(Tags.security)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A public name needs TLS, a strong secret and no debug pages."""
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("EVENTHUB_DEBUG must be off on a public address.", id="eventhub.E002"))
    if len(settings.SECRET_KEY) < 40:
        found.append(
            Error("EVENTHUB_SECRET_KEY must have at least 40 characters.", id="eventhub.E003")
        )
    if not settings.TLS and not all(_is_local(origin) for origin in settings.ORIGINS):
        found.append(
            Warning(
                "EVENTHUB_PUBLIC_URL is plain http: cookies and texts can be read on the way.",
                id="eventhub.W001",
            )
        )
    return found


def _is_local(origin: str) -> bool:
    return (urlsplit(origin).hostname or "") in {"localhost", "127.0.0.1", "::1"}
