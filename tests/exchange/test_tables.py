"""Tables as people and their spreadsheets write them, and what is told of odd ones."""

import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from agenda.exchange import tables
from agenda.exchange.plan import Plan, UnreadableError
from agenda.exchange.tidy import tidy

GERMAN = """Programm der Werkstatttage;;;;;;
Tag;Beginn;Ende;Raum;Titel;Vortragende;Fällt aus
Fr, 09.10.2026;10:00;10:45;Saal;Anfang;Ada Lovelace, Grace Hopper;
;22:00;00:30;Saal;Party;;ja
10.10.2026;9 Uhr;10.30 Uhr;Küche;Frühstück;;
;;;;Noch ohne Platz;Ada Lovelace;
"""


def read(text: str | bytes, zone: str = "Europe/Berlin") -> Plan:
    data = text.encode() if isinstance(text, str) else text
    return tidy(tables.read(data, zone=zone), max_sessions=5000)


def sheet(*rows: list[Any]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def placed(plan: Plan) -> list[tuple[str, str, str, str]]:
    titles = {session.origin: session.title for session in plan.sessions}
    return [
        (titles[s.session], s.room, f"{s.starts_at:%d %H:%M}", f"{s.ends_at:%d %H:%M}")
        for s in plan.slots
    ]


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(oddity.where, oddity.words) for oddity in plan.oddities]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_is_read_in_every_encoding(encoding: str, separator: str) -> None:
    plan = read(GERMAN.replace(";", separator).encode(encoding))

    assert placed(plan) == [
        ("Anfang", "Saal", "09 08:00", "09 08:45"),
        ("Party", "Saal", "09 20:00", "09 22:30"),
        ("Frühstück", "Küche", "10 07:00", "10 08:30"),
    ]
    assert [session.title for session in plan.sessions][-1] == "Noch ohne Platz"
    assert [slot.cancelled for slot in plan.slots] == [False, True, False]
    assert [speaker.name for speaker in plan.speakers] == ["Ada Lovelace", "Grace Hopper"]
    assert plan.oddities == []


def test_windows_text_is_read_and_told() -> None:
    plan = read(GERMAN.encode("cp1252"))

    assert plan.sessions[2].title == "Frühstück"
    assert told(plan) == [("", "The file is not in UTF-8; it was read as Windows text.")]


def test_commas_and_quotes_separate_too() -> None:
    plan = read('Title,Start,End,Speakers\n"Tea, and\nmore",2026-10-09T10:00,2026-10-09 11:00,A\n')

    assert plan.sessions[0].title == "Tea, and more"
    assert placed(plan)[0][2:] == ("09 08:00", "09 09:00")


def test_excels_own_days_and_hours_are_understood() -> None:
    plan = read(
        sheet(
            ["Day", "Start", "End", "Title", "Duration"],
            [date(2026, 10, 9), time(10), time(11, 30), "Cells", None],
            [datetime(2026, 10, 9), 0.5, 0.75, "Parts of a day", None],
            [46304, datetime(2026, 10, 9, 14), None, "Serial", 45],
            [None, datetime(2026, 10, 9, 15), None, "Length", timedelta(hours=1)],
        ),
        zone="UTC",
    )

    assert [row[2:] for row in placed(plan)] == [
        ("09 10:00", "09 11:30"),
        ("09 12:00", "09 18:00"),
        ("09 14:00", "09 14:45"),
        ("09 15:00", "09 16:00"),
    ]


@pytest.mark.parametrize(
    ("day", "start", "words"),
    [
        ("32.10.2026", "10:00", "The day “32.10.2026” is not one."),
        ("09.10.2026", "soon", "The hour “soon” is not one."),
        ("", "10:00", "There is an hour but no day; it was not placed."),
        ("09.10.2026", "", "There is a day but no hour; it was not placed."),
        ("09.10.1826", "10:00", "The day “09.10.1826” is not one."),
    ],
)
def test_a_place_that_cannot_be_is_told_by_its_line(day: str, start: str, words: str) -> None:
    plan = read(f"Tag;Beginn;Ende;Titel\n{day};{start};11:00;Eins\n")

    assert [session.title for session in plan.sessions] == ["Eins"]
    assert plan.slots == []
    assert told(plan) == [("line 2", words)]


def test_an_end_before_the_start_is_told_by_its_line() -> None:
    plan = read("Tag;Beginn;Ende;Titel\n09.10.2026;12:00;11:00;Eins\n")

    assert plan.slots == []
    assert told(plan) == [
        ("line 2", "This ends before it starts; it was not placed in the programme.")
    ]


def test_an_hour_below_an_evening_is_the_night_after() -> None:
    plan = read(
        "Tag;Beginn;Ende;Titel\n09.10.2026;23:00;23:30;A\n09.10.2026;00:30;01:00;B\n", "UTC"
    )

    assert placed(plan)[1][2:] == ("10 00:30", "10 01:00")
    assert told(plan) == [("line 3", "This hour was taken for the night after that day.")]


def test_an_hour_that_the_clocks_leave_out_is_told() -> None:
    plan = read("Tag;Beginn;Ende;Titel\n29.03.2026;02:30;04:00;A\n")

    assert told(plan) == [
        ("line 2", "This hour does not exist: the clocks are put forward that night.")
    ]


def test_days_with_slashes_follow_those_that_tell() -> None:
    month_first = read("Day,Start,End,Title\n10/9/2026,10:00,11:00,A\n10/31/2026,10:00,11:00,B\n")
    unclear = read("Day,Start,End,Title\n10/9/2026,10:00,11:00,A\n")

    assert [row.starts_at.date() for row in month_first.slots] == [
        date(2026, 10, 9),
        date(2026, 10, 31),
    ]
    assert unclear.slots[0].starts_at.date() == date(2026, 9, 10)
    assert len(unclear.oddities) == 1


def test_formulas_are_left_out_and_told_by_their_cell() -> None:
    line = read('Titel;Kurztext\nEins;"=HYPERLINK(""https://x.example"")"\n')
    cell = read(sheet(["Title", "Abstract"], ["One", "=1+1"], ["=CONCAT(A1)", "two"]))

    assert line.sessions[0].abstract == ""
    assert told(line)[0][0] == "line 2"
    assert [session.title for session in cell.sessions] == ["One"]
    assert [where for where, _words in told(cell)] == ["Sheet B2", "Sheet A3", "Sheet line 3"]


def test_an_apostrophe_before_a_formula_belongs_to_the_spreadsheet() -> None:
    plan = read("Title,Abstract,Subtitle\n'=)  smile,'quoted',-1\n")

    session = plan.sessions[0]
    assert (session.title, session.abstract, session.subtitle) == ("=) smile", "'quoted'", "-1")


def test_rows_with_one_id_are_one_session_twice() -> None:
    plan = read(
        "ID,Day,Start,End,Title\n7,2026-10-09,10:00,11:00,Tour\n7,2026-10-09,12:00,13:00,Tour\n"
        "7,2026-10-09,14:00,15:00,Something else\n"
    )

    assert [(session.origin, session.title) for session in plan.sessions] == [
        ("7", "Tour"),
        ("7#2", "Something else"),
    ]
    assert [slot.session for slot in plan.slots] == ["7", "7", "7#2"]
    assert told(plan) == [("line 4", "The ID 7 stands in the table twice.")]


def test_what_has_no_column_is_left_as_it_is() -> None:
    plan = read("Titel;Raum\nEins;Saal\n")

    assert {"session.abstract", "session.speakers", "slot.cancelled"} <= plan.silent
    assert "session.title" not in plan.silent


def test_a_table_without_headings_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no line with headings"):
        read("eins;zwei\ndrei;vier\n")


def test_an_open_quote_is_refused_with_its_line() -> None:
    text = 'Title,Abstract\nA,"b\n' + "x" * 300_000

    with pytest.raises(UnreadableError, match="Line 2"):
        read(text)


def test_times_are_utc_and_aware() -> None:
    plan = read(GERMAN)

    assert {slot.starts_at.tzinfo for slot in plan.slots} == {UTC}
