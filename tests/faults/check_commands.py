"""I1, I2 and I7: what the journal and the database say without any client."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.evidence import EventEnd, Evidence, Post
from tests.faults.journal import Command
from tests.faults.verdict import Violation


def check_durable(evidence: Evidence) -> Iterator[Violation]:
    """I1: what was answered with 2xx is there, and says what the answer said."""
    for command in evidence.notes():
        if not command.is_accepted:
            continue
        key = str(command.answer.get("key"))
        post = evidence.events[command.event].posts.get(key)
        if post is None:
            yield _about(
                command, f"note {command.canary} was accepted as {key}, which is not there"
            )
        elif post.canary != command.canary:
            yield _about(command, f"note {command.canary} was accepted as {key}, with other text")
    yield from _check_toots(evidence)
    for key, commands in evidence.decisions.items():
        post = evidence.events[commands[0].event].posts.get(key)
        if post is not None:
            yield from _check_decisions(post, commands)
        elif any(command.is_accepted for command in commands):
            yield _about(commands[0], f"post {key} was decided on and is not there")


def _check_toots(evidence: Evidence) -> Iterator[Violation]:
    """Posts and the place up to which a source was read are stored together."""
    for command in evidence.commands:
        if command.name == "toot":
            event = evidence.events[command.event]
            read = max((int(c) for c in event.source_cursors if c.isdigit()), default=0)
            if int(command.key) <= read and command.canary not in event.by_canary:
                yield _about(command, f"{command.canary} was stepped over, the source is at {read}")


def _check_decisions(post: Post, commands: list[Command]) -> Iterator[Violation]:
    accepted = [command for command in commands if command.is_accepted]
    stored = Counter(after for _, after in post.decisions)
    answered = Counter(str(c.answer.get("state")) for c in accepted if c.answer.get("changed"))
    for state, count in answered.items():
        if stored[state] < count:
            newest = [c for c in accepted if c.answer.get("state") == state][-1]
            what = (
                f"{count} changes of {post.canary} to {state} were accepted, {stored[state]} stand"
            )
            yield _about(newest, what)
    last = _last_alone(commands)
    if last is not None and last.is_accepted and last.answer.get("state") != post.state:
        what = f"{post.canary} was last answered as {last.answer.get('state')}, ends {post.state}"
        yield _about(last, what)


def _last_alone(commands: list[Command]) -> Command | None:
    """The last command, if it began only after the effect of all others was settled."""
    *others, last = commands
    for other in others:
        if other.settled_at >= last.at:
            return None
    return last


def check_once(evidence: Evidence) -> Iterator[Violation]:
    """I2: one idempotency key, one object, one answer."""
    for event in evidence.events.values():
        for field in ("canary", "origin"):
            counts = Counter(getattr(post, field) for post in event.posts.values())
            for value, count in counts.items():
                if value and count > 1:
                    seqs = [p.version for p in event.posts.values() if getattr(p, field) == value]
                    yield Violation("I2", f"{count} posts with {field} {value}", seq=max(seqs))
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for command in evidence.notes():
        if command.is_accepted:
            known = answers[command.event, command.key]
            known.add(str(command.answer.get("key")))
            if len(known) > 1:
                yield _about(
                    command,
                    f"idempotency key {command.key} was answered with {sorted(known)}",
                    "I2",
                )


def check_log(evidence: Evidence) -> Iterator[Violation]:
    """I7: dense up to head, tagged, and every version and cursor ever seen stands in it."""
    for event in evidence.events.values():
        yield from _check_density(event)
        for post in event.posts.values():
            yield from _check_versions(event, post)
        for complaint in event.complaints:
            yield Violation("I7", f"event {event.name}: {complaint}")
    for tape in evidence.tapes:
        event = evidence.events[tape.event]
        for note in tape.notes:
            if note["kind"] == "cursor":
                seq, _, tag = note["cursor"].partition(".")
                if int(seq) > event.floor and event.tags.get(int(seq)) != tag:
                    what = f"cursor {note['cursor']} is not in the log"
                    yield Violation("I7", what, tape.client, int(seq), note["at"])
            for row in tape.rows_of(note):
                known = event.posts.get(row["key"])
                if row["topic"] == "wall" and known is None:
                    what = f"{row['key']} was on the wall and is not in the database"
                    yield Violation("I7", what, tape.client, row["version"], note["at"])
                elif known is not None and row["version"] not in known.changes:
                    what = f"{known.canary or known.key} never had version {row['version']}"
                    yield Violation("I7", what, tape.client, row["version"], note["at"])


def _check_density(event: EventEnd) -> Iterator[Violation]:
    expected = event.floor
    for change in sorted(event.log, key=lambda change: change.seq):
        expected += 1
        if change.seq != expected:
            what = f"event {event.name}: the log goes from {expected - 1} to {change.seq}"
            yield Violation("I7", what, seq=expected)
            expected = change.seq
        if not change.tag:
            yield Violation("I7", f"event {event.name}: no tag", seq=change.seq)
    if event.head != expected:
        what = f"event {event.name}: head {event.head}, but the log ends at {expected}"
        yield Violation("I7", what, seq=event.head)


def _check_versions(event: EventEnd, post: Post) -> Iterator[Violation]:
    last = max(post.changes, default=None)
    if last != post.version:
        what = f"{post.canary or post.key} has version {post.version}, last logged {last}"
        yield Violation("I7", what, seq=post.version)
    place = post.shown_seq
    if place is not None and place > event.floor and place not in post.changes:
        what = f"{post.canary or post.key} stands at {place}, which is no change of it"
        yield Violation("I7", what, seq=place)


def _about(command: Command, what: str, invariant: str = "I1") -> Violation:
    return Violation(invariant, what, command.client, at=command.end)
