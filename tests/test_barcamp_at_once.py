"""Several people do something to one barcamp at the same moment: one wins, the other hears why."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone, translation

from agenda import barcamp, phases, placing, proposals, votes
from agenda.barcamp import PlaceTaken
from agenda.cards import Written
from agenda.models import Attendee, Barcamp, Event, Hosting, Proposal, Slot, Vote
from agenda.phases import NotNow
from agenda.proposals import ProposalChanged, State
from eventhub.live.check_log import check
from eventhub.live.models import new_key
from tests.factories import (
    at,
    make_attendee,
    make_barcamp,
    make_event,
    make_proposal,
    make_room,
)
from wall import guests, purge

pytestmark = pytest.mark.django_db(transaction=True)
TIME = (at("10:00"), at("10:45"))
REFUSALS = (
    PlaceTaken,
    ProposalChanged,
    NotNow,
    placing.ChangedMeanwhile,
    placing.RoomGone,
    votes.NoSuchProposal,
)


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event)
    return event


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What each deed ended in, in their order; all of them begun at the same moment."""
    start = threading.Barrier(len(deeds))
    ends = [""] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        try:
            start.wait()
            deed()
            ends[number] = "done"
        except REFUSALS as refused:
            with translation.override("en"):
                ends[number] = getattr(refused, "message", "") or type(refused).__name__
        except BaseException as crash:
            ends[number] = f"crashed: {crash!r}"
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def taking_place(event: Event) -> list[Slot]:
    return list(Slot.objects.of(event).filter(cancelled=False))


def test_of_two_who_place_into_one_cell_one_wins_and_one_hears_why(event: Event) -> None:
    room = make_room(event, "Atelier")
    cards = [make_proposal(event, "One"), make_proposal(event, "Two")]

    ends = at_once(*(lambda card=card: barcamp.place(card, room, *TIME) for card in cards))

    (slot,) = taking_place(event)
    told = next(end for end in ends if end != "done")
    assert sorted(end == "done" for end in ends) == [False, True]
    assert "Atelier" in told
    assert slot.session.title in told
    assert check(event.pk) == []


def test_of_two_who_place_one_card_in_two_places_one_is_told(event: Event) -> None:
    card, rooms = make_proposal(event), [make_room(event), make_room(event)]

    ends = at_once(*(lambda room=room: barcamp.place(card, room, *TIME) for room in rooms))

    assert sorted(end == "done" for end in ends) == [False, True]
    assert len(taking_place(event)) == 1


def test_card_that_is_merged_and_placed_at_once_stands_once_or_not_at_all(event: Event) -> None:
    for _ in range(5):
        one, into, room = make_proposal(event), make_proposal(event), make_room(event)

        ends = at_once(
            lambda one=one, room=room: barcamp.place(one, room, *TIME),  # type: ignore[misc]
            lambda one=one, into=into: barcamp.merge(one, into),  # type: ignore[misc]
        )

        one.refresh_from_db()
        into.refresh_from_db()
        assert not Slot.objects.filter(session__proposal=one).exists()
        assert (one.state, ends[1]) == (State.MERGED, "done")
        # Placed first, the other takes the place over; merged first, there is nothing to place.
        assert Slot.objects.filter(session__proposal=into).count() == (ends[0] == "done")


def test_two_cards_merged_into_each_other_at_once_leave_one(event: Event) -> None:
    one, other = make_proposal(event), make_proposal(event)

    ends = at_once(lambda: barcamp.merge(one, other), lambda: barcamp.merge(other, one))

    states = Proposal.objects.filter(event=event).values_list("state", flat=True)
    assert sorted(states) == [State.MERGED, State.OPEN]
    assert sorted(end == "done" for end in ends) == [False, True]


def test_card_taken_back_while_it_is_placed_does_not_take_place(event: Event) -> None:
    for _ in range(5):
        card, room = make_proposal(event), make_room(event)

        ends = at_once(
            lambda card=card, room=room: barcamp.place(card, room, *TIME),  # type: ignore[misc]
            lambda card=card: proposals.withdraw(card, as_guest=True),  # type: ignore[misc]
        )

        card.refresh_from_db()
        assert (card.state, ends[1]) == (State.WITHDRAWN, "done")
        assert not Slot.objects.filter(session__proposal=card, cancelled=False).exists()


def test_vote_at_the_moment_of_a_new_phase_counts_or_hears_why(event: Event) -> None:
    card = make_proposal(event)
    keys = [f"{number:022}" for number in range(6)]

    ends = at_once(
        lambda: phases.enter(event, Barcamp.Phase.BOARD),
        *(lambda key=key: votes.vote(event, key, card.key, on=True) for key in keys),
    )
    votes.publish(event)

    assert ends[0] == "done"
    with translation.override("en"):
        reason = phases.why_not(phases.Deed.VOTE, Barcamp.Phase.BOARD)
    assert set(ends) <= {"done", reason}
    counted = ends[1:].count("done")
    assert Vote.objects.count() == counted == Proposal.objects.get(pk=card.pk).votes


def test_double_tap_on_would_come_is_one_vote(event: Event) -> None:
    card = make_proposal(event)

    ends = at_once(*[lambda: votes.vote(event, "A" * 22, card.key, on=True)] * 6)

    assert ends == ["done"] * 6
    assert Vote.objects.count() == Attendee.objects.count() == 1


def test_double_tap_on_propose_is_one_card(event: Event) -> None:
    key = new_key()

    ends = at_once(
        *[lambda: proposals.propose(event, Written("Once"), sent_key=key, attendee_key="A" * 22)]
        * 4
    )

    assert ends == ["done"] * 4
    assert Proposal.objects.count() == Hosting.objects.count() == 1


def test_room_deleted_while_a_card_is_dragged_there_leaves_the_board_right(event: Event) -> None:
    card, room = make_proposal(event), make_room(event)
    stale = type(room).objects.get(pk=room.pk)
    room.delete()

    (end,) = at_once(lambda: barcamp.place(card, stale, *TIME))

    assert end == "This room is gone. Please choose another one."
    card.refresh_from_db()
    assert (card.session, Slot.objects.count()) == (None, 0)


def test_guest_who_votes_while_they_are_forgotten_leaves_nothing(event: Event) -> None:
    cards = [make_proposal(event) for _ in range(4)]
    for _ in range(5):
        guest = make_attendee(event)

        ends = at_once(
            lambda guest=guest: guests.erase(event, guest.key),  # type: ignore[misc]
            *(
                lambda guest=guest, card=card: votes.vote(event, guest.key, card.key, on=True)
                for card in cards
            ),
        )

        assert not [end for end in ends if end.startswith("crashed")]
        assert not Vote.objects.filter(attendee=guest.pk).exists()


def test_votes_do_not_stop_the_purge(event: Event) -> None:
    event.purge_on = timezone.now().date()
    event.save()
    cards = [make_proposal(event) for _ in range(4)]
    keys = [f"{number:022}" for number in range(4)]

    ends = at_once(
        lambda: purge.purge(event),
        *(
            lambda key=key, card=card: votes.vote(event, key, card.key, on=True)
            for key, card in zip(keys, cards, strict=True)
        ),
    )
    purge.purge(event)

    assert not [end for end in ends if end.startswith("crashed")]
    assert not Vote.objects.exists()
    assert not Attendee.objects.exists()
