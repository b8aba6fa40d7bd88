"""The addresses of the exports: types, names, what changed, and who may have them."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from agenda.exchange import columns, giggity, snapshot, table_writer
from agenda.models import Event, Room, Session, Slot, Speaker, Track
from eventhub.live.log import changing
from tests import guests
from tests.exchange.programmes import make_full_event, place
from tests.exchange.test_cells import FORMULAS
from tests.factories import make_event, make_room, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # is about files: once is enough

TYPES = {
    "schedule.xml": "application/xml; charset=utf-8",
    "schedule.json": "application/json",
    "schedule.ics": "text/calendar; charset=utf-8",
    "schedule.csv": "text/csv; charset=utf-8",
    "schedule.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "giggity.json": "application/json",
}
every_export = pytest.mark.parametrize("name", TYPES)


@pytest.fixture
def event() -> Event:
    return make_full_event(slug="fest")


def get(name: str, **headers: str) -> Any:
    """As an app asks that knows no cookies; HTTP's words with _ for their dashes."""
    return guests.browser().get(f"/fest/{name}", headers=headers)


@every_export
def test_export_says_what_it_is(event: Event, name: str) -> None:
    answer = get(name)

    saved = f'attachment; filename="fest.{name[-4:].lstrip(".")}"'
    assert (answer.status_code, answer["Content-Type"]) == (200, TYPES[name])
    assert answer.get("Content-Disposition") == (saved if name[-3:] in {"csv", "lsx"} else None)
    assert answer["Access-Control-Allow-Origin"] == "*"


@every_export
def test_head_says_the_same_without_a_body(event: Event, name: str) -> None:
    whole, head = get(name), guests.browser().head(f"/fest/{name}")

    assert (head.status_code, head.content) == (200, b"")
    assert {key: head[key] for key in ("ETag", "Last-Modified", "Content-Type")} == {
        key: whole[key] for key in ("ETag", "Last-Modified", "Content-Type")
    }


@every_export
def test_who_has_it_already_is_told_so(event: Event, name: str) -> None:
    answer = get(name)

    by_tag = get(name, if_none_match=answer["ETag"])
    by_time = get(name, if_modified_since=answer["Last-Modified"])

    assert [(a.status_code, a.content) for a in (by_tag, by_time)] == [(304, b"")] * 2
    assert by_tag["ETag"] == answer["ETag"]
    assert "Content-Type" not in by_tag


def move(event: Event) -> None:
    with changing(event) as log:
        slot = log.fresh(Slot.objects.filter(event=event, cancelled=False)[0])
        slot.sequence += 1
        log.touch(slot)


def remove(event: Event) -> None:
    with changing(event) as log:
        log.remove(Slot.objects.filter(event=event, cancelled=False)[0])


def resave(model: Any) -> Callable[[Event], None]:
    return lambda event: model.objects.filter(event=event).first().save()


CHANGES: dict[str, Callable[[Event], None]] = {
    "a move": move,
    "a slot that goes": remove,
    "a room": resave(Room),
    "a new track": lambda event: Track(event=event, name="New").save(),
    "a track": resave(Track),
    "a speaker": resave(Speaker),
    "a session": resave(Session),
    "the event": lambda event: event.save(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_whole_is_sent(event: Event, change: str) -> None:
    before = get("schedule.xml")

    CHANGES[change](event)

    by_tag = get("schedule.xml", if_none_match=before["ETag"])
    by_time = get("schedule.xml", if_modified_since=before["Last-Modified"])
    assert (by_tag.status_code, by_time.status_code) == (200, 200)


@every_export
def test_another_event_is_another_file(event: Event, name: str) -> None:
    make_full_event(slug="other")

    assert guests.browser().get(f"/other/{name}")["ETag"] != get(name)["ETag"]


@pytest.mark.parametrize("name", ["schedule.csv", "schedule.xlsx"])
def test_table_speaks_the_language_of_who_asks(event: Event, name: str) -> None:
    german, english = (get(name, accept_language=code) for code in ("de", "en"))

    assert german["ETag"] != english["ETag"]
    assert german.content != english.content


# --- closed events


@every_export
def test_closed_event_is_exported_for_its_guests_only(event: Event, name: str) -> None:
    event.closed = True
    event.save()

    stranger, inside = get(name), guests.guest(event).get(f"/fest/{name}")

    assert (stranger.status_code, inside.status_code) == (403, 200)
    assert b"Recht" not in stranger.content
    assert "no-store" in inside["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in inside


# --- how much it costs


@every_export
def test_export_asks_as_much_for_three_rows_as_for_one(
    event: Event, name: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get(name)
    with CaptureQueriesContext(
        connection,
    ) as few:
        get(name)
    for number in range(3):
        session = make_session(event, track=Track.objects.create(event=event, name=f"T{number}"))
        speaker = Speaker.objects.create(event=event, name=f"S{number}")
        session.appearances.create(speaker=speaker)
        place(session, make_room(event), "2026-10-07T10:00", 30)

    with django_assert_num_queries(len(few)):
        get(name)


# --- tables


@pytest.mark.parametrize("text", FORMULAS)
def test_no_exported_cell_is_a_formula(text: str) -> None:
    event = make_event()
    session = make_session(event, text, subtitle=text, host=text, abstract=text, description=text)
    place(session, make_room(event, text), "2026-10-07T10:00", 30)

    sheet = load_workbook(BytesIO(table_writer.write_xlsx(event))).active
    table = table_writer.write_csv(event).decode("utf-8-sig")

    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    written = re.findall(r'"((?:[^"]|"")*)"', table)
    assert [
        cell
        for cell in written
        if cell.lstrip(" \u00a0\u3000\u200b\ufeff")[:1] in "=+-@＝＋－＠\t\r\n" and cell
    ] == []


def test_word_that_looks_like_an_error_is_a_word() -> None:
    event = make_event()
    make_session(event, "#N/A")

    sheet = load_workbook(BytesIO(table_writer.write_xlsx(event))).active

    assert sheet is not None
    titles = sheet[2][[column.key for column in columns.WRITTEN].index("title")]
    assert (titles.value, titles.data_type) == ("#N/A", "s")


def test_session_without_a_place_stands_last(event: Event) -> None:
    make_session(event, "Wartet")

    *_, last = table_writer.rows(event, language="en")
    assert dict(zip((c.key for c in columns.WRITTEN), last, strict=True)) | {
        "id": ""
    } == dict.fromkeys((column.key for column in columns.WRITTEN), "") | {
        "title": "Wartet",
        "kind": "Talk",
    }


# --- Giggity


def test_guest_takes_the_programme_along_from_its_page(event: Event) -> None:
    page = get("programme/").content.decode()
    answer = get("giggity")

    assert 'href="/fest/schedule.ics"' in page
    assert 'href="/fest/giggity"' in page
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{giggity.OPENS}http")
    assert "%2Ffest%2Fschedule.xml&json=" in answer["Location"]


def test_menu_of_giggity_is_as_its_schema_asks(event: Event) -> None:
    menu = json.loads(get("giggity.json").content)

    [made] = menu["schedules"]
    assert menu["version"] == made["version"]
    assert 2008010100 <= made["version"] <= 2029123199
    assert re.fullmatch(r"[a-z0-9-_]{4,32}", made["id"])
    assert re.fullmatch(r"https?://.*/fest/schedule\.xml", made["url"])
    assert (made["title"], made["start"], made["end"]) == (event.name, "2026-10-07", "2026-10-08")
    assert 300 <= made["refresh_interval"] <= 604800
    assert all({"name", "nav_url"} <= set(room) for room in made["metadata"]["rooms"])


def test_room_of_giggity_is_named_by_an_expression_that_fits_it(event: Event) -> None:
    [room] = json.loads(get("giggity.json").content)["schedules"][0]["metadata"]["rooms"]

    assert re.fullmatch(room["name"], "Saal, groß")


def test_link_into_giggity_holds_the_entry(event: Event) -> None:
    import base64
    import gzip

    link = giggity.link(event, base_url="https://hub.example")

    url, _, code = link.removeprefix(giggity.OPENS).partition("&json=")
    packed = base64.b64decode(code.replace("-", "+").replace("_", "/"))
    assert url == "https%3A%2F%2Fhub.example%2Ffest%2Fschedule.xml"
    assert json.loads(gzip.decompress(packed)) == giggity.entry(
        snapshot.of(event, base_url="https://hub.example")
    )
