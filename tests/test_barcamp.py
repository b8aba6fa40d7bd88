"""The barcamp's verbs: what is proposed, called up, counted, placed, merged, taken back."""

import pytest

from agenda import barcamp, phases, pitching, placing, programme, proposals, votes
from agenda.barcamp import PlaceTaken
from agenda.cards import ProposalRefused, Written
from agenda.models import Barcamp, Event, Proposal, Room, Session, Slot, Star, Vote
from agenda.phases import NotNow
from agenda.proposals import ProposalChanged, State
from eventhub.live.models import Change, new_key
from tests.factories import (
    at,
    make_attendee,
    make_barcamp,
    make_event,
    make_proposal,
    make_room,
    make_session,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event)
    return event


def placed(
    event: Event, title: str = "Open Data", start: str = "10:00", room: Room | None = None
) -> Proposal:
    proposal = make_proposal(event, title)
    barcamp.place(proposal, room or make_room(event), at(start), at(f"{start[:2]}:45"))
    return Proposal.objects.get(pk=proposal.pk)


def session_of(proposal: Proposal) -> Session:
    return Session.objects.get(proposal=proposal)


def slot_of(proposal: Proposal) -> Slot:
    return Slot.objects.get(session__proposal=proposal)


def test_a_proposal_sent_twice_is_there_once(event: Event) -> None:
    key = new_key()
    first = proposals.propose(event, Written("Open Data"), sent_key=key, attendee_key="A" * 22)
    second = proposals.propose(event, Written("Open Data"), sent_key=key, attendee_key="A" * 22)
    assert first.pk == second.pk
    assert Proposal.objects.of(event).count() == 1
    assert first.hostings.count() == 1


@pytest.mark.parametrize("title", ["", " \n", "\u200b"])
def test_only_a_title_is_needed_and_it_is_needed(event: Event, title: str) -> None:
    with pytest.raises(ProposalRefused) as refused:
        proposals.propose(event, Written(title), sent_key=new_key())
    assert refused.value.code == "no_title"


def test_five_thousand_characters_are_no_title(event: Event) -> None:
    with pytest.raises(ProposalRefused) as refused:
        proposals.propose(event, Written("a" * 5000), sent_key=new_key())
    assert "5000" in refused.value.message
    assert not Proposal.objects.of(event).exists()


def test_a_guest_may_have_five_waiting(event: Event) -> None:
    for number in range(5):
        proposals.propose(event, Written(f"T{number}"), sent_key=new_key(), attendee_key="A" * 22)
    with pytest.raises(ProposalRefused):
        proposals.propose(event, Written("T6"), sent_key=new_key(), attendee_key="A" * 22)
    proposals.propose(event, Written("T6"), sent_key=new_key(), attendee_key="B" * 22)


@pytest.mark.parametrize("phase", Barcamp.Phase.values)
def test_what_a_phase_does_not_allow_is_refused_with_a_reason(event: Event, phase: str) -> None:
    proposal = make_proposal(event)
    phases.enter(event, phase)
    for deed, act in (
        (phases.Deed.VOTE, lambda: votes.vote(event, "A" * 22, proposal.key, on=True)),
        (phases.Deed.WITHDRAW, lambda: proposals.withdraw(proposal, as_guest=True)),
        (
            phases.Deed.PROPOSE,
            lambda: proposals.propose(
                event, Written("New"), sent_key=new_key(), attendee_key="A" * 22
            ),
        ),
    ):
        if phases.allows(phase, deed):
            act()
        else:
            with pytest.raises(NotNow) as refused:
                act()
            assert refused.value.message == phases.why_not(deed, phase) != ""


def test_late_proposals_go_to_the_parking_lot_and_held_ones_wait(event: Event) -> None:
    make_barcamp(event, Barcamp.Phase.BOARD)
    late = proposals.propose(event, Written("Late"), sent_key=new_key())
    assert late.state == State.PARKED
    make_barcamp(event, Barcamp.Phase.COLLECT, look_first=True)
    held = proposals.propose(event, Written("Held"), sent_key=new_key(), attendee_key="A" * 22)
    assert held.state == State.HELD
    assert held not in Proposal.objects.of(event).public()


def test_nothing_is_put_where_something_stands(event: Event) -> None:
    room = make_room(event)
    there = placed(event, "There", room=room)
    late = make_proposal(event, "Late")
    with pytest.raises(PlaceTaken) as refused:
        barcamp.place(late, room, at("10:30"), at("11:00"))
    assert "There" in refused.value.message
    barcamp.place(late, room, at("10:45"), at("11:30"))
    placing.cancel(slot_of(there))
    barcamp.place(make_proposal(event), room, at("10:00"), at("10:45"))


def test_lunch_is_everywhere(event: Event) -> None:
    make_slot(event, session=make_session(event, "Lunch"), start="12:00")
    with pytest.raises(PlaceTaken):
        barcamp.place(make_proposal(event), make_room(event), at("12:00"), at("12:45"))


def test_a_card_placed_twice_stands_once_and_repeated_twice(event: Event) -> None:
    room = make_room(event)
    proposal = placed(event, room=room)
    again = barcamp.place(proposal, room, at("10:00"), at("10:45"))
    assert list(session_of(proposal).slots.all()) == [again]
    with pytest.raises(ProposalChanged):
        barcamp.place(proposal, room, at("14:00"), at("14:45"))
    barcamp.place(proposal, room, at("14:00"), at("14:45"), again=True)
    assert session_of(proposal).slots.count() == 2


def test_taken_off_it_is_parked_and_keeps_its_session_and_stars(event: Event) -> None:
    proposal = placed(event)
    Star.objects.create(attendee=make_attendee(event), session=session_of(proposal))
    barcamp.take_off(proposal, slot_of(proposal))
    proposal.refresh_from_db()
    assert (proposal.state, session_of(proposal).slots.count()) == (State.PARKED, 0)
    assert session_of(proposal).stars.count() == 1


def test_whoever_moves_its_slot_the_card_is_told_of(event: Event) -> None:
    proposal = placed(event)
    slot = slot_of(proposal)
    placing.unplace(slot)
    last = Change.objects.filter(event_id=event.pk).latest("seq")
    assert (last.kind, last.object_id) == ("proposal", proposal.pk)
    assert Proposal.objects.get(pk=proposal.pk).version == last.seq > proposal.version


def test_card_and_session_say_the_same(event: Event) -> None:
    proposal = placed(event, "Open Data")
    proposals.correct(proposal, Written("Open Data für alle", host="Ece"), version=None)
    session = session_of(proposal)
    assert (session.title, session.host) == ("Open Data für alle", "Ece")
    session.title = "Offene Daten"
    session.save()
    programme.session_changed(session)
    assert Proposal.objects.get(pk=proposal.pk).title == "Offene Daten"
    programme.remove(session)
    card = Proposal.objects.get(pk=proposal.pk)
    assert (card.session, card.state) == (None, State.DECLINED)


def test_an_older_view_is_refused_and_says_what_is_there(event: Event) -> None:
    proposal = make_proposal(event, "Mine")
    seen = proposal.version
    pitching.count(proposal, 34, version=seen)
    with pytest.raises(ProposalChanged) as refused:
        pitching.count(proposal, 43, version=seen)
    assert refused.value.proposal == proposal
    pitching.count(proposal, 34, version=seen)  # what is so already is no quarrel


def test_merged_it_shares_hosts_stars_votes_and_the_place(event: Event) -> None:
    one, into = placed(event, "One"), make_proposal(event, "Into", host="Ece")
    proposals.correct(one, Written("One", host="Nils"), version=None)
    guest = make_attendee(event)
    Star.objects.create(attendee=guest, session=session_of(one))
    Vote.objects.create(attendee=guest, proposal=one)
    Vote.objects.create(attendee=guest, proposal=into)
    Vote.objects.create(attendee=make_attendee(event), proposal=one)
    into = barcamp.merge(one, into)
    assert into.host == "Ece, Nils"
    assert [slot.starts_at for slot in session_of(into).slots.all()] == [at("10:00")]
    assert session_of(into).stars.count() == 1
    assert votes.tally(event)[into.pk] == 2
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (State.MERGED, into)
    proposals.let_in(one)
    assert Proposal.objects.get(pk=one.pk).merged_into is None


def test_a_vote_counts_once_and_can_be_taken_back(event: Event) -> None:
    proposal = make_proposal(event)
    assert votes.vote(event, "A" * 22, proposal.key, on=True)
    assert not votes.vote(event, "A" * 22, proposal.key, on=True)
    assert votes.tally(event) == {proposal.pk: 1}
    assert votes.publish(event) == 1
    assert votes.publish(event) == 0
    assert votes.vote(event, "A" * 22, proposal.key, on=False)
    assert votes.tally(event) == {}


def test_a_vote_for_another_events_proposal_is_nobodys(event: Event) -> None:
    other = make_event()
    make_barcamp(other)
    with pytest.raises(votes.NoSuchProposal):
        votes.vote(event, "A" * 22, make_proposal(other).key, on=True)


def test_two_helpers_swap_with_one_tap(event: Event) -> None:
    one, other = make_user(), make_user()
    pitching.take_part(event, one, "writer")
    pitching.take_part(event, other, "counter")
    pitching.take_part(event, one, "counter")
    found = Barcamp.objects.get(event=event)
    assert (found.writer, found.counter) == (other, one)
    pitching.leave_part(event, one)
    assert Barcamp.objects.get(event=event).counter is None


def test_two_helpers_do_not_call_up_past_each_other(event: Event) -> None:
    make_barcamp(event, Barcamp.Phase.PITCH)
    first, second = make_proposal(event), make_proposal(event)
    pitching.call_up(event, first, seen=0)
    with pytest.raises(ProposalChanged):
        pitching.call_up(event, second, seen=0)
    assert pitching.call_up(event, second, seen=first.pk).on_stage == second
    phases.enter(event, Barcamp.Phase.BOARD)
    assert Barcamp.objects.get(event=event).on_stage is None
