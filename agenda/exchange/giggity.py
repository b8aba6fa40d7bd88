"""The entry with which the app Giggity lists an event, and the link that opens it there."""

import base64
import gzip
import json
import re
from typing import Any
from urllib.parse import quote

from agenda.exchange import snapshot
from agenda.exchange.snapshot import Snapshot
from agenda.models import Event, Slot

REFRESH_S = 900  # allowed because we answer 304
LARGEST_VERSION = 2029123199  # the schema ends there
OPENS = "https://ggt.gaa.st/#url="


def menu(event: Event, *, base_url: str = "", icon: str = "") -> bytes:
    """A menu of this one event; `icon` is an address below `base_url`."""
    made = entry(snapshot.of(event, base_url=base_url), icon=icon)
    whole = {"version": made["version"], "schedules": [made]}
    return json.dumps(whole, ensure_ascii=False).encode()


def entry(programme: Snapshot, *, icon: str = "") -> dict[str, Any]:
    event = programme.event
    here = f"{programme.base}/{event.slug}/"
    days = programme.days()
    metadata: dict[str, Any] = {
        "links": [{"url": here, "title": event.name}, {"url": f"{here}info/", "title": "Info"}],
        # A room is named by a regular expression, and needs something that leads to it.
        "rooms": [
            {"name": re.escape(room.name), "show_name": room.where, "nav_url": f"{here}info/"}
            for room in programme.rooms
            if room.where
        ],
    }
    if icon:
        metadata["icon"] = programme.base + icon
    return {
        "id": event.slug.lower()[:32].ljust(4, "_"),
        "version": version(event),
        "url": f"{here}schedule.xml",
        "title": event.name,
        "start": days[0].date.isoformat(),
        "end": days[-1].date.isoformat(),
        "timezone": event.zone,
        "refresh_interval": REFRESH_S,
        "metadata": metadata,
    }


def version(event: Event) -> int:
    """YYYYMMDDNN of the last change of a slot; NN is its hour."""
    latest = Slot.objects.filter(event=event).order_by("-changed_at").first()
    at = (latest.changed_at if latest else event.starts_at).astimezone(event.tz)
    return min(int(f"{at:%Y%m%d%H}"), LARGEST_VERSION)


def link(event: Event, *, base_url: str = "", icon: str = "") -> str:
    """What opens the event in the app on a phone that has it, and leads to the app on others."""
    made = entry(snapshot.of(event, base_url=base_url), icon=icon)
    packed = gzip.compress(json.dumps(made).encode(), 9, mtime=0)
    code = base64.b64encode(packed).decode().replace("+", "-").replace("/", "_")
    return f"{OPENS}{quote(made['url'], safe='')}&json={code}"
