"""Judge two boards after a storm: both are as the database, no card lost or doubled, every no said.

Pure: pictures in, lines of what is wrong out. A place is "room milliseconds", or how a card waits.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """One card at one place; `slot` is "" while it waits."""

    card: str
    slot: str
    place: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """What the database holds: every card with its state, and where those stand that are shown."""

    states: Mapping[str, str]
    shown: Sequence[Shown]


def shown(picture: Iterable[Mapping[str, Any]]) -> list[Shown]:
    return [Shown(one["card"], one["slot"], one["place"], one["cancelled"]) for one in picture]


def wrong(
    cards: Iterable[str],
    truth: Truth,
    boards: Mapping[str, Sequence[Mapping[str, Any]]],
    journal: Iterable[Mapping[str, Any]],
) -> list[str]:
    """`cards`: those there were before; `journal`: what was asked and answered on both boards."""
    found = [*_lost(cards, truth), *_doubled("database", truth.shown)]
    for name, picture in boards.items():
        there = shown(picture)
        found += _doubled(name, there)
        for line in sorted(set(there) ^ set(truth.shown)):
            side = "is not there" if line in truth.shown else "is only there"
            found.append(f"{name}: {line.card} at {line.place} {side}")
        found += [
            f"{name}: {one['card']} stands at {one['stands']!r} and says {one['place']!r}"
            for one in picture
            if one["stands"] != one["place"]
        ]
    found += [f"refused without words: {one['path']}" for one in journal if not one["words"]]
    found += [
        f"not meant to happen: {one['path']} answered {one['status']}"
        for one in journal
        if one["status"] not in (200, 404, 409, 422)
    ]
    return found


def _lost(cards: Iterable[str], truth: Truth) -> list[str]:
    """A card is shown, or was merged into another: nothing else happens in a storm."""
    there = {one.card for one in truth.shown}
    return [
        f"lost: {card} ({truth.states.get(card, 'gone')})"
        for card in cards
        if card not in there and truth.states.get(card) != "merged"
    ]


def _doubled(name: str, there: Sequence[Shown]) -> list[str]:
    """Nobody repeats a session in a storm, so a card is in one place, and a place has one card."""
    cards = Counter(one.card for one in there)
    places = Counter(one.place for one in there if one.slot and not one.cancelled)
    return [f"{name}: doubled: {card}" for card, times in cards.items() if times > 1] + [
        f"{name}: {times} cards at {place}" for place, times in places.items() if times > 1
    ]
