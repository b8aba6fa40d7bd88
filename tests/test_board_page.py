"""The barcamp on a guest's phone: what is read there, sent from there, and refused there."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agenda import barcamp, phases, pitching, proposals, votes
from agenda.models import Attendee, Barcamp, Event, Proposal, Slot, Vote
from eventhub.live.models import Change, new_key
from tests import guests
from tests.factories import (
    at,
    make_barcamp,
    make_event,
    make_proposal,
    make_room,
    make_session,
    make_slot,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event)
    return event


def send(client: Client, event: Event, where: str, /, **form: Any) -> Any:
    return client.post(f"/{event.slug}/board/{where}", form, headers=guests.JSON)


def propose(client: Client, event: Event, title: str = "Open data", **form: Any) -> Any:
    return send(client, event, "proposals", **{"title": title, "sent_key": new_key()} | form)


def own(client: Client, event: Event) -> dict[str, Any]:
    said: dict[str, Any] = client.get(f"/{event.slug}/board/own").json()
    return said


def page(client: Client, event: Event, where: str = "") -> str:
    answer = client.get(f"/{event.slug}/board/{where}")
    assert answer.status_code == 200
    return answer.content.decode()


def topic(event: Event) -> dict[str, Any]:
    """What everybody hears, by key."""
    answer = guests.browser().get(f"/poll/{event.slug}?topics=board&language=en")
    return {item["key"]: item for item in answer.json()["items"]}


# --- read


def test_event_without_a_barcamp_has_no_such_page_and_no_tab() -> None:
    event = make_event()
    client = guests.guest(event)

    assert client.get(f"/{event.slug}/board/").status_code == 404
    assert "/board/" not in client.get(f"/{event.slug}/programme/").content.decode()


def test_tab_leads_there_from_every_page(event: Event) -> None:
    for where in ("", "programme/", "wall/", "my/", "you/"):
        said = guests.guest(event).get(f"/{event.slug}/{where}").content.decode()
        assert f'href="/{event.slug}/board/"' in said


def test_page_and_topic_draw_the_same_of_what_is_public_alone(event: Event) -> None:
    shown = [
        make_proposal(event, f"T{n}", state=state) for n, state in enumerate(("open", "parked"))
    ]
    for state in ("held", "withdrawn", "declined", "merged"):
        make_proposal(event, "Hidden away", state=state)

    said, heard = page(guests.guest(event), event), topic(event)

    assert set(heard) == {Barcamp.objects.get().key, *(one.key for one in shown)}
    assert "Hidden away" not in said
    assert [item["html"].strip() in said for item in heard.values()] == [True] * 3


def test_card_that_is_withdrawn_declined_or_placed_leaves_the_list(event: Event) -> None:
    gone = [make_proposal(event) for _ in range(3)]
    proposals.withdraw(gone[0])
    proposals.decline(gone[1])
    barcamp.place(gone[2], make_room(event), at("10:00"), at("10:45"))

    assert set(topic(event)) == {Barcamp.objects.get().key}
    assert gone[2].title in page(guests.browser(), event)  # on the board


def test_board_shows_what_is_of_the_barcamp(event: Event) -> None:
    make_slot(event, session=make_session(event, "A talk"))
    make_slot(event, session=make_session(event, "Round of names", kind="barcamp"))

    said = page(guests.browser(), event)

    assert ("Round of names" in said, "A talk" in said) == (True, False)


def test_pushed_fragment_holds_nothing_of_its_reader(event: Event) -> None:
    client = guests.guest(event)
    propose(client, event)
    send(client, event, "votes", proposal=Proposal.objects.get().key, on=1)

    [card] = [item["html"] for item in topic(event).values() if "Open data" in item["html"]]

    guest = Attendee.objects.get()
    assert [word in card for word in (guest.key, "csrf", 'aria-pressed="true"')] == [False] * 3


@pytest.mark.parametrize(
    ("phase", "hands_public", "votes_told", "hands_told"),
    [
        ("collect", True, False, False),
        ("pitch", True, False, False),
        ("board", False, True, False),
        ("running", True, True, True),
        ("closed", False, True, False),
    ],
)
def test_counts_are_told_when_nobody_decides_any_more(
    event: Event, phase: str, hands_public: bool, votes_told: bool, hands_told: bool
) -> None:
    proposal = make_proposal(event, hands=43)
    votes.vote(event, "A" * 22, proposal.key, on=True)
    make_barcamp(event, "pitch", hands_public=hands_public)
    if phase != "pitch":
        phases.enter(event, phase)

    said = topic(event)[proposal.key]["html"] + page(guests.browser(), event)
    said += page(guests.browser(), event, f"proposals/{proposal.key}/")

    assert ("1 would come" in said, "43 hands" in said) == (votes_told, hands_told)


def test_phase_that_shows_counts_draws_the_cards_anew(event: Event) -> None:
    counted, other = make_proposal(event), make_proposal(event)
    votes.vote(event, "A" * 22, counted.key, on=True)
    before = Change.objects.latest("seq").seq

    phases.enter(event, "board")

    told = Change.objects.filter(seq__gt=before).values_list("kind", "object_id")
    assert sorted(told) == [("barcamp", Barcamp.objects.get().pk), ("proposal", counted.pk)]
    assert Proposal.objects.get(pk=other.pk).version == other.version


def test_phase_says_what_it_refuses_before_anybody_tries(event: Event) -> None:
    make_proposal(event)
    for phase in Barcamp.Phase.values:
        phases.enter(event, phase)
        said = page(guests.guest(event), event)
        for deed in (phases.Deed.VOTE, phases.Deed.PROPOSE):
            with translation.override("en"):
                why = phases.why_not(deed, phase)
            assert (f'data-refused="{deed}"' in said) == bool(why)
            assert why in said


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_as_often_for_three_rows_as_for_one(event: Event, number: int) -> None:
    client, room = guests.guest(event), make_room(event)
    for n in range(number):
        propose(client, event, f"Mine {n}")
        card = make_proposal(event)
        send(client, event, "votes", proposal=card.key, on=1)
        placed = Proposal.objects.get(title=f"Mine {n}")
        barcamp.place(placed, room, at(f"1{n}:00"), at(f"1{n}:45"))
        propose(client, event, f"Waits {n}")
    page(client, event)

    counts = []
    for where in ("", "own"):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/{event.slug}/board/{where}")
        counts.append(len(captured))

    assert counts == [QUERIES_OF_PAGE, QUERIES_OF_OWN]


QUERIES_OF_PAGE, QUERIES_OF_OWN = 13, 7


# --- proposed


def test_proposal_sent_again_and_again_is_there_once(event: Event) -> None:
    client, key = guests.guest(event), new_key()

    answers = [propose(client, event, sent_key=key) for _ in range(30)]

    assert {answer.status_code for answer in answers} == {200, 201}
    assert len({answer.json()["proposal"]["key"] for answer in answers}) == 1
    assert Proposal.objects.count() == 1
    assert own(client, event)["proposals"][0]["state"] == "in the queue, number 1"


def test_form_without_scripts_proposes_and_keeps_what_was_refused(event: Event) -> None:
    client, where = guests.guest(event), f"/{event.slug}/board/proposals"

    taken = client.post(where, {"title": "A", "sent_key": new_key()}, headers=guests.HTML)
    empty = {"title": " ", "host": "Mira", "sent_key": new_key()}
    refused = client.post(where, empty, headers=guests.HTML)

    assert (taken.status_code, taken["Location"]) == (302, f"/{event.slug}/board/#own")
    assert (refused.status_code, 'value="Mira"' in refused.content.decode()) == (422, True)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("title", ["", "a" * 5000])
def test_title_of_no_or_of_5000_characters_is_refused_in_a_sentence(
    event: Event, title: str
) -> None:
    answer = propose(guests.guest(event), event, title)

    assert (answer.status_code, Proposal.objects.count()) == (422, 0)
    assert answer.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize(
    "form", [{"sent_key": ""}, {"sent_key": "a b"}, {"not_before": "tomorrow"}, {"not_after": "-1"}]
)
def test_what_no_form_of_ours_sends_is_refused(event: Event, form: dict[str, str]) -> None:
    answer = propose(guests.guest(event), event, **form)

    assert (answer.status_code, Proposal.objects.count()) == (422, 0)


def test_who_has_no_code_sends_nothing_and_leaves_no_row(event: Event) -> None:
    proposal = make_proposal(event)
    stranger = guests.guest(make_event())

    answers = [
        propose(stranger, event),
        send(stranger, event, "votes", proposal=proposal.key, on=1),
        send(stranger, event, "tags", tag="boats"),
        send(stranger, event, f"proposals/{proposal.key}/withdraw"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert (Proposal.objects.count(), Vote.objects.count(), Attendee.objects.count()) == (1, 0, 0)
    assert own(stranger, event)["joined"] is False


def test_after_everything_was_deleted_nothing_is_taken(event: Event) -> None:
    Event.objects.update(purge_on="2026-01-01")
    client = guests.guest(event)

    answers = [propose(client, event), send(client, event, "tags", tag="boats")]

    assert [answer.status_code for answer in answers] == [410, 410]


def test_phase_that_changed_meanwhile_refuses_in_a_sentence(event: Event) -> None:
    client, proposal = guests.guest(event), make_proposal(event)
    phases.enter(event, "closed")

    answers = [
        propose(client, event),
        send(client, event, "votes", proposal=proposal.key, on=1),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert [answer.json()["error"]["message"][-1] for answer in answers] == [".", "."]


# --- "I would come"


def test_vote_is_one_however_often_it_is_tapped_and_taken_back(event: Event) -> None:
    client, proposal = guests.guest(event), make_proposal(event)

    taps = [send(client, event, "votes", proposal=proposal.key, on=1) for _ in range(3)]

    assert [tap.status_code for tap in taps] == [200] * 3
    assert (Vote.objects.count(), own(client, event)["votes"]) == (1, [proposal.key])
    send(client, event, "votes", proposal=proposal.key, on=0)
    assert (Vote.objects.count(), own(client, event)["votes"]) == (0, [])


def test_vote_for_what_is_not_there_is_refused(event: Event) -> None:
    foreign = make_event()
    make_barcamp(foreign)
    client = guests.guest(event)
    cards = [make_proposal(foreign), make_proposal(event, state="held")]

    answers = [send(client, event, "votes", proposal=card.key, on=1) for card in cards]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert send(client, event, "votes", proposal="x", on=1).status_code == 422
    assert send(client, event, "votes", proposal=cards[0].key, on=2).status_code == 422


def test_voting_is_told_to_nobody(event: Event) -> None:
    proposal, before = make_proposal(event), Change.objects.count()

    send(guests.guest(event), event, "votes", proposal=proposal.key, on=1)

    assert Change.objects.count() == before


def test_three_hundred_guests_of_one_address_vote_and_none_is_refused(event: Event) -> None:
    """Within one minute, as far as the server knows: nothing here waits. Each tenth taps twice."""
    proposal = make_proposal(event)

    statuses = set()
    for number in range(300):
        client = guests.guest(event)
        for _ in range(1 if number % 10 else 2):
            answer = send(client, event, "votes", proposal=proposal.key, on=1)
            statuses.add(answer.status_code)

    assert statuses == {200}
    assert votes.tally(event) == {proposal.pk: 300}
    assert Attendee.objects.filter(event=event).count() == 300


def test_who_taps_without_end_is_slowed_alone(event: Event) -> None:
    client, proposal = guests.guest(event), make_proposal(event)

    statuses = [
        send(client, event, "votes", proposal=proposal.key, on=n % 2).status_code
        for n in range(120)
    ]

    assert (statuses[0], statuses[-1]) == (200, 429)
    other = send(guests.guest(event), event, "votes", proposal=proposal.key, on=1)
    assert other.status_code == 200


# --- three hashtags


def test_three_hashtags_are_kept_and_taken_back(event: Event) -> None:
    client = guests.guest(event)

    said = send(client, event, "tags", tag=["#Boats", "boats, Öffis", ""])

    assert said.json() == {"tags": ["Boats", "Öffis"]}
    assert own(client, event)["tags"] == ["Boats", "Öffis"]
    assert "#Öffis" in page(client, event)
    assert send(client, event, "tags", tag="").json() == {"tags": []}


@pytest.mark.parametrize("tag", ["1234", "a-b", "x" * 41, "a b c d", "<b>"])
def test_what_is_no_hashtag_is_refused(event: Event, tag: str) -> None:
    answer = send(guests.guest(event), event, "tags", tag=tag)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "no_tag")


# --- its own page


def test_card_on_stage_stands_above_everything(event: Event) -> None:
    proposal = make_proposal(event, "Up front", host="Mira")
    phases.enter(event, "pitch")
    pitching.call_up(event, proposal)

    [lead] = [
        item["html"] for item in topic(event).values() if 'data-kind="barcamp"' in item["html"]
    ]

    assert "Up front" in lead
    assert f'data-stage="{proposal.key}"' in lead


def test_what_is_not_public_is_there_for_its_hosts_alone(event: Event) -> None:
    make_barcamp(event, look_first=True)
    client = guests.guest(event)
    propose(client, event, "Held back")
    where = f"/{event.slug}/board/proposals/{Proposal.objects.get().key}/"

    assert client.get(where).status_code == 200
    assert [
        visitor.get(where).status_code for visitor in (guests.guest(event), guests.browser())
    ] == [404, 404]
    assert Slot.objects.count() == 0
