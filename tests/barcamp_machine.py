"""Every verb of a barcamp in any order, by several people with old views: what must stay true.

Refusals are fine as long as they have words; what is refused changes nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agenda import barcamp, phases, pitching, placing, programme, proposals, votes
from agenda.cards import ProposalRefused, Written
from agenda.models import Barcamp, Event, Proposal, Room, Slot, Vote
from agenda.pitching import NotPitching
from agenda.proposals import ProposalChanged, State
from eventhub.live.check_log import check
from eventhub.live.models import Change, Shown, new_key
from tests.factories import at, make_barcamp, make_event, make_room
from tests.replay import head

WHICH = st.integers(0, 1000)  # picks one of however many there are
STALE = st.sampled_from([False, False, False, True])  # whether somebody acts on an old view
TITLES = ("Open Data", "Commons", "Radwege", "Wahlen")
HOSTS = ("", "Ece", "Nils", "Ece, Mira")
STARTS = ("10:00", "10:45", "11:30")
GUESTS = ("A" * 22, "B" * 22)
REFUSALS = (
    barcamp.PlaceTaken,
    ProposalChanged,
    ProposalRefused,
    NotPitching,
    phases.NotNow,
    placing.ChangedMeanwhile,
    votes.NoSuchProposal,
)
# Written quietly, or told as a tally: no change of the row itself.
UNTOLD = {"version", "votes"}
Cell = tuple[int | None, datetime]
Rows = dict[tuple[str, int], tuple[int, dict[str, Any]]]


def rows(event: Event) -> Rows:
    """Every row that people see, by kind and number: its version and what it says."""
    found: Rows = {}
    shown: list[Shown] = [
        *Barcamp.objects.filter(event=event),
        *Proposal.objects.filter(event=event),
        *Slot.objects.filter(event=event),
    ]
    for row in shown:
        said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        told = {name: value for name, value in said.items() if name not in UNTOLD}
        found[row.kind, said["id"]] = (row.version, told)
    return found


class BarcampMachine(RuleBasedStateMachine):
    """Each example is an event of its own, in a database that stays."""

    def __init__(self) -> None:
        super().__init__()
        self.event = make_event()
        make_barcamp(self.event)
        self.rooms = [make_room(self.event) for _ in range(2)]
        self.clashed: set[Cell] = set()  # where a verb of the day grid has put two
        self.sent: list[str] = []
        for title in TITLES:
            proposals.propose(self.event, Written(title), sent_key=new_key())

    # --- what is there

    def cards(self) -> list[Proposal]:
        return list(Proposal.objects.filter(event=self.event).order_by("pk"))

    def card(self, which: int) -> Proposal:
        found = self.cards()
        return found[which % len(found)]

    def slots(self) -> list[Slot]:
        return list(Slot.objects.of(self.event).order_by("pk"))

    def slot(self, which: int) -> Slot:
        found = self.slots()
        return found[which % len(found)]

    def spot(self, which: int) -> tuple[Room, Any, Any]:
        start = at(STARTS[which % len(STARTS)])
        return self.rooms[which // 7 % 2], start, start + timedelta(minutes=45)

    def cells(self) -> Counter[Cell]:
        """How many take place in each cell."""
        return Counter(
            (slot.room_id, slot.starts_at) for slot in self.slots() if not slot.cancelled
        )

    def has_slots(self) -> bool:
        return bool(self.slots())

    def act(self, deed: Callable[[], object]) -> bool:
        """Do it, and look whether everybody was told of what it changed. False if refused."""
        before, seq = rows(self.event), head(self.event)
        try:
            deed()
        except REFUSALS as refused:
            words = getattr(refused, "message", "")
            silent = isinstance(refused, votes.NoSuchProposal)  # the view says it
        else:
            words, silent = None, True
        if words is not None:
            assert words or silent
            assert (rows(self.event), head(self.event)) == (before, seq)
            return False
        after = rows(self.event)
        told = {
            (change.kind, change.object_id): change.seq
            for change in Change.objects.filter(event_id=self.event.pk, seq__gt=seq)
        }
        for key in before.keys() | after.keys():
            if before.get(key, (0, None))[1] != after.get(key, (0, None))[1]:
                assert key in told, f"{key} changed and nobody was told"
            if key in told and key in after:
                assert after[key][0] == told[key]
        return True

    # --- the verbs of cards

    @rule(title=st.sampled_from(TITLES), host=st.sampled_from(HOSTS), guest=WHICH, again=WHICH)
    def propose(self, title: str, host: str, guest: int, again: int) -> None:
        replay = bool(self.sent) and again % 4 == 0
        key = self.sent[again % len(self.sent)] if replay else new_key()
        who = (None, *GUESTS)[guest % 3]
        count = len(self.cards())
        done = self.act(
            lambda: proposals.propose(
                self.event, Written(title, host=host), sent_key=key, attendee_key=who
            )
        )
        assert len(self.cards()) == count + (done and not replay)
        if done and not replay:
            self.sent.append(key)

    @rule(which=WHICH, title=st.sampled_from(TITLES), host=st.sampled_from(HOSTS), stale=STALE)
    def correct(self, which: int, title: str, host: str, stale: bool) -> None:
        card = self.card(which)
        seen = card.version - stale
        self.act(lambda: proposals.correct(card, Written(title, host=host), version=seen))

    @rule(which=WHICH, verb=st.sampled_from(["decline", "let_in", "park"]), stale=STALE)
    def settle(self, which: int, verb: str, stale: bool) -> None:
        card = self.card(which)
        self.act(lambda: getattr(proposals, verb)(card, version=card.version - stale))

    @rule(which=WHICH, as_guest=st.booleans())
    def withdraw(self, which: int, as_guest: bool) -> None:
        card = self.card(which)
        self.act(lambda: proposals.withdraw(card, as_guest=as_guest))

    @rule(which=WHICH, other=WHICH)
    def merge(self, which: int, other: int) -> None:
        one, into = self.card(which), self.card(other)
        self.act(lambda: barcamp.merge(one, into))

    # --- the verbs of the stage

    @rule(which=WHICH, clear=st.sampled_from([False, False, True]), stale=STALE)
    def call_up(self, which: int, clear: bool, stale: bool) -> None:
        seen = Barcamp.objects.get(event=self.event).on_stage_id or 0
        card = None if clear else self.card(which)
        self.act(lambda: pitching.call_up(self.event, card, seen=seen + stale))

    @rule(which=WHICH, hands=st.none() | st.integers(-1, 99), stale=STALE)
    def count(self, which: int, hands: int | None, stale: bool) -> None:
        card = self.card(which)
        self.act(lambda: pitching.count(card, hands, version=card.version - stale))

    @rule(which=WHICH, before=st.none() | WHICH)
    def reorder(self, which: int, before: int | None) -> None:
        one = self.card(which)
        other = self.card(before) if before is not None else None
        self.act(lambda: pitching.reorder(one, other))

    @rule(which=WHICH, verb=st.sampled_from(["take_back", "later"]))
    def send_back(self, which: int, verb: str) -> None:
        card = self.card(which)
        self.act(lambda: getattr(pitching, verb)(card))

    @rule(title=st.sampled_from(TITLES))
    def walk_up(self, title: str) -> None:
        self.act(lambda: pitching.walk_up(self.event, Written(title), sent_key=new_key()))

    @rule(phase=st.sampled_from([*Barcamp.Phase.values, Barcamp.Phase.PITCH]))
    def enter(self, phase: str) -> None:
        self.act(lambda: phases.enter(self.event, phase))

    @rule(which=WHICH, guest=st.sampled_from(GUESTS), on=st.booleans())
    def vote(self, which: int, guest: str, on: bool) -> None:
        card = self.card(which)
        self.act(lambda: votes.vote(self.event, guest, card.key, on=on))

    @rule()
    def publish(self) -> None:
        self.act(lambda: votes.publish(self.event))

        told = Proposal.objects.filter(event=self.event)
        now = votes.tally(self.event)
        assert {one.pk: one.votes for one in told} == {one.pk: now.get(one.pk, 0) for one in told}
        assert max(now.values(), default=0) <= len(GUESTS)

    # --- the verbs of the board

    @rule(one=WHICH, other=WHICH, where=WHICH)
    def place_two(self, one: int, other: int, where: int) -> None:
        for which in (one, other):
            self.place(which, where, again=False, stale=False)

    @rule(which=WHICH, where=WHICH, again=st.booleans(), stale=STALE)
    def place(self, which: int, where: int, again: bool, stale: bool) -> None:
        card, (room, start, end) = self.card(which), self.spot(where)
        seen = card.version - stale
        self.act(lambda: barcamp.place(card, room, start, end, version=seen, again=again))

    @precondition(has_slots)
    @rule(which=WHICH, stale=STALE)
    def take_off(self, which: int, stale: bool) -> None:
        slot = self.slot(which)
        card = Proposal.objects.get(session=slot.session)
        self.act(lambda: barcamp.take_off(card, slot, version=slot.version - stale))

    @precondition(has_slots)
    @rule(which=WHICH, other=WHICH)
    def take_off_what_is_not_its_own(self, which: int, other: int) -> None:
        slot, card = self.slot(which), self.card(other)
        if card.session_id != slot.session_id:
            assert not self.act(lambda: barcamp.take_off(card, slot))

    # --- the verbs of the day grid: they refuse no taken place

    def on_the_grid(self, deed: Callable[[], object]) -> None:
        self.act(deed)
        self.clashed |= {cell for cell, number in self.cells().items() if number > 1}

    @precondition(has_slots)
    @rule(which=WHICH, where=WHICH)
    def move(self, which: int, where: int) -> None:
        slot, (room, start, end) = self.slot(which), self.spot(where)
        self.on_the_grid(lambda: placing.move(slot, room=room, starts_at=start, ends_at=end))

    @precondition(has_slots)
    @rule(which=WHICH, other=WHICH)
    def swap(self, which: int, other: int) -> None:
        one, two = self.slot(which), self.slot(other)
        self.on_the_grid(lambda: placing.swap(one, two))

    @precondition(has_slots)
    @rule(which=WHICH, on=st.booleans())
    def cancel_or_restore(self, which: int, on: bool) -> None:
        slot = self.slot(which)
        self.on_the_grid(lambda: (placing.restore if on else placing.cancel)(slot))

    @precondition(has_slots)
    @rule(which=WHICH)
    def unplace(self, which: int) -> None:
        slot = self.slot(which)
        self.act(lambda: placing.unplace(slot))

    @precondition(has_slots)
    @rule(which=WHICH, title=st.sampled_from(TITLES), gone=st.sampled_from([False, False, True]))
    def write_session(self, which: int, title: str, gone: bool) -> None:
        session = self.slot(which).session
        if gone:
            self.act(lambda: programme.remove(session))
            return
        session.title, session.abstract = title, title
        session.save()
        self.act(lambda: programme.session_changed(session))

    # --- what is always true

    @invariant()
    def each_living_card_is_in_one_place(self) -> None:
        placed = Counter(Slot.objects.filter(event=self.event).values_list("session", flat=True))
        for card in self.cards():
            slots = list(Slot.objects.filter(session=card.session_id)) if card.session_id else []
            assert len(slots) == placed[card.session_id or 0]
            takes_place = [slot for slot in slots if not slot.cancelled]
            if card.state == State.PARKED:
                assert not takes_place, "in the parking lot and on the board"
            if card.state in (State.WITHDRAWN, State.DECLINED):
                assert not takes_place
            if card.state == State.MERGED:
                assert slots == []
                assert card.merged_into is not None
            else:
                assert card.merged_into is None

    @invariant()
    def nothing_was_put_where_something_stands(self) -> None:
        twice = {cell for cell, number in self.cells().items() if number > 1}
        assert twice <= self.clashed
        self.clashed = twice

    @invariant()
    def session_and_card_say_the_same(self) -> None:
        for card in Proposal.objects.filter(event=self.event).select_related("session"):
            if (session := card.session) is not None:
                said = (session.title, session.host, session.abstract)
                assert said == (card.title, card.host, card.text)

    @invariant()
    def queue_has_no_place_twice(self) -> None:
        positions = [card.position for card in self.cards()]
        assert len(positions) == len(set(positions))

    @invariant()
    def on_stage_lives(self) -> None:
        found = Barcamp.objects.get(event=self.event)
        assert found.on_stage is None or found.on_stage.state in Proposal.LIVING
        assert (found.on_stage is None) == (found.on_stage_at is None)

    @invariant()
    def nobody_votes_twice(self) -> None:
        found = Vote.objects.filter(proposal__event=self.event)
        pairs = list(found.values_list("attendee", "proposal"))
        assert len(pairs) == len(set(pairs))

    def teardown(self) -> None:
        assert check(self.event.pk) == []
