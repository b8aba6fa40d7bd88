"""Whose a card is, how it stands in words, and what its host may do with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from agenda import barcamp, hosting, phases, pitching, placing, proposals
from agenda.cards import Written
from agenda.models import Barcamp, Event, Hosting, Period, Proposal, Room, Slot
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests import guests
from tests.factories import at, make_barcamp, make_event, make_proposal, make_room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
KEY = "A" * 22


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def event() -> Event:
    event = make_event()
    make_barcamp(event)
    return event


def propose(event: Event, title: str = "Mine") -> Proposal:
    return proposals.propose(event, Written(title), sent_key=new_key(), attendee_key=KEY)


def words(event: Event) -> str:
    """How the only proposal of this guest stands."""
    with translation.override("en"):
        [one] = hosting.own(event, KEY, Barcamp.objects.select_related("event").get(event=event))
    return one.words


def send(client: Client, proposal: Proposal, deed: str, **form: Any) -> Any:
    where = f"/{proposal.event.slug}/board/proposals/{proposal.key}/{deed}"
    return client.post(where, form, headers=guests.JSON)


def cell(event: Event, room: Room, *, hours: int = 1) -> tuple[str, Period]:
    """A place that is still to come."""
    starts_at = timezone.now() + timedelta(hours=hours)
    with changing(event) as log:
        period = log.add(
            Period(event=event, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45))
        )
    return f"{period.key}.{room.pk}", period


# --- in words


def test_queue_is_counted_without_those_who_were_called_up(event: Event) -> None:
    first, second = make_proposal(event), make_proposal(event)
    propose(event)
    assert words(event) == "in the queue, number 3"

    phases.enter(event, "pitch")
    pitching.call_up(event, first)
    assert words(event) == "in the queue, number 2"
    barcamp.place(second, make_room(event), at("10:00"), at("10:45"))
    assert words(event) == "in the queue, number 1"


def test_each_state_is_said_in_words(event: Event) -> None:
    make_barcamp(event, "pitch", look_first=True)
    room, mine = make_room(event, "Room 2"), propose(event)
    said = [words(event)]
    proposals.let_in(mine)
    pitching.call_up(event, mine)
    said.append(words(event))
    pitching.call_up(event, None)
    said.append(words(event))
    proposals.park(mine)
    said.append(words(event))
    slot = barcamp.place(mine, room, at("10:45"), at("11:30"))
    said.append(words(event))
    placing.cancel(slot)
    said.append(words(event))
    proposals.withdraw(mine)
    said.append(words(event))

    local = timezone.localtime(at("10:45"), event.tz)
    assert said == [
        "waits for a look",
        "on stage right now",
        "waits for a place on the board",
        "Parking lot: no place is free yet",
        f"stands: Room 2 at {local:%H:%M}",
        "cancelled",
        "withdrawn",
    ]


def test_merged_card_says_into_which(event: Event) -> None:
    into = make_proposal(event, "Ours")
    barcamp.merge(propose(event), into)

    assert words(event) == "put together with “Ours”"


# --- corrected, taken back


def test_host_corrects_the_card_and_nobody_else(event: Event) -> None:
    mine = propose(event)

    mine_said = send(guests.guest(event, KEY), mine, "correct", title="New", version=mine.version)
    other = send(guests.guest(event), mine, "correct", title="Theirs", version=mine.version + 9)

    assert (mine_said.status_code, other.status_code) == (200, 404)
    assert Proposal.objects.get().title == "New"


def test_correction_of_what_changed_meanwhile_says_what_is_there_and_keeps_what_was_typed(
    event: Event,
) -> None:
    mine, client = propose(event), guests.guest(event, KEY)
    proposals.correct(mine, Written("From the stage"), version=None)
    form = {"title": "Mine anew", "version": mine.version}
    where = f"/{event.slug}/board/proposals/{mine.key}/correct"

    answer = client.post(where, form, headers=guests.HTML)

    assert (answer.status_code, Proposal.objects.get().title) == (409, "From the stage")
    assert 'value="Mine anew"' in answer.content.decode()
    assert "From the stage" in answer.content.decode()
    assert send(client, mine, "correct", **form).status_code == 409


def test_corrected_card_is_looked_at_again_where_everything_is(event: Event) -> None:
    make_barcamp(event, "collect", look_first=True)
    mine = propose(event)
    proposals.let_in(mine)

    proposals.correct(mine, Written("Other words"), version=None, as_guest=True)

    assert Proposal.objects.get().state == "held"


def test_what_was_on_stage_is_corrected_without_a_look(event: Event) -> None:
    make_barcamp(event, "pitch", look_first=True)
    mine = propose(event)
    pitching.call_up(event, mine)

    proposals.correct(mine, Written("Other words"), version=None, as_guest=True)

    assert Proposal.objects.get().state == "open"


def test_card_taken_back_twice_is_taken_back(event: Event) -> None:
    mine, client = propose(event), guests.guest(event, KEY)

    assert [send(client, mine, "withdraw").status_code for _ in range(2)] == [200, 200]
    assert Proposal.objects.get().state == "withdrawn"
    assert send(guests.guest(event), mine, "withdraw").status_code == 404


def test_nothing_is_corrected_or_taken_back_when_it_is_over(event: Event) -> None:
    mine, client = propose(event), guests.guest(event, KEY)
    phases.enter(event, "closed")

    answers = [
        send(client, mine, "correct", title="New", version=mine.version),
        send(client, mine, "withdraw"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]


def test_wish_for_a_time_is_kept_though_the_board_has_it_no_more(event: Event) -> None:
    room = make_room(event)
    _, period = cell(event, room)
    mine, client = propose(event), guests.guest(event, KEY)
    wish = str(int(period.starts_at.timestamp()))
    send(client, mine, "correct", title="Mine", not_before=wish, version=mine.version)
    with changing(event) as log:
        log.remove(period)

    said = client.get(f"/{event.slug}/board/proposals/{mine.key}/").content.decode()

    assert f'value="{wish}" selected' in said


# --- the code of the card


def test_code_typed_in_any_way_makes_one_a_host(event: Event) -> None:
    card = make_proposal(event)
    typed = f" {card.code[:3].lower()}-{card.code[3:]} "
    client = guests.browser()  # scanned before the code of the event

    answers = [client.post(f"/{event.slug}/board/code", {"code": typed}) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [
        f"/{event.slug}/board/proposals/{card.key}/"
    ] * 2
    assert Hosting.objects.filter(proposal=card).count() == 1
    assert (
        "Save"
        in client.get(answers[0]["Location"], headers={"Accept-Language": "en"}).content.decode()
    )


def test_looking_at_a_scanned_code_changes_nothing(event: Event) -> None:
    card = make_proposal(event)

    answer = guests.guest(event).get(f"/{event.slug}/board/code/{card.code}")

    assert (answer.status_code, card.code in answer.content.decode()) == (200, True)
    assert Hosting.objects.count() == 0


def test_code_of_another_event_or_of_what_is_over_fits_nothing(event: Event) -> None:
    foreign = make_event()
    make_barcamp(foreign)
    cards = [make_proposal(foreign), make_proposal(event, state="withdrawn")]
    client = guests.guest(event)

    for code in (cards[0].code, cards[1].code, "", "O0I1", "x" * 5000):
        assert client.post(f"/{event.slug}/board/code", {"code": code}).status_code == 404
    assert Hosting.objects.count() == 0


def test_who_guesses_codes_waits_and_a_right_one_comes_through(event: Event) -> None:
    card, client = make_proposal(event), guests.guest(event)
    where = f"/{event.slug}/board/code"

    statuses = [client.post(where, {"code": f"AAAAA{n}"}).status_code for n in "ABCDEFGHJKLM"]

    assert (statuses[0], statuses[-1]) == (404, 429)
    assert client.post(where, {"code": card.code}).status_code == 302


# --- placing one's own


def test_host_places_where_it_is_free_and_allowed_once(event: Event) -> None:
    room = make_room(event)
    wanted, period = cell(event, room)
    mine, client = propose(event), guests.guest(event, KEY)

    early = send(client, mine, "place", cell=wanted)
    phases.enter(event, "board")
    forbidden = send(client, mine, "place", cell=wanted)
    make_barcamp(event, "board", hosts_place=True)
    page = client.get(f"/{event.slug}/board/proposals/{mine.key}/").content.decode()
    taken = [send(client, mine, "place", cell=wanted) for _ in range(2)]

    assert [early.status_code, forbidden.status_code] == [409, 422]
    assert wanted in page
    assert [answer.status_code for answer in taken] == [200, 200]
    assert [slot.starts_at for slot in Slot.objects.all()] == [period.starts_at]


def test_place_that_was_taken_meanwhile_is_refused_with_what_stands_there(event: Event) -> None:
    room = make_room(event)
    wanted, period = cell(event, room)
    mine = propose(event)
    make_barcamp(event, "running", hosts_place=True)
    barcamp.place(make_proposal(event, "Faster"), room, period.starts_at, period.ends_at)

    answer = send(guests.guest(event, KEY), mine, "place", cell=wanted)

    assert answer.status_code == 409
    assert "Faster" in answer.json()["error"]["message"]


def test_card_that_waits_for_a_look_is_not_placed_past_it(event: Event) -> None:
    make_barcamp(event, "board", look_first=True, hosts_place=True)
    wanted, _ = cell(event, make_room(event))
    mine = propose(event)

    assert send(guests.guest(event, KEY), mine, "place", cell=wanted).status_code == 409
    assert Slot.objects.count() == 0


@pytest.mark.parametrize("wanted", ["", "x.1", ".", "a" * 5000])
def test_place_that_is_none_is_refused(event: Event, wanted: str) -> None:
    make_barcamp(event, "board", hosts_place=True)

    answer = send(guests.guest(event, KEY), propose(event), "place", cell=wanted)

    assert (answer.status_code, Slot.objects.count()) == (422, 0)


def test_place_whose_time_has_come_is_no_place_any_more(event: Event) -> None:
    make_barcamp(event, "running", hosts_place=True)
    wanted, _ = cell(event, make_room(event), hours=-1)

    assert send(guests.guest(event, KEY), propose(event), "place", cell=wanted).status_code == 422
