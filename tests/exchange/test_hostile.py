"""Files that mean harm, or are too much: a sentence each, the server unharmed, nothing written."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation
from openpyxl import Workbook

from agenda.exchange import reading, reading_child, table_rows
from agenda.exchange.plan import Plan, UnreadableError
from agenda.exchange.reading import MIB, Limits

TABLE = "Tag;Beginn;Ende;Raum;Titel\n09.10.2026;10:00;11:00;Saal;Eins\n"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def read(data: bytes | str, name: str = "file", limits: Limits | None = None) -> Plan:
    data = data.encode() if isinstance(data, str) else data
    return reading.read(data, name, zone="Europe/Berlin", limits=limits)


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["Title", "Room"])  # type: ignore[union-attr]
    book.active.append(["One", "Hall"])  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_an_honest_file_comes_through_the_child() -> None:
    plan = read(TABLE)

    assert [session.title for session in plan.sessions] == ["Eins"]
    assert f"{plan.slots[0].starts_at:%H:%M}" == "08:00"


def test_the_child_speaks_the_language_it_is_asked_in() -> None:
    with pytest.raises(UnreadableError) as refused:
        reading.read(b"  ", "x", zone="UTC", language="en")

    assert str(refused.value) == "The file is empty."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        os.urandom(1000),
        b"\xff\xfe\x00",
        b"PK\x03\x04 broken",
        b"%PDF-1.7",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"{}",
        b"[]",
        b'{"schedule": {"conference": {"days": 1}}}',
        b"<schedule>" * 50_000,
        b"<?xml version='1.0'?><schedule></schedule>",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
        b'"' * 300_000,
        b"Title;Room\n",
    ],
)
def test_what_is_no_programme_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(data)

    assert str(refused.value)


def test_entities_are_not_unfolded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e0 "ha">{levels}]><schedule>&e11;</schedule>'
    )

    with pytest.raises(UnreadableError):
        read(bomb)


def test_a_file_of_ours_is_never_read_by_an_entity() -> None:
    path = Path(settings.BASE_DIR) / "pyproject.toml"
    data = (
        f'<!DOCTYPE s [<!ENTITY x SYSTEM "file://{path}">]><schedule><conference><title>&x;</title>'
        "</conference><day date='2026-10-09'><room name='A'><event id='1'><title>&x;</title>"
        "<start>10:00</start><duration>01:00</duration></event></room></day></schedule>"
    )

    try:
        plan = read(data)
    except UnreadableError:
        return
    assert "eventhub" not in repr(plan)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_member(workbook(), "xl/worksheets/sheet9.xml", b"0" * (130 * MIB))

    with pytest.raises(UnreadableError, match="unpacks to more"):
        table_rows.check_archive(bomb)


def test_a_table_that_declares_entities_is_refused() -> None:
    with pytest.raises(UnreadableError, match="broken"):
        read(with_member(workbook(), "xl/worksheets/x.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'))


def test_an_archive_that_is_no_table_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no table"):
        read(with_member(b"", "programme.txt", b"hello"))


def test_a_table_that_claims_to_be_endless_is_read_where_it_is_filled() -> None:
    data = workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    page = members["xl/worksheets/sheet1.xml"].decode()
    members["xl/worksheets/sheet1.xml"] = page.replace(
        '<dimension ref="A1:B2"', '<dimension ref="A1:XFD1048576"'
    ).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    assert [session.title for session in read(file.getvalue()).sessions] == ["One"]


@override_settings(IMPORT_MAX_SESSIONS=3)
def test_more_sessions_than_are_allowed_are_refused_with_their_number() -> None:
    rows = "".join(f"Session {number};Saal\n" for number in range(4))

    with pytest.raises(UnreadableError, match="4 sessions; at most 3"):
        read(f"Title;Room\n{rows}")


def test_a_file_of_more_than_ten_megabytes_is_refused() -> None:
    with pytest.raises(UnreadableError, match="larger than 10 MB"):
        read(b"x" * (10 * MIB + 1))


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(UnreadableError, match="too large or too deeply"):
        read(TABLE, limits=Limits(wall_s=0.01))


def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    table = "Title;Abstract\n" + f"One;{'x' * 150_000}\n" * 60

    with pytest.raises(UnreadableError):
        read(table, limits=Limits(memory_bytes=48 * MIB))


def test_an_answer_that_is_too_long_is_given_up() -> None:
    with pytest.raises(UnreadableError):
        read(TABLE, limits=Limits(output_bytes=10))


def test_what_is_no_plan_is_not_believed() -> None:
    for said in (b"", b"{", b'{"plan": 7}', b'{"plan": {"format": "x", "slots": [{}]}}', b"[]"):
        with pytest.raises(UnreadableError):
            reading._understood(said)


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    ],
)
def test_the_child_can_neither_call_nor_start_anything(deed: str) -> None:
    path = Path(reading_child.__file__)
    code = (
        f"import sys; sys.path.insert(0, {str(path.parent)!r}); import reading_child\n"
        f"reading_child.shut_in()\ntry:\n    {deed}\n"
        "except PermissionError:\n    print('refused')\n"
    )

    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.stdout == "refused\n"


def test_controls_and_markup_do_not_come_through() -> None:
    session = {
        "id": "1",
        "title": "A\u202eB\u0000C\ud800D <b>x</b>",
        "description": "<script>alert(1)</script><p>Text</p>",
        "startsAt": "2026-10-09T10:00:00",
        "endsAt": "2026-10-09T11:00:00",
        "liveUrl": "javascript:alert(1)",
    }

    plan = read(json.dumps({"sessions": [session]}))

    assert plan.sessions[0].title == "ABCD <b>x</b>"
    assert plan.sessions[0].abstract == "Text"
    assert plan.sessions[0].links == []
    assert [one.words for one in plan.oddities] == [
        "A link that leads to no web page was left out."
    ]
