"""The pitch page: who may use it, what it shows, what two helpers do at once, and by forms."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agenda import barcamp, phases, pitching, proposals, votes
from agenda.models import Barcamp, Event, Membership, Period, Proposal, Room, Slot, User
from agenda.proposals import State
from agenda.views import pitch
from eventhub.http import Buckets
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests import guests
from tests.factories import (
    make_barcamp,
    make_event,
    make_proposal,
    make_room,
    make_user,
)
from tests.replay import assert_replay, page

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def event() -> Event:
    now = timezone.now()
    event = make_event(
        zone="UTC",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=8),
        day_boundary=(now + timedelta(hours=12)).time(),
    )
    make_barcamp(event, Barcamp.Phase.PITCH)
    for position, (name, seats) in enumerate((("Hall", 120), ("Loft", 40))):
        make_room(event, name, capacity=seats, position=position)
    for hours in (1, 2):
        start = now + timedelta(hours=hours)
        with changing(event) as log:
            log.add(Period(event=event, starts_at=start, ends_at=start + timedelta(minutes=45)))
    return event


def helper_of(event: Event, *tasks: str, name: str = "Mira") -> User:
    user = make_user(first_name=name)
    role = Membership.Role.HELPER
    Membership.objects.create(user=user, event=event, role=role, tasks=list(tasks))
    return user


@pytest.fixture
def mira(event: Event) -> Client:
    return guests.signed_in(helper_of(event, "pitch"))


def ask(client: Client, event: Event, path: str, data: Any = None, **headers: Any) -> Any:
    headers = headers or {"headers": guests.JSON}
    return client.post(f"/{event.slug}/pitch/{path}", data or {}, **headers)


def sheet(client: Client, event: Event) -> str:
    return str(client.get(f"/{event.slug}/pitch/").content.decode())


def on_stage(event: Event, title: str = "Open Data", **fields: Any) -> Proposal:
    proposal = make_proposal(event, title, **fields)
    pitching.call_up(event, proposal)
    return proposal


def cell(event: Event, room: str = "Loft") -> str:
    period = Period.objects.filter(event=event).order_by("starts_at")[0]
    return f"{period.key}.{Room.objects.get(event=event, name=room).pk}"


def now(proposal: Proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)


# --- who


def test_helpers_with_the_task_come_in_and_others_do_not(event: Event, mira: Client) -> None:
    desk = guests.signed_in(helper_of(event, "desk"))
    proposal = make_proposal(event)
    assert mira.get(f"/{event.slug}/pitch/").status_code == 200
    assert desk.get(f"/{event.slug}/pitch/").status_code == 404
    for path in ("call", "new", "part", f"cards/{proposal.key}/park"):
        assert ask(desk, event, path).status_code == 404
        assert ask(guests.browser(), event, path).status_code == 302
    assert now(proposal).state == State.OPEN


def test_a_card_of_another_event_is_not_there(event: Event, mira: Client) -> None:
    other = make_event()
    make_barcamp(other, Barcamp.Phase.PITCH)
    foreign = make_proposal(other)
    for act in (
        "write",
        "count",
        "place",
        "park",
        "let-in",
        "decline",
        "later",
        "undo",
        "nonsense",
    ):
        assert ask(mira, event, f"cards/{foreign.key}/{act}", {"title": "x"}).status_code == 404
    assert ask(mira, event, "call", {"proposal": foreign.key}).status_code == 404
    assert mira.get(f"/{event.slug}/pitch/cards/{foreign.key}/qr.svg").status_code == 404
    assert now(foreign).version == foreign.version


def test_without_a_barcamp_the_page_says_so(mira: Client) -> None:
    bare = make_event()
    client = guests.signed_in(helper_of(bare, "pitch"))
    assert "no barcamp yet" in sheet(client, bare)
    for path, code in (("new", "not_now"), ("part", "gone")):
        answer = ask(client, bare, path, {"title": "Early", "part": "writer"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, code)
    assert page(bare, ["pitch"]).topic("pitch") == {}


# --- what is shown


def test_the_sheet_names_stage_room_reason_and_queue(event: Event, mira: Client) -> None:
    on_stage(event, host="Ece", hands=34)
    make_proposal(event, "LinkedIn", host="Nils")
    html = sheet(mira, event)
    for words in ("Open Data", "Ece", "fits: 40 seats", "LinkedIn", "Nils", "Then, 1 waits"):
        assert words in html
    assert f'value="{cell(event)}" data-act="place"' in html


def test_votes_show_for_whom_stands_on_stage_alone(event: Event, mira: Client) -> None:
    here, other = on_stage(event), make_proposal(event)
    for proposal in (here, other):
        votes.vote(event, new_key(), proposal.key, on=True)
    assert_replay(event, lambda: votes.publish(event), topics=["pitch"])
    assert "1 would come by phone" in sheet(mira, event)
    before = page(event, ["pitch"]).topic("pitch")["pitch"].version
    votes.vote(event, new_key(), other.key, on=True)
    votes.publish(event)
    assert page(event, ["pitch"]).topic("pitch")["pitch"].version == before


def test_a_placed_card_shows_its_code_and_its_picture(event: Event, mira: Client) -> None:
    card = on_stage(event)
    ask(mira, event, f"cards/{card.key}/place", {"cell": cell(event)})
    html = sheet(mira, event)
    picture = mira.get(f"/{event.slug}/pitch/cards/{card.key}/qr.svg")
    assert card.code in html
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")


@pytest.mark.parametrize("phase", sorted(set(Barcamp.Phase.values) - {Barcamp.Phase.PITCH}))
def test_in_another_phase_it_says_so_and_offers_the_switch(
    event: Event, mira: Client, phase: str
) -> None:
    waiting = make_proposal(event, "Waits")
    phases.enter(event, phase)
    html = sheet(mira, event)
    assert f'action="/{event.slug}/home/barcamp/phase" data-switch>' in html
    assert "Waits" in html
    assert 'data-act="place"' not in html
    answer = ask(mira, event, "call", {"proposal": waiting.key})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_now")
    assert Barcamp.objects.get(event=event).on_stage is None


def test_once_closed_nothing_changes(event: Event, mira: Client) -> None:
    card = make_proposal(event)
    phases.enter(event, "closed")
    for path in (f"cards/{card.key}/park", f"cards/{card.key}/undo", "part", "new"):
        assert ask(mira, event, path, {"title": "Late"}).status_code == 409
    assert list(Proposal.objects.values_list("title", flat=True)) == [card.title]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_for_many_as_for_one(
    event: Event, mira: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    on_stage(event, host="Ece")
    for number in range(rows):
        for state in (State.OPEN, State.HELD, State.PARKED):
            make_proposal(event, state=state, host="Ece")
        card = make_proposal(event, host=f"Host {number}")
        room = make_room(event, f"Room {number}")
        period = Period.objects.filter(event=event)[0]
        barcamp.place(card, room, period.starts_at, period.ends_at)
    mira.get(f"/{event.slug}/pitch/")
    with django_assert_max_num_queries(24):
        mira.get(f"/{event.slug}/pitch/")


# --- two at once


def test_title_and_number_of_two_helpers_both_stand(event: Event, mira: Client) -> None:
    ben, card = guests.signed_in(helper_of(event, "pitch", name="Ben")), on_stage(event, "Open")
    typed = ask(ben, event, f"cards/{card.key}/write", {"title": "Open Data", "was_title": "Open"})
    counted = ask(mira, event, f"cards/{card.key}/count", {"hands": "34", "was": ""})
    placed = ask(mira, event, f"cards/{card.key}/place", {"cell": cell(event)})
    assert [answer.status_code for answer in (typed, counted, placed)] == [200] * 3
    assert (now(card).title, now(card).hands) == ("Open Data", 34)
    assert Slot.objects.get().session.title == "Open Data"
    assert typed.json()["version"] < counted.json()["version"]


def test_who_was_slower_reads_what_is_there(event: Event, mira: Client) -> None:
    card = on_stage(event, "Open")
    pitching.write(card, title=("Open", "Open Data"), host=None)
    pitching.count(card, 34)
    typed = ask(mira, event, f"cards/{card.key}/write", {"title": "Openness", "was_title": "Open"})
    counted = ask(mira, event, f"cards/{card.key}/count", {"hands": "43", "was": ""})
    for answer, there in ((typed, "“Open Data”"), (counted, "34")):
        assert answer.status_code == 409
        assert there in answer.json()["error"]["message"]
    assert (now(card).title, now(card).hands) == ("Open Data", 34)


def test_two_do_not_call_up_past_each_other(event: Event, mira: Client) -> None:
    one, two = make_proposal(event, "One"), make_proposal(event, "Two")
    assert ask(mira, event, "call", {"proposal": one.key, "seen": ""}).status_code == 200
    late = ask(mira, event, "call", {"proposal": two.key, "seen": ""})
    assert late.status_code == 409
    assert "One" in late.json()["error"]["message"]
    assert ask(mira, event, "call", {"proposal": one.key, "seen": ""}).status_code == 200
    assert Barcamp.objects.get(event=event).on_stage == one


def test_a_place_that_was_taken_is_refused_and_named(event: Event, mira: Client) -> None:
    first, second = on_stage(event, "First"), make_proposal(event, "Second")
    where = {"cell": cell(event)}
    assert ask(mira, event, f"cards/{first.key}/place", where).status_code == 200
    assert ask(mira, event, f"cards/{first.key}/place", where).status_code == 200  # a double tap
    late = ask(mira, event, f"cards/{second.key}/place", where)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "taken")
    assert "First" in late.json()["error"]["message"]
    assert Slot.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "x", "x.1", ".", "nothing.999999", "x." + "9" * 30])
def test_a_place_that_has_gone_is_said(event: Event, mira: Client, wrong: str) -> None:
    card = on_stage(event)
    answer = ask(mira, event, f"cards/{card.key}/place", {"cell": wrong})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "gone")
    assert not Slot.objects.exists()


@pytest.mark.parametrize("title", ["", " ", "x" * 5000])
def test_what_is_no_title_is_refused_in_words(event: Event, mira: Client, title: str) -> None:
    card = on_stage(event)
    for path in ("new", f"cards/{card.key}/write"):
        answer = ask(mira, event, path, {"title": title, "was_title": card.title})
        assert answer.status_code == 422
        assert answer.json()["error"]["message"]
    assert (Proposal.objects.count(), now(card).title) == (1, "Open Data")


@pytest.mark.parametrize("hands", ["x", "-1", "99999", "1.5", "٣"])
def test_what_is_no_number_is_refused(event: Event, mira: Client, hands: str) -> None:
    card = on_stage(event)
    answer = ask(mira, event, f"cards/{card.key}/count", {"hands": hands, "was": ""})
    assert (answer.status_code, now(card).hands) == (422, None)


# --- live and without scripts


@pytest.mark.parametrize("act", ["park", "decline", "later", "undo", "place", "count", "write"])
def test_every_act_reaches_every_helper(event: Event, mira: Client, act: str) -> None:
    card = on_stage(event)
    make_proposal(event, "Waits")
    if act == "undo":
        proposals.park(card)
    data = {"cell": cell(event), "hands": "7", "title": "New", "was_title": "Open Data"}
    assert_replay(
        event, lambda: ask(mira, event, f"cards/{card.key}/{act}", data), topics=["pitch"]
    )


def test_held_ones_are_let_in_or_declined(event: Event, mira: Client) -> None:
    good, bad = (make_proposal(event, title, state=State.HELD) for title in ("Good", "Bad"))
    assert "Wait for a look" in sheet(mira, event)
    ask(mira, event, f"cards/{good.key}/let-in")
    ask(mira, event, f"cards/{bad.key}/decline")
    assert (now(good).state, now(bad).state) == (State.OPEN, State.DECLINED)
    ask(mira, event, f"cards/{bad.key}/undo")
    assert now(bad).state == State.OPEN


def test_parts_are_taken_and_named(event: Event, mira: Client) -> None:
    ask(mira, event, "part", {"part": "counter"})
    assert "<bdi>Mira</bdi> counts and places." in sheet(mira, event)
    ask(mira, event, "part", {"part": ""})
    assert "Nobody counts." in sheet(mira, event)


def test_forms_do_the_same_without_scripts(event: Event, mira: Client) -> None:
    html = {"headers": guests.HTML}
    answers = [ask(mira, event, "new", {"title": "Podcast", "sent_key": "k" * 22}, **html)]
    card = Proposal.objects.get()
    answers.append(ask(mira, event, f"cards/{card.key}/count", {"hands": "9"}, **html))
    answers.append(ask(mira, event, f"cards/{card.key}/place", {"cell": cell(event)}, **html))
    assert {answer.headers["Location"] for answer in answers} == {f"/{event.slug}/pitch/"}
    assert (now(card).hands, Slot.objects.get().session.title) == (9, "Podcast")
    late = ask(mira, event, f"cards/{card.key}/count", {"hands": "8", "was": "7"}, **html)
    assert late.status_code == 409
    assert "just counted 9" in late.content.decode()


def test_whoever_asks_too_fast_waits(
    event: Event, mira: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pitch, "_per_person", Buckets(at_once=1, per_second=0.001))
    first, second = ask(mira, event, "part"), ask(mira, event, "part")
    assert (first.status_code, second.status_code) == (200, 429)
    assert "Retry-After" in second.headers
