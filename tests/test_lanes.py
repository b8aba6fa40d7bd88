"""Who goes first is who was found to be in charge of this event, for this request, nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from agenda.models import Event
from eventhub.live import lanes
from eventhub.live.queue import WritersQueue
from tests import factories, guests, two_events
from tests.test_permissions import May, address, doors, forged
from tests.two_events import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OF_KEEPERS = {May.DESK, May.STAGE}


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each turn to write whether it was asked for in the lane of those in charge."""
    told: list[bool] = []

    class Watched(WritersQueue):
        @contextmanager
        def turn(self, *, first: bool, longest_s: float | None = None) -> Iterator[None]:
            told.append(first)
            with super().turn(first=first, longest_s=longest_s):
                yield

    class Queues(dict[int, WritersQueue]):
        def __missing__(self, lock: int) -> WritersQueue:
            return self.setdefault(lock, Watched())

    monkeypatch.setattr(lanes, "_queues", Queues())
    return told


def asked_for(turns: list[bool], role: str, doors_of: set[May]) -> dict[str, set[bool]]:
    """By address: in which lanes one who is `role` has written, with a form for every view."""
    guests.refill_buckets()
    a, b = two_events.furnish_two()
    client = ROLES[role](a, b)
    told = {}
    for route, door in doors().items():
        if door in doors_of and not route.startswith(("admin/", "log")):
            turns.clear()
            client.post(address(route, b), forged(b))
            told[route] = set(turns)
    return told


def test_whatever_a_keeper_does_at_desk_and_stage_goes_first(turns: list[bool]) -> None:
    lanes_of = asked_for(turns, "moderator_of_b", OF_KEEPERS)

    assert {route for route, told in lanes_of.items() if False in told} == set()
    went = {route.rpartition("/")[2] for route, told in lanes_of.items() if told}
    assert went >= {"hide", "show", "block", "trust", "mode", "hold"}


def test_guest_never_goes_first(turns: list[bool]) -> None:
    lanes_of = asked_for(turns, "guest_of_b", {May.GUESTS, May.EVERYBODY, May.WAITING, *OF_KEEPERS})

    assert {route for route, told in lanes_of.items() if True in told} == set()
    assert lanes_of["<slug:slug>/notes"] == {False}


def test_keeper_of_another_event_never_goes_first_here(turns: list[bool]) -> None:
    lanes_of = asked_for(turns, "moderator_of_a", OF_KEEPERS)

    assert set().union(*lanes_of.values()) == set()


def test_keeper_who_writes_a_note_waits_as_every_guest(event: Event, turns: list[bool]) -> None:
    keeper = guests.signed_in(factories.make_moderator(event))
    keeper.cookies.load(guests.guest(event).cookies.output(header="", sep=";"))
    turns.clear()

    answer = keeper.post(
        f"/{event.slug}/notes", {"text": "Hello", "idempotency": "k" * 22}, headers=guests.JSON
    )

    assert (answer.status_code, turns) == (201, [False])


@pytest.mark.parametrize("forgets", [True, False], ids=["each request anew", "without that"])
def test_next_request_in_the_same_thread_is_nobodys(
    event: Event, turns: list[bool], monkeypatch: pytest.MonkeyPatch, forgets: bool
) -> None:
    """The threads stay. With the negative control: if a request left its lane behind."""
    if not forgets:
        monkeypatch.setattr(lanes, "one_request", nullcontext)
    post = factories.make_post(event)
    keeper = guests.signed_in(factories.make_moderator(event))
    guest = guests.guest(event)
    turns.clear()

    with lanes.one_request():  # what this test leaves behind harms no other
        keeper.post(f"/{event.slug}/desk/posts/{post.key}/hide", headers=guests.JSON)
        guest.post(
            f"/{event.slug}/notes", {"text": "Hello", "idempotency": "k" * 22}, headers=guests.JSON
        )

    assert turns == [True, not forgets]
