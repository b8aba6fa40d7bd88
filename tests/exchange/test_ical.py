"""The calendar that we write: what the standards ask of it, and what survives a change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from agenda.exchange import ical
from agenda.models import Event, Slot
from eventhub.live.log import changing
from tests.exchange.programmes import NUL, make_full_event, place
from tests.factories import make_event, make_session

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BASE = "https://hub.example"


@pytest.fixture
def event() -> Event:
    return make_full_event(slug="fest")


def written(event: Event) -> Calendar:
    made = Calendar.from_ical(ical.write(event, base_url=BASE))
    assert isinstance(made, Calendar)
    return made


def entries(event: Event, title: str = "") -> list[Any]:
    found = written(event).walk("VEVENT")
    return [entry for entry in found if title in {"", str(entry["SUMMARY"])}]


def local_starts(event: Event) -> list[str]:
    return [entry["DTSTART"].to_ical().decode() for entry in entries(event)]


def test_every_slot_is_an_entry_known_by_its_guid(event: Event) -> None:
    slots = Slot.objects.filter(event=event)

    assert {str(entry["UID"]) for entry in entries(event)} == {
        f"{slot.guid}@{ical.DOMAIN}" for slot in slots
    }


def test_every_entry_has_what_calendars_need(event: Event) -> None:
    wanted = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "LAST-MODIFIED", "STATUS"}

    assert [wanted - set(entry) for entry in entries(event)] == [set()] * 5


def test_calendar_says_its_name_and_how_often_to_ask(event: Event) -> None:
    lines = ical.write(event, base_url=BASE).decode().split("\r\n")

    assert {
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "NAME:Fest & <Tag>",
        "X-WR-CALNAME:Fest & <Tag>",
        "X-WR-TIMEZONE:Europe/Berlin",
        "REFRESH-INTERVAL;VALUE=DURATION:PT30M",
        "X-PUBLISHED-TTL:PT30M",
    } <= set(lines)


def test_no_line_is_longer_than_75_bytes(event: Event) -> None:
    assert max(map(len, ical.write(event, base_url=BASE).split(b"\r\n"))) <= 75


def test_cancelled_session_stays_and_says_so(event: Event) -> None:
    [entry] = entries(event, "Abgesagt")

    assert (str(entry["STATUS"]), int(entry["SEQUENCE"])) == ("CANCELLED", 1)


def test_entry_leads_to_the_page_of_its_session(event: Event) -> None:
    [entry] = entries(event, "Abgesagt")
    session = Slot.objects.get(event=event, cancelled=True).session

    assert str(entry["URL"]) == f"{BASE}/fest/session/{session.pk}/"


def test_uid_survives_a_move_and_the_sequence_rises(event: Event) -> None:
    slot = Slot.objects.filter(event=event, session__title="Pause").get()
    [before] = entries(event, "Pause")

    with changing(event) as log:
        slot = log.fresh(slot)
        slot.starts_at += timedelta(hours=1)
        slot.ends_at += timedelta(hours=1)
        slot.sequence += 1
        log.touch(slot)

    [after] = entries(event, "Pause")
    assert str(after["UID"]) == str(before["UID"])
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(hours=1)


def test_same_programme_gives_the_same_bytes(event: Event) -> None:
    assert ical.write(event, base_url=BASE) == ical.write(event, base_url=BASE)


def test_only_the_slots_that_are_asked_for_are_written(event: Event) -> None:
    slots = Slot.objects.of(event).filter(session__title="Pause")

    made = Calendar.from_ical(ical.calendar(event, slots, base_url=BASE, name="Meins"))

    assert [str(entry["SUMMARY"]) for entry in made.walk("VEVENT")] == ["Pause"]
    assert str(made["NAME"]) == "Meins"


def test_calendar_without_slots_can_be_read() -> None:
    assert entries(make_event()) == []


def test_words_cannot_end_their_line(event: Event) -> None:
    evil = f"x\r\nATTENDEE:mailto:a@b.example\nEND:VEVENT{NUL}\x0b"
    links = [{"title": evil, "url": f"https://a.example/{evil}"}]
    session = make_session(
        event, evil, subtitle=evil, host=evil, language="a\r\nB:", hashtag=evil, links=links
    )
    place(session, None, "2026-10-07T10:00", 30)

    lines = ical.write(event, base_url=BASE).decode().replace("\r\n ", "").split("\r\n")

    assert [line for line in lines if line.startswith(("ATTENDEE", "B:"))] == []
    assert len(entries(event)) == 6


# --- days on which the clocks change


@pytest.mark.parametrize(
    ("clock", "line"),
    [
        ("2026-10-24T23:30:00Z", "20261025T013000"),
        ("2026-10-25T00:30:00Z", "20261025T023000"),
        ("2026-10-25T01:30:00Z", "20261025T013000Z"),  # half past two for the second time
        ("2026-10-25T02:30:00Z", "20261025T033000"),
        ("2026-03-29T00:30:00Z", "20260329T013000"),
        ("2026-03-29T01:30:00Z", "20260329T033000"),  # half past two is skipped
    ],
)
def test_hour_of_a_clock_change_is_told_apart(clock: str, line: str) -> None:
    event = make_event(zone="Europe/Berlin")
    at = datetime.fromisoformat(clock)
    place(make_session(event), None, clock, 30)

    assert local_starts(event) == [line]
    assert [entry["DTSTART"].dt.astimezone(UTC) for entry in entries(event)] == [at]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Africa/Casablanca", "UTC"]
)
def test_rules_of_the_zone_give_every_day_its_time(zone: str) -> None:
    """Read by the VTIMEZONE alone, as an app does that knows no zones by name."""
    event = make_event(zone=zone)
    session = make_session(event)
    days = [
        datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(days=number)
        for number in range(0, 365, 13)
    ]
    ends = timedelta(minutes=30)
    slots = [
        Slot(event=event, session=session, number=number, starts_at=day, ends_at=day + ends)
        for number, day in enumerate(days)
    ]
    ours = ical.calendar(event, slots, base_url=BASE, name="")

    made = Calendar.from_ical(ours.replace(zone.encode(), f"Nowhere/{zone}".encode()))

    entries: list[Any] = made.walk("VEVENT")
    assert [entry["DTSTART"].dt.astimezone(UTC) for entry in entries] == days


def test_zone_change_keeps_the_instant_and_the_uid(event: Event) -> None:
    before = {str(entry["UID"]): entry["DTSTART"].dt for entry in entries(event)}

    event.zone = "Asia/Kolkata"
    event.save()

    assert {str(entry["UID"]): entry["DTSTART"].dt for entry in entries(event)} == before
    assert local_starts(event)[0] == "20261007T123000"
