"""schedule.xml: what we write is as the schema asks; what others write is read all the same."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from agenda.exchange import schedule_xml
from agenda.exchange.plan import Plan, UnreadableError
from agenda.models import Event, Slot
from tests.exchange.programmes import NUL, make_full_event, place
from tests.factories import make_event, make_session

BASE = "https://hub.example"
SCHEMA = Path(__file__).parents[3] / "shared/data/schedule-schemas/schedule.xsd"


def written(event: Event) -> Any:
    return etree.fromstring(schedule_xml.write(event, base_url=BASE))


def complaints(root: Any) -> list[str]:
    """What the published schema demands of every event, by our own reading of it."""
    found = []
    patterns = {
        "start": r"[0-2]\d:[0-5]\d",
        "duration": r"\d{1,2}:\d{2}(:\d{1,2})?",
        "date": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d",
        "slug": r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}",
        "url": r"https?://.*",
        "origin_url": r"https?://.*",
    }
    for event in root.iter("event"):
        said = {child.tag: child.text or "" for child in event}
        missing = {"room", "title", "type", "abstract", "track", *patterns} - set(said)
        found += [f"{event.get('id')} has no {name}" for name in sorted(missing)]
        found += [
            f"{name} is {said.get(name)!r}"
            for name, pattern in patterns.items()
            if not re.fullmatch(pattern, said.get(name, ""))
        ]
    for key in ("id", "guid"):
        values = [event.get(key) for event in root.iter("event")]
        found += [f"{key} twice"] if len(set(values)) < len(values) else []
    if [child.tag for child in root][:4] != ["generator", "url", "version", "conference"]:
        found.append("not in order")
    return found


def against_schema(root: Any) -> list[str]:
    """By the published schema itself, which lies beside this repository on some machines only."""
    if not SCHEMA.exists():
        pytest.skip("SKIPPED LOUDLY: the XSD of voc/schedule is not there.")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    return [] if schema.validate(root) else str(schema.error_log).splitlines()


def odd_events() -> Iterator[Event]:
    yield make_full_event()
    yield make_event(slug="Ab", zone="UTC")  # no programme at all
    event = make_event(slug="a-b", name=f"{NUL}\x0b ]]>", zone="America/St_Johns")
    place(
        make_session(event, "\x01…", subtitle="\x02", language="\x03"), None, "2026-10-07T10:00", 7
    )
    place(make_session(event, "Ausstellung"), None, "2026-10-07T10:00", 60 * 24 * 9)
    yield event


@pytest.mark.django_db
def test_what_we_write_is_as_the_schema_asks() -> None:
    assert [complaints(written(event)) for event in odd_events()] == [[], [], []]


@pytest.mark.django_db
def test_what_we_write_is_valid() -> None:
    assert [against_schema(written(event)) for event in odd_events()] == [[], [], []]


def test_broken_schedule_is_reported() -> None:
    root = etree.fromstring(
        '<schedule><day><event id="1"><start>9:00</start></event></day></schedule>'
    )

    assert complaints(root)


@pytest.mark.django_db
def test_cancelled_session_is_left_out() -> None:
    titles = [title.text for title in written(make_full_event()).iterfind(".//event/title")]

    assert "Abgesagt" not in titles
    assert len(titles) == 4


@pytest.mark.django_db
def test_session_after_midnight_stands_on_the_evening_before() -> None:
    root = written(make_full_event())

    [day] = [day for day in root.iter("day") if "=SUMME(1)" in day.xpath(".//title/text()")]
    [event] = [event for event in day.iter("event") if event.findtext("title") == "=SUMME(1)"]
    assert (day.get("date"), day.get("index")) == ("2026-10-07", "1")
    assert event.findtext("date") == "2026-10-08T00:30:00+02:00"


@pytest.mark.django_db
def test_id_and_guid_are_those_of_the_slot_whatever_moves() -> None:
    event = make_full_event()
    known = {(str(slot.number), str(slot.guid)) for slot in Slot.objects.filter(cancelled=False)}

    assert {(e.get("id"), e.get("guid")) for e in written(event).iter("event")} == known


@pytest.mark.django_db
def test_days_have_their_length_when_the_clocks_change() -> None:
    day = timedelta(days=1)
    starts_at = datetime(2026, 10, 24, 8, tzinfo=UTC)
    event = make_event(zone="Europe/Berlin", starts_at=starts_at, ends_at=starts_at + 2 * day)

    days = [(d.get("start"), d.get("end")) for d in written(event).iter("day")]

    assert days == [
        ("2026-10-24T04:00:00+02:00", "2026-10-25T04:00:00+01:00"),
        ("2026-10-25T04:00:00+01:00", "2026-10-26T04:00:00+01:00"),
        ("2026-10-26T04:00:00+01:00", "2026-10-27T04:00:00+01:00"),
    ]


# --- what others write


def xml(
    *events: str, conference: str = "", day: str = 'date="2021-02-06"', head: str = ""
) -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?>
    <schedule>{head}<conference><title>Con</title>{conference}</conference>
    <day index="1" {day}><room name="Hall">{"".join(events)}</room></day></schedule>""".encode()


def entry(*fields: str, about: str = 'id="7"', title: str = "Talk") -> str:
    return f"<event {about}><title>{title}</title>{''.join(fields)}</event>"


def read(*events: str, **about: str) -> Plan:
    return schedule_xml.read(xml(*events, **about), zone="Europe/Brussels")


def starts(plan: Plan) -> list[str]:
    return [f"{slot.starts_at.astimezone(UTC):%m-%dT%H:%M}" for slot in plan.slots]


LENGTH = "<duration>00:30</duration>"


def test_event_without_a_date_starts_on_its_day_by_the_clock_of_the_place() -> None:
    assert starts(read(entry("<start>10:00</start>", LENGTH))) == ["02-06T09:00"]


def test_zone_of_the_conference_counts_more_than_ours() -> None:
    plan = read(
        entry("<start>10:00</start>", LENGTH),
        conference="<time_zone_name>Asia/Kolkata</time_zone_name>",
    )

    assert (plan.event.zone, starts(plan)) == ("Asia/Kolkata", ["02-06T04:30"])


def test_unknown_zone_is_reported_and_ours_is_taken() -> None:
    plan = read(
        entry("<start>10:00</start>", LENGTH),
        conference="<time_zone_name>Europe/Nowhere</time_zone_name>",
    )

    assert starts(plan) == ["02-06T09:00"]
    assert plan.oddities[0].where == "Europe/Nowhere"


@pytest.mark.parametrize(
    ("conference", "day"),
    [
        ("<day_change>09:00:00</day_change>", 'date="2021-02-06"'),
        ("", 'date="2021-02-06" start="2021-02-06T09:00:00+01:00" end="2021-02-07T04:00:00+01:00"'),
    ],
)
def test_after_midnight_belongs_to_the_evening_before(conference: str, day: str) -> None:
    plan = read(entry("<start>01:00</start>", LENGTH), conference=conference, day=day)

    assert starts(plan) == ["02-07T00:00"]


def test_early_start_before_the_doors_is_no_night() -> None:
    day = 'date="2021-02-06" start="2021-02-06T09:00:00+01:00" end="2021-02-06T18:00:00+01:00"'

    assert starts(read(entry("<start>08:30</start>", LENGTH), day=day)) == ["02-06T07:30"]


@pytest.mark.parametrize(
    ("length", "minutes", "remarks"),
    [("00:30", 30, 0), ("01:30:00", 90, 0), ("100:00", 6000, 0), ("45", 45, 1), ("PT1H5M", 65, 1)],
)
def test_length_is_understood(length: str, minutes: int, remarks: int) -> None:
    plan = read(entry("<start>10:00</start>", f"<duration>{length}</duration>", about=GOOD))

    [slot] = plan.slots
    assert slot.ends_at - slot.starts_at == timedelta(minutes=minutes)
    assert len([oddity for oddity in plan.oddities if length in oddity.words]) == remarks


GOOD = 'id="7" guid="11111111-2222-4333-8444-555555555555"'


@pytest.mark.parametrize(
    "fields", ["<start>10:00</start>", LENGTH, "<start>25:00</start>" + LENGTH]
)
def test_session_without_a_usable_time_stays_without_a_place(fields: str) -> None:
    plan = read(entry(fields, about=GOOD))

    assert (len(plan.sessions), plan.slots) == (1, [])
    assert plan.oddities[0].where == GOOD[13:-1]


def test_harmless_oddities_are_told_once_with_their_count() -> None:
    event = "<start>10:00</start>" + LENGTH + "<logo>/system/logo.png</logo><recording/>"
    events = [entry(event, f"<slug>x{n}</slug>", about=f'id="{n}"') for n in range(1, 501)]

    oddities = read(*events).oddities

    assert [(o.where, o.words) for o in oddities if "logo" in o.words] == [
        ("1 (+499)", "The address of a logo is not complete; it is not needed here.")
    ]
    assert len(oddities) == 5  # version, recording, GUID, logo, slug


def test_texts_lose_their_markup() -> None:
    [session] = read(entry("<abstract>&lt;p&gt;A &amp;amp; b&lt;/p&gt;</abstract>")).sessions

    assert session.abstract == "A & b"


def test_links_without_a_host_are_completed() -> None:
    plan = read(
        entry('<attachments><attachment href="/a.pdf">Slides</attachment></attachments>'),
        conference="<base_url>https://con.example/x/</base_url>",
    )

    assert plan.sessions[0].links == [{"title": "Slides", "url": "https://con.example/a.pdf"}]


def test_event_without_number_and_guid_is_known_by_title_and_time() -> None:
    plan = read(entry("<start>10:00</start>", LENGTH, about=""))

    assert plan.slots[0].origin == "Talk 2021-02-06 10:00 Hall"


def test_namespaces_do_not_matter() -> None:
    data = xml(entry("<start>10:00</start>", LENGTH)).replace(
        b"<schedule>", b'<schedule xmlns="u:x">'
    )

    assert len(schedule_xml.read(data, zone="UTC").slots) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<schedule>",
        b"<schedule><day>&nbsp;</day></schedule>",
        "<schedule><day>ü</day></schedule>".encode("latin-1"),
        b"<schedule/>",
        b"<html><schedule></schedule></html>",
        b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>',
        b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><schedule>&a;</schedule>',
        '<!DOCTYPE s [<!ENTITY a "x">]><schedule>&a;</schedule>'.encode("utf-16"),
        b"<schedule>" + b"<day>" * 5000 + b"</day>" * 5000 + b"</schedule>",
    ],
)
def test_broken_or_evil_file_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"\w+ \w+"):
        schedule_xml.read(data, zone="UTC")


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b'<?xml version="1.0"?>\n<!-- a -->\n<schedule>', True),
        ("\ufeff<schedule version='1'>".encode(), True),
        ("<schedule>".encode("utf-16"), True),
        (b"<html><body>schedule</body>", False),
        (b"title;schedule", False),
    ],
)
def test_schedule_is_known_by_its_first_element(data: bytes, known: bool) -> None:
    assert schedule_xml.recognises(data, "x.txt") is known
