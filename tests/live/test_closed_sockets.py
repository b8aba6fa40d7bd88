"""Sockets of a closed event: who has no right is not let in, and goes when it is closed."""

from typing import Any

import pytest
from django.conf import settings

from agenda import programme
from agenda.login import rights_changed
from agenda.models import Event, Membership
from eventhub.live.hub import Hub
from tests.factories import make_attendee, make_moderator, make_post, make_screen
from tests.live.sockets import Tab, aside, guest_cookies, signed_in, until

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = {"shared": ["event", "programme", "wall"]}


def close(event: Event, *, closed: bool = True) -> None:
    Event.objects.filter(pk=event.pk).update(closed=closed)
    programme.event_changed(event)


async def opened(hub: Hub, event: Event, groups: Any = OPEN, **options: Any) -> Tab:
    tab = Tab(hub, event, groups, **options)
    await tab.open()
    await tab.settle()
    return tab


async def everybody(hub: Hub, event: Event) -> dict[str, dict[str, str]]:
    """The cookies of all who may come in, by what they are."""
    guest = await aside(hub, make_attendee, event)
    moderator = await aside(hub, make_moderator, event)
    await aside(hub, make_screen, event, key="k" * 22)
    return {
        "guest": guest_cookies(guest),
        "moderator": await aside(hub, signed_in, moderator),
        "screen": {settings.SCREEN_COOKIE_NAME: "k" * 22},
    }


async def test_stranger_is_not_let_in_and_hears_nothing(hub: Hub, event: Event) -> None:
    await aside(hub, make_post, event)
    await aside(hub, close, event)

    for topic in ("event", "programme", "wall"):
        tab = Tab(hub, event, {"shared": [topic]}, cookies={"attendee-1": "forged"})
        await tab.open()

        assert (tab.closed_with, tab.inbox) == (4403, [])
    assert hub.connections == set()


async def test_those_with_a_right_are_let_in(hub: Hub, event: Event) -> None:
    await aside(hub, make_post, event)
    await aside(hub, close, event)

    tabs = {
        name: await opened(hub, event, cookies=cookies)
        for name, cookies in (await everybody(hub, event)).items()
    }

    assert {
        name: (tab.closed_with, len(tab.keys())) for name, tab in tabs.items()
    } == dict.fromkeys(tabs, (None, 1))


async def test_closing_sends_away_all_others_and_nobody_else(hub: Hub, event: Event) -> None:
    strangers = [await opened(hub, event) for _ in range(3)]
    inside = [
        await opened(hub, event, cookies=cookies)
        for cookies in (await everybody(hub, event)).values()
    ]

    await aside(hub, close, event)

    await until(lambda: all(tab.closed_with for tab in strangers))
    assert [tab.closed_with for tab in strangers + inside] == [4403] * 3 + [None] * 3
    for tab in strangers:
        tab.inbox.clear()
    post = await aside(hub, make_post, event)
    await until(lambda: all(tab.read() == [] and tab.keys() == [post.key] for tab in inside))
    assert [tab.inbox for tab in strangers] == [[]] * 3


async def test_strangers_would_stay_if_nobody_were_asked_again(
    hub: Hub, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves that it is the change of the event that sends them away."""

    async def ask_nobody(*_: Any) -> None:
        pass

    monkeypatch.setattr(hub, "_ask_everybody", ask_nobody)
    stranger = await opened(hub, event)

    await aside(hub, close, event)
    post = await aside(hub, make_post, event)

    await until(lambda: stranger.read() == [] and stranger.keys() == [post.key])
    assert stranger.closed_with is None


async def test_opening_lets_strangers_in_again(hub: Hub, event: Event) -> None:
    await aside(hub, close, event)
    guest = await opened(hub, event, cookies=(await everybody(hub, event))["guest"])
    refused = await opened(hub, event)

    await aside(hub, close, event, closed=False)
    await until(lambda: guest.inbox)
    tab = await opened(hub, event)

    assert (refused.closed_with, tab.closed_with) == (4403, None)


async def test_event_closed_while_somebody_joins_is_noticed(hub: Hub, event: Event) -> None:
    tab = Tab(hub, event, OPEN)
    authorise = hub.rights.authorise
    asked: list[object] = []

    async def then_closed(*args: Any) -> object:
        grants = await authorise(*args)
        if not asked:
            asked.append(grants)
            await aside(hub, close, event)
        return grants

    hub.rights.authorise = then_closed  # type: ignore[method-assign,assignment]
    await tab.open()

    await until(lambda: tab.closed_with)
    assert (tab.closed_with, asked[0] is None) == (4403, False)


async def test_helper_whose_task_ends_hears_no_more_of_a_closed_wall(
    hub: Hub, event: Event
) -> None:
    await aside(hub, close, event)
    helper = await aside(hub, make_moderator, event)
    cookies = await aside(hub, signed_in, helper)
    tab = await opened(hub, event, cookies=cookies)

    def dismiss() -> None:
        Membership.objects.filter(user=helper).delete()
        rights_changed(helper, also=[event.pk])

    await aside(hub, dismiss)

    await until(lambda: tab.closed_with)
    assert tab.closed_with == 4403


async def test_sockets_of_an_open_event_ask_once_whether_it_is_closed(
    hub: Hub, event: Event
) -> None:
    asked: list[str] = []
    run = hub.rights._threads.run

    async def counting(purpose: str, work: Any, *args: Any) -> Any:
        asked.append(getattr(work, "__name__", ""))
        return await run(purpose, work, *args)

    hub.rights._threads.run = counting  # type: ignore[method-assign,assignment]
    for _ in range(20):
        await opened(hub, event)
    await hub._reauthorise_all()

    assert asked.count("is_closed") == 1
