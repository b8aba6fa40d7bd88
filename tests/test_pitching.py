"""What two helpers do on stage at once: typed, counted, called, taken back, never overwritten."""

import pytest

from agenda import barcamp, pitching, proposals
from agenda.cards import ProposalRefused, Written
from agenda.models import Barcamp, Event, Proposal
from agenda.pitching import CountedOtherwise, NotPitching, WrittenOtherwise
from agenda.proposals import State
from eventhub.live.models import Change, new_key
from tests.factories import at, make_barcamp, make_event, make_proposal, make_room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event, Barcamp.Phase.PITCH)
    return event


def on_stage(event: Event) -> Proposal | None:
    return Barcamp.objects.get(event=event).on_stage


def queue(event: Event) -> list[str]:
    return [proposal.title for proposal in pitching.waiting(event)]


def walk_up(event: Event, title: str) -> tuple[Proposal, bool]:
    return pitching.walk_up(event, Written(title), sent_key=new_key())


def test_title_and_count_of_the_same_moment_both_stand(event: Event) -> None:
    seen = make_proposal(event, "Open")
    pitching.write(seen, title=("Open", "Open Data"), host=None)
    pitching.count(seen, 34, was=(None,))
    pitching.write(seen, title=None, host=("", "Ece"))
    card = Proposal.objects.get(pk=seen.pk)
    assert (card.title, card.host, card.hands) == ("Open Data", "Ece", 34)


def test_words_of_a_colleague_are_not_overwritten(event: Event) -> None:
    seen = make_proposal(event, "Open")
    pitching.write(seen, title=("Open", "Open Data"), host=None)
    with pytest.raises(WrittenOtherwise) as refused:
        pitching.write(seen, title=("Open", "Open Source"), host=None)
    assert "Open Data" in refused.value.message
    pitching.write(seen, title=("Open", "Open Data"), host=None)  # the same is no quarrel
    pitching.write(seen, title=("Open Data", "Open Source"), host=None)
    assert Proposal.objects.get(pk=seen.pk).title == "Open Source"


def test_a_colleagues_count_is_not_overwritten(event: Event) -> None:
    seen = make_proposal(event)
    pitching.count(seen, 34, was=(None,))
    with pytest.raises(CountedOtherwise) as refused:
        pitching.count(seen, 43, was=(None,))
    assert "34" in refused.value.message
    pitching.count(seen, None, was=(34,))
    assert Proposal.objects.get(pk=seen.pk).hands is None


@pytest.mark.parametrize("hands", [-1, 10_000])
def test_an_absurd_count_is_refused(event: Event, hands: int) -> None:
    with pytest.raises(ProposalRefused):
        pitching.count(make_proposal(event), hands)


def test_a_walk_up_is_on_stage_at_once(event: Event) -> None:
    proposal, called = walk_up(event, "Podcast")
    assert (called, on_stage(event)) == (True, proposal)
    assert proposal.called_at is not None


def test_a_walk_up_comes_next_while_somebody_pitches(event: Event) -> None:
    proposals.propose(event, Written("Collected"), sent_key=new_key())
    first, _ = walk_up(event, "First")
    for title in ("Second", "Third"):
        assert not walk_up(event, title)[1]
    assert on_stage(event) == first
    assert queue(event) == ["Second", "Third", "Collected", "First"]


def test_a_walk_up_follows_what_is_placed_or_parked(event: Event) -> None:
    first, _ = walk_up(event, "First")
    barcamp.place(first, make_room(event), at("10:00"), at("10:45"))
    second, called = walk_up(event, "Second")
    proposals.park(second)
    third, called_too = walk_up(event, "Third")
    assert (called, called_too, on_stage(event)) == (True, True, third)


def test_a_walk_up_sent_twice_is_there_once(event: Event) -> None:
    key = new_key()
    one = pitching.walk_up(event, Written("Twice"), sent_key=key)
    two = pitching.walk_up(event, Written("Twice"), sent_key=key)
    assert one[0].pk == two[0].pk
    assert two[1]
    assert Proposal.objects.count() == 1


def test_a_walk_up_in_front_moves_nobody_else(event: Event) -> None:
    for title in ("A", "B"):
        proposals.propose(event, Written(title), sent_key=new_key())
    walk_up(event, "Now")
    before = Change.objects.filter(kind="proposal").count()
    walk_up(event, "Next")
    assert Change.objects.filter(kind="proposal").count() == before + 1


def test_the_queue_is_renumbered_once_no_room_is_left(event: Event) -> None:
    one, two, three = (make_proposal(event, title, position=1) for title in "ABC")
    pitching.reorder(three, two)
    assert queue(event) == ["A", "C", "B"]
    pitching.reorder(one, None)
    assert queue(event) == ["C", "B", "A"]
    pitching.reorder(one, None)
    assert queue(event) == ["C", "B", "A"]


@pytest.mark.parametrize("phase", sorted(set(Barcamp.Phase.values) - {Barcamp.Phase.PITCH}))
def test_nobody_is_called_up_in_another_phase(event: Event, phase: str) -> None:
    proposal = make_proposal(event)
    make_barcamp(event, phase)
    with pytest.raises(NotPitching):
        pitching.call_up(event, proposal)
    with pytest.raises(NotPitching):
        walk_up(event, "Late")
    assert list(Proposal.objects.all()) == [proposal]
    pitching.call_up(event, None)


def test_taken_back_it_waits_where_it_stood(event: Event) -> None:
    first, second = make_proposal(event, "First"), make_proposal(event, "Second")
    for act in (
        lambda: barcamp.place(first, make_room(event), at("10:00"), at("10:45")),
        lambda: proposals.park(first),
        lambda: proposals.decline(first),
    ):
        act()
        assert queue(event) == ["Second"]
        pitching.take_back(first)
        pitching.take_back(first)
        assert queue(event) == ["First", "Second"]
    assert Proposal.objects.get(pk=first.pk).state == State.OPEN
    assert second in pitching.waiting(event)


def test_who_is_not_here_comes_last(event: Event) -> None:
    first = make_proposal(event, "First")
    make_proposal(event, "Second")
    pitching.call_up(event, first)
    pitching.later(first)
    assert (on_stage(event), queue(event)) == (None, ["Second", "First"])
