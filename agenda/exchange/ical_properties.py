"""What stands in one entry of a calendar, as text, time or number; missing is "" or None."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from icalendar import Component


def values(entry: Component, name: str) -> list[Any]:
    value = entry.get(name, [])
    return value if isinstance(value, list) else [value]


def text_of(value: object) -> str:
    to_ical = getattr(value, "to_ical", None)
    if not isinstance(value, str) and to_ical is not None:
        return bytes(to_ical()).decode("utf-8", "replace")
    return str(value) if value is not None else ""


def text(entry: Component, name: str) -> str:
    """The property's text; of several the first."""
    return next((text_of(value).strip() for value in values(entry, name)), "")


def moment(entry: Component, name: str) -> datetime | date | None:
    found = getattr(next(iter(values(entry, name)), None), "dt", None)
    return found if isinstance(found, date) else None


def number_in(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def guid_in(uid: str) -> str:
    """The UUID that a UID is, or begins with before its @."""
    try:
        return str(UUID(uid.partition("@")[0]))
    except ValueError:
        return ""


def categories(entry: Component) -> Iterable[str]:
    for value in values(entry, "CATEGORIES"):
        yield from (str(category) for category in getattr(value, "cats", [value]))


def links(entry: Component) -> list[dict[str, str]]:
    return [
        {"title": str(link.params.get("LABEL", "")), "url": str(link)}
        for link in values(entry, "LINK")
    ]


def speakers_by_frab(entry: Component) -> Iterable[str]:
    """Speakers as frab names them; whoever has an address is a guest of somebody's calendar."""
    for value in values(entry, "ATTENDEE"):
        if str(value).lower().startswith("invalid:"):
            yield str(value.params.get("CN", ""))


def parts_of(description: str, lengths: str) -> list[str]:
    """Subtitle, names, abstract and description out of what `ical.calendar` has joined."""
    found = []
    for length in lengths.split()[:4]:
        size = number_in(length) or 0
        found.append(description[:size])
        description = description[size:].removeprefix("\n\n") if size else description
    return found if len(found) == 4 else ["", "", "", description]
