"""The wire rules, one claim each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replica import CatchUp, Fetch, Message, Replica


def item(key: str, version: int, html: str | None = "", order: int | None = None) -> Message:
    text = f"{key} at {version}" if html == "" else html
    place = version if order is None else order
    return {"topic": "wall", "key": key, "version": version, "order": place, "html": text}


def frame(start: int, upto: int, *items: Message, **changes: Any) -> Message:
    told = {"t": "frame", "g": "shared", "from": start, "upto": f"{upto}.a", "items": [*items]}
    return told | changes


def reset(upto: int, *items: Message) -> Message:
    return {"t": "reset", "g": "shared", "upto": f"{upto}.b", "items": [*items]}


def page(replica: Replica) -> dict[str, int]:
    return {key: known.version for key, known in replica.topic("wall").items()}


@pytest.fixture
def replica() -> Replica:
    """At 3, with one post."""
    replica = Replica({"shared": ["wall"]})
    replica.receive(frame(0, 3, item("a", 3)))
    return replica


def test_frame_moves_page_and_cursor(replica: Replica) -> None:
    assert replica.receive(frame(2, 5, item("b", 4), item("a", 5, order=3))) == []

    assert page(replica) == {"a": 5, "b": 4}
    assert replica.groups["shared"].cursor == "5.a"


def test_known_frame_is_ignored(replica: Replica) -> None:
    replica.receive(frame(0, 3, item("a", 9)))

    assert page(replica) == {"a": 3}


def test_gap_is_asked_for_once_and_not_applied(replica: Replica) -> None:
    assert replica.receive(frame(4, 5, item("b", 5))) == [CatchUp("shared", "3.a")]
    assert replica.receive(frame(5, 6, item("c", 6))) == []
    assert page(replica) == {"a": 3}

    assert replica.receive(frame(3, 6, item("b", 5), item("c", 6))) == []
    assert page(replica) == {"a": 3, "b": 5, "c": 6}
    assert replica.receive(frame(8, 9)) == [CatchUp("shared", "6.a")]


def test_beat_moves_the_cursor_and_shows_gaps(replica: Replica) -> None:
    beat = {"t": "beat", "g": "shared", "from": 3, "upto": "7.a"}
    assert replica.receive(beat) == []
    assert replica.groups["shared"].cursor == "7.a"

    assert replica.receive(beat | {"from": 8, "upto": "9.a"}) == [CatchUp("shared", "7.a")]


def test_removed_object_does_not_return_with_an_older_version(replica: Replica) -> None:
    replica.receive(frame(3, 5, item("a", 5, None)))
    replica.receive(frame(5, 6, item("a", 4)))
    assert page(replica) == {}

    replica.receive(frame(6, 7, item("a", 7)))
    assert page(replica) == {"a": 7}


def test_reset_replaces_everything_also_with_a_lower_cursor(replica: Replica) -> None:
    replica.receive(frame(3, 5, item("gone", 5, None)))

    assert replica.receive(reset(2, item("gone", 1), item("new", 2))) == []

    assert page(replica) == {"gone": 1, "new": 2}
    assert replica.groups["shared"].cursor == "2.b"


def test_named_reset_is_fetched_and_holds_frames_back(replica: Replica) -> None:
    assert replica.receive(reset(8) | {"items": None}) == [Fetch("shared")]
    assert replica.receive(frame(8, 9, item("b", 9))) == []
    assert page(replica) == {"a": 3}

    assert replica.polled("shared", reset(8, item("c", 8)), replica.generation)
    assert replica.receive(frame(8, 9, item("b", 9))) == []
    assert page(replica) == {"c": 8, "b": 9}


def test_answers_of_an_older_generation_are_dropped(replica: Replica) -> None:
    old = replica.connected()
    replica.connected()

    assert replica.receive(frame(3, 4, item("b", 4)), old) == []
    assert not replica.polled("shared", reset(9), old)
    assert page(replica) == {"a": 3}


def test_new_connection_asks_for_gaps_again(replica: Replica) -> None:
    assert replica.receive(frame(4, 5)) == [CatchUp("shared", "3.a")]

    replica.connected()

    assert replica.receive(frame(4, 5)) == [CatchUp("shared", "3.a")]
    assert replica.hello()["subs"] == {"shared": {"topics": ["wall"], "cursor": "3.a"}}


def test_polled_frame_ends_the_wait_for_a_list(replica: Replica) -> None:
    replica.receive(reset(8) | {"items": None})

    assert replica.polled("shared", frame(3, 9, item("b", 9)), replica.generation)

    assert page(replica) == {"a": 3, "b": 9}
    assert not replica.groups["shared"].awaits_list


def test_groups_have_cursors_of_their_own() -> None:
    replica = Replica({"shared": ["wall"], "mine": ["mine"]})

    replica.receive(frame(0, 5, item("a", 5)))
    replica.receive(frame(0, 2, item("a", 2) | {"topic": "mine"}, g="mine"))

    assert [group.cursor for group in replica.groups.values()] == ["5.a", "2.a"]
    assert (page(replica), list(replica.topic("mine"))) == ({"a": 5}, ["a"])


def test_page_is_in_the_order_of_places_and_told_to_the_watcher() -> None:
    seen: list[tuple[str, Any]] = []
    replica = Replica({"shared": ["wall"]}, lambda kind, row: seen.append((kind, row.get("key"))))

    replica.receive(frame(0, 4, item("b", 3, order=9), item("a", 4, order=2), item("c", 1, None)))

    assert list(page(replica)) == ["a", "b"]
    assert seen == [("apply", "b"), ("apply", "a"), ("remove", "c"), ("cursor", None)]
