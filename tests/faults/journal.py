"""The journal of commands: each is on file before its request leaves; sends nothing itself."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

CANARY = re.compile(r"Cn([A-Z])[0-9a-f]{12}")
DECISIONS = ("hide", "show", "undo")
LATE_COMMIT_SECONDS = 5.0  # a command without a clear answer may still be at work that long


def new_canary(event: str) -> str:
    """A word that occurs nowhere else; survives cleaning, wrapping and escaping of text."""
    return f"Cn{event}{secrets.token_hex(6)}"


@dataclass
class Command:
    """One attempt. `key` is a note's idempotency key, or the post a decision is about.

    `at` and `end` are monotonic seconds; `end` is None if the answer never came to be written.
    """

    id: int
    at: float
    client: str
    event: str
    name: str
    key: str = ""
    canary: str = ""
    end: float | None = None
    status: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def settled_at(self) -> float:
        """From when on its effect, if any, has surely happened."""
        if self.end is not None and self.status is not None and self.status < 500:
            return self.end
        return (self.end or self.at) + LATE_COMMIT_SECONDS


class Journal:
    """Appends; one per run, written by one thread."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._last = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def begin(self, client: str, event: str, name: str, key: str = "", canary: str = "") -> int:
        """Note what is about to be sent; answers the command's id."""
        self._last += 1
        line = {"client": client, "event": event, "name": name, "key": key, "canary": canary}
        self._write({"id": self._last, "at": time.monotonic(), **line})
        return self._last

    def answered(self, command: int, status: int, answer: Mapping[str, Any]) -> None:
        self._write(
            {"id": command, "end": time.monotonic(), "status": status, "answer": dict(answer)}
        )

    def failed(self, command: int, error: str) -> None:
        """No answer came: the command may have happened or not."""
        self._write({"id": command, "end": time.monotonic(), "error": error})

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


def read_journal(path: Path) -> list[Command]:
    """All commands in the order they were sent."""
    commands: dict[int, Command] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "at" in entry:
            commands[entry["id"]] = Command(**entry)
        else:
            command = commands[entry.pop("id")]
            for name, value in entry.items():
                setattr(command, name, value)
    return list(commands.values())
