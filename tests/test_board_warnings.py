"""What will not go well on the board: found, put into words, laid on the right cards."""

import pytest
from django.utils import translation

from agenda import barcamp, board_warnings, placing
from agenda.board_warnings import Kind, Warning
from agenda.models import Event, Proposal, Room, Slot, Star, Vote
from tests.factories import (
    at,
    make_attendee,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def event() -> Event:
    event = make_event(zone="UTC")
    make_barcamp(event)
    for start in ("10:00", "11:00", "12:00"):
        make_period(event, start)
    return event


@pytest.fixture
def rooms(event: Event) -> list[Room]:
    seats = (100, 20, None)
    return [make_room(event, f"R{n}", capacity=count) for n, count in enumerate(seats)]


def put(
    event: Event, room: Room, title: str, start: str = "10:00", **fields: object
) -> tuple[Proposal, Slot]:
    card = make_proposal(event, title, **fields)
    hour = int(start[:2])
    slot = barcamp.place(card, room, at(start), at(f"{hour}:45"))
    return Proposal.objects.get(pk=card.pk), slot


def said(event: Event) -> list[Warning]:
    with translation.override("en"):
        return board_warnings.of_board(event)


def kinds(event: Event) -> list[Kind]:
    return [one.kind for one in said(event)]


def wish(event: Event, cards: list[Proposal], how_many: int) -> None:
    for _ in range(how_many):
        guest = make_attendee(event)
        Vote.objects.bulk_create(Vote(attendee=guest, proposal=card) for card in cards)


def test_host_in_two_places_is_said_on_both_cards(event: Event, rooms: list[Room]) -> None:
    _, one = put(event, rooms[0], "A", host="Ada und Ben")
    _, other = put(event, rooms[1], "B", host="ben")

    (warning,) = said(event)

    assert (warning.kind, warning.at) == (Kind.HOST, at("10:00"))
    assert warning.on_cards == {one.key: "Ben is also in “B”", other.key: "Ben is also in “A”"}


def test_speaker_of_the_fixed_programme_is_no_concern_of_the_board(event: Event) -> None:
    for title in "AB":
        make_slot(event, room=make_room(event), session=make_session(event, title, host="Ada"))

    assert said(event) == []


def test_room_is_too_small_for_the_hands_or_else_for_the_votes(
    event: Event, rooms: list[Room]
) -> None:
    _, by_hands = put(event, rooms[1], "A", hands=21, votes=5)
    _, by_votes = put(event, rooms[1], "B", start="11:00", votes=22)
    put(event, rooms[1], "C", start="12:00", hands=20, votes=90)  # hands count, and they fit

    found = said(event)

    assert [one.kind for one in found] == [Kind.SMALL, Kind.SMALL]
    assert found[0].on_cards == {by_hands.key: "21 hands, 20 seats"}
    assert found[1].words == "R1 is too small for “B”: 22 would come, 20 seats."
    assert list(found[1].on_cards) == [by_votes.key]


def test_room_of_unknown_size_is_never_too_small(event: Event, rooms: list[Room]) -> None:
    put(event, rooms[2], "A", hands=500)

    assert said(event) == []


def test_big_ones_side_by_side_are_said(event: Event, rooms: list[Room]) -> None:
    _, one = put(event, rooms[0], "A", hands=80)
    _, other = put(event, rooms[2], "B", hands=60)
    put(event, rooms[1], "C", hands=18)

    (warning,) = said(event)

    assert warning.kind == Kind.BIG
    assert warning.words == "At 10:00 the big ones stand side by side: “A”, “B”."
    assert set(warning.on_cards) == {one.key, other.key}


def test_big_ones_in_rows_of_their_own_and_small_ones_are_not(
    event: Event, rooms: list[Room]
) -> None:
    put(event, rooms[0], "A", hands=80)
    put(event, rooms[2], "B", start="11:00", hands=60)
    put(event, rooms[1], "C", start="12:00", hands=12)
    put(event, rooms[2], "D", start="12:00", hands=14)

    assert said(event) == []


def test_torn_guests_are_counted_once_by_stars_and_votes(event: Event, rooms: list[Room]) -> None:
    (a, one), (b, other), (c, _) = (
        put(event, room, title) for room, title in zip(rooms, "ABC", strict=True)
    )
    wish(event, [a, b], 3)
    wish(event, [a, b, c], 1)
    guest = make_attendee(event)
    Vote.objects.create(attendee=guest, proposal=a)
    Star.objects.create(attendee=guest, session=other.session)
    Star.objects.create(attendee=guest, session=one.session)  # the same wish, said twice

    (warning,) = said(event)

    assert warning.kind == Kind.TORN
    assert warning.words == "At 10:00 5 guests are torn, 5 of them between “A” and “B”."
    assert warning.on_cards == {
        one.key: "5 guests also want “B”",
        other.key: "5 guests also want “A”",
    }


def test_one_or_two_torn_guests_find_a_way(event: Event, rooms: list[Room]) -> None:
    (a, _), (b, _) = put(event, rooms[0], "A"), put(event, rooms[1], "B")
    wish(event, [a, b], 2)

    assert said(event) == []


def test_votes_of_what_was_merged_are_wishes_for_the_other(event: Event, rooms: list[Room]) -> None:
    (a, _), (b, _) = put(event, rooms[0], "A"), put(event, rooms[1], "B")
    c = make_proposal(event, "C")
    wish(event, [a, c], 3)
    assert said(event) == []

    barcamp.merge(c, b)

    assert kinds(event) == [Kind.TORN]


def test_wishes_for_the_time_are_kept_or_said(event: Event, rooms: list[Room]) -> None:
    put(event, rooms[0], "A", not_before=at("11:00"), not_after=at("12:00"))
    _, late = put(event, rooms[0], "B", start="12:00", not_after=at("12:30"))
    put(event, rooms[0], "C", start="11:00", not_before=at("11:00"), not_after=at("11:45"))

    early, missed = said(event)

    assert early.words == "“A” should not begin before 11:00."
    assert missed.on_cards == {late.key: "wished: over by 12:30"}


def test_cancelled_session_is_in_nobodys_way(event: Event, rooms: list[Room]) -> None:
    put(event, rooms[0], "A", host="Ada", hands=80)
    _, slot = put(event, rooms[2], "B", host="Ada", hands=80)
    assert kinds(event) == [Kind.HOST, Kind.BIG]

    placing.cancel(slot)

    assert said(event) == []


def test_room_taken_twice_is_said(event: Event, rooms: list[Room]) -> None:
    put(event, rooms[0], "A")
    make_slot(event, room=rooms[0], session=make_session(event, "Panel"), start="10:30")

    assert [one.words for one in said(event)] == ["R0 is taken twice: “A” and “Panel”."]


@pytest.mark.parametrize("how_many", [1, 3])
def test_warnings_cost_the_same_whatever_stands_there(
    event: Event, rooms: list[Room], how_many: int, django_assert_num_queries: object
) -> None:
    for n in range(how_many):
        card, _slot = put(event, rooms[n], f"T{n}", host="Ada", hands=200)
        Vote.objects.create(attendee=make_attendee(event), proposal=card)

    with django_assert_num_queries(6):  # type: ignore[operator]
        assert said(event)
