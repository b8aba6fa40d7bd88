"""An event that is deleted lets its open pages go, and only them."""

import pytest

from agenda.erasure import erase
from agenda.models import Event
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED
from eventhub.live.hub import Hub
from tests.factories import make_event, make_moderator, make_post
from tests.live.sockets import Tab, aside, signed_in, until

pytestmark = pytest.mark.django_db(transaction=True)


async def opened(hub: Hub, event: Event, topic: str, cookies: dict[str, str]) -> Tab:
    tab = Tab(hub, event, {"shared": [topic]}, cookies=cookies)
    await tab.open()
    await tab.settle()
    return tab


async def test_pages_of_a_deleted_event_are_sent_away_and_not_let_in_again(
    hub: Hub, event: Event
) -> None:
    await aside(hub, make_post, event)
    cookies = await aside(hub, lambda: signed_in(make_moderator(event)))
    tabs = [await opened(hub, event, topic, cookies) for topic in ("wall", "programme", "desk")]
    other = await aside(hub, make_event)
    await aside(hub, make_post, other)
    stays = await opened(hub, other, "wall", {})

    await aside(hub, erase, event)

    await until(lambda: all(tab.closed_with for tab in tabs))
    assert {tab.closed_with for tab in tabs} == {CLOSE_GOING_AWAY}
    for tab in tabs:
        await tab.open()
    assert {tab.closed_with for tab in tabs} == {CLOSE_NOT_ALLOWED}
    post = await aside(hub, make_post, other)
    await until(lambda: stays.read() == [] and post.key in stays.keys("wall"))
    assert (stays.closed_with, list(hub.feeds)) == (None, [other.pk])
