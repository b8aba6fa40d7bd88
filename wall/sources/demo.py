"""Replay invented posts at the pace of a hall, so that a wall lives without internet. Fetches
nothing, stores nothing, judges nothing."""

from __future__ import annotations

import json
import math
import random
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2s
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.utils.translation import gettext_lazy as _

from wall.sources.base import Batch, Incoming, SourceError
from wall.text import facets_of

if TYPE_CHECKING:
    from wall.egress import Egress

PHASES = ("arrival", "panel", "break", "barcamp", "closing")
POSTS_FILE = Path(__file__).with_name("demo_posts.toml")

SHORTEST_S, LONGEST_S = 12.0, 45.0  # between two posts at pace 1.0
LATE_S = 60.0  # at pace 1.0; what fell due longer ago was never written
SILENCE_S = 30 * 60.0  # after so long a wall looks dead, and the source opens anew
OPENING_MINUTES_AGO = (27, 19, 12, 6, 2)
TWO_AT_ONCE = 1 / 8

# How likely a post is chosen: of this phase, of any, of an earlier one, an answer to what was said.
WEIGHT_NOW, WEIGHT_ANY_TIME, WEIGHT_PAST, WEIGHT_ANSWER = 9.0, 3.0, 1.0, 60.0
WEIGHT_LATER = 1e-6  # for each phase ahead: in effect only when nothing else is left


@dataclass(frozen=True, slots=True)
class Script:
    """One post of the file, before the hashtag is filled in. `after`: id of the post it answers."""

    key: str
    name: str
    handle: str
    text: str
    phase: str
    language: str
    after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the source's configuration says."""

    tag: str
    pace: float
    phases: tuple[tuple[float, str], ...]  # (epoch seconds, phase that begins then), sorted

    @classmethod
    def read(cls, config: Mapping[str, str]) -> Self:
        """`tag` without #; `pace` 2.0 is twice as fast; `phases` "panel=1767261600 break=…".

        Both of the latter are optional. Raises a permanent SourceError for what it cannot read.
        """
        tag = config.get("tag", "").strip().lstrip("#")
        if not tag:
            raise SourceError(_("The demo source needs a hashtag."), permanent=True)
        try:
            pace = float(config.get("pace") or "1.0")
        except ValueError:
            pace = 0.0
        if not 0.01 <= pace <= 1000:
            raise SourceError(
                _("The pace of the demo source is a number such as 1.0."), permanent=True
            )
        try:
            pairs = [pair.split("=") for pair in config.get("phases", "").split()]
            phases = sorted((float(start), PHASES[PHASES.index(phase)]) for phase, start in pairs)
        except ValueError:
            raise SourceError(
                _("The phases of the demo source are unreadable."), permanent=True
            ) from None
        return cls(tag, pace, tuple(phases))

    def phase(self, at_s: float) -> str:
        """The part of the day at `at_s`; "" if the configuration names none."""
        begun = [phase for start, phase in self.phases if start <= at_s]
        return begun[-1] if begun else (self.phases[0][1] if self.phases else "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the replay stands: the cursor, read. Round, posts used in it, when the next is due."""

    round: int = 0
    used: int = 0  # bit i: post i of the file was shown in this round
    due_s: float = 0.0  # epoch seconds; 0: never asked before

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Empty or damaged: starts anew. Posts keep their keys, so none is taken twice."""
        try:
            data = json.loads(cursor)
            place = cls(int(data["round"]), int(data["used"], 16), float(data["due"]))
        except (ValueError, TypeError, KeyError, OverflowError):
            return cls()
        sound = place.round >= 0 and place.used >= 0 and math.isfinite(place.due_s)
        return place if sound else cls()

    def __str__(self) -> str:
        return json.dumps({"round": self.round, "used": f"{self.used:x}", "due": self.due_s})

    def dice(self, purpose: str) -> random.Random:
        """The same place always rolls the same: a fetch repeated after a crash gives the same."""
        return random.Random(f"{purpose}:{self.round}:{self.used:x}")


class Demo:
    """Adapter whose posts come from a file. `clock` gives the current aware time."""

    kind: str = "demo"

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        """What fell due since `cursor`: five posts of the last half hour at first, then singles.

        One post, at times two, every 12 to 45 s. Nobody is told what fell due while nothing ran.
        """
        plan = Plan.read(config)
        place = Place.read(cursor)
        now_s = self._clock().timestamp()
        items: list[Incoming] = []

        if now_s - place.due_s > SILENCE_S:
            for minutes_ago in OPENING_MINUTES_AGO:
                place = _give(items, place, plan, at_s=now_s - minutes_ago * 60)
            place = _schedule(place, plan, after_s=now_s)
        elif now_s - place.due_s > LATE_S / plan.pace:
            place = replace(place, due_s=now_s)
        elif place.due_s - now_s > LONGEST_S / plan.pace:  # the clock was set back
            place = _schedule(place, plan, after_s=now_s)

        while place.due_s <= now_s:
            due_s, together = place.due_s, 2 if place.dice("two").random() < TWO_AT_ONCE else 1
            for _again in range(together):
                place = _give(items, place, plan, at_s=due_s)
            place = _schedule(place, plan, after_s=due_s)

        return Batch(items=tuple(items), cursor=str(place), wait_s=place.due_s - now_s)


def _schedule(place: Place, plan: Plan, *, after_s: float) -> Place:
    pause_s = place.dice("pause").uniform(SHORTEST_S, LONGEST_S) / plan.pace
    return replace(place, due_s=round(after_s + pause_s, 3))


def _give(items: list[Incoming], place: Place, plan: Plan, *, at_s: float) -> Place:
    """Append the next post to `items`; the place after it. A full round is followed by another."""
    known = scripts()
    if place.used.bit_count() >= len(known):
        place = replace(place, round=place.round + 1, used=0)
    index = _choose(known, place, plan.phase(at_s))
    script = known[index]
    text = script.text.replace("{tag}", plan.tag)
    items.append(
        Incoming(
            key=f"demo:{place.round}:{script.key}",
            author=script.handle,
            name=script.name,
            text=text,
            written_at=datetime.fromtimestamp(at_s, UTC),
            facets=facets_of(text),
            language=script.language,
        )
    )
    return replace(place, used=place.used | 1 << index)


def _choose(scripts: tuple[Script, ...], place: Place, phase: str) -> int:
    """Index of an unused post whose question, if it answers one, has been shown."""
    unused = [index for index in range(len(scripts)) if not place.used >> index & 1]
    waiting = {scripts[index].key for index in unused}
    ready = [index for index in unused if scripts[index].after not in waiting]
    weights = [_weight(scripts[index], phase) for index in ready]
    return place.dice("post").choices(ready, weights)[0]


def _weight(script: Script, phase: str) -> float:
    if not phase or phase == script.phase:
        weight = WEIGHT_NOW
    elif not script.phase:
        weight = WEIGHT_ANY_TIME
    elif (ahead := PHASES.index(script.phase) - PHASES.index(phase)) < 0:
        return WEIGHT_PAST
    else:
        return float(WEIGHT_LATER**ahead)
    return WEIGHT_ANSWER if script.after else weight


@cache
def scripts() -> tuple[Script, ...]:
    """The file's posts in its order. A key follows from the text, or is the post's own id."""
    data: dict[str, Any] = tomllib.loads(POSTS_FILE.read_text(encoding="utf-8"))
    people: dict[str, list[str]] = data["people"]
    return tuple(
        Script(
            key=post.get("id") or blake2s(post["text"].encode(), digest_size=6).hexdigest(),
            name=people[post["by"]][0],
            handle=people[post["by"]][1],
            text=post["text"],
            phase=post.get("phase", ""),
            language=post.get("language", "de"),
            after=post.get("after", ""),
        )
        for post in data["post"]
    )
