"""What a browser may keep for the time without network, and as what an event is installed.

An allow list: whatever is not named here is never kept. Knows routes; answers no request.
"""

from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage

from agenda.models import Event

HEADER = "Keep-Offline"
KEPT = frozenset(
    f"<slug:slug>/{page}"
    for page in (
        "",
        "programme/",
        "session/<int:number>/",
        "board/",
        "info/",
        "my/",
        "offline",
    )
)
PAPER = "#fbfaf5"  # --paper of tokens.css
ICONS = (
    ("eventhub/icon.svg", "any", "any", "image/svg+xml"),
    ("eventhub/icon-192.png", "192x192", "any", "image/png"),
    ("eventhub/icon-512.png", "512x512", "any", "image/png"),
    ("eventhub/icon-maskable-512.png", "512x512", "maskable", "image/png"),
)


def may_be_kept(route: str, event: Event | None, *, status: int) -> str:
    """ "yes", "no", or "" of an answer that says nothing of its page: busy, too fast, broken."""
    if status == 429 or status >= 500:
        return ""
    open_page = event is not None and not event.closed and status == 200
    return "yes" if open_page and route in KEPT else "no"


def manifest(event: Event, language: str) -> dict[str, Any]:
    """How a phone shows `event` among its apps."""
    here = f"/{event.slug}/"
    return {
        "id": here,
        "name": event.name,
        "short_name": event.name,
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "lang": language[:2],
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": staticfiles_storage.url(name), "sizes": sizes, "purpose": purpose, "type": kind}
            for name, sizes, purpose, kind in ICONS
        ],
    }
