"""The plan as screens are told it, read back as wall/static/wall/plan-text.js does."""

import json
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from agenda.models import Event
from eventhub.live.topics import registry
from wall.scenes import Plan, Scene, Spell


def html_of(event: Event) -> str:
    """The item that carries the plan of `event`."""
    window = registry["screen"].window(event.pk, "screen", "en")
    return next(one.html or "" for one in window if one.key == "plan")


def told_to_screens(event: Event) -> dict[str, Any]:
    return told_in(html_of(event))


def told_in(html: str) -> dict[str, Any]:
    text = unescape(html)
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def read(told: dict[str, Any]) -> dict[str, list[Spell]]:
    """The spells of each place; slots by the first letters of their keys."""
    return {name: _row(told, place) for place, name in enumerate(told["stands"])}


def named(told: dict[str, Any]) -> list[str]:
    """The slots, as they are named."""
    length, keys = told["letters"], told["keys"]
    return [keys[at : at + length] for at in range(0, len(keys), length)]


def shortened(plan: Plan, letters: int) -> dict[str, list[Spell]]:
    """The spells of the plan itself, with slots named as shortly."""

    def short(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key[:letters] for key in keys)

    return {
        place: [Spell(o.at, o.scene, short(o.now), short(o.next), o.ends) for o in row]
        for place, row in plan.places.items()
    }


def _row(told: dict[str, Any], place: int) -> list[Spell]:
    rooms, names = told["rooms"], named(told)
    here = [
        name for name, room in zip(names, rooms, strict=True) if place < 2 or room in (0, place)
    ]
    at, gone = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=told["starts"]), 0
    found = []
    for number in told["rows"][place]:
        since, scene, passed, now, following, ends = told["shapes"][number]
        at, gone = at + timedelta(seconds=since), gone + passed
        found.append(
            Spell(
                at,
                Scene(told["scenes"][scene]),
                tuple(here[gone + slot] for slot in now),
                tuple(here[gone + slot] for slot in following),
                None if ends is None else at + timedelta(seconds=ends),
            )
        )
    return found
