"""Log first, state second: whatever happens between two statements of a read is not lost."""

from collections.abc import Callable
from copy import deepcopy
from itertools import count

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from agenda.models import Event
from eventhub.live import reading
from eventhub.live.log import changing
from eventhub.live.reading import START, Cursor, Frame, Reset
from tests.factories import make_event, make_note, make_post, make_rule, make_slot
from tests.live.interleaving import with_between
from tests.replay import assert_up_to_date, page, wire
from wall import moderation
from wall.models import Post, Rule

pytestmark = pytest.mark.django_db

TOPICS = ["desk", "programme", "wall"]
Deed = Callable[[Event, Post], object]
Read = Callable[[Event, Cursor | None], Frame | Reset]


def edit(event: Event, post: Post) -> None:
    with changing(event) as log:
        fresh = log.fresh(post)
        fresh.text = "As it is now."
        log.touch(fresh)


def remove(event: Event, post: Post) -> None:
    with changing(event) as log:
        log.remove(log.fresh(post))


def hide_and_show(event: Event, post: Post) -> None:
    moderation.hide(post, by=None)
    moderation.show(post, by=None)


DEEDS: dict[str, Deed] = {
    "hide": lambda event, post: moderation.hide(post, by=None),
    "hide and show": hide_and_show,
    "edit": edit,
    "remove": remove,
    "add": lambda event, post: make_post(event),
    "slot": lambda event, post: make_slot(event),
    "mode": lambda event, post: moderation.set_mode(event, Rule.Mode.REVIEW, by=None),
}
READS: dict[str, Read] = {
    "whole list": lambda event, cursor: reading.window(event.pk, TOPICS, "de"),
    "from the cursor": lambda event, cursor: reading.catch_up(event.pk, TOPICS, "de", cursor),
    "from the beginning": lambda event, cursor: reading.catch_up(event.pk, TOPICS, "de", START),
}


# From the beginning is the same read from another cursor: two deeds stand for all.
FROM_START = {"hide and show", "remove"}
BETWEEN = [
    pytest.param(
        deed,
        READS[read],
        id=f"{name}-{read}",
        marks=[pytest.mark.sweep] * (read == "from the beginning" and name not in FROM_START),
    )
    for name, deed in DEEDS.items()
    for read in READS
]


@pytest.mark.sqlite  # one connection alone; with several, the schedules ask both databases
@pytest.mark.parametrize(("deed", "read"), BETWEEN)
def test_what_happens_between_two_statements_of_a_read_is_not_lost(deed: Deed, read: Read) -> None:
    event = make_event()
    make_rule(event)
    post = make_post(event)
    as_it_was = page(event, TOPICS)
    cursor = Cursor.parse(as_it_was.groups["shared"].cursor)
    make_post(event)
    edit(event, post)
    begun = transaction.savepoint()
    for before in count():
        replica = deepcopy(as_it_was)
        answer, happened = with_between(
            lambda: read(event, cursor), lambda: deed(event, post), before=before
        )
        if not happened:
            assert before >= 3  # a read has at least as many statements
            break
        replica.receive(wire(answer))
        rest = reading.catch_up(event.pk, TOPICS, "de", Cursor.parse(answer.upto))

        assert isinstance(rest, Frame)
        replica.receive(wire(rest))
        assert_up_to_date(event, replica, TOPICS)
        transaction.savepoint_rollback(begun)


@pytest.mark.parametrize(
    ("text", "cursor"),
    [
        ("0.0", START),
        ("15.ab", Cursor(15, 0xAB)),
        (f"1.{2**63:x}", Cursor(1, -(2**63))),
        (f"1.{2**64 - 1:x}", Cursor(1, -1)),
        (f"{2**63 - 1}.1", Cursor(2**63 - 1, 1)),
    ],
)
def test_cursor_is_read_as_it_was_written(text: str, cursor: Cursor) -> None:
    assert Cursor.parse(text) == cursor
    assert str(cursor) == text


@pytest.mark.parametrize(
    "text",
    [
        *(None, 5, "", ".", "1", "1.", ".1", "-1.1", "1.-1", "1.g", "1.1.1", "1 .1", "٣.1"),
        *("1" * 41, f"1.{2**64:x}", f"{2**63}.1", "+1.1", "1_0.1"),
    ],
)
def test_what_cannot_be_a_cursor_is_none(text: object) -> None:
    assert Cursor.parse(text) is None


def test_frame_names_an_object_once_however_often_it_changed(event: Event) -> None:
    post = make_post(event)
    for _ in range(5):
        hide_and_show(event, post)

    answer = reading.catch_up(event.pk, ["wall"], "de", START)

    assert isinstance(answer, Frame)
    assert [(item.key, item.version) for item in answer.items] == [(post.key, 11)]


def test_frame_of_a_guest_holds_nothing_of_another(event: Event) -> None:
    mine, other = make_note(event), make_note(event)
    assert mine.attendee is not None

    answer = reading.catch_up(event.pk, [f"mine:{mine.attendee.key}"], "de", START)

    assert isinstance(answer, Frame)
    assert [(item.topic, item.key) for item in answer.items] == [("mine", mine.key)]
    assert other.key not in str(wire(answer))


@pytest.mark.parametrize("state", ["pending", "hidden"])
def test_public_frame_does_not_name_what_was_never_public(event: Event, state: str) -> None:
    post = make_post(event, state=state)

    answer = reading.catch_up(event.pk, ["programme", "wall"], "de", START)

    assert isinstance(answer, Frame)
    assert answer.items == []
    assert post.key not in str(wire(answer))


@pytest.mark.parametrize("rows", [1, 3])
def test_catching_up_asks_as_much_for_three_rows_as_for_one(
    event: Event, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_rule(event)
    for _ in range(rows):
        make_note(event)
        make_slot(event)

    # Proof, pointers, and one for each topic and kind: post, rule, slot and who speaks; post.
    # Posts also ask for their pictures, at the desk for whoever judged their author.
    with django_assert_num_queries(10):
        reading.catch_up(event.pk, TOPICS, "de", START)
    # Position; pending, shown, hidden, sources, rules; slots and who speaks; posts.
    # At the desk also what is beyond its window, pictures and faces, steps and people, each with
    # the change that told them last.
    with django_assert_num_queries(17):
        reading.window(event.pk, TOPICS, "de")
