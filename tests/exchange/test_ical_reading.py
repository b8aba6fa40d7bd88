"""Other people's calendars: read as far as they go, with a remark on what was odd."""

from datetime import UTC, timedelta

import pytest

from agenda.exchange import ical
from agenda.exchange.plan import Plan, PlannedSlot, UnreadableError

GUID = "11111111-2222-4333-8444-555555555555"


def entry(*lines: str, uid: str = "1@con", start: str = "DTSTART:20261007T080000Z") -> str:
    ends = [] if any(line.startswith("D") for line in lines) else ["DTEND:20261007T083000Z"]
    head = [f"UID:{uid}"] if uid else []
    return "\r\n".join(["BEGIN:VEVENT", *head, "SUMMARY:Talk", start, *ends, *lines, "END:VEVENT"])


def calendar(*entries: str, head: str = "X-WR-CALNAME:Con") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", head, *entries, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def read(*entries: str, head: str = "X-WR-CALNAME:Con") -> Plan:
    return ical.read(calendar(*entries, head=head), zone="Europe/Berlin")


def starts(plan: Plan) -> list[str]:
    return [f"{slot.starts_at.astimezone(UTC):%m-%dT%H:%M}" for slot in plan.slots]


def the_slot(plan: Plan) -> PlannedSlot:
    [slot] = plan.slots
    return slot


def test_entry_is_a_session_at_its_place() -> None:
    plan = read(entry("LOCATION:Hall\\, left", "CATEGORIES:Law\\, old,New", "SEQUENCE:4"))

    [session] = plan.sessions
    assert (plan.event.name, session.title, session.track) == ("Con", "Talk", "Law, old")
    assert (the_slot(plan).room, the_slot(plan).sequence) == ("Hall, left", 4)
    assert starts(plan) == ["10-07T08:00"]


def test_time_without_a_zone_is_meant_in_ours() -> None:
    plan = read(entry("DTEND:20261007T083000", start="DTSTART:20261007T080000"))

    assert starts(plan) == ["10-07T06:00"]


def test_zone_of_the_calendar_counts_more_than_ours() -> None:
    plan = read(
        entry("DTEND:20261007T083000", start="DTSTART:20261007T080000"),
        head="X-WR-TIMEZONE:Asia/Kolkata",
    )

    assert (plan.event.zone, starts(plan)) == ("Asia/Kolkata", ["10-07T02:30"])


def test_unknown_zone_is_reported() -> None:
    plan = read(entry("DTEND:20261007T083000Z", start="DTSTART;TZID=No/Where:20261007T080000"))

    assert starts(plan) == ["10-07T06:00"]
    assert "No/Where" in plan.oddities[0].words


def test_length_stands_for_an_end() -> None:
    slot = the_slot(read(entry("DURATION:PT1H30M")))

    assert slot.ends_at - slot.starts_at == timedelta(minutes=90)


def test_entry_of_a_whole_day_has_no_place_in_the_programme() -> None:
    plan = read(entry("DTEND;VALUE=DATE:20261008", start="DTSTART;VALUE=DATE:20261007"))

    assert (len(plan.sessions), plan.slots) == (1, [])
    assert plan.oddities[0].where == "1@con"


def test_cancelled_entry_is_cancelled() -> None:
    assert the_slot(read(entry("STATUS:CANCELLED"))).cancelled


@pytest.mark.parametrize("uid", [GUID, f"{GUID}@con.example", GUID.upper()])
def test_uuid_in_a_uid_becomes_the_guid(uid: str) -> None:
    plan = read(entry(uid=uid))

    assert (the_slot(plan).guid, plan.sessions[0].guid) == (GUID, GUID)


def test_entry_without_a_uid_is_known_by_title_and_time() -> None:
    plan = read(entry(uid=""))

    assert the_slot(plan).origin == "Talk 20261007T080000Z"
    assert plan.oddities[0].where == "Talk"


def test_two_entries_of_one_uid_are_two_sessions() -> None:
    assert len(read(entry(), entry()).sessions) == 2


def test_speakers_are_those_whom_frab_names_and_no_guests() -> None:
    plan = read(
        entry(
            'ATTENDEE;CN="Ada L":invalid:nomail', "ATTENDEE;CN=Guest:mailto:guest@private.example"
        )
    )

    assert [speaker.name for speaker in plan.speakers] == ["Ada L"]
    assert plan.sessions[0].speakers == ["Ada L"]


def test_what_foreign_calendars_never_say_is_left_as_it_is() -> None:
    assert {"session.kind", "session.track", "speaker.bio"} <= read(entry()).silent


# --- what repeats


def test_weekly_entry_keeps_its_hour_when_the_clocks_change() -> None:
    plan = read(
        entry(
            "DTEND;TZID=Europe/Berlin:20261018T100000",
            "RRULE:FREQ=WEEKLY;COUNT=3",
            start="DTSTART;TZID=Europe/Berlin:20261018T093000",
        )
    )

    assert starts(plan) == ["10-18T07:30", "10-25T08:30", "11-01T08:30"]
    assert len({slot.origin for slot in plan.slots}) == 3
    assert (len(plan.sessions), plan.oddities) == (1, [])


def test_repetition_ends_with_its_last_day_and_leaves_out_exceptions() -> None:
    plan = read(entry("RRULE:FREQ=DAILY;UNTIL=20261010T080000Z", "EXDATE:20261008T080000Z"))

    assert starts(plan) == ["10-07T08:00", "10-09T08:00", "10-10T08:00"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=SECONDLY", 1),
        ("FREQ=MINUTELY;COUNT=2000000000", 1),
        ("FREQ=DAILY", 50),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", 0),
    ],
)
def test_repetition_without_an_end_is_bounded(rule: str, count: int) -> None:
    plan = read(entry(f"RRULE:{rule}"))

    assert len(plan.slots) == count
    assert len(plan.oddities) == int(count > 0)


# --- what cannot be read


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        calendar("no property at all"),
        calendar(entry("SUMMARY:\xe4")).replace("\xe4".encode(), b"\xe4"),
        b"BEGIN:VCALENDAR\r\n" * 3000,
    ],
)
def test_broken_calendar_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"\w+ \w+"):
        ical.read(data, zone="UTC")


def test_calendar_in_wide_characters_is_read() -> None:
    data = calendar(entry()).decode().encode("utf-16")

    assert len(ical.read(data, zone="UTC").slots) == 1
    assert ical.recognises(data, "x")
