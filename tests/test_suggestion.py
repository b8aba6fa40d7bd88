"""A grid is proposed for what waits, with its reasons; asked for and looked at by staff only."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml.html import fragments_fromstring
from pytest_django import DjangoAssertNumQueries

from agenda import accepting, barcamp, phases, placing, suggesting
from agenda.models import Barcamp, Event, Proposal, Room, Slot, Star, Suggestion
from agenda.waiting import waiting
from tests import factories, guests
from tests.factories import at, make_attendee, make_period, make_proposal, make_room
from tests.suggested import (
    MORNING,
    State,
    card,
    make_barcamp_morning,
    slots,
    staff,
    vote,
    worked_out,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]

PATIENCE_S = 60.0


@pytest.fixture
def event(monkeypatch: pytest.MonkeyPatch) -> Event:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return make_barcamp_morning()


@pytest.fixture
def client(event: Event) -> Client:
    guests.refill_buckets()
    return guests.signed_in(staff(event))


def test_suggestion_keeps_guests_apart_and_places_nothing(event: Event) -> None:
    one, other, third = (make_proposal(event, name) for name in ("A", "B", "C"))
    for _guest in range(3):
        vote(event, one, other)
    vote(event, third)

    found = worked_out(event)

    assert card(found, one)["starts_at"] != card(found, other)["starts_at"]
    assert (found.content["torn"], found.content["left"], Slot.objects.count()) == (0, [], 0)
    assert "nobody wants anything else" in " ".join(card(found, one)["reasons"])


def test_reasons_speak_of_hands_seats_wishes_and_rivals(event: Event) -> None:
    Room.objects.filter(name="Küche").update(capacity=80)
    big = make_proposal(event, "A", hands=34, not_before=at("11:00"), host="Ada")
    again = make_proposal(event, "B", host="ada, Grace")
    rival = make_proposal(event, "C", not_before=at("11:00"))
    vote(event, big, rival)
    vote(event, big)

    found = worked_out(event)
    reasons = card(found, big)["reasons"]

    assert "34 hands fit into 80 seats." in reasons
    assert "Wished not before 11:00." in reasons
    assert "1 of 2 guests who would come also wants: “C” (1)." in reasons
    assert "No other session of Ada at this time." in reasons
    assert card(found, again)["row"] == "10:00–10:45"
    assert found.content["conflicts"] == ["11:00: 1 guest wants both “A” and “C”."]


def test_votes_for_what_was_merged_and_stars_of_the_session_count(event: Event) -> None:
    kept, gone = make_proposal(event, "A"), make_proposal(event, "B")
    vote(event, gone)
    barcamp.place(kept, Room.objects.earliest("pk"), at("10:00"), at("10:45"))
    slot = Slot.objects.get()
    Star.objects.create(attendee=make_attendee(event), session=slot.session)
    placing.unplace(slot)
    barcamp.merge(gone, kept)

    about = waiting(event, MORNING)

    assert [one.title for one in about.proposals] == ["A"]
    assert [len(heads) for heads in about.wished] == [2]


def test_what_is_held_declined_placed_or_over_is_not_suggested(event: Event) -> None:
    make_proposal(event, "held", state=Proposal.State.HELD)
    make_proposal(event, "declined", state=Proposal.State.DECLINED)
    parked = make_proposal(event, "parked", state=Proposal.State.PARKED)
    placed = make_proposal(event, "placed", host="Ada")
    saal = Room.objects.get(name="Saal")
    barcamp.place(placed, saal, at("11:00"), at("11:45"))
    make_period(event, "07:00")

    about = waiting(event, MORNING)

    assert about.proposals == [parked]
    assert [f"{period.starts_at:%H:%M}" for period in about.periods] == ["10:00", "11:00"]
    assert [len(row.rooms) for row in about.problem.rows] == [2, 1]
    assert [set(row.hosts) for row in about.problem.rows] == [set(), {"ada"}]


def test_rows_that_overlap_are_left_free_and_said(event: Event) -> None:
    make_period(event, "10:30")
    make_proposal(event)

    found = worked_out(event)

    assert found.content["skipped"] == ["10:30–11:15"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"not_before": at("17:00")}, "Nothing is free at the time it wishes (not before 17:00)."),
        ({"hands": 90}, "It needs 90 seats, the largest free room has 80."),
        ({"host": "Ada"}, "Whenever something is free, Ada is in another session."),
    ],
)
def test_what_finds_no_place_is_told_why(event: Event, fields: dict[str, Any], words: str) -> None:
    for hour in ("10", "11"):
        talk = factories.make_session(event, host="Ada")
        factories.make_slot(
            event, session=talk, room=make_room(event, capacity=10), start=f"{hour}:00"
        )
    make_proposal(event, "odd", **fields)

    found = worked_out(event)

    assert found.content["left"] == [{"title": "odd", "why": words}]


def test_more_proposals_than_places_leave_the_least_wanted(event: Event) -> None:
    wanted = [make_proposal(event, str(number), hands=number + 2) for number in range(4)]
    least = make_proposal(event, "least", hands=1)

    found = worked_out(event)

    assert [one["title"] for one in found.content["left"]] == ["least"]
    assert "fewer free places" in found.content["left"][0]["why"]
    assert accepting.accept(found) == []
    assert all(slots(one) for one in wanted)
    assert slots(least) == []


def ask(client: Client, event: Event) -> Suggestion:
    answer = client.post(f"/{event.slug}/home/barcamp/suggestion/")
    assert answer.status_code == 302
    found = Suggestion.objects.get()
    assert answer["Location"] == f"/{event.slug}/home/barcamp/suggestion/{found.key}/"
    suggesting.wait(found.key, PATIENCE_S)
    found.refresh_from_db()
    return found


def test_page_asks_waits_shows_and_places(event: Event, client: Client) -> None:
    one = make_proposal(event, "Open Data", hands=12)
    make_proposal(event, "<b>Commons</b>", hands=5)
    found = ask(client, event)
    where = f"/{event.slug}/home/barcamp/suggestion/{found.key}/"

    shown = client.get(where).content.decode()
    told = client.get(where + "progress").json()
    client.post(where + "accept", {"card": one.key})
    client.post(where + "accept")

    assert ("Open Data" in shown, "<b>Commons" in shown) == (True, False)
    assert (told["busy"], "Open Data" in told["html"]) == (False, True)
    assert len(fragments_fromstring(told["html"].strip())) == 1  # a script puts in one element
    assert [len(slots(each)) for each in Proposal.objects.all()] == [1, 1]
    assert Suggestion.objects.get().state == State.DONE


def test_asked_twice_at_once_is_worked_out_once(event: Event) -> None:
    make_proposal(event)
    user = staff(event)

    first = suggesting.begin(event, by=user, language="en")
    second = suggesting.begin(event, by=user, language="en")
    suggesting.wait(first.key, PATIENCE_S)

    assert (first.pk, Suggestion.objects.count()) == (second.pk, 1)


def test_nothing_to_place_or_nowhere_is_said_and_nothing_begun(
    event: Event, client: Client
) -> None:
    where = f"/{event.slug}/home/barcamp/suggestion/"

    nothing = client.post(where)
    make_proposal(event)
    phases.enter(event, Barcamp.Phase.CLOSED)
    over = client.post(where)

    assert (nothing.status_code, over.status_code, Suggestion.objects.count()) == (409, 409, 0)
    assert 'role="alert"' in nothing.content.decode()


def test_discarded_it_is_forgotten_and_what_was_placed_stays(event: Event, client: Client) -> None:
    one, _other = make_proposal(event), make_proposal(event)
    found = worked_out(event)
    where = f"/{event.slug}/home/barcamp/suggestion/{found.key}/"
    client.post(where + "accept", {"card": one.key})

    answer = client.post(where + "discard")

    assert answer["Location"] == f"/{event.slug}/home/barcamp/"
    assert (Suggestion.objects.count(), len(slots(one))) == (0, 1)


def test_work_that_breaks_or_stops_leaves_a_sentence(
    event: Event, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Event, at: object) -> dict[str, Any]:
        raise ZeroDivisionError

    make_proposal(event)
    user = staff(event)
    monkeypatch.setattr(suggesting, "work_out", broken)
    failed = suggesting.begin(event, by=user, language="en")
    suggesting.wait(failed.key, PATIENCE_S)
    lost = Suggestion.objects.create(event=event, by=user, at=MORNING - suggesting.LOST_AFTER)

    failed.refresh_from_db()
    looked = suggesting.look(lost, MORNING)

    assert (failed.state, "our side" in failed.content["refused"]) == (State.FAILED, True)
    assert [record.message for record in caplog.records] == ["suggestion failed"]
    assert (looked.state, bool(looked.content["refused"])) == (State.FAILED, True)


def test_suggestions_are_forgotten_after_a_day(event: Event) -> None:
    make_proposal(event)
    found = worked_out(event)

    gone = suggesting.forget_old(found.at + 2 * suggesting.KEPT)

    assert (gone, Suggestion.objects.count()) == (1, 0)


def test_suggestion_of_one_event_is_not_found_below_another(event: Event) -> None:
    make_proposal(event)
    found = worked_out(event)
    other = factories.make_event()
    factories.make_barcamp(other)
    client = guests.signed_in(staff(other))

    answers = [
        client.get(f"/{other.slug}/home/barcamp/suggestion/{found.key}/{word}")
        for word in ("", "progress")
    ]
    answers += [
        client.post(f"/{other.slug}/home/barcamp/suggestion/{found.key}/{word}")
        for word in ("accept", "discard")
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert Suggestion.objects.get().state == State.READY


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_number_of_questions_however_many_wait(
    event: Event, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        vote(event, make_proposal(event))
        factories.make_slot(event, room=make_room(event), start=f"1{place}:00")

    with django_assert_num_queries(8):
        waiting(event, MORNING)
    assert client.get(f"/{event.slug}/home/barcamp/suggestion/").status_code == 200
