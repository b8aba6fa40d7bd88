"""I3, I4, I5, I6 and I8: what each client received and showed, against the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from tests.faults.evidence import EventEnd, Evidence, Post
from tests.faults.journal import CANARY
from tests.faults.recording import Tape
from tests.faults.verdict import Violation
from tests.replica import seq_of

PUBLIC = {"wall", "programme", "screen"}
HIDDEN_AFTER_SECONDS = 2.0


def check_convergence(evidence: Evidence) -> Iterator[Violation]:
    """I3: the set of (key, version, canary) of each page is that of the database."""
    for tape in evidence.tapes:
        if not tape.topics:
            continue
        if tape.final is None:
            yield Violation("I3", "has no final page", tape.client)
            continue
        for seq, what in differences(evidence, tape, tape.final):
            yield Violation("I3", what, tape.client, seq, tape.notes[-1]["at"])


def differences(
    evidence: Evidence, tape: Tape, tables: dict[str, list[list[Any]]]
) -> Iterator[tuple[int, str]]:
    """Where the pages `tables` differ from the database: the lowest version concerned, and how."""
    event = evidence.events[tape.event]
    for topic, expected in _expected(evidence, tape).items():
        rows = [row for row in tables[topic] if topic != "desk" or row[0] in event.posts]
        got = {(key, version, canary) for key, version, _, canary in rows}
        everything = {_row(post) for post in expected}
        # A list may leave out what is older than its window, never anything newer.
        needed = {_row(post) for post in expected[-evidence.window :]}
        if not needed <= got <= everything:
            missing, extra = sorted(needed - got), sorted(got - everything, key=str)
            found = f"{topic} ends as {_hash(got)} instead of {_hash(everything)}"
            how = f"missing {missing[:3]}, too many {extra[:3]}"
            yield min(row[1] for row in [*missing, *extra]), f"{found}: {how}"


def _expected(evidence: Evidence, tape: Tape) -> dict[str, list[Post]]:
    event = evidence.events[tape.event]
    own = {c.canary for c in evidence.notes() if c.client == tape.poster}
    lists = {
        "wall": event.visible(),
        "desk": sorted(event.posts.values(), key=lambda post: post.changes[:1]),
        "mine": [post for post in event.posts.values() if post.canary in own],
    }
    return {topic: posts for topic, posts in lists.items() if topic in tape.topics}


def _row(post: Post) -> tuple[str, int, str]:
    return (post.key, post.version, post.canary)


def _hash(rows: Iterable[tuple[Any, ...]]) -> str:
    text = "\n".join(sorted(f"{row[0]}:{row[1]}" for row in rows))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def check_order(evidence: Evidence) -> Iterator[Violation]:
    """I4: every place a client was told is the post's `shown_seq`, and pages follow it."""
    for event in evidence.events.values():
        places = [post.shown_seq for post in event.visible()]
        for before, after in pairwise(places):
            if before is None or before == after:
                yield Violation("I4", f"event {event.name}: place {after} twice", seq=after)
    for tape in evidence.tapes:
        posts = evidence.events[tape.event].posts
        for note in tape.notes:
            for row in tape.rows_of(note, "wall"):
                post = posts.get(row["key"])
                if post is not None and row["order"] != post.shown_seq:
                    what = f"{post.canary} was given place {row['order']}, has {post.shown_seq}"
                    yield Violation("I4", what, tape.client, row["version"], note["at"])
        rows = (tape.final or {}).get("wall", [])
        places = [posts[key].shown_seq for key, *_ in rows if key in posts]
        if places != sorted(places, key=lambda place: place or 0):
            yield Violation("I4", f"the page ends as {places}", tape.client)


def check_no_return(evidence: Evidence) -> Iterator[Violation]:
    """I5: nothing is shown at a version at which it was hidden, or after its hiding."""
    for tape in evidence.tapes:
        yield from _check_versions_shown(evidence, tape)
    for tape in evidence.tapes:
        spans = _hidden_spans(evidence, evidence.events[tape.event])
        for note in tape.notes:
            if note["kind"] in ("message", "body"):
                for canary in _public_canaries(tape, note["raw"]):
                    for begin, end in spans.get(canary, ()):
                        if begin + HIDDEN_AFTER_SECONDS + tape.slack_s < note["at"] < end:
                            late = note["at"] - begin
                            what = f"{canary} arrived {late:.3f} s after its hiding was answered"
                            yield Violation("I5", what, tape.client, at=note["at"])


def _check_versions_shown(evidence: Evidence, tape: Tape) -> Iterator[Violation]:
    posts = evidence.events[tape.event].posts
    removed: dict[str, tuple[int, float]] = {}
    for note in tape.notes:
        if note["kind"] == "remove" and note["topic"] == "wall":
            removed[note["key"]] = (note["version"], note["at"])
            continue
        for row in tape.rows_of(note, "wall"):
            post = posts.get(row["key"])
            version, at = row["version"], note["at"]
            name = (post.canary if post else "") or row["key"]
            gone_version, gone_at = removed.get(row["key"], (-1, at))
            if version <= gone_version:
                what = f"{name} came back at version {version}, removed at {gone_version}"
                yield Violation("I5", what, tape.client, version, at)
            elif post is not None and post.states:
                if post.states.get(version, "shown") != "shown":
                    what = f"{name} was on the wall at version {version}, where it was hidden"
                    yield Violation("I5", what, tape.client, version, at)
            elif gone_version >= 0 and not _show_between(evidence, row["key"], gone_at, at):
                what = f"{name} came back at version {version} though nobody showed it"
                yield Violation("I5", what, tape.client, version, at)


def _show_between(evidence: Evidence, key: str, removed_at: float, shown_at: float) -> bool:
    """Whether somebody may have shown `key`: not surely before its first hiding, nor too late."""
    commands = evidence.decisions.get(key, [])
    hides = [c.at for c in commands if c.name == "hide" and c.at < removed_at]
    first = min(hides, default=0.0)
    return any(c.name != "hide" and c.at < shown_at and c.settled_at > first for c in commands)


def _hidden_spans(evidence: Evidence, event: EventEnd) -> dict[str, list[tuple[float, float]]]:
    """By canary: from the answer of a hiding to the next command that may have shown it."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for post in event.posts.values():
        commands = evidence.decisions.get(post.key, [])
        for hide in commands:
            if hide.is_accepted and hide.answer.get("state") == "hidden" and hide.end is not None:
                others = [c for c in commands if c.name != "hide" and c.settled_at >= hide.at]
                end = min((c.at for c in others), default=float("inf"))
                spans.setdefault(post.canary, []).append((hide.end, end))
    return spans


def _public_canaries(tape: Tape, raw: str) -> set[str]:
    if set(tape.topics) <= PUBLIC:
        return {found.group() for found in CANARY.finditer(raw)}
    try:
        items = json.loads(raw).get("items") or ()
    except ValueError:
        return set()
    htmls = (item["html"] or "" for item in items if item["topic"] in PUBLIC)
    return {found.group() for html in htmls for found in CANARY.finditer(html)}


def check_isolation(evidence: Evidence) -> Iterator[Violation]:
    """I6: no canary of another event in any byte received."""
    for tape in evidence.tapes:
        for note in tape.notes:
            for found in CANARY.finditer(note.get("raw", "")):
                if found.group(1) != tape.event:
                    what = f"{found.group()} reached event {tape.event}"
                    yield Violation("I6", what, tape.client, at=note["at"])


def check_cursors(evidence: Evidence) -> Iterator[Violation]:
    """I8: a cursor rises, or is reset; a new connection goes on where the old one was."""
    for tape in evidence.tapes:
        last: dict[str, str] = {}
        for note in tape.notes:
            if note["kind"] == "connect":
                moves = [(name, sub["cursor"], "hello") for name, sub in note["subs"].items()]
            elif note["kind"] == "cursor":
                moves = [(note["group"], note["cursor"], note["why"])]
            else:
                continue
            for group, cursor, why in moves:
                before = last.get(group, cursor)
                fell = seq_of(cursor) < seq_of(before)
                changed = seq_of(cursor) == seq_of(before) and cursor != before
                if why != "reset" and (fell or changed):
                    what = f"{group} went from {before} to {cursor} by {why}"
                    yield Violation("I8", what, tape.client, seq_of(cursor), note["at"])
                last[group] = cursor
