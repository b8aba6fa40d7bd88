"""Barcamp sessions beside the rest of the programme: imports, copies, exports, API, names, grid."""

from datetime import date, timedelta

import pytest

from agenda import barcamp, copying, grid, names, placing, programme, proposals
from agenda.cards import Written
from agenda.exchange import difference, tidy
from agenda.exchange.plan import Plan
from agenda.exchange.registry import recognise
from agenda.exchange.rows import write
from agenda.models import Barcamp, Event, Period, Proposal, Session, Slot
from agenda.proposals import State
from eventhub.live.log import changing
from eventhub.live.models import Change, new_key
from tests import factories, guests
from tests.exchange.test_round_trips import FORMATS, every_format
from tests.factories import at
from tests.replay import assert_replay, head

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    event = factories.make_event()
    factories.make_barcamp(event, Barcamp.Phase.BOARD, hosts_place=True)
    return event


def proposed(
    event: Event, title: str, *, host: str = "", text: str = "", needs: str = ""
) -> Proposal:
    written = Written(title, text=text, host=host, needs=needs)
    return proposals.propose(event, written, sent_key=new_key())


def placed(event: Event, title: str, start: str = "10:00", **words: str) -> Proposal:
    card = proposed(event, title, **words)
    room = factories.make_room(event)
    barcamp.place(card, room, at(start), at(start) + timedelta(minutes=45))
    card.refresh_from_db()
    return card


def plan_of(event: Event, name: str) -> Plan:
    data = FORMATS[name](event)
    return tidy.tidy(recognise(data, "").read(data, zone=event.zone), max_sessions=5000)


def take_in(event: Event, plan: Plan) -> None:
    found = difference.between(event, plan)
    with changing(event) as log:
        write(log, event, found, lambda percent: None)


def of_barcamp(event: Event) -> list[tuple[object, ...]]:
    cards = Proposal.objects.filter(event=event).order_by("pk")
    slots = Slot.objects.filter(session__proposal__event=event).order_by("pk")
    sessions = Session.objects.filter(proposal__event=event).order_by("pk")
    return [*cards.values_list(), *slots.values_list(), *sessions.values_list()]


# --- imports


@every_format
def test_file_of_ours_changes_nothing_of_the_barcamp(event: Event, name: str) -> None:
    factories.make_slot(event, session=factories.make_session(event, "Opening"), start="08:00")
    placed(event, "Commons", host="Ece Beispiel", text="About it")
    plan, before = plan_of(event, name), of_barcamp(event)

    for _ in range(2):
        take_in(event, plan)

    assert of_barcamp(event) == before
    assert sorted(event.sessions.values_list("title", flat=True)) == ["Commons", "Opening"]
    assert not event.speakers.exists()


@every_format
def test_file_from_before_the_barcamp_removes_none_of_its_sessions(event: Event, name: str) -> None:
    factories.make_slot(event, session=factories.make_session(event, "Opening"), start="08:00")
    plan = plan_of(event, name)
    placed(event, "Commons")
    proposed(event, "Waiting")
    before = of_barcamp(event)

    for _ in range(2):
        take_in(event, plan)

    assert of_barcamp(event) == before


def test_session_of_a_file_that_is_called_alike_is_another_one(event: Event) -> None:
    other = factories.make_event()
    talk = factories.make_session(other, "Commons", abstract="A talk")
    factories.make_slot(other, session=talk, start="15:00")
    placed(event, "Commons")
    before = of_barcamp(event)

    for _ in range(2):
        take_in(event, plan_of(other, "xml"))

    assert of_barcamp(event) == before
    assert event.sessions.filter(title="Commons").count() == 2


# --- copies


def test_copy_takes_rules_and_time_rows_along_and_nobodys_words(event: Event) -> None:
    factories.make_period(event, "10:00")
    factories.make_room(event, "Saal", barcamp=False)
    factories.make_session(event, "Opening")
    placed(event, "Commons")

    new = copying.copy(
        event, first_day=date(2027, 10, 6), by=factories.make_user(), every_slot=True
    )

    found = Barcamp.objects.get(event=new)
    assert (found.phase, found.hosts_place, found.on_stage) == ("collect", True, None)
    rows = Period.objects.filter(event=new)
    assert [row.starts_at.isoformat() for row in rows] == ["2027-10-06T10:00:00+00:00"]
    assert not new.rooms.get(name="Saal").barcamp
    assert [session.title for session in new.sessions.all()] == ["Opening"]
    assert not Slot.objects.filter(event=new).exists()
    assert not Proposal.objects.filter(event=new).exists()


def test_event_without_a_barcamp_is_copied_without_one() -> None:
    event = factories.make_event()
    factories.make_session(event, "By hand", kind=Session.Kind.BARCAMP)

    new = copying.copy(event, first_day=date(2027, 10, 6), by=factories.make_user())

    assert not Barcamp.objects.filter(event=new).exists()
    assert [session.title for session in new.sessions.all()] == ["By hand"]


# --- what everybody may read


@pytest.mark.parametrize("state", Proposal.State.values)
def test_page_and_interface_tell_of_cards_that_stand_or_wait(event: Event, state: str) -> None:
    card = placed(event, "canarycommons")
    barcamp.take_off(card, Slot.objects.get(event=event))
    with changing(event) as log:
        fresh = log.fresh(Proposal.objects.get(pk=card.pk))
        fresh.state = state
        log.touch(fresh)
    readable = state in (State.OPEN, State.PARKED)

    client = guests.browser()
    page = client.get(f"/{event.slug}/session/{card.session_id}/")
    told = client.get(f"/api/v1/events/{event.slug}/sessions").content.decode()

    assert page.status_code == (200 if readable else 404)
    assert ("canarycommons" in told) == readable
    assert [one.title for one in grid.unplaced(event)] == ["canarycommons"] * readable


@every_format
def test_files_hold_what_takes_place_and_no_waiting_card(event: Event, name: str) -> None:
    placed(event, "Commons", needs="canaryneeds")
    proposed(event, "canarywaiting")

    said = [session.title for session in plan_of(event, name).sessions]

    assert said == ["Commons"]
    assert b"canary" not in FORMATS[name](event)


def test_interface_tells_no_code_no_needs_and_no_count(event: Event) -> None:
    card = placed(event, "Commons", needs="canaryneeds")

    client = guests.browser()
    said = "".join(
        client.get(f"/api/v1/events/{event.slug}/{part}").content.decode()
        for part in ("", "slots", "sessions", "now", "rooms")
    )

    assert "Commons" in said
    for word in ("canaryneeds", card.code, card.key, card.sent_key, "hands", "votes"):
        assert word not in said


# --- names


def test_host_of_a_card_writes_on_the_wall_under_their_own_name(event: Event) -> None:
    placed(event, "Commons", host="Ece Beispiel")
    factories.make_session(event, host="Mira Muster")

    assert names.nickname(event, "Ece Beispiel") == "Ece Beispiel"
    with pytest.raises(names.NameRefused):
        names.nickname(event, "Mira Muster")


# --- the organizers' day grid


def test_tray_follows_a_card_that_ends_and_lives_again(event: Event) -> None:
    card = placed(event, "Commons")
    barcamp.take_off(card, Slot.objects.get(event=event))

    assert_replay(event, lambda: proposals.decline(card), topics=["tray", "grid", "programme"])
    assert grid.unplaced(event) == []
    assert_replay(event, lambda: proposals.let_in(card), topics=["tray", "grid", "programme"])
    assert [one.title for one in grid.unplaced(event)] == ["Commons"]


def test_what_organizers_put_on_the_programme_lives(event: Event) -> None:
    card = placed(event, "Commons")
    proposals.withdraw(card)

    placing.restore(Slot.objects.get(event=event))

    card.refresh_from_db()
    assert card.state == State.OPEN
    last = Change.objects.filter(event_id=event.pk, kind="proposal").latest("seq")
    assert card.version == last.seq


def test_card_let_in_again_takes_place_where_it_was_if_nobody_else_does(event: Event) -> None:
    tomorrow = event.ends_at.replace(year=2099)
    rooms = [factories.make_room(event), factories.make_room(event)]
    cards = [proposed(event, "Free"), proposed(event, "Taken")]
    for card, room in zip(cards, rooms, strict=True):
        barcamp.place(card, room, tomorrow, tomorrow + timedelta(minutes=45))
        proposals.withdraw(card)
    late = proposed(event, "Late")
    barcamp.place(late, rooms[1], tomorrow, tomorrow + timedelta(minutes=45))

    for card in cards:
        proposals.let_in(card)

    slots = Slot.objects.of(event).order_by("room")
    assert [(slot.session.title, slot.cancelled) for slot in slots] == [
        ("Free", False),
        ("Late", False),
    ]
    assert {card.state for card in Proposal.objects.filter(event=event)} == {State.OPEN}


def test_card_that_stands_somewhere_is_not_parked(event: Event) -> None:
    card = placed(event, "Commons")
    seq = head(event)

    with pytest.raises(proposals.ProposalChanged):
        proposals.park(card)

    assert head(event) == seq


def test_merging_begins_nothing_anew_that_was_cancelled(event: Event) -> None:
    one, into = placed(event, "One"), proposed(event, "Into")
    slot = Slot.objects.get(event=event)
    placing.cancel(slot)
    late = proposed(event, "Late")
    barcamp.place(late, slot.room, slot.starts_at, slot.ends_at)

    barcamp.merge(one, into)

    assert [slot.session.title for slot in Slot.objects.of(event)] == ["Late"]


def test_session_deleted_while_on_stage_leaves_it(event: Event) -> None:
    card = placed(event, "Commons")
    factories.make_barcamp(event, Barcamp.Phase.PITCH, on_stage=card, on_stage_at=at("10:00"))

    programme.remove(Session.objects.get(proposal=card))

    assert Barcamp.objects.get(event=event).on_stage is None
