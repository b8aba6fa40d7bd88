"""The hub brings every tab to the same page: joining, following, groups, beats, access, the end."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from django.conf import settings
from redis import Redis

from agenda.login import rights_changed
from agenda.models import Event, Membership
from eventhub.live import follower, reading, wake
from eventhub.live import hub as hub_module
from eventhub.live.connection import CLOSE_GOING_AWAY
from eventhub.live.hub import Hub
from eventhub.live.log import changing
from eventhub.live.reading import Reset
from tests.factories import (
    make_attendee,
    make_moderator,
    make_note,
    make_post,
    make_screen,
    make_slot,
)
from tests.live.sockets import Tab, aside, guest_cookies, reach, signed_in, until
from tests.replay import assert_up_to_date
from wall import moderation

pytestmark = pytest.mark.django_db(transaction=True)

WALL = {"shared": ["wall"]}


def lively_log(event: Event) -> list[Reset]:
    """A log of every kind of change on the wall; the wall's page after each of them."""
    pages = [reading.window(event.pk, ["wall"], "de")]
    posts = []
    for number in range(4):
        posts.append(make_post(event))
        pages.append(reading.window(event.pk, ["wall"], "de"))
        make_slot(event)
        pages.append(reading.window(event.pk, ["wall"], "de"))
        (moderation.hide if number % 2 else moderation.show)(posts[number // 2], by=None)
        pages.append(reading.window(event.pk, ["wall"], "de"))
    moderation.show(posts[0], by=None)
    pages.append(reading.window(event.pk, ["wall"], "de"))
    return pages


async def opened(
    hub: Hub, event: Event, groups: dict[str, list[str]] = WALL, **options: object
) -> Tab:
    tab = Tab(hub, event, groups, **options)  # type: ignore[arg-type]
    await tab.open()
    await tab.settle()
    return tab


def page_of(event: Event, names: Sequence[str] = ("wall",)) -> Reset:
    return reading.window(event.pk, names, "de")


async def test_tab_joins_at_every_cursor_and_misses_nothing(hub: Hub, event: Event) -> None:
    pages = await aside(hub, lively_log, event)
    tabs = [Tab(hub, event, WALL) for _ in pages]
    for tab, page in zip(tabs, pages, strict=True):
        tab.load(page)
        await tab.open()

    assert [tab.read() for tab in tabs] == [[] for _ in tabs]
    assert {tab.cursor() for tab in tabs} == {pages[-1].upto}
    for tab in tabs:
        await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])


async def test_tabs_that_join_while_posts_arrive_have_no_gap(hub: Hub, event: Event) -> None:
    tabs: list[Tab] = []
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(aside(hub, lambda: [make_post(event) for _ in range(50)]))
        while not writing.done():
            tabs.append(Tab(hub, event, WALL))
            await tabs[-1].open()
            await asyncio.sleep(0.001)  # the hub and the writer want the loop as well
    end = await aside(hub, page_of, event)

    await reach(tabs, end)

    assert [tab.asked for tab in tabs] == [[]] * len(tabs)
    for tab in tabs:
        await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])


async def test_messages_of_a_group_are_a_chain(hub: Hub, event: Event) -> None:
    """Each begins where an earlier one ended, whatever other topics do and beats say between."""
    tab = await opened(hub, event)
    guest = await aside(hub, make_attendee, event)
    chain: list[tuple[str, int, int]] = []
    for number in range(12):
        await aside(hub, make_slot, event)
        if number % 2:
            await aside(hub, make_note, event, attendee=guest)
        if number % 3 == 0:
            await hub._beat()
        await reach_head(hub, event, tab, chain)

    assert {kind for kind, _, _ in chain} == {"frame", "beat"}
    seen = 0
    for _, start, upto in chain:
        assert start <= seen
        seen = max(seen, upto)
    assert tab.asked == []


async def reach_head(hub: Hub, event: Event, tab: Tab, chain: list[tuple[str, int, int]]) -> None:
    """Follow until the group stands at the head, and write down every message."""
    head = (await aside(hub, reading.position, event.pk)).seq
    group = tab.group()
    await until(lambda: group.upto.seq == head)
    for message in tab.inbox:
        chain.append((message["t"], message["from"], int(message["upto"].partition(".")[0])))
    tab.read()


async def test_change_on_another_topic_is_no_gap(hub: Hub, event: Event) -> None:
    tab = await opened(hub, event)
    for _ in range(3):
        await aside(hub, make_slot, event)
    group = tab.group()
    await until(lambda: group.upto.seq == 3)
    assert tab.inbox == []

    post = await aside(hub, make_post, event)
    await until(lambda: tab.inbox)

    (frame,) = tab.inbox
    assert (frame["t"], frame["from"]) == ("frame", 0)
    assert tab.read() == []
    assert tab.keys() == [post.key]


async def test_beat_moves_the_cursor_past_what_does_not_concern_it(hub: Hub, event: Event) -> None:
    tab = await opened(hub, event)
    await aside(hub, make_slot, event)
    end = await aside(hub, page_of, event)
    group = tab.group()
    await until(lambda: group.upto.seq == 1)

    await hub._beat()

    assert tab.inbox == [{"t": "beat", "g": "shared", "from": 0, "upto": end.upto}]
    assert tab.read() == []
    assert tab.cursor() == end.upto


async def test_own_notes_have_every_second_beat(hub: Hub, event: Event) -> None:
    guest = await aside(hub, make_attendee, event)
    groups = {"shared": ["wall"], "mine": ["mine"]}
    tab = await opened(hub, event, groups, cookies=guest_cookies(guest))

    for _ in range(4):
        await hub._beat()

    assert [message["g"] for message in tab.inbox].count("mine") == 2
    assert [message["g"] for message in tab.inbox].count("shared") == 4


async def test_two_groups_of_one_socket_follow_each_for_itself(hub: Hub, event: Event) -> None:
    guest, other = await aside(hub, lambda: (make_attendee(event), make_attendee(event)))
    groups = {"shared": ["wall", "programme"], "mine": ["mine"]}
    tab = await opened(hub, event, groups, cookies=guest_cookies(guest))
    stranger = await opened(hub, event, groups, cookies=guest_cookies(other))

    note = await aside(hub, make_note, event, attendee=guest, state="pending")
    await until(lambda: tab.inbox)
    tab.read()
    assert (tab.keys(), tab.keys("mine")) == ([], [note.key])

    await aside(hub, moderation.show, note, by=None)
    slot = await aside(hub, make_slot, event)
    await until(lambda: tab.read() or tab.keys("programme"))

    assert [tab.keys(topic) for topic in ("wall", "mine")] == [[note.key], [note.key]]
    assert tab.keys("programme") == [slot.key]
    await until(lambda: stranger.read() or stranger.keys("programme"))
    assert (stranger.keys(), stranger.keys("mine")) == ([note.key], [])


async def test_languages_are_groups_of_their_own(hub: Hub, event: Event) -> None:
    tabs = {code: await opened(hub, event, language=code) for code, _ in settings.LANGUAGES}

    await aside(hub, make_post, event, author_name="", author_handle="")

    for code, tab in tabs.items():
        await reach([tab], await aside(hub, page_of, event))
        await aside(hub, assert_up_to_date, event, tab.replica, ["wall"], code)


async def test_change_of_another_process_arrives_without_any_wake(hub: Hub, event: Event) -> None:
    """No Redis, no announcement: the poll alone finds it."""
    wake.unlisten(hub.wake)
    tab = await opened(hub, event)

    await aside(hub, make_post, event)

    await until(lambda: tab.inbox)
    assert [message["t"] for message in tab.inbox] == ["frame"]


@pytest.mark.redis
async def test_change_of_another_process_arrives_through_redis(
    hub: Hub, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the poll and without the wake of this process."""
    tab = await opened(hub, event)
    redis = Redis.from_url(settings.REDIS_URL)
    await until(lambda: redis.pubsub_numsub(wake.CHANNEL)[0][1])
    redis.close()
    monkeypatch.setattr(follower, "POLL_S", 3600)
    wake.unlisten(hub.wake)
    await aside(hub, make_post, event)
    await until(lambda: tab.inbox)
    tab.read()

    await aside(hub, make_post, event)

    await until(lambda: tab.inbox)


async def test_moderator_whose_task_ends_is_shown_out(hub: Hub, event: Event) -> None:
    moderator, colleague = await aside(hub, lambda: (make_moderator(event), make_moderator(event)))
    desks = [
        await opened(hub, event, {"shared": ["desk"]}, cookies=await aside(hub, signed_in, person))
        for person in (moderator, colleague)
    ]
    phone = await opened(hub, event)

    def dismiss() -> None:
        Membership.objects.filter(user=moderator).delete()
        rights_changed(moderator, also=[event.pk])

    await aside(hub, dismiss)

    await until(lambda: desks[0].closed_with)
    assert [tab.closed_with for tab in (*desks, phone)] == [4403, None, None]
    assert hub.connections == {desks[1].connection, phone.connection}


async def test_revoked_screen_is_shown_out(hub: Hub, event: Event) -> None:
    screen = await aside(hub, make_screen, event, key="k" * 22)
    cookies = {settings.SCREEN_COOKIE_NAME: "k" * 22}
    tab = await opened(hub, event, {"shared": ["wall", "screen"]}, cookies=cookies)

    def remove() -> None:
        with changing(event) as log:
            log.tell("access", topics=(f"screen:{screen.pk}",), object_id=screen.pk)
            log.remove(screen)

    await aside(hub, remove)

    await until(lambda: tab.closed_with)
    assert tab.closed_with == 4403


async def test_right_lost_while_the_first_tab_joins_is_noticed(
    hub: Hub, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is in the log before the hub reads it for the first time."""
    moderator = await aside(hub, make_moderator, event)
    cookies = await aside(hub, signed_in, moderator)
    tab = Tab(hub, event, {"shared": ["desk"]}, cookies=cookies)
    authorise = hub.rights.authorise

    async def then_dismissed(*args: object) -> object:
        grants = await authorise(*args)  # type: ignore[arg-type]
        if await aside(hub, lambda: Membership.objects.filter(user=moderator).delete()[0]):
            await aside(hub, rights_changed, moderator, also=[event.pk])
        return grants

    hub.rights.authorise = then_dismissed  # type: ignore[method-assign,assignment]
    await tab.open()

    await until(lambda: tab.closed_with)
    assert tab.closed_with == 4403


async def test_event_that_nobody_hears_is_forgotten_and_found_again(hub: Hub, event: Event) -> None:
    tab = await opened(hub, event)
    (feed,) = hub.feeds.values()
    tab.close()
    await hub._check()
    feed.idle_since = time.monotonic() - hub_module.IDLE_FEED_S - 1

    await hub._check()
    assert hub.feeds == {}
    await aside(hub, make_post, event)
    await tab.open()
    tab.read()
    post = await aside(hub, make_post, event)

    await until(lambda: tab.inbox)
    tab.read()
    assert tab.keys()[-1] == post.key
    assert len(tab.keys()) == 2


async def test_tab_that_joins_while_its_feed_is_forgotten_hears_everything(
    hub: Hub, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(hub, event, WALL)
    catch_up = hub._answers.catch_up

    async def then_forgotten(feed: object, *args: object) -> object:
        answer = await catch_up(feed, *args)  # type: ignore[arg-type]
        if hub.feeds.get(event.pk) is feed and not seen:
            seen.append(feed)
            hub.follower.retire(feed)  # type: ignore[arg-type]
        return answer

    seen: list[object] = []
    hub._answers.catch_up = then_forgotten  # type: ignore[method-assign,assignment]
    await tab.open()

    await aside(hub, make_post, event)

    await until(lambda: tab.read() or tab.keys())
    assert len(seen) == 1


async def test_stopping_says_good_bye_to_everybody(hub: Hub, event: Event) -> None:
    tabs = [await opened(hub, event) for _ in range(3)]

    await hub.stop()

    assert [tab.closed_with for tab in tabs] == [CLOSE_GOING_AWAY] * 3
    assert [[message["t"] for message in tab.inbox] for tab in tabs] == [["bye"]] * 3
    assert all(200 <= message["after_ms"] < 5000 for tab in tabs for message in tab.inbox)


async def test_phone_that_knocks_while_we_stop_starts_nothing(hub: Hub, event: Event) -> None:
    await opened(hub, event)
    await hub.stop()

    hub.start()

    assert not hub._tasks
