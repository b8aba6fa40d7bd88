"""Seeded barcamps for the placing of proposals: who proposes what, and who would come to what.

How they are made, and why so: docs/placement.md. The same seed is the same barcamp everywhere.
"""

import random
from collections import Counter

from agenda.solving.problem import Card, Problem, Room, Row

CARDS, ROWS, HEADS, WISHES = 60, 10, 300, 8
SEATS = (150, 80, 60, 50, 50, 40)
THEMES = 8
MINE, OTHERS = 8.0, 1.0  # how much more somebody likes the themes they came for
LATE, EARLY = range(2, ROWS), range(6)  # "not before 11", "over by 15:00"
KINDS = ("clusters", "uniform")


def hall(seed: int, kind: str = "clusters") -> Problem:
    """60 proposals, 6 rooms, 10 rows, 300 attendees with 8 wishes each."""
    chance = random.Random(f"{kind} {seed}")
    wishes = _clusters(chance) if kind == "clusters" else _uniform(chance)
    sizes = Counter(card for one in wishes for card in one)
    hosts = _hosts(chance)
    cards = tuple(
        Card(
            # As many hands as phones: what the hall sees is what it has tapped.
            size=sizes[number],
            hosts=hosts[number],
            rows=frozenset(_rows(number)),
            wanted=sizes[number],
        )
        for number in range(CARDS)
    )
    rooms = tuple(Room(number, seats) for number, seats in enumerate(SEATS))
    return Problem(cards, tuple(Row(rooms) for _row in range(ROWS)), wishes)


def _clusters(chance: random.Random) -> tuple[frozenset[int], ...]:
    """Each proposal has a theme and is more or less popular; each attendee came for two themes."""
    theme = [chance.randrange(THEMES) for _card in range(CARDS)]
    popular = [chance.lognormvariate(0, 0.6) for _card in range(CARDS)]
    found = []
    for _head in range(HEADS):
        mine = chance.sample(range(THEMES), 2)
        weights = [
            popular[card] * (MINE if theme[card] in mine else OTHERS) for card in range(CARDS)
        ]
        # Without replacement, by weight (Efraimidis and Spirakis 2006).
        drawn = sorted(range(CARDS), key=lambda card: -(chance.random() ** (1 / weights[card])))
        found.append(frozenset(drawn[:WISHES]))
    return tuple(found)


def _uniform(chance: random.Random) -> tuple[frozenset[int], ...]:
    """Everybody wishes any eight: nothing belongs together, nothing is popular."""
    return tuple(frozenset(chance.sample(range(CARDS), WISHES)) for _head in range(HEADS))


def _hosts(chance: random.Random) -> list[frozenset[str]]:
    """Six people give two sessions each, and four sessions have two hosts."""
    hosts = [{f"host {number}"} for number in range(CARDS)]
    picked = chance.sample(range(CARDS), 20)
    for one, other in zip(picked[:6], picked[6:12], strict=True):
        hosts[other] = set(hosts[one])
    for one, other in zip(picked[12:16], picked[16:], strict=True):
        hosts[one] |= hosts[other]
    return [frozenset(names) for names in hosts]


def _rows(number: int) -> range:
    """Every tenth comes late, every twentieth leaves early; the others take any row."""
    if number % 10 == 3:
        return LATE
    return EARLY if number % 20 == 7 else range(ROWS)
