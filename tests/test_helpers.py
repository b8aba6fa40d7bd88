"""Helpers without an account: one key lets one person in, once, until the hour; and out again."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from agenda import doors, helpers
from agenda.doors import DoorRefused
from agenda.models import DoorEntry, DoorKey, Event, Membership, User
from eventhub.live.models import Change
from tests import factories
from tests.at_the_door import book, enter, key_of, may_moderate, open_door, refused

pytestmark = pytest.mark.django_db

Role = Membership.Role
What = DoorEntry.What
HOUR = timedelta(hours=1)


# --- coming in


def test_whoever_has_the_key_is_a_helper_until_the_hour_and_nothing_more(event: Event) -> None:
    door = open_door(event)

    welcome = enter(event, key_of(door), " Jo ")

    user, membership = welcome.user, welcome.membership
    assert (membership.role, membership.tasks) == (Role.HELPER, ["desk"])
    assert membership.until == door.until
    assert (user.spoken_name(), user.is_staff, user.is_superuser) == ("Jo", False, False)
    assert not user.has_usable_password()
    assert may_moderate(user, event)
    assert not Event.objects.organized_by(user).exists()
    with time_machine.travel(door.until + timedelta(seconds=1)):
        assert not may_moderate(user, event)


def test_key_may_be_typed_as_people_type(event: Event) -> None:
    key = key_of(open_door(event))

    welcome = enter(event, " " + "-".join(doors.in_groups(key)).lower() + " ")

    assert welcome.is_new


def test_key_lets_one_in_and_the_next_one_is_another(event: Event) -> None:
    door = open_door(event)
    first = key_of(door)
    enter(event, first)

    second = key_of(door)

    assert refused(event, first, "Kim") == "spent"
    assert enter(event, second, "Kim").is_new
    assert book(event) == [
        ("desk", What.OPENED, ""),
        ("desk", What.JOINED, "Jo"),
        ("desk", What.SPENT, "Kim"),
        ("desk", What.JOINED, "Kim"),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_with_the_same_key_at_the_same_moment_one_comes_in() -> None:
    event = factories.make_event()
    door = open_door(event)
    key, together, ends = key_of(door), threading.Barrier(2), list[str]()

    def scan(name: str) -> None:
        together.wait()
        try:
            ends.append(enter(event, key, name, visit=name).user.spoken_name())
        except DoorRefused as refusal:
            ends.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=scan, args=[name]) for name in ("Jo", "Kim")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (name,) = {"Jo", "Kim"} & set(ends)
    assert sorted(ends) == sorted([name, "spent"])
    assert [one.user.spoken_name() for one in helpers.helpers_of(event)] == [name]
    assert User.objects.filter(username__startswith="helper-").count() == 1
    assert DoorKey.objects.filter(door=door, spent_at=None).count() == 1


def test_same_try_once_more_finds_the_first_result(event: Event) -> None:
    key = key_of(open_door(event))
    first = enter(event, key, visit="a" * 22)
    before = book(event)

    again = enter(event, key, visit="a" * 22)

    assert (again.user, again.is_new) == (first.user, False)
    assert book(event) == before


def test_photographed_key_is_nobody_elses_way_into_the_same_account(event: Event) -> None:
    key = key_of(open_door(event))
    enter(event, key, visit="a" * 22)

    assert [refused(event, key, visit=word) for word in ("b" * 22, "")] == ["spent", "spent"]


def test_second_task_is_added_and_the_later_hour_counts(event: Event) -> None:
    desk, stage = open_door(event, "desk"), open_door(event, "stage", hours=3)
    user = enter(event, key_of(desk)).user

    welcome = enter(event, key_of(stage), "Somebody else", user=user)

    assert (welcome.user, welcome.user.spoken_name()) == (user, "Jo")
    assert welcome.membership.tasks == ["desk", "stage"]
    assert welcome.membership.until == stage.until
    assert Membership.objects.filter(user=user).count() == 1


def test_earlier_door_shortens_nobodys_hour(event: Event) -> None:
    desk, stage = open_door(event, "desk", hours=3), open_door(event, "stage", hours=1)
    user = enter(event, key_of(desk)).user

    assert enter(event, key_of(stage), user=user).membership.until == desk.until


def test_helper_with_this_very_task_leaves_the_key_to_the_next_one(event: Event) -> None:
    door = open_door(event)
    first = key_of(door)
    user = enter(event, first).user
    key = key_of(door)

    again = [enter(event, one, user=user).is_new for one in (first, key)]

    assert again == [False, False]
    assert key_of(door) == key


def test_helper_of_long_ago_begins_anew(event: Event) -> None:
    user = enter(event, key_of(open_door(event, "desk"))).user
    helpers.revoke(Membership.objects.get(user=user), by=None)
    door = open_door(event, "pitch")

    membership = enter(event, key_of(door), user=user).membership

    assert (membership.tasks, membership.until) == (["pitch"], door.until)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.MODERATOR, "superuser"])
def test_whoever_runs_the_event_is_told_so_and_keeps_everything(event: Event, role: str) -> None:
    user = factories.make_user(is_superuser=role == "superuser")
    if role != "superuser":
        Membership.objects.create(user=user, event=event, role=role)
    before = list(Membership.objects.values_list())
    door = open_door(event)
    key = key_of(door)

    assert refused(event, key, user=user) == "has_more"
    assert list(Membership.objects.values_list()) == before
    assert key_of(door) == key


def test_organizer_of_another_event_helps_here_and_keeps_their_own(event: Event) -> None:
    other = factories.make_event()
    user = factories.make_user(is_staff=True)
    Membership.objects.create(user=user, event=other, role=Role.ORGANIZER)

    enter(event, key_of(open_door(event)), user=user)

    assert may_moderate(user, event)
    assert list(Event.objects.organized_by(user)) == [other]


# --- opening, shutting, sending away


def test_opening_again_changes_nothing_and_another_hour_changes_the_key(event: Event) -> None:
    door = open_door(event)
    key = key_of(door)

    helpers.open_door(event, task="desk", until=door.until, by=None)
    same = key_of(door)
    later = helpers.open_door(event, task="desk", until=door.until + HOUR, by=None)

    assert (later.pk, same) == (door.pk, key)
    assert key_of(later) != key
    assert refused(event, key) == "spent"
    assert [what for _, what, _ in book(event)] == [What.OPENED, What.OPENED, What.SPENT]


def test_shut_door_lets_nobody_in_and_whoever_is_in_stays(event: Event) -> None:
    door = open_door(event)
    user = enter(event, key_of(door)).user
    key = key_of(door)

    outcomes = [helpers.shut(door, by=user), helpers.shut(door, by=user)]

    assert outcomes == [True, False]
    assert refused(event, key, "Kim") == "late"
    assert may_moderate(user, event)
    assert [row.by for row in DoorEntry.objects.filter(what=What.SHUT)] == [user]


def test_helper_who_is_sent_away_has_no_right_and_every_page_is_told(event: Event) -> None:
    organizer = factories.make_user()
    user = enter(event, key_of(open_door(event))).user
    membership = Membership.objects.get(user=user)

    outcomes = [helpers.revoke(membership, by=organizer), helpers.revoke(membership, by=organizer)]

    assert outcomes == [True, False]
    assert not may_moderate(user, event)
    assert list(helpers.helpers_of(event)) == []
    told = Change.objects.filter(event_id=event.pk, kind="access")
    assert [change.topics for change in told] == [f"user:{user.pk}"]
    assert book(event)[-1] == ("desk", What.REVOKED, "Jo")


def test_organizers_and_moderators_are_not_sent_away_by_this_door(event: Event) -> None:
    user = factories.make_moderator(event)

    assert not helpers.revoke(Membership.objects.get(user=user), by=None)
    assert may_moderate(user, event)


def test_helper_who_signs_off_is_gone_and_an_account_stays(event: Event) -> None:
    user = enter(event, key_of(open_door(event))).user
    account = factories.make_user(password="kupfer-wolke-7314")
    Membership.objects.create(user=account, event=event, role=Role.HELPER, tasks=["desk"])

    for person in (user, account):
        helpers.sign_off(person)

    assert (may_moderate(user, event), may_moderate(account, event)) == (False, True)
    assert book(event)[-1] == ("desk", What.LEFT, "Jo")
