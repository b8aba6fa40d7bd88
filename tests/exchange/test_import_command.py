"""`manage.py import_programme`: a report in the terminal, exit code 1 if nothing was imported."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agenda.models import Event, Session, Slot

TABLE = """Tag;Beginn;Ende;Raum;Titel
07.10.2026;10:00;11:00;Saal;Eins
07.10.2026;11:00;12:00;Saal;Zwei
07.10.2026;15:00;14:00;Saal;Drei
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "programme.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(*arguments: object) -> list[str]:
    out = StringIO()
    call_command("import_programme", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def test_a_file_becomes_the_programme_and_the_report_says_how(event: Event, file: Path) -> None:
    lines = run(event.slug, file)

    assert Slot.objects.filter(event=event).count() == 2
    assert lines == [
        "+ Eins (2026-10-07 10:00, Saal)",
        "+ Zwei (2026-10-07 11:00, Saal)",
        "+ Drei",
        "+ Saal",
        "! line 4: This ends before it starts; it was not placed in the programme.",
        "sessions: 3 new, 0 changed, 0 gone; times: 2 new, 0 changed, 0 gone; 1 remark",
    ]


def test_a_second_time_there_is_nothing_to_do(event: Event, file: Path) -> None:
    run(event.slug, file)

    assert run(event.slug, file)[-1] == "The programme is so already."


def test_a_preview_writes_nothing(event: Event, file: Path) -> None:
    lines = run(event.slug, file, "--preview")

    assert lines[0] == "+ Eins (2026-10-07 10:00, Saal)"
    assert Session.objects.count() == 0


def test_an_event_is_made_from_the_file(db: None, file: Path) -> None:
    run("werkstatttage", file, "--create", "--zone", "UTC")

    event = Event.objects.get(slug="werkstatttage")
    assert (event.name, event.zone) == ("werkstatttage", "UTC")
    assert f"{event.starts_at:%d %H:%M} {event.ends_at:%d %H:%M}" == "07 10:00 07 12:00"
    assert Slot.objects.filter(event=event).count() == 2


def test_a_preview_makes_no_event(db: None, file: Path) -> None:
    run("werkstatttage", file, "--create", "--preview")

    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing was imported. The file is empty."),
        ("Titel;Raum\n", "Nothing was imported. There is no session in the file."),
        ("Titel;Raum\nEins;Saal\n", "does not say on which days"),
    ],
)
def test_nothing_is_left_of_an_event_that_could_not_be_made(
    db: None, file: Path, text: str, words: str
) -> None:
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=words):
        run("werkstatttage", file, "--create")

    assert not Event.objects.exists()


def test_an_unknown_event_is_an_error_that_tells_what_to_do(db: None, file: Path) -> None:
    with pytest.raises(CommandError, match="--create makes it"):
        run("nowhere", file)


def test_an_event_is_not_made_twice(event: Event, file: Path) -> None:
    with pytest.raises(CommandError, match="already"):
        run(event.slug, file, "--create")


def test_an_address_that_cannot_be_is_an_error(db: None, file: Path) -> None:
    with pytest.raises(CommandError, match="taken by Eventhub itself"):
        run("admin", file, "--create")


def test_a_file_that_is_not_there_is_an_error(event: Event, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was imported"):
        run(event.slug, tmp_path / "none.csv")
