"""Sessionize's views All, Sessions and GridSmart, as it hands them out."""

import json
from typing import Any

import pytest

from agenda.exchange import registry, sessionize
from agenda.exchange.plan import Plan, UnreadableError
from agenda.exchange.tidy import tidy

ADA_ID = "0c1b2a7e-5a34-4c80-9f0e-5a1d3c6b7f10"
BREAK_ID = "7b6a5d4c-1111-4222-8333-944444444444"
TALK: dict[str, Any] = {
    "id": "101",
    "title": "Engines",
    "description": "About engines.",
    "startsAt": "2026-10-09T10:00:00",
    "endsAt": "2026-10-09T10:45:00",
    "isServiceSession": False,
    "isPlenumSession": False,
    "status": "Accepted",
    "liveUrl": None,
    "recordingUrl": "https://video.example/1",
}
LUNCH: dict[str, Any] = {
    "id": BREAK_ID,
    "title": "Lunch",
    "description": None,
    "startsAt": "2026-10-09T12:00:00",
    "endsAt": "2026-10-09T13:00:00",
    "isServiceSession": True,
    "isPlenumSession": True,
    "speakers": [],
}
ALL = {
    "sessions": [
        TALK | {"speakers": [ADA_ID], "categoryItems": [11, 21, 31, 99], "roomId": 2},
        LUNCH | {"categoryItems": [], "roomId": 1},
        TALK | {"id": "102", "title": "Unplaced", "startsAt": None, "endsAt": None, "roomId": None},
    ],
    "speakers": [
        {
            "id": ADA_ID,
            "firstName": "Ada",
            "lastName": "Lovelace",
            "fullName": "Ada Lovelace",
            "bio": "Counts.",
            "tagLine": "Analytical Ltd",
            "links": [{"title": "Web", "url": "https://ada.example"}],
        }
    ],
    "questions": [],
    "categories": [
        {"id": 1, "title": "Session format", "items": [{"id": 11, "name": "Workshop (90 min)"}]},
        {"id": 2, "title": "Track", "items": [{"id": 21, "name": "Hardware"}]},
        {"id": 3, "title": "Language", "items": [{"id": 31, "name": "German"}]},
    ],
    "rooms": [{"id": 2, "name": "Attic", "sort": 2}, {"id": 1, "name": "Hall", "sort": 1}],
}
EMBEDDED = TALK | {
    "speakers": [{"id": ADA_ID, "name": "Ada Lovelace"}],
    "categories": [{"id": 2, "name": "Track", "categoryItems": [{"id": 21, "name": "Hardware"}]}],
    "roomId": 2,
    "room": "Attic",
}
SESSIONS = [{"groupId": None, "groupName": "All", "sessions": [EMBEDDED]}]
GRID = [
    {
        "date": "2026-10-09T00:00:00",
        "rooms": [
            {"id": 1, "name": "Hall", "sessions": [LUNCH | {"room": "Hall"}]},
            {"id": 2, "name": "Attic", "sessions": [EMBEDDED, LUNCH | {"room": "Attic"}]},
        ],
        "timeSlots": [{"slotStart": "10:00:00", "rooms": [{"id": 2, "session": EMBEDDED}]}],
    }
]


def read(document: Any) -> Plan:
    data = json.dumps(document).encode()
    return tidy(sessionize.read(data, zone="Europe/Berlin"), max_sessions=5000)


def test_the_view_all_is_joined_by_its_ids() -> None:
    plan = read(ALL)

    talk, lunch, unplaced = plan.sessions
    assert (talk.origin, talk.kind, talk.track, talk.language) == (
        *("101", "workshop", "Hardware"),
        "de",
    )
    assert (lunch.guid, lunch.kind, unplaced.title) == (BREAK_ID, "break", "Unplaced")
    assert [(s.guid, s.name, s.organisation, s.link) for s in plan.speakers] == [
        (ADA_ID, "Ada Lovelace", "Analytical Ltd", "https://ada.example")
    ]
    assert [room.name for room in plan.rooms] == ["Hall", "Attic"]
    assert [(slot.session, slot.room, f"{slot.starts_at:%H:%M %Z}") for slot in plan.slots] == [
        ("101", "Attic", "10:00 CEST"),
        (BREAK_ID, "Hall", "12:00 CEST"),
    ]


@pytest.mark.parametrize("view", [SESSIONS, GRID])
def test_views_that_embed_say_the_same_of_a_talk(view: Any) -> None:
    plan = read(view)

    talk = next(session for session in plan.sessions if session.origin == "101")
    assert (talk.track, talk.speakers, plan.speakers[0].name) == (
        "Hardware",
        [ADA_ID],
        "Ada Lovelace",
    )
    assert "speaker.bio" in plan.silent


def test_a_plenum_session_of_the_grid_is_one() -> None:
    plan = read(GRID)

    assert [session.title for session in plan.sessions] == ["Lunch", "Engines"]
    assert len(plan.slots) == 2


def test_what_was_declined_is_left_out_and_told() -> None:
    plan = read({"sessions": [TALK, TALK | {"id": "9", "title": "No", "status": "Declined"}]})

    assert [session.origin for session in plan.sessions] == ["101"]
    assert [one.where for one in plan.oddities] == ["9"]


@pytest.mark.parametrize("value", [None, 7, "text", [7], {"x": []}])
@pytest.mark.parametrize("key", ["speakers", "categoryItems", "roomId", "startsAt", "description"])
def test_whatever_stands_in_a_field_is_survived(key: str, value: object) -> None:
    assert len(read(ALL | {"sessions": [TALK | {key: value}]}).sessions) == 1


def test_a_file_without_sessions_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no session"):
        read({"sessions": [], "startsAt": 1, "title": 2})


@pytest.mark.parametrize("view", [ALL, SESSIONS, GRID])
def test_it_is_known_by_its_content(view: Any) -> None:
    assert registry.recognise(json.dumps(view).encode(), "x").NAME == "sessionize"
