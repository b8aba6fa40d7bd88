"""All that is left of a run, indexed for the checker: journal, tapes, final database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.faults.journal import CANARY, DECISIONS, Command, read_journal
from tests.faults.recording import Tape, read_tapes


@dataclass(frozen=True)
class Change:
    """One row of the log."""

    seq: int
    tag: str
    topics: str
    kind: str
    object_id: str


@dataclass
class Post:
    """One post as the database ends; `decisions` are (before, after), oldest first."""

    id: str
    key: str
    origin: str
    text: str
    state: str
    version: int
    shown_seq: int | None
    decisions: list[tuple[str, str]]
    changes: list[int] = field(default_factory=list)  # the seqs of its rows in the log

    @property
    def canary(self) -> str:
        found = CANARY.search(self.text)
        return found.group() if found else ""

    @cached_property
    def states(self) -> dict[int, str]:
        """Its state after each of its changes; empty if other things than decisions changed it."""
        afters = [after for _, after in self.decisions]
        if len(self.changes) == len(afters) + 1:
            afters = [self.decisions[0][0] if self.decisions else self.state, *afters]
        if len(self.changes) != len(afters):
            return {}
        return dict(zip(self.changes, afters, strict=True))


@dataclass
class EventEnd:
    """One event as the database ends. `complaints` are the product's own about its log."""

    name: str
    head: int
    floor: int
    log: list[Change]
    posts: dict[str, Post]
    complaints: list[str]
    source_cursors: list[str] = field(default_factory=list)

    @cached_property
    def tags(self) -> dict[int, str]:
        return {change.seq: change.tag for change in self.log}

    @cached_property
    def by_canary(self) -> dict[str, Post]:
        return {post.canary: post for post in self.posts.values() if post.canary}

    def visible(self) -> list[Post]:
        """What the wall shows, lowest place first."""
        shown = [post for post in self.posts.values() if post.state == "shown"]
        return sorted(shown, key=lambda post: post.shown_seq or 0)


@dataclass
class Evidence:
    """`window`: how many objects a list holds at least before it may leave out older ones."""

    commands: list[Command]
    tapes: list[Tape]
    events: dict[str, EventEnd]
    window: int

    @cached_property
    def begun_at(self) -> float:
        return min(command.at for command in self.commands)

    def notes(self) -> list[Command]:
        return [command for command in self.commands if command.name == "note"]

    @cached_property
    def decisions(self) -> dict[str, list[Command]]:
        """Decisions by post, in the order they were sent."""
        found: dict[str, list[Command]] = {}
        for command in self.commands:
            if command.name in DECISIONS:
                found.setdefault(command.key, []).append(command)
        return found


def load(directory: Path, *, with_tapes: bool = True) -> Evidence:
    """Everything below `directory`; without the tapes while they are still being written."""
    final = json.loads((directory / "final.json").read_text(encoding="utf-8"))
    return Evidence(
        commands=read_journal(directory / "journal.jsonl"),
        tapes=read_tapes(directory / "recordings") if with_tapes else [],
        events={name: _event(name, row) for name, row in final["events"].items()},
        window=final["window"],
    )


def _event(name: str, row: dict[str, Any]) -> EventEnd:
    log = [Change(*change) for change in row["log"]]
    posts = [
        Post(**{**post, "decisions": [tuple(decision) for decision in post["decisions"]]})
        for post in row["posts"]
    ]
    for post in posts:
        post.changes = [c.seq for c in log if c.kind == "post" and c.object_id == post.id]
    return EventEnd(
        name,
        row["head"],
        row["floor"],
        log,
        _by_key(posts),
        row["complaints"],
        row.get("source_cursors", []),
    )


def _by_key(posts: list[Post]) -> dict[str, Post]:
    # Keys are unique in the database; two rows under one key are a fault of the export.
    by_key = {post.key: post for post in posts}
    assert len(by_key) == len(posts), "two posts under one key"
    return by_key
