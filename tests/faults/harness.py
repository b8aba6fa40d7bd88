"""One round: two events under posts, hides and faults; then the verdict of the checker."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.faults.check_streams import differences
from tests.faults.checker import judge
from tests.faults.crowd import Crowd
from tests.faults.evidence import Evidence, load
from tests.faults.journal import Journal, new_canary
from tests.faults.killer import Killer
from tests.faults.people import Field
from tests.faults.recording import tables_of
from tests.faults.rig import Plan, Rig
from tests.faults.timeline import Timeline
from tests.faults.verdict import Verdict
from tests.processes import Process

CALM_SECONDS = 1.0  # between the last arrival and the first fault
LAST_FETCH_SECONDS = 1.0  # what the source has just handed out is stored by then
NOTES_OF_B = 20
GONE_SECONDS = 180.0  # longer than stopping and starting may take (tests.servers.START_SECONDS)
# A 503 is an honest answer; the other is how Django tells that a request's sender has gone.
EXCUSED = ("Service Unavailable:", "exception=RequestAborted()")
ERROR = re.compile(r"^\S+ (ERROR|CRITICAL) |^Traceback")


class PartGoneError(Exception):
    """A process was ended by somebody outside of the round, which proves nothing now."""


@dataclass
class Outcome:
    """What a round came to.

    `settled_s`: how long after the last fault and command the last page changed; None if the
    pages never agreed. `errors`: what the server itself could not explain.
    """

    plan: Plan
    verdict: Verdict
    settled_s: float | None
    faults: Counter[str]
    answers: Counter[str]
    errors: list[str]

    @property
    def is_good(self) -> bool:
        in_time = self.settled_s is not None and self.settled_s <= self.plan.settle_s
        return self.verdict.is_good and in_time and not self.errors

    def lines(self) -> list[str]:
        settled = "never" if self.settled_s is None else f"after {self.settled_s:.1f} s"
        return [
            f"faults: {_listed(self.faults)}",
            f"answers: {_listed(self.answers)}",
            f"all pages alike: {settled} (at most {self.plan.settle_s:.0f} s)",
            f"errors: {'; '.join(self.errors) or 'none'}",
            *self.verdict.lines(),
        ]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} x {name}" for name, count in sorted(counts.items())) or "none"


def run_round(plan: Plan, directory: Path) -> Outcome:
    """Play `plan` below `directory`, which keeps every file, and judge.

    UnexpectedAnswerError (in a group) if the server says what no fault excuses, PartGoneError (in
    a group) if a process was ended by somebody else.
    """
    with ExitStack() as stack:
        timeline = stack.enter_context(Timeline())
        rig = stack.enter_context(Rig(plan, directory, source=timeline.url))
        journal = stack.enter_context(Journal(directory / "journal.jsonl"))
        settled_s, killer, shared = asyncio.run(_play(rig, journal, timeline))
        errors = killer.complaints + _errors(rig)
    verdict = judge(load(directory))
    return Outcome(plan, verdict, settled_s, killer.counts, shared.answers, errors)


def _errors(rig: Rig) -> list[str]:
    """The lines in the processes' own logs that tell of a fault of theirs."""
    return [
        f"{process.name}: {line[:300]}"
        for process in rig.processes()
        for line in process.said().splitlines()
        if ERROR.search(line) and not any(words in line for words in EXCUSED)
    ]


async def _play(
    rig: Rig, journal: Journal, timeline: Timeline
) -> tuple[float | None, Killer, Field]:
    plan = rig.plan
    source = random.Random(plan.seed)
    shared = Field(
        journal,
        [web.port for web in rig.webs],
        source,
        notes_left={"A": plan.notes, "B": NOTES_OF_B},
        pause_s=plan.seconds * plan.posters / plan.notes,
    )
    crowd = Crowd(rig, shared, source)
    killer = Killer(rig, shared, random.Random(plan.seed + 1))
    try:
        async with asyncio.TaskGroup() as work:
            watch = work.create_task(watch_over(rig.processes()))
            await crowd.gather()
            busy = [work.create_task(person.run()) for person in crowd.people]
            busy.append(work.create_task(_publish(plan, shared, timeline)))
            await asyncio.sleep(CALM_SECONDS)
            await killer.run()
            shared.stop.set()
            await asyncio.wait(busy)
            watch.cancel()
        settled_s = await _settle(rig, crowd, timeline)
    finally:
        await crowd.leave()
    return settled_s, killer, shared


async def watch_over(processes: Sequence[Process], *, gone_s: float = GONE_SECONDS) -> None:
    """Raise PartGoneError when a process has ended that nobody starts again.

    People here insist until they are answered: without this a round whose server was ended by
    somebody else would never end.
    """
    ended_at: dict[str, float] = {}
    while True:
        now = time.monotonic()
        for process in processes:
            if (code := process.process.poll()) is None:
                ended_at.pop(process.name, None)
            elif now - ended_at.setdefault(process.name, now) > gone_s:
                raise PartGoneError(
                    f"{process.name} ended with {code}, and nobody has started it again"
                )
        await asyncio.sleep(gone_s / 10)


async def _publish(plan: Plan, shared: Field, timeline: Timeline) -> None:
    """The network beyond: posts under the hashtag, each with a canary like every text."""
    for _ in range(plan.toots):
        if shared.stop.is_set():
            return
        canary = new_canary("A")
        shared.journal.begin("timeline", "A", "toot", timeline.next_id(), canary)
        timeline.publish(f"Gruß aus dem Netz {canary}")
        await asyncio.sleep(plan.seconds / plan.toots)


async def _settle(rig: Rig, crowd: Crowd, timeline: Timeline) -> float | None:
    """Wait until every page agrees with the database, at most the plan's time."""
    begun = time.monotonic()
    timeline.closed = True
    await asyncio.sleep(LAST_FETCH_SECONDS)
    await asyncio.to_thread(rig.export)
    evidence = load(rig.directory, with_tapes=False)
    while not _alike(evidence, crowd):
        if time.monotonic() - begun > rig.plan.settle_s:
            return None
        await asyncio.sleep(0.05)
    return max(0.0, *(listener.recording.changed_at - begun for listener in crowd.listeners))


def _alike(evidence: Evidence, crowd: Crowd) -> bool:
    return not any(
        next(differences(evidence, listener.about, tables_of(listener.client.replica)), None)
        for listener in crowd.listeners
    )
