"""What guests leave in a barcamp: told, carried along, erased, purged; what takes place stays."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.utils import timezone

from agenda import barcamp, carry, erasure, forgetting, proposals, votes
from agenda.cards import Written
from agenda.models import (
    Attendee,
    Barcamp,
    Event,
    Hosting,
    Proposal,
    Session,
    Slot,
    Suggestion,
    Vote,
)
from agenda.proposals import State
from eventhub.live.check_log import check
from eventhub.live.log import changing
from eventhub.live.models import Change, new_key
from tests import factories, guests
from tests.factories import at
from wall import guests as wall_guests
from wall import purge

pytestmark = pytest.mark.django_db
AYLIN, NILS = "A" * 22, "N" * 22


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def event() -> Event:
    event = factories.make_event()
    factories.make_barcamp(event)
    return event


def proposed(event: Event, title: str, key: str = AYLIN) -> Proposal:
    written = Written(title, text="Why", host="Aylin", needs="A wall")
    return proposals.propose(event, written, sent_key=new_key(), attendee_key=key)


def put(card: Proposal, start: str = "10:00") -> Slot:
    room = factories.make_room(card.event)
    return barcamp.place(card, room, at(start), at(f"{start[:2]}:45"))


def titles(event: Event) -> list[str]:
    return sorted(Proposal.objects.filter(event=event).values_list("title", flat=True))


# --- told


def test_file_holds_proposals_votes_and_hashtags_of_this_guest_alone(event: Event) -> None:
    card, other = proposed(event, "Commons"), proposed(event, "Wahlen", NILS)
    votes.vote(event, AYLIN, other.key, on=True)
    votes.vote(event, NILS, card.key, on=True)
    Attendee.objects.filter(key=AYLIN).update(tags=["lastenrad", "commons"])

    said = guests.guest(event, AYLIN).get(f"/{event.slug}/you/data.json").json()

    assert [one["title"] for one in said["proposals"]] == ["Commons"]
    assert {one["needs"] for one in said["proposals"]} == {"A wall"}
    assert [one["proposal"] for one in said["would_come"]] == ["Wahlen"]
    assert said["hashtags"] == ["lastenrad", "commons"]


def test_every_field_of_a_proposal_is_told_or_left_out_for_a_reason(event: Event) -> None:
    """A field that is added must be thought of here."""
    told = {"key", "code", "title", "text", "host", "needs", "not_before", "not_after", "state"}
    told |= {"hands", "created_at", "called_at", "sent_key"}
    # Numbers of ours, others' votes, and where it went, which everybody reads on the programme.
    left_out = {"id", "version", "event", "position", "votes", "merged_into", "session"}
    assert {field.name for field in Proposal._meta.fields} == told | left_out
    for model in (Hosting, Vote):
        assert {field.name for field in model._meta.fields} == {
            "id",
            "attendee",
            "proposal",
            "at",
        }


# --- brought together


def test_two_who_are_one_have_everything_once(event: Event) -> None:
    card, other = proposed(event, "Commons"), proposed(event, "Wahlen", NILS)
    for key in (AYLIN, NILS):
        votes.vote(event, key, card.key, on=True)
    votes.vote(event, AYLIN, other.key, on=True)
    old, into = Attendee.objects.get(key=AYLIN), Attendee.objects.get(key=NILS)
    Hosting.objects.create(attendee=into, proposal=card)
    Attendee.objects.filter(pk=old.pk).update(tags=["Rad", "commons", "ton"])
    Attendee.objects.filter(pk=into.pk).update(tags=["rad", "wahl"])
    way = carry.make(into)

    wall_guests.go_on_as(event, way.key, here=AYLIN)

    into.refresh_from_db()
    assert not Attendee.objects.filter(pk=old.pk).exists()
    assert votes.tally(event) == {card.pk: 1, other.pk: 1}
    assert {(one.attendee, one.proposal) for one in Hosting.objects.all()} == {
        (into, card),
        (into, other),
    }
    assert into.tags == ["rad", "wahl", "commons"]


# --- erased


def test_erased_guest_takes_along_what_only_waits(event: Event) -> None:
    proposed(event, "Commons")
    kept = proposed(event, "Wahlen", NILS)
    votes.vote(event, AYLIN, kept.key, on=True)

    wall_guests.erase(event, AYLIN)

    assert titles(event) == ["Wahlen"]
    assert not Vote.objects.exists()
    assert not Attendee.objects.filter(key=AYLIN).exists()
    assert check(event.pk) == []


def test_erased_guest_leaves_the_programme_as_it_stands(event: Event) -> None:
    placed, back = proposed(event, "Commons"), proposed(event, "Radwege")
    put(placed)
    put(back)
    proposals.withdraw(back)

    wall_guests.erase(event, AYLIN)

    assert titles(event) == ["Commons"]
    assert not Hosting.objects.exists()
    assert [slot.session.title for slot in Slot.objects.of(event)] == ["Commons"]
    assert [session.title for session in Session.objects.all()] == ["Commons"]


def test_card_that_somebody_else_hosts_too_stays(event: Event) -> None:
    card = proposed(event, "Commons")
    proposed(event, "Wahlen", NILS)
    Hosting.objects.create(attendee=Attendee.objects.get(key=NILS), proposal=card)

    wall_guests.erase(event, AYLIN)

    assert titles(event) == ["Commons", "Wahlen"]


def test_card_on_stage_leaves_it_and_what_was_merged_into_it_waits_again(event: Event) -> None:
    gone, other = proposed(event, "Commons"), proposed(event, "Wahlen", NILS)
    factories.make_barcamp(event, Barcamp.Phase.PITCH, on_stage=gone, on_stage_at=timezone.now())
    barcamp.merge(other, gone)

    wall_guests.erase(event, AYLIN)

    other.refresh_from_db()
    assert (other.state, other.merged_into) == (State.PARKED, None)
    found = Barcamp.objects.get(event=event)
    assert (found.on_stage, found.on_stage_at) == (None, None)
    last = Change.objects.filter(event_id=event.pk, kind="barcamp").latest("seq")
    assert found.version == last.seq


def test_page_says_what_becomes_of_proposals(event: Event) -> None:
    proposed(event, "Commons")

    page = guests.guest(event, AYLIN).get(f"/{event.slug}/you/").content.decode()

    assert 'data-proposals="1"' in page


# --- purged


def test_after_the_purge_only_the_programme_is_left(
    event: Event, committed: Callable[[], AbstractContextManager[object]]
) -> None:
    put(proposed(event, "Commons"))
    put(proposed(event, "Cancelled"), "11:00")
    taken = proposed(event, "Taken back")
    put(taken, "12:00")
    proposals.withdraw(taken)
    off = proposed(event, "Taken off")
    barcamp.take_off(off, put(off, "13:00"))
    waiting = proposed(event, "Waiting", NILS)
    votes.vote(event, AYLIN, waiting.key, on=True)
    Suggestion.objects.create(event=event, by=factories.make_user(), content={"t": "Waiting"})
    event.purge_on = date(2020, 1, 1)
    event.save()

    with committed():
        gone = purge.purge(event)

    assert (gone["proposals"], gone["suggestions"], gone["guests"]) == (5, 1, 2)
    for model in (Proposal, Vote, Hosting, Suggestion, Attendee):
        assert not model._default_manager.exists()
    left = [slot.session.title for slot in Slot.objects.of(event).in_order()]
    assert left == ["Commons", "Cancelled"]
    assert sorted(session.title for session in Session.objects.all()) == ["Cancelled", "Commons"]
    assert purge.count(event) == {}
    assert check(event.pk) == []


def test_erasing_an_event_leaves_nothing_of_its_barcamp(event: Event) -> None:
    other = factories.make_event()
    factories.make_barcamp(other)
    proposed(other, "Elsewhere", NILS)
    card = proposed(event, "Commons")
    put(card)
    votes.vote(event, AYLIN, card.key, on=True)
    factories.make_period(event)
    factories.make_barcamp(event, on_stage=card, on_stage_at=timezone.now())

    erasure.erase(event)

    assert titles(other) == ["Elsewhere"]
    for model in (Proposal, Hosting, Barcamp):
        assert model._default_manager.count() == 1
    assert not Vote.objects.exists()
    assert forgetting.of_guests(other, 5) != []


def test_card_deleted_for_good_leaves_stage_programme_and_nobody_behind(event: Event) -> None:
    card, other = proposed(event, "Commons"), proposed(event, "Wahlen", NILS)
    barcamp.merge(other, card)
    put(card)
    factories.make_barcamp(event, Barcamp.Phase.PITCH, on_stage=card, on_stage_at=timezone.now())

    with changing(event) as log:
        forgetting.remove(log, [card], placed=True)

    other.refresh_from_db()
    assert (other.state, other.merged_into) == (State.PARKED, None)
    assert titles(event) == ["Wahlen"]
    assert not Slot.objects.filter(event=event).exists()
    assert not Session.objects.exists()
    assert Barcamp.objects.get(event=event).on_stage_at is None
    assert check(event.pk) == []
