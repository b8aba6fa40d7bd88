"""The client's side of the wire rules as pure logic; opens nothing, reads no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Message = dict[str, Any]
START = "0.0"  # the cursor of somebody who has seen nothing; valid while nothing is pruned


class Known(NamedTuple):
    """What a client holds of one object; `html` is None for one it has seen removed."""

    version: int
    order: float
    html: str | None


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Send this over the socket: what follows `cursor` in `group` is missing."""

    group: str
    cursor: str

    def message(self) -> Message:
        return {"t": "catch-up", "g": self.group, "cursor": self.cursor}


@dataclass(frozen=True, slots=True)
class Fetch:
    """GET the whole list of `group`: it was too large for the socket."""

    group: str


Request = CatchUp | Fetch
Watch = Callable[[str, Message], None]


def seq_of(cursor: str) -> int:
    return int(cursor.partition(".")[0])


@dataclass
class Group:
    """One subscription: its topics, its place in the log, what it holds."""

    topics: tuple[str, ...]
    cursor: str = START
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    asked: bool = False  # a catch-up is under way: ask once until answered
    awaits_list: bool = False  # the list was announced as too large and is being fetched

    @property
    def seq(self) -> int:
        return seq_of(self.cursor)


class Replica:
    """The tables of one client, moved by messages only.

    `watch(kind, detail)` is told of every "apply", "remove", "replace" and "cursor".
    """

    def __init__(self, groups: Mapping[str, Sequence[str]], watch: Watch | None = None) -> None:
        self.groups = {name: Group(tuple(topics)) for name, topics in groups.items()}
        self.generation = 0
        self._watch: Watch = watch or (lambda kind, detail: None)

    def connected(self) -> int:
        """Begin a new connection: questions asked on the old one will not be answered."""
        self.generation += 1
        for group in self.groups.values():
            group.asked = group.awaits_list = False
        return self.generation

    def hello(self, *, language: str = "de", build: str = "") -> Message:
        subs = {
            name: {"topics": list(group.topics), "cursor": group.cursor}
            for name, group in self.groups.items()
        }
        return {"t": "hello", "subs": subs, "language": language, "build": build}

    def receive(self, message: Message, generation: int | None = None) -> list[Request]:
        """Take one message of the socket; answers what has to be asked now.

        Messages of an older generation are dropped. Unknown kinds and groups are ignored.
        """
        group = self.groups.get(message.get("g", ""))
        if group is None or self._is_old(generation):
            return []
        name = message["g"]
        if message["t"] == "reset":
            if message["items"] is None:
                group.asked = False
                group.awaits_list = True
                return [Fetch(name)]
            self._replace(name, group, message)
        elif message["t"] in ("frame", "beat") and not group.awaits_list:
            if message["from"] > group.seq:
                if group.asked:
                    return []
                group.asked = True
                return [CatchUp(name, group.cursor)]
            self._advance(name, group, message)
        return []

    def polled(self, name: str, answer: Message, generation: int) -> bool:
        """Take one answer of the poll address; False if it came too late to count."""
        if self._is_old(generation):
            return False
        group = self.groups[name]
        if answer["t"] == "reset":
            self._replace(name, group, answer)
            return True
        if answer["from"] > group.seq:
            return False
        group.awaits_list = False  # the server has just shown that this cursor still holds
        self._advance(name, group, answer)
        return True

    def topic(self, topic: str) -> dict[str, Known]:
        """What is visible in `topic` by key, in the order of the page (lowest first)."""
        rows = [
            (key, known)
            for group in self.groups.values()
            for (where, key), known in group.known.items()
            if where == topic and known.html is not None
        ]
        return dict(sorted(rows, key=lambda row: (row[1].order, row[0])))

    def _is_old(self, generation: int | None) -> bool:
        return generation is not None and generation != self.generation

    def _advance(self, name: str, group: Group, message: Message) -> None:
        if seq_of(message["upto"]) <= group.seq:
            return
        group.asked = False
        for item in message.get("items") or ():
            self._apply(name, group, item)
        self._move(name, group, message["upto"], message["t"])

    def _apply(self, name: str, group: Group, item: Message) -> None:
        where = (item["topic"], item["key"])
        before = group.known.get(where)
        if before is not None and item["version"] <= before.version:
            return
        if item.get("redraw") and (before is None or before.html is None):
            return  # only looks different, for those who show it
        order = item["order"] if item["order"] is not None else before.order if before else 0
        group.known[where] = Known(item["version"], order, item["html"])
        kind = "remove" if item["html"] is None else "apply"
        self._watch(kind, {"group": name, **_row(item)})

    def _replace(self, name: str, group: Group, message: Message) -> None:
        group.asked = group.awaits_list = False
        items = [item for item in message["items"] if item["html"] is not None]
        group.known = {
            (item["topic"], item["key"]): Known(item["version"], item["order"], item["html"])
            for item in items
        }
        self._watch("replace", {"group": name, "items": [_row(item) for item in items]})
        self._move(name, group, message["upto"], "reset")

    def _move(self, name: str, group: Group, cursor: str, why: str) -> None:
        group.cursor = cursor
        self._watch("cursor", {"group": name, "cursor": cursor, "why": why})


def _row(item: Message) -> Message:
    return {name: item[name] for name in ("topic", "key", "version", "order")}
