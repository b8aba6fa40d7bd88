"""What pretalx hands out by its API, in its old and its new shape, whole and in pages."""

import json
from typing import Any

import pytest

from agenda.exchange import pretalx, registry
from agenda.exchange.plan import Plan, UnreadableError
from agenda.exchange.tidy import tidy

ADA = {"code": "ADA", "name": "Ada Lovelace", "biography": "Counts **engines**."}
OLD: dict[str, Any] = {
    "code": "ABC123",
    "title": "Engines",
    "speakers": [ADA, {"code": "GRC", "name": "Grace Hopper", "biography": None}],
    "submission_type": {"de": "Werkstatt", "en": "Workshop"},
    "track": {"de": "Technik", "en": "Tech"},
    "state": "confirmed",
    "abstract": "Short.",
    "description": "<p>Long &amp; good.</p><p>Two.</p>",
    "duration": 45,
    "content_locale": "en",
    "slot": {
        "room": {"de": "Großer Saal", "en": "Main hall"},
        "start": "2026-10-09T10:00:00+02:00",
        "end": "2026-10-09T10:45:00+02:00",
    },
    "resources": [{"resource": "x", "url": "https://slides.example/1", "description": "Slides"}],
}


def read(document: Any) -> Plan:
    return tidy(pretalx.read(json.dumps(document).encode(), zone="UTC"), max_sessions=5000)


def test_a_submission_of_the_old_api_is_read_with_all_it_holds() -> None:
    plan = read({"count": 1, "next": None, "results": [OLD]})

    session, slot = plan.sessions[0], plan.slots[0]
    assert (session.origin, session.title, session.kind) == ("ABC123", "Engines", "workshop")
    assert (session.track, session.language) == ("Technik", "en")
    assert session.description == "Long & good.\n\nTwo."
    assert session.links == [{"title": "Slides", "url": "https://slides.example/1"}]
    assert session.speakers == ["ADA", "GRC"]
    assert [speaker.bio for speaker in plan.speakers] == ["Counts **engines**.", ""]
    assert (slot.room, f"{slot.starts_at:%H:%M%z}") == ("Großer Saal", "10:00+0200")
    assert plan.oddities == []


def test_the_new_api_names_rooms_tracks_and_slots_by_their_ids() -> None:
    plan = read(
        {
            "submissions": [
                OLD | {"slots": [7], "slot": None, "track": 3, "speakers": ["ADA"], "duration": 30}
            ],
            "speakers": {"count": 1, "results": [ADA]},
            "rooms": [{"id": 5, "name": {"en": "Attic"}, "capacity": 80}],
            "tracks": [{"id": 3, "name": {"en": "Hardware"}, "color": "#AA0000"}],
            "slots": [
                {"id": 7, "submission": "ABC123", "room": 5, "start": "2026-10-09T10:00:00Z"},
                {
                    "id": 8,
                    "submission": None,
                    "description": {"en": "Lunch"},
                    "room": 5,
                    "start": "2026-10-09T12:00:00Z",
                    "end": "2026-10-09T13:00:00Z",
                },
            ],
        }
    )

    assert [(room.name, room.capacity) for room in plan.rooms] == [("Attic", 80)]
    assert [(track.name, track.colour) for track in plan.tracks] == [("Hardware", "#aa0000")]
    assert [(s.title, s.kind, s.track) for s in plan.sessions] == [
        ("Engines", "workshop", "Hardware"),
        ("Lunch", "break", ""),
    ]
    assert [f"{slot.room} {slot.starts_at:%H:%M}-{slot.ends_at:%H:%M}" for slot in plan.slots] == [
        "Attic 10:00-10:30",
        "Attic 12:00-13:00",
    ]


def test_pages_joined_to_a_list_are_one_programme() -> None:
    second = OLD | {"code": "DEF456", "title": "More"}

    plan = read([{"results": [OLD]}, {"results": [second]}, {"results": [ADA]}])

    assert [session.origin for session in plan.sessions] == ["ABC123", "DEF456"]
    assert [speaker.origin for speaker in plan.speakers] == ["ADA", "GRC"]


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "submitted", "draft", "deleted"])
def test_what_does_not_take_place_is_left_out_and_told(state: str) -> None:
    plan = read([OLD, OLD | {"code": "NO", "title": "Not this", "state": state}])

    assert [session.origin for session in plan.sessions] == ["ABC123"]
    assert [(one.where, one.words) for one in plan.oddities] == [
        ("NO", f"“Not this” is {state} and was left out.")
    ]


def test_a_cancelled_one_stays_and_says_so() -> None:
    assert read([OLD | {"state": "canceled"}]).slots[0].cancelled


@pytest.mark.parametrize("start", ["soon", 12, {"de": "2026"}])
def test_a_time_that_is_none_is_told_by_the_code(start: object) -> None:
    plan = read([OLD | {"slot": {"room": "Hall", "start": start}}])

    assert plan.slots == []
    assert [one.where for one in plan.oddities] == ["ABC123"]


def test_two_with_one_code_both_stay_and_are_told() -> None:
    plan = read([OLD, OLD | {"title": "Another"}])

    assert [session.origin for session in plan.sessions] == ["ABC123", "ABC123#2"]
    assert [slot.session for slot in plan.slots] == ["ABC123", "ABC123#2"]
    assert "This id stands in the file more than once." in [one.words for one in plan.oddities]


@pytest.mark.parametrize("value", [None, 7, "text", [7], {"x": []}])
@pytest.mark.parametrize("key", [*OLD])
def test_whatever_stands_in_a_field_is_survived(key: str, value: object) -> None:
    plan = read([OLD | {"code": "FINE"}, OLD | {key: value}])

    assert plan.sessions[0].origin == "FINE"


def test_a_broken_file_is_refused_with_its_line() -> None:
    data = json.dumps([OLD], indent=1).encode()[:-40]

    with pytest.raises(UnreadableError, match="broken in line"):
        registry.recognise(data, "talks.json").read(data, zone="UTC")


def test_it_is_known_by_its_content() -> None:
    data = json.dumps({"results": [OLD]}).encode()

    assert registry.recognise(data, "export.txt").NAME == "pretalx"
