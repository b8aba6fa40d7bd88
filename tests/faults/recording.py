"""What one client received and made of it, line by line with monotonic time; interprets nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.journal import CANARY
from tests.replica import Replica

Note = dict[str, Any]
PAGE_CHANGES = ("apply", "remove", "replace")


class Recording:
    """Appends the notes of one client to `directory`/`client`.jsonl.

    The first line says who listened to what: `slack_s` is how much later than sent its network
    may deliver; `poster` names the journal's client whose own notes it shows.
    """

    def __init__(
        self,
        directory: Path,
        client: str,
        *,
        event: str,
        topics: Iterable[str] = (),
        slack_s: float = 0.0,
        poster: str = "",
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.changed_at = 0.0  # when the page last changed
        self._file = (directory / f"{client}.jsonl").open("w", encoding="utf-8")
        self.note(
            "meta",
            client=client,
            event=event,
            topics=list(topics),
            slack_s=slack_s,
            poster=poster,
        )

    def note(self, kind: str, **detail: object) -> None:
        now = time.monotonic()
        if kind in PAGE_CHANGES:
            self.changed_at = now
        line = {"at": now, "kind": kind, **detail}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def finish(self, replica: Replica | None = None) -> None:
        """Close the file, after a last line with the page as the client shows it now."""
        if replica is not None:
            self.note("final", tables=tables_of(replica))
        self._file.close()


def tables_of(replica: Replica) -> dict[str, list[list[Any]]]:
    """By topic, in the order of the page: key, version, order, canary (or None) of each object."""
    tables: dict[str, list[list[Any]]] = {}
    for group in replica.groups.values():
        for topic in group.topics:
            rows = replica.topic(topic).items()
            tables[topic] = [
                [key, known.version, known.order, _canary(known.html or "")] for key, known in rows
            ]
    return tables


def _canary(html: str) -> str | None:
    found = CANARY.search(html)
    return found.group() if found else None


@dataclass
class Tape:
    """A recording read back."""

    client: str
    event: str
    topics: list[str]
    slack_s: float
    poster: str
    notes: list[Note]

    @property
    def final(self) -> dict[str, list[list[Any]]] | None:
        last = self.notes[-1] if self.notes else {}
        tables: dict[str, list[list[Any]]] | None = last.get("tables")
        return tables

    @staticmethod
    def rows_of(note: Note, topic: str = "") -> list[Note]:
        """The objects this note puts on the page (of one topic, or of all)."""
        kind = note["kind"]
        rows = [note] if kind == "apply" else note["items"] if kind == "replace" else []
        return [row for row in rows if row["topic"] == topic or not topic]


def read_tapes(directory: Path) -> list[Tape]:
    tapes = []
    for path in sorted(directory.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            meta, *notes = (json.loads(line) for line in lines)
        names = ("client", "event", "topics", "slack_s", "poster")
        tapes.append(Tape(**{name: meta[name] for name in names}, notes=notes))
    return tapes
