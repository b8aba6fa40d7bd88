"""What staff do with cards: nothing put where something stands, nothing overwritten, taken back."""

from collections.abc import Callable

import pytest
from django.utils import translation

from agenda import arranging, barcamp, phases, pitching, placing
from agenda.arranging import Locked, Spot, spot_of
from agenda.barcamp import PlaceTaken
from agenda.models import Barcamp, Event, Proposal, Room, Slot
from agenda.phases import NotNow
from agenda.placing import ChangedMeanwhile
from agenda.proposals import ProposalChanged, State
from eventhub.live.log import changing
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]


@pytest.fixture
def event() -> Event:
    event = make_event(zone="UTC")
    make_barcamp(event, Barcamp.Phase.BOARD)
    return event


@pytest.fixture
def hall(event: Event) -> Room:
    return make_room(event, "Hall")


def spot(room: Room, start: str = "10:00") -> Spot:
    return Spot(room, at(start), at(f"{start[:2]}:45"))


def put(event: Event, room: Room, title: str, start: str = "10:00") -> Slot:
    card = make_proposal(event, title)
    arranging.place(card, spot(room, start), version=card.version)
    return slots(title)[0]


def slots(title: str) -> list[Slot]:
    found = Slot.objects.select_related("session__proposal", "room", "event")
    return list(found.filter(session__proposal__title=title).order_by("starts_at"))


def card(title: str) -> Proposal:
    return Proposal.objects.get(title=title)


def test_card_moves_into_a_free_place_only(event: Event, hall: Room) -> None:
    one, other = put(event, hall, "A"), put(event, hall, "B", "11:00")

    with pytest.raises(PlaceTaken) as refused, translation.override("en"):
        arranging.move(one, spot(hall, "11:00"), version=one.version)
    moved = arranging.move(one, spot(hall, "12:00"), version=one.version)

    with translation.override("en"):
        assert refused.value.message == "Hall at 11:00 is taken by now: “B”."
    assert [spot_of(slot) for slot in (moved, *slots("B"))] == [spot(hall, "12:00"), spot_of(other)]


def test_older_view_moves_nothing(event: Event, hall: Room) -> None:
    seen = put(event, hall, "A")
    arranging.move(seen, spot(hall, "12:00"), version=seen.version)

    with pytest.raises(ChangedMeanwhile):
        arranging.move(seen, spot(hall, "14:00"), version=seen.version)
    arranging.move(seen, spot(hall, "12:00"), version=seen.version)  # what is so is no quarrel

    assert spot_of(slots("A")[0]) == spot(hall, "12:00")


def test_two_cards_swap(event: Event, hall: Room) -> None:
    one, other = put(event, hall, "A"), put(event, hall, "B", "11:00")

    arranging.swap(one, other, versions=(one.version, other.version))

    assert (spot_of(slots("A")[0]), spot_of(slots("B")[0])) == (spot(hall, "11:00"), spot(hall))


def test_card_swaps_into_no_place_that_somebody_has_by_now(event: Event, hall: Room) -> None:
    cancelled = arranging.cancel(put(event, hall, "Cancelled"), version=None)
    lives, far = put(event, hall, "Lives"), put(event, hall, "Far", "12:00")

    for one, other in ((cancelled, far), (far, cancelled)):
        with pytest.raises(PlaceTaken) as refused:
            arranging.swap(one, other, versions=(None, None))
        assert refused.value.slot == lives
    arranging.swap(cancelled, lives, versions=(None, None))

    assert [spot_of(slots(title)[0]) for title in ("Lives", "Far")] == [
        spot(hall),
        spot(hall, "12:00"),
    ]


def test_waiting_card_takes_the_place_of_another_and_back(event: Event, hall: Room) -> None:
    there, waiting = put(event, hall, "A"), make_proposal(event, "B")

    made = arranging.exchange(waiting, there, versions=(waiting.version, there.version))

    assert (slots("A"), card("A").state, spot_of(made)) == ([], State.PARKED, spot(hall))
    arranging.exchange(
        card("A"), slots("B")[0], versions=(card("A").version, made.version), to=State.OPEN
    )
    assert (spot_of(slots("A")[0]), slots("B"), card("B").state) == (spot(hall), [], State.OPEN)


def test_card_with_a_place_takes_no_other_ones(event: Event, hall: Room) -> None:
    there, placed = put(event, hall, "A"), put(event, hall, "B", "11:00")

    with pytest.raises(ProposalChanged):
        arranging.exchange(card("B"), there, versions=(None, None))

    assert [spot_of(slot) for slot in slots("A") + slots("B")] == [spot(hall), spot_of(placed)]


def test_taken_off_it_waits_as_it_did(event: Event, hall: Room) -> None:
    put(event, hall, "A")
    arranging.place(card("A"), spot(hall, "12:00"), version=None, again=True)
    first, second = slots("A")

    arranging.take_off(first, version=first.version, to=State.OPEN)
    assert card("A").state == State.OPEN
    arranging.take_off(second, version=second.version)
    assert (card("A").state, slots("A")) == (State.PARKED, [])

    put(event, hall, "B")
    arranging.take_off(slots("B")[0], version=None, to=State.OPEN)
    assert card("B").state == State.OPEN


@pytest.mark.parametrize("fixed", [True, False], ids=["fixed", "no card"])
def test_what_is_locked_stays(event: Event, hall: Room, fixed: bool) -> None:
    slot = put(event, hall, "A")
    other = make_slot(event, room=hall, session=make_session(event, "Panel"), start="14:00")
    if fixed:
        locked = _fix(slot)
    else:
        locked = Slot.objects.select_related("session__proposal").get(pk=other.pk)
    movable = put(event, hall, "C", "16:00")
    waiting = make_proposal(event, "W")
    before = spot_of(locked)

    deeds: list[Callable[[], object]] = [
        lambda: arranging.move(locked, spot(hall, "12:00"), version=None),
        lambda: arranging.swap(movable, locked, versions=(None, None)),
        lambda: arranging.exchange(waiting, locked, versions=(None, None)),
        lambda: arranging.take_off(locked, version=None),
        lambda: arranging.cancel(locked, version=None),
    ]
    for deed in deeds:
        with pytest.raises(Locked) as refused:
            deed()
        assert locked.session.title in refused.value.message

    assert spot_of(Slot.objects.get(pk=locked.pk)) == before


def _fix(slot: Slot) -> Slot:
    with changing(slot.event_id) as log:
        slot = log.fresh(slot)
        slot.fixed = True
        log.touch(slot)
    return Slot.objects.select_related("session__proposal").get(pk=slot.pk)


def test_restored_only_where_nobody_stands(event: Event, hall: Room) -> None:
    slot = put(event, hall, "A")
    arranging.cancel(slot, version=slot.version)
    put(event, hall, "B")

    with pytest.raises(PlaceTaken):
        arranging.restore(slots("A")[0], version=None)
    arranging.move(slots("B")[0], spot(hall, "12:00"), version=None)
    arranging.restore(slots("A")[0], version=None)

    assert not slots("A")[0].cancelled


def test_cancelling_and_restoring_carry_the_version_seen(event: Event, hall: Room) -> None:
    seen = put(event, hall, "A")
    arranging.move(seen, spot(hall, "12:00"), version=None)

    with pytest.raises(ChangedMeanwhile):
        arranging.cancel(seen, version=seen.version)

    assert not slots("A")[0].cancelled


def test_merge_is_undone_with_places_and_hosts(event: Event, hall: Room) -> None:
    put(event, hall, "A")
    other = make_proposal(event, "B", host="Ece")

    gone, into = arranging.merge(card("A"), other, versions=(None, None))
    assert (spot_of(slots("B")[0]), slots("A")) == (spot(hall), [])
    seen = max(gone.version, into.version)
    arranging.part(gone, host="Ece", gave_place=True, to=State.OPEN, version=seen)

    assert (spot_of(slots("A")[0]), slots("B"), card("B").host) == (spot(hall), [], "Ece")
    assert (card("A").state, card("A").merged_into) == (State.OPEN, None)


def test_merge_is_not_undone_into_a_place_that_somebody_has_by_now(
    event: Event, hall: Room
) -> None:
    put(event, hall, "Gives")
    arranging.merge(card("Gives"), make_proposal(event, "Waits"), versions=(None, None))
    arranging.cancel(slots("Waits")[0], version=None)
    put(event, hall, "Lives")

    with pytest.raises(PlaceTaken):
        arranging.part(card("Gives"), host="", gave_place=True, to=State.PARKED, version=None)

    assert [slot.cancelled for slot in slots("Waits")] == [True]


def test_merge_is_not_undone_over_what_came_after(event: Event, hall: Room) -> None:
    put(event, hall, "A")
    other = make_proposal(event, "B")
    gone, into = arranging.merge(card("A"), other, versions=(None, None))
    pitching.count(card("B"), 30)

    with pytest.raises(ProposalChanged):
        arranging.part(
            gone, host="", gave_place=True, to=State.OPEN, version=max(gone.version, into.version)
        )

    assert (card("A").state, len(slots("B"))) == (State.MERGED, 1)


def test_only_what_waits_is_declined(event: Event, hall: Room) -> None:
    put(event, hall, "A")
    waiting = make_proposal(event, "B")

    with pytest.raises(ChangedMeanwhile):
        arranging.decline(card("A"), version=None)
    declined = arranging.decline(waiting, version=waiting.version)
    assert (card("A").state, declined.state) == (State.OPEN, State.DECLINED)

    arranging.put_back(declined, State.OPEN, version=declined.version)
    assert (card("B").state, card("B").position) == (State.OPEN, waiting.position)


def test_after_the_barcamp_nothing_changes(event: Event, hall: Room) -> None:
    slot, waiting = put(event, hall, "A"), make_proposal(event, "B")
    phases.enter(event, Barcamp.Phase.CLOSED)

    deeds: list[Callable[[], object]] = [
        lambda: arranging.place(waiting, spot(hall, "12:00"), version=None),
        lambda: arranging.move(slot, spot(hall, "12:00"), version=None),
        lambda: arranging.take_off(slot, version=None),
        lambda: arranging.decline(waiting, version=None),
        lambda: arranging.merge(card("A"), waiting, versions=(None, None)),
    ]
    for deed in deeds:
        with pytest.raises(NotNow) as refused:
            deed()
        assert refused.value.message

    assert spot_of(slots("A")[0]) == spot(hall)


def test_slot_that_is_gone_is_said_to_be_gone(event: Event, hall: Room) -> None:
    slot = put(event, hall, "A")
    placing.unplace(slot)

    with pytest.raises(ChangedMeanwhile) as refused:
        arranging.move(slot, spot(hall, "12:00"), version=slot.version)

    assert refused.value.slot is None
    assert refused.value.message


def test_repetition_stands_beside_the_first(event: Event, hall: Room) -> None:
    put(event, hall, "A")

    arranging.place(card("A"), spot(hall, "14:00"), version=None, again=True)
    with pytest.raises(ProposalChanged):
        barcamp.place(card("A"), hall, at("16:00"), at("16:45"))

    assert [spot_of(slot) for slot in slots("A")] == [spot(hall), spot(hall, "14:00")]
