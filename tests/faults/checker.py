"""Judge one run from its files alone: `python -m tests.faults.checker DIR [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import check_commands, check_streams
from tests.faults.evidence import Evidence, load
from tests.faults.verdict import Verdict, Violation

CHECKS: dict[str, Callable[[Evidence], Iterator[Violation]]] = {
    "I1": check_commands.check_durable,
    "I2": check_commands.check_once,
    "I3": check_streams.check_convergence,
    "I4": check_streams.check_order,
    "I5": check_streams.check_no_return,
    "I6": check_streams.check_isolation,
    "I7": check_commands.check_log,
    "I8": check_streams.check_cursors,
}


class NoEvidenceError(Exception):
    """The files show so little that a good verdict would mean nothing."""


def judge(evidence: Evidence) -> Verdict:
    """A verdict on every invariant; NoEvidenceError where nothing was written, decided or heard."""
    counts = _counts(evidence)
    empty = [name for name, count in counts.items() if not count]
    if empty:
        raise NoEvidenceError(f"nothing to judge: no {', no '.join(empty)}")
    verdict = Verdict(evidence.begun_at, _looked_at(evidence, counts))
    for check in CHECKS.values():
        verdict.violations.extend(check(evidence))
    return verdict


def _counts(evidence: Evidence) -> dict[str, int]:
    return {
        "accepted commands": sum(c.is_accepted and c.client != "killer" for c in evidence.commands),
        "posts": sum(len(event.posts) for event in evidence.events.values()),
        "changes": sum(len(event.log) for event in evidence.events.values()),
        "clients": sum(bool(tape.topics) for tape in evidence.tapes),
        "messages": sum(
            note["kind"] == "message" for tape in evidence.tapes for note in tape.notes
        ),
    }


def _looked_at(evidence: Evidence, counts: dict[str, int]) -> dict[str, str]:
    keys = len({command.key for command in evidence.notes()})
    hides = sum(c.is_accepted and c.name == "hide" for c in evidence.commands)
    connections = sum(note["kind"] == "connect" for t in evidence.tapes for note in t.notes)
    size = sum(len(note.get("raw", "")) for tape in evidence.tapes for note in tape.notes)
    visible = sum(len(event.visible()) for event in evidence.events.values())
    return {
        "I1": f"{counts['accepted commands']} commands",
        "I2": f"{keys} keys",
        "I3": f"{counts['clients']} clients, {visible} visible posts",
        "I4": f"{counts['posts']} posts",
        "I5": f"{hides} hides, {counts['messages']} messages",
        "I6": f"{size} characters, {len(evidence.events)} events",
        "I7": f"{counts['changes']} changes",
        "I8": f"{connections} connections",
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.checker", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    options = parser.parse_args(arguments)
    try:
        verdict = judge(load(options.directory))
    except NoEvidenceError as error:
        print(error, file=sys.stderr)
        return 2
    report = json.dumps(verdict.as_json(), indent=1, ensure_ascii=False)
    (options.directory / "verdict.json").write_text(report, encoding="utf-8")
    print(report if options.json else "\n".join(verdict.lines()))
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
