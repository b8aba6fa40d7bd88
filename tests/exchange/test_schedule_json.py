"""schedule.json: what we write is as schema 1 asks; what others write is read all the same."""

import json
import re
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from agenda.exchange import schedule_json
from agenda.exchange.plan import Plan, UnreadableError
from agenda.models import Event
from tests.exchange.programmes import make_full_event, place
from tests.factories import make_event, make_session

BASE = "https://hub.example"
SCHEMA = Path(__file__).parents[3] / "shared/data/schedule-schemas/schedule.schema.json"
GUID = "11111111-2222-4333-8444-555555555555"


def written(event: Event) -> Any:
    return json.loads(schedule_json.write(event, base_url=BASE))


def events_of(root: Any) -> list[Any]:
    days = root["schedule"]["conference"]["days"]
    return [event for day in days for room in day["rooms"].values() for event in room]


def odd_events() -> list[Event]:
    night = make_event(
        slug="A-b", zone="Etc/GMT+5", name="\ud800 ]]>".encode("utf-8", "ignore").decode()
    )
    place(make_session(night, "…"), None, "2026-10-07T10:00", 60 * 24 * 9)
    return [make_full_event(), make_event(slug="x", zone="CET"), night]


@pytest.mark.django_db
def test_what_we_write_is_as_the_schema_asks() -> None:
    wanted = {
        *("abstract", "date", "duration", "guid", "id", "language", "links", "persons", "room"),
        *("slug", "start", "subtitle", "title", "track", "type", "url"),
    }

    for event in odd_events():
        root = written(event)
        conference = root["schedule"]["conference"]
        assert re.fullmatch(r"[a-z0-9_-][a-z0-9_]{3,}", conference["acronym"])
        for entry in events_of(root):
            assert wanted - set(entry) == set()
            assert re.fullmatch(r"[0-9]+:[0-9]{2}", entry["duration"])
            assert re.fullmatch(r"[0-2]\d:[0-5]\d", entry["start"])
            assert re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", entry["slug"])
            assert [person for person in entry["persons"] if "id" in person] == []


@pytest.mark.django_db
def test_what_we_write_is_valid() -> None:
    if not SCHEMA.exists():
        pytest.skip("SKIPPED LOUDLY: the JSON schema of voc/schedule is not there.")
    judge = jsonschema.Draft6Validator(json.loads(SCHEMA.read_text()))

    assert [list(judge.iter_errors(written(event))) for event in odd_events()] == [[], [], []]
    assert list(judge.iter_errors({"schedule": {"conference": {}}}))


@pytest.mark.django_db
def test_cancelled_session_is_left_out() -> None:
    titles = [event["title"] for event in events_of(written(make_full_event()))]

    assert "Abgesagt" not in titles
    assert len(titles) == 4


@pytest.mark.django_db
def test_session_after_midnight_stands_on_the_evening_before() -> None:
    days = written(make_full_event())["schedule"]["conference"]["days"]

    [event] = days[0]["rooms"]['Hof "Nord"']
    assert (days[0]["date"], event["date"]) == ("2026-10-07", "2026-10-08T00:30:00+02:00")
    assert (event["start"], event["end"]) == ("00:30", "2026-10-08T01:30:00+02:00")


# --- what others write


def schedule(*events: Any, **conference: Any) -> Any:
    day = {"index": 1, "date": "2021-02-06", "rooms": {"Hall": list(events)}}
    return {"schedule": {"conference": {"title": "Con", "days": [day]} | conference}}


def entry(**fields: Any) -> Any:
    return {"id": 7, "guid": GUID, "title": "Talk", "start": "10:00", "duration": "00:30"} | fields


def read(root: Any) -> Plan:
    return schedule_json.read(json.dumps(root).encode(), zone="Europe/Brussels")


def test_event_is_a_session_at_its_place() -> None:
    plan = read(schedule(entry(date="2021-02-06T10:00:00+01:00", language="en", track="A")))

    [slot] = plan.slots
    [session] = plan.sessions
    assert (slot.guid, slot.number, slot.room) == (GUID, 7, "Hall")
    assert slot.starts_at.astimezone(UTC).isoformat() == "2021-02-06T09:00:00+00:00"
    assert slot.ends_at - slot.starts_at == timedelta(minutes=30)
    assert (session.title, session.language, session.track) == ("Talk", "en", "A")


def test_schedule_without_its_outer_object_is_read() -> None:
    assert len(read(schedule(entry())["schedule"]).slots) == 1


def test_session_of_one_code_at_two_times_is_one_session() -> None:
    twice = [entry(code="ABC", guid=GUID), entry(code="ABC", guid=GUID[:-1] + "6", start="12:00")]

    plan = read(schedule(*twice))

    assert [session.origin for session in plan.sessions] == ["ABC"]
    assert [slot.session for slot in plan.slots] == ["ABC", "ABC"]
    assert "second time" not in str(plan.oddities)


def test_number_that_stands_twice_is_reported() -> None:
    plan = read(schedule(entry(), entry(guid=GUID[:-1] + "6")))

    assert "The number 7 stands here a second time." in [o.words for o in plan.oddities]


def test_person_of_pretalx_is_known_by_the_code() -> None:
    ada = {"id": 3, "code": "XYZ", "public_name": "Ada", "biography": "<p>Old</p>", "guid": None}

    [speaker] = read(schedule(entry(persons=[ada]))).speakers

    assert (speaker.origin, speaker.name, speaker.bio) == ("XYZ", "Ada", "Old")


def test_texts_by_language_give_the_first() -> None:
    plan = read(schedule(entry(title={"de": "", "en": "Hello"})))

    assert plan.sessions[0].title == "Hello"


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, [[]], True, {"a": [None]}])
@pytest.mark.parametrize(
    "name", ["title", "persons", "links", "date", "start", "track", "guid", "id"]
)
def test_whatever_a_field_holds_the_rest_is_read(name: str, odd: Any) -> None:
    assert len(read(schedule(entry(), entry(**{name: odd}))).sessions) == 2


@pytest.mark.parametrize("name", ["rooms", "tracks", "start", "time_zone_name", "title", "meta"])
@pytest.mark.parametrize("odd", [3, "x", [3, None], {"a": 3}])
def test_whatever_the_conference_holds_the_rest_is_read(name: str, odd: Any) -> None:
    assert len(read(schedule(entry(), **{name: odd})).slots) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b'{"schedule": {"conference": {"days": []}}}',
        b'{"schedule": {"conference": {"days": [{"rooms": {}}]}}}',
        b'{"schedule": "\xe4"}',
        b'{"a":' * 100_000,
        b'{"conference": {"days": [' + b"9" * 10_000 + b"]}}",
        b"[]",
    ],
)
def test_broken_file_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"\w+ \w+"):
        schedule_json.read(data, zone="UTC")
