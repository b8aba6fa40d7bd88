"""What the hall sees of pitches and the board's plan: no hands after placing, always in step."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agenda import barcamp, phases, pitching, placing, stage_topics
from agenda.models import Barcamp, Event, Period, Slot
from eventhub.live.topics import registry
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_period,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)
from tests.replay import assert_replay

pytestmark = pytest.mark.django_db


def slide(event: Event) -> str:
    """What stands on the pitch slide, as one reads it."""
    with translation.override("en"):
        html = stage_topics.on_page(event)["pitch"].html or ""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def pitched(**fields: object) -> Event:
    event = make_event(zone="UTC")
    make_barcamp(event, "pitch", **fields)
    for title in ("Open Data", "LinkedIn", "Chatbots", "Podcast", "Fifth"):
        make_proposal(event, title, host=f"Host of {title}")
    pitching.call_up(event, event.proposals.first())
    return event


def placed(event: Event) -> Slot:
    period = make_period(event, "11:45")
    proposal = event.proposals.first()
    assert proposal is not None
    return barcamp.place(proposal, make_room(event, "Room 2"), period.starts_at, period.ends_at)


def count(event: Event, hands: int | None) -> None:
    proposal = event.proposals.first()
    assert proposal is not None
    pitching.count(proposal, hands)


def test_title_and_host_as_typed_and_the_next_three() -> None:
    event = pitched()

    assert slide(event) == "Open Data Host of Open Data Then: LinkedIn · Chatbots · Podcast"


def test_hands_are_shown_once_counted() -> None:
    event = pitched()

    count(event, 34)

    assert "34 hands" in slide(event)
    count(event, 1)
    assert "1 hand " in slide(event)


def test_placed_card_shows_its_place_and_no_hands_any_more() -> None:
    event = pitched()
    count(event, 34)

    placed(event)

    assert "→ Room 2 at 11:45" in slide(event)
    assert "34" not in slide(event)


def test_hands_stay_where_the_organizer_wants_it() -> None:
    event = pitched(hands_public=True)
    count(event, 34)

    slot = placed(event)

    assert "34 hands → Room 2 at 11:45" in slide(event)
    assert f'data-counted="{slot.session_id}">34<' in (
        stage_topics.on_page(event)["pitch"].html or ""
    )


def test_no_count_is_said_of_any_placed_card() -> None:
    event = pitched()
    count(event, 34)
    placed(event)

    window = registry["stage"].window(event.pk, "stage", "en")

    assert "data-counted" not in "".join(item.html or "" for item in window)


def test_who_was_on_stage_or_has_a_place_is_not_next() -> None:
    event = pitched()
    second = event.proposals.get(title="LinkedIn")
    pitching.call_up(event, second)

    assert slide(event).startswith("LinkedIn Host of LinkedIn Then: Chatbots · Podcast · Fifth")


def test_held_and_parked_proposals_are_not_named() -> None:
    event = pitched()
    for title, state in (("LinkedIn", "held"), ("Chatbots", "parked")):
        make_proposal(event, f"{title} {state}", state=state, position=0)

    assert "held" not in slide(event)
    assert "parked" not in slide(event)


def test_event_without_a_barcamp_has_a_plan_alone() -> None:
    event = make_event()
    make_slot(event)

    assert list(stage_topics.on_page(event)) == ["plan"]


def test_plan_names_slots_by_their_keys() -> None:
    event = make_event(zone="UTC")
    lunch = make_slot(event, start="12:00")
    talk = make_slot(event, room=make_room(event), start="11:00", minutes=60)

    html = stage_topics.on_page(event)["plan"].html or ""
    found = re.search(r'value="([^"]*)"', html)
    assert found is not None
    plan = json.loads(unescape(found[1]))

    at_11 = next(one for one in plan["moments"] if one["at"] == at("11:00").timestamp() * 1000)
    assert (at_11["above"], at_11["pages"]) == (["", lunch.key], [[[talk.key, ""]]])
    assert plan["changes"] == []


def test_everything_of_the_stage_follows_by_frames() -> None:
    event = pitched()
    period = make_period(event, "11:45")
    room = make_room(event, "Room 2")
    first = event.proposals.first()
    assert first is not None

    def replay(act: object) -> None:
        assert callable(act)
        assert_replay(event, act, topics=["stage", "programme"])

    replay(lambda: pitching.count(first, 34))
    replay(lambda: barcamp.place(first, room, period.starts_at, period.ends_at))
    replay(lambda: placing.cancel(Slot.objects.get(event=event)))
    replay(lambda: placing.unplace(Slot.objects.get(event=event)))
    replay(lambda: pitching.call_up(event, None))
    replay(lambda: phases.enter(event, Barcamp.Phase.BOARD))
    replay(lambda: make_period(event, "12:45"))
    replay(lambda: make_slot(event, session=make_session(event, "Lunch"), start="12:30"))


@pytest.mark.parametrize("language", ["de", "de-formal", "en"])
def test_queries_do_not_grow_with_rows(language: str) -> None:
    asked = []
    for rows in (1, 3):
        event = pitched()
        room = make_room(event)
        for hour in range(rows):
            make_period(event, f"{10 + hour}:00")
            make_slot(event, room=room, start=f"{10 + hour}:00")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            registry["stage"].window(event.pk, "stage", language)
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert Period.objects.filter(event=event).count() == 3
