"""A helper who is sent away hears nothing more: open sockets are closed, new ones refused.

Whose right nobody could be asked for comes back, and hears what was missed.
"""

import json
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError

from agenda import helpers
from agenda.models import Event, Membership, User
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED
from eventhub.live.hub import Hub
from tests import at_the_door, guests
from tests.factories import make_moderator, make_post, make_user
from tests.live.sockets import Tab, aside, signed_in, until

pytestmark = pytest.mark.django_db(transaction=True)

TASKS = ["desk", "pitch", "stage"]


def helper(event: Event, *tasks: str) -> User:
    """Somebody who came in by the doors of `tasks`, one after the other."""
    user = None
    for task in tasks:
        key = at_the_door.key_of(at_the_door.open_door(event, task))
        user = at_the_door.enter(event, key, user=user).user
    assert user is not None
    return user


async def open_tab(hub: Hub, event: Event, topic: str, user: User) -> Tab:
    tab = Tab(hub, event, {"shared": [topic]}, cookies=await aside(hub, signed_in, user))
    await tab.open()
    await tab.settle()
    return tab


def revoke(user: User) -> None:
    assert helpers.revoke(Membership.objects.get(user=user), by=None)


async def test_revoked_helper_is_closed_at_once_and_hears_no_later_word(
    hub: Hub, event: Event
) -> None:
    user, stays = await aside(hub, helper, event, *TASKS), await aside(hub, make_moderator, event)
    tab, other = [await open_tab(hub, event, "desk", one) for one in (user, stays)]
    heard: list[str] = []

    await aside(hub, revoke, user)
    await until(lambda: tab.closed_with)
    heard += [json.dumps(message) for message in tab.inbox]
    post = await aside(hub, make_post, event, text="canary after the end")
    await until(lambda: other.read() == [] and post.key in other.keys("desk"))

    assert tab.closed_with == CLOSE_NOT_ALLOWED
    assert "canary" not in "".join(heard + [json.dumps(message) for message in tab.inbox])
    await tab.open()
    assert tab.closed_with == CLOSE_NOT_ALLOWED
    assert other.closed_with is None


async def test_socket_whose_right_is_not_asked_again_would_go_on_hearing(
    hub: Hub, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What closes it is the change of rights in the log, not something that happens anyway."""
    user = await aside(hub, helper, event, "desk")
    tab = await open_tab(hub, event, "desk", user)
    monkeypatch.setattr(hub.follower, "_heard", lambda feed, pointer: None)

    await aside(hub, revoke, user)
    post = await aside(hub, make_post, event)
    await until(lambda: tab.read() == [] and post.key in tab.keys("desk"))

    assert tab.closed_with is None


@pytest.mark.parametrize("task", TASKS)
async def test_helper_hears_the_desk_with_that_task_only(hub: Hub, event: Event, task: str) -> None:
    tab = await open_tab(hub, event, "desk", await aside(hub, helper, event, task))

    assert tab.closed_with == (None if task == "desk" else CLOSE_NOT_ALLOWED)


async def test_helper_who_signs_off_is_closed(hub: Hub, event: Event) -> None:
    user = await aside(hub, helper, event, "desk")
    tab = await open_tab(hub, event, "desk", user)

    await aside(hub, lambda: guests.signed_in(user).post("/logout/"))

    await until(lambda: tab.closed_with)
    assert tab.closed_with == CLOSE_NOT_ALLOWED


async def test_organizers_code_changes_on_the_open_page_when_it_is_used(
    hub: Hub, event: Event
) -> None:
    door = await aside(hub, at_the_door.open_door, event)
    organizer = await aside(hub, _organizer, event)
    tabs = [await open_tab(hub, event, topic, organizer) for topic in ("doors", "home")]
    first = await aside(hub, at_the_door.key_of, door)

    await aside(hub, partial(at_the_door.enter, event, first, "Kim"))
    second = await aside(hub, at_the_door.key_of, door)

    await until(_shows(tabs[0], "doors", second[:4]))
    await until(_shows(tabs[1], "home", "Kim"))
    assert first[:4] not in _html(tabs[0], "doors")


def _organizer(event: Event) -> User:
    user = make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return user


def _shows(tab: Tab, topic: str, words: str) -> Callable[[], bool]:
    return lambda: tab.read() == [] and words in _html(tab, topic)


def _html(tab: Tab, topic: str) -> str:
    return "".join(known.html or "" for known in tab.replica.topic(topic).values())


async def test_right_that_nobody_could_be_asked_for_is_not_taken_away(
    hub: Hub, event: Event
) -> None:
    """While the database is away no desk and no beamer is signed off: they come back."""
    user = await aside(hub, helper, event, *TASKS)
    tab = await open_tab(hub, event, "desk", user)
    authorise = hub.rights.authorise

    async def unreachable(*args: object) -> None:
        raise OperationalError("the database system is starting up")

    hub.rights.authorise = unreachable  # type: ignore[method-assign,assignment]
    await hub._reauthorise_all()
    hub.rights.authorise = authorise  # type: ignore[method-assign]
    closed_with = tab.closed_with
    again = await open_tab(hub, event, "desk", user)

    assert (closed_with, again.closed_with) == (CLOSE_GOING_AWAY, None)
