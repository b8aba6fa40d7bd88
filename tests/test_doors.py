"""The helpers' doors: what is refused, what is written down, what is kept, who is told."""

from typing import Any

import pytest
import time_machine
from django.utils import timezone

from agenda import doors, helpers
from agenda.erasure import erase
from agenda.models import Door, DoorEntry, DoorKey, Event, User
from tests import factories
from tests.at_the_door import book, enter, key_of, open_door, refused
from tests.replay import assert_replay, head

pytestmark = pytest.mark.django_db

What = DoorEntry.What


# --- what is refused


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u2060", "\u202e", "✓", "\n\n"])
def test_nobody_comes_in_without_a_name(event: Event, name: str) -> None:
    door = open_door(event)
    key = key_of(door)

    assert refused(event, key, name) == "no_name"
    assert key_of(door) == key


@pytest.mark.parametrize("name", ["x" * 10_000, "👩‍👩‍👧‍👦" * 100, "Zoe\u0301" * 60, "a\nb" * 50])
def test_long_name_is_cut_to_what_lists_can_show(event: Event, name: str) -> None:
    said = enter(event, key_of(open_door(event)), name).user.spoken_name()

    assert 0 < len(said) <= helpers.MAX_NAME_CHARS
    assert "\n" not in said


def test_key_opens_nothing_after_the_hour(event: Event) -> None:
    door = open_door(event)
    key = key_of(door)

    with time_machine.travel(door.until):
        assert refused(event, key) == "late"
        assert doors.current_key(door) is None

    assert book(event)[-1] == ("desk", What.LATE, "Jo")


def test_key_of_another_event_opens_nothing_and_tells_nothing(event: Event) -> None:
    door = open_door(factories.make_event(), "stage")
    key = key_of(door)

    assert refused(event, key) == refused(event, "A" * 12) == "unknown"
    assert book(event) == [("", What.FOREIGN, "Jo")]
    assert key_of(door) == key
    assert User.objects.count() == 0


@pytest.mark.parametrize("key", ["", "A" * 12, "A" * 10_000, "\x00", "#", "💥", "' OR 1=1 --"])
def test_guessed_key_is_listed_nowhere_and_locks_nobody(event: Event, key: str) -> None:
    open_door(event)
    before = head(event)

    assert refused(event, key) == "unknown"
    assert (head(event), len(book(event))) == (before, 1)


def test_knocking_again_and_again_does_not_fill_the_book(event: Event) -> None:
    key = key_of(open_door(event))
    enter(event, key)

    ends = {refused(event, key, f"Nr. {number}") for number in range(40)}

    assert ends == {"spent"}
    assert DoorEntry.objects.filter(what=What.SPENT).count() == doors.MAX_REFUSALS_LISTED
    with time_machine.travel(timezone.now() + doors.REFUSALS_WITHIN):
        refused(event, key)
    assert DoorEntry.objects.filter(what=What.SPENT).count() == doors.MAX_REFUSALS_LISTED + 1


# --- what is stored, what is told


def test_key_stands_nowhere_in_the_clear_and_is_gone_after_its_use(event: Event) -> None:
    door = open_door(event)
    key = key_of(door)
    (row,) = DoorKey.objects.values("key_hash", "key_sealed")
    enter(event, key)

    assert key not in f"{row}"
    spent = DoorKey.objects.exclude(spent_at=None).get()
    assert (spent.key_sealed, doors.words_of(spent)) == ("", "")


@pytest.mark.each_case
@pytest.mark.parametrize(
    "act",
    [
        lambda event, door: open_door(event, "stage"),
        lambda event, door: enter(event, key_of(door)),
        lambda event, door: helpers.shut(door, by=None),
        lambda event, door: helpers.revoke(enter(event, key_of(door)).membership, by=None),
        lambda event, door: refused(event, _spent(event, door)),
    ],
    ids=["open", "enter", "shut", "revoke", "refuse"],
)
def test_organizers_pages_follow(event: Event, act: Any) -> None:
    door = open_door(event)
    open_door(event, "pitch")
    enter(event, key_of(door), "Kim")

    assert_replay(event, lambda: act(event, door), topics=["home", "doors"])


def _spent(event: Event, door: Door) -> str:
    key = key_of(door)
    enter(event, key, "Lea")
    return key


def test_people_who_only_helped_here_go_with_the_event(event: Event) -> None:
    other = factories.make_event()
    gone = enter(event, key_of(open_door(event))).user
    stays = enter(event, key_of(open_door(event))).user
    enter(other, key_of(open_door(other)), user=stays)
    factories.make_moderator(event, "mira")

    erase(event)

    assert {user.pk for user in User.objects.all()} >= {stays.pk}
    assert not User.objects.filter(pk=gone.pk).exists()
    assert User.objects.filter(username="mira").exists()
