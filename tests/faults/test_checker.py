"""The checker finds every bug sown into a small run, under the right name, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agenda.models import Event
from tests.factories import make_rule
from tests.faults.checker import NoEvidenceError, judge, main
from tests.faults.evidence import load
from tests.faults.export import export_event
from tests.faults.journal import Journal, new_canary, read_journal
from tests.faults.recording import Recording, read_tapes
from tests.faults.seeded_bugs import BUGS, FallingCursor, StateFirst
from tests.faults.synthetic import Row, World
from tests.faults.verdict import INVARIANTS
from tests.replica import Replica
from wall.models import Rule


def broken(directory: Path) -> set[str]:
    return {violation.invariant for violation in judge(load(directory)).violations}


def test_clean_run_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    World().run(tmp_path)

    assert main([str(tmp_path)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [[name, "ok"] for name in INVARIANTS]
    assert lines[0] == "I1 ok (8 commands)"


@pytest.mark.parametrize(
    ("bug", "expected"), BUGS, ids=lambda value: getattr(value, "__name__", "")
)
def test_seeded_bug_is_reported(tmp_path: Path, bug: type[World], expected: set[str]) -> None:
    bug().run(tmp_path)

    assert broken(tmp_path) == expected


def test_violation_names_client_seq_and_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FallingCursor().run(tmp_path)

    assert main([str(tmp_path), "--json"]) == 1

    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((tmp_path / "verdict.json").read_text())
    [violation] = report["I8"]["violations"]
    assert (violation["client"], violation["seq"]) == ("wall-1", 2)
    assert violation["at"] > 1000


def test_smallest_counter_example_is_the_earliest(tmp_path: Path) -> None:
    StateFirst().run(tmp_path)

    found = judge(load(tmp_path)).of("I5")

    assert found[0].at == min(violation.at or 0 for violation in found)
    assert found[0].seq == 7


def test_return_without_history_needs_a_show_command(tmp_path: Path) -> None:
    class Edited(World):
        """The source edits a post too, so decisions alone do not tell its states."""

        def play(self) -> None:
            super().play()
            event = self.events["A"]
            for key in ("k2", "k4"):
                event.posts[key]["version"] = event.change("post", event.posts[key]["id"])
            self.deliver()

    class Returned(Edited):
        def play(self) -> None:
            super().play()
            event = self.events["A"]
            event.posts["k4"]["state"] = "shown"
            event.posts["k4"]["version"] = event.change("post", event.posts["k4"]["id"])
            self.deliver()

    for world, expected in ((Edited, set()), (Returned, {"I1", "I5"})):
        directory = tmp_path / world.__name__
        directory.mkdir()
        world().run(directory)
        assert broken(directory) == expected


@pytest.mark.django_db
def test_export_carries_what_the_check_of_the_log_complains_about(event: Event) -> None:
    rule = make_rule(event)
    sound = export_event(event.slug)["complaints"]
    Rule._base_manager.filter(pk=rule.pk).update(version=7)  # behind the log's back

    broken = export_event(event.slug)["complaints"]

    assert (sound, broken) == (
        [],
        [f"rule {rule.pk} has version 7, its last change is {rule.version}."],
    )


def test_export_without_a_check_of_the_log_is_not_judged(tmp_path: Path) -> None:
    class Unchecked(World):
        def final(self) -> Row:
            final = super().final()
            del final["events"]["B"]["complaints"]
            return final

    Unchecked().run(tmp_path)

    with pytest.raises(KeyError, match="complaints"):
        load(tmp_path)


def test_run_without_evidence_is_no_success(tmp_path: Path) -> None:
    class Mute(World):
        def deliver(self) -> None:
            pass

    Mute().run(tmp_path)

    with pytest.raises(NoEvidenceError, match="no messages"):
        judge(load(tmp_path))
    assert main([str(tmp_path)]) == 2


def test_journal_reads_back_what_was_begun_answered_and_lost(tmp_path: Path) -> None:
    canary = new_canary("A")
    with Journal(tmp_path / "journal.jsonl") as journal:
        answered = journal.begin("poster-1", "A", "note", "idem", canary)
        journal.answered(answered, 201, {"key": "k"})
        journal.failed(journal.begin("moderator-1", "A", "hide", "k"), "ConnectError")
        journal.begin("moderator-1", "A", "show", "k")

    note, hide, show = read_journal(tmp_path / "journal.jsonl")

    assert (note.status, note.answer, note.canary) == (201, {"key": "k"}, canary)
    assert note.settled_at == note.end
    assert (hide.status, hide.error, hide.is_accepted) == (None, "ConnectError", False)
    assert (show.end, show.settled_at) == (None, show.at + 5)


def test_recording_reads_back_with_the_final_page(tmp_path: Path) -> None:
    recording = Recording(tmp_path, "wall-1", event="A", topics=["wall"])
    replica = Replica({"shared": ["wall"]}, watch=lambda kind, row: recording.note(kind, **row))
    item = {"topic": "wall", "key": "k", "version": 1, "order": 1, "html": "CnA0123456789ab"}
    replica.receive({"t": "frame", "g": "shared", "from": 0, "upto": "1.a", "items": [item]})
    recording.finish(replica)

    [tape] = read_tapes(tmp_path)

    assert [note["kind"] for note in tape.notes] == ["apply", "cursor", "final"]
    assert tape.final == {"wall": [["k", 1, 1, "CnA0123456789ab"]]}
