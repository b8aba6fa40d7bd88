"""The admin of a barcamp: the verbs decide here as on the pages, and refusals are sentences."""

from typing import Any

import pytest
from django.test import Client

from agenda import barcamp, pitching, placing
from agenda.models import Barcamp, Event, Membership, Period, Proposal, Session, Slot
from agenda.proposals import State
from tests import guests
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
)
from tests.two_events import Hall
from wall.demo_organizer import add_organizer

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def event() -> Event:
    event = make_event(zone="UTC", language="en")
    make_barcamp(event)
    return event


@pytest.fixture
def ina(event: Event) -> Client:
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def save(ina: Client, row: Any, **fields: Any) -> Any:
    where = f"/admin/agenda/{row._meta.model_name}/{row.pk}/change/"
    return ina.post(where, {"event": row.event_id} | fields)


def times(start: str, end: str) -> dict[str, str]:
    day = "2026-10-07"
    found = {"starts_at_0": day, "starts_at_1": f"{start}:00", "ends_at_0": day}
    return found | {"ends_at_1": f"{end}:00"}


def placed(event: Event) -> tuple[Proposal, Slot]:
    proposal = make_proposal(event, "Open Data", host="Ina")
    slot = barcamp.place(proposal, make_room(event), at("10:00"), at("10:45"))
    return Proposal.objects.get(pk=proposal.pk), slot


def test_leaving_the_pitches_clears_the_stage(ina: Client, event: Event) -> None:
    make_barcamp(event, "pitch")
    found = pitching.call_up(event, make_proposal(event))

    assert save(ina, found, phase="board", hosts_place="on").status_code == 302

    found = Barcamp.objects.get(event=event)
    assert (found.phase, found.on_stage, found.hosts_place) == ("board", None, True)


def test_row_takes_its_cards_along(ina: Client, event: Event) -> None:
    row, (_, slot) = make_period(event, "10:00"), placed(event)

    assert save(ina, row, **times("10:15", "11:00")).status_code == 302

    slot.refresh_from_db()
    assert slot.starts_at == at("10:15")
    assert Period.objects.get(pk=row.pk).starts_at == at("10:15")


def test_row_over_another_is_a_form_error(ina: Client, event: Event) -> None:
    make_period(event, "11:00")
    row = make_period(event, "10:00")

    answers = [
        save(ina, row, **times("10:30", "11:15")),
        ina.post("/admin/agenda/period/add/", {"event": event.pk} | times("11:30", "12:00")),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Period.objects.count() == 2
    assert all("11:00" in answer.content.decode() for answer in answers)


def test_row_is_added(ina: Client, event: Event) -> None:
    form = {"event": event.pk} | times("11:30", "12:00")
    assert ina.post("/admin/agenda/period/add/", form).status_code == 302
    assert Period.objects.get(event=event).starts_at == at("11:30")


def test_corrected_card_reads_the_same_on_the_programme(ina: Client, event: Event) -> None:
    proposal, _ = placed(event)

    answer = save(ina, proposal, title="Offene Daten", host="Ina P.", text="Mit Kaffee.", hands=34)

    assert answer.status_code == 302
    session = Session.objects.get(proposal=proposal)
    assert (session.title, session.host, session.abstract) == (
        "Offene Daten",
        "Ina P.",
        "Mit Kaffee.",
    )
    assert Proposal.objects.get(pk=proposal.pk).hands == 34


@pytest.mark.parametrize("title", ["", "\u200b", "a" * 150])
def test_card_that_cannot_be_is_a_form_error(ina: Client, event: Event, title: str) -> None:
    proposal = make_proposal(event, "Open Data")
    assert save(ina, proposal, title=title).status_code == 200
    assert Proposal.objects.get(pk=proposal.pk).title == "Open Data"


def test_nobody_adds_a_proposal_here(ina: Client, event: Event) -> None:
    assert ina.get("/admin/agenda/proposal/add/").status_code == 403


@pytest.mark.parametrize(
    ("action", "state"),
    [("park", State.PARKED), ("decline", State.DECLINED), ("let_in", State.OPEN)],
)
def test_selected_proposals_go_where_the_verbs_put_them(
    ina: Client, event: Event, action: str, state: str
) -> None:
    found = [make_proposal(event, state=State.HELD).pk for _ in range(2)]

    ina.post(
        "/admin/agenda/proposal/",
        {"action": f"{action}_selected", "_selected_action": found},
    )

    assert set(Proposal.objects.values_list("state", flat=True)) == {state}


def test_deleted_proposal_stands_nowhere_any_more(ina: Client, event: Event) -> None:
    proposal, slot = placed(event)
    placing.cancel(slot)

    ina.post(f"/admin/agenda/proposal/{proposal.pk}/delete/", {"post": "yes"})

    counts = [model.objects.filter(event=event).count() for model in (Proposal, Session, Slot)]
    assert counts == [0, 0, 0]
