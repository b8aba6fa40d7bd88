"""What a joining tab is told: a frame if its cursor is proven, else a reset; and what it costs."""

import asyncio
from collections import Counter

import msgspec
import pytest

from agenda.models import Event
from eventhub.live import follower, reading
from eventhub.live.answers import MAX_SOCKET_RESET_BYTES
from eventhub.live.connection import CLOSE_GOING_AWAY, MAX_UNREAD_BYTES
from eventhub.live.executor import statements
from eventhub.live.groups import REMEMBERED, EventFeed
from eventhub.live.hub import Hub
from eventhub.live.log import changing
from eventhub.live.models import Change, Stream, new_tag
from eventhub.live.reading import START, Cursor, Pointer, Reset
from tests.factories import make_event, make_post, make_slot
from tests.live.sockets import Tab, aside, until
from tests.replay import assert_up_to_date
from tests.replica import CatchUp, Fetch
from wall import moderation

pytestmark = pytest.mark.django_db(transaction=True)

WALL = {"shared": ["wall"]}
STORM = 1000


def posts_of(event: Event, count: int) -> list[Reset]:
    """`count` posts; the page before the first and after each of them."""
    pages = [page_of(event)]
    for _ in range(count):
        make_post(event)
        pages.append(page_of(event))
    return pages


def page_of(event: Event) -> Reset:
    return reading.window(event.pk, ["wall"], "de")


async def joined_with(hub: Hub, event: Event, cursor: str) -> Tab:
    tab = Tab(hub, event, WALL)
    tab.replica.groups["shared"].cursor = cursor
    await tab.open()
    return tab


def kinds(tab: Tab) -> list[str]:
    return [message["t"] for message in tab.inbox]


async def test_known_cursor_is_answered_with_what_follows_it(hub: Hub, event: Event) -> None:
    pages = await aside(hub, posts_of, event, 5)

    tab = await joined_with(hub, event, pages[3].upto)

    (frame,) = tab.inbox
    assert (frame["t"], frame["from"], frame["upto"]) == ("frame", 3, pages[5].upto)
    assert [item["version"] for item in frame["items"]] == [4, 5]


async def test_head_itself_is_answered_with_an_empty_frame(hub: Hub, event: Event) -> None:
    pages = await aside(hub, posts_of, event, 2)

    tab = await joined_with(hub, event, pages[2].upto)

    assert [(message["t"], message["items"]) for message in tab.inbox] == [("frame", [])]


@pytest.mark.parametrize("cursor", ["", "0", "3.", "-1.0", "3.zz", "9" * 30 + ".0", "3.0", "99.ab"])
async def test_cursor_that_proves_nothing_is_answered_with_a_reset(
    hub: Hub, event: Event, cursor: str
) -> None:
    """Garbage, a wrong tag, and a place this log has not reached: commits lost in a power cut."""
    await aside(hub, posts_of, event, 5)

    tab = await joined_with(hub, event, cursor)

    assert kinds(tab) == ["reset"]
    tab.read()
    await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])


async def test_cursor_of_another_event_is_answered_with_a_reset(hub: Hub, event: Event) -> None:
    await aside(hub, posts_of, event, 5)
    there = await aside(hub, lambda: posts_of(make_event(), 3))

    tab = await joined_with(hub, event, there[3].upto)

    assert kinds(tab) == ["reset"]


async def test_cursor_from_before_a_restored_backup_is_answered_with_a_reset(
    hub: Hub, event: Event
) -> None:
    """The log has grown again since: the numbers fit, the tags do not."""
    pages = await aside(hub, posts_of, event, 5)

    def lose_and_grow() -> None:
        Change.objects.filter(event_id=event.pk, seq__gt=3).delete()
        Stream.objects.filter(event_id=event.pk).update(head=3)
        for _ in range(4):
            make_post(event)

    await aside(hub, lose_and_grow)

    for page, expected in (pages[5], "reset"), (pages[4], "reset"), (pages[3], "frame"):
        assert kinds(await joined_with(hub, event, page.upto)) == [expected]


async def test_beginning_is_proven_until_something_is_pruned(hub: Hub, event: Event) -> None:
    pages = await aside(hub, posts_of, event, 3)
    assert kinds(await joined_with(hub, event, str(START))) == ["frame"]

    def prune() -> None:
        Change.objects.filter(event_id=event.pk, seq__lte=2).delete()
        Stream.objects.filter(event_id=event.pk).update(floor=2)

    await aside(hub, prune)
    hub.follower.retire(hub.feeds[event.pk])

    assert kinds(await joined_with(hub, event, str(START))) == ["reset"]
    assert kinds(await joined_with(hub, event, pages[1].upto)) == ["reset"]
    assert kinds(await joined_with(hub, event, pages[3].upto)) == ["frame"]


async def test_log_that_went_backwards_sends_everybody_away(hub: Hub, event: Event) -> None:
    pages = await aside(hub, posts_of, event, 3)
    tab = await joined_with(hub, event, pages[3].upto)

    await aside(hub, lambda: Stream.objects.filter(event_id=event.pk).update(head=1))

    await until(lambda: tab.closed_with)
    assert (tab.closed_with, hub.connections, hub.feeds) == (CLOSE_GOING_AWAY, set(), {})


async def test_large_window_is_only_named_and_fetched(hub: Hub, event: Event) -> None:
    def fill() -> int:
        for _ in range(50):
            make_post(event, text="Ein langer Satz. " * 60)
        return len(msgspec.json.encode(page_of(event)))

    assert await aside(hub, fill) > MAX_SOCKET_RESET_BYTES

    tab = await joined_with(hub, event, "")

    assert [(message["t"], message["items"]) for message in tab.inbox] == [("reset", None)]
    await tab.settle()
    assert tab.asked == [Fetch("shared")]
    await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])


async def test_frame_that_would_stall_its_reader_is_only_named(hub: Hub, event: Event) -> None:
    """Who was away for long must not be closed for what it has not had the time to read."""
    pages = await aside(hub, posts_of, event, 1)

    def fill() -> None:
        with changing(event):
            for _ in range(900):
                make_post(event, text="Ein langer Satz. " * 30)

    await aside(hub, fill)
    tab = await joined_with(hub, event, pages[1].upto)

    assert [(message["t"], message["items"]) for message in tab.inbox] == [("reset", None)]
    assert tab.connection.sent_bytes < MAX_UNREAD_BYTES


async def test_tab_that_notices_a_gap_catches_up(hub: Hub, event: Event) -> None:
    pages = await aside(hub, posts_of, event, 1)
    tab = Tab(hub, event, WALL)
    tab.load(pages[1])
    await tab.open()
    tab.read()
    hidden = await aside(hub, make_post, event)
    await until(lambda: tab.inbox)
    tab.inbox.clear()  # lost on the way
    await aside(hub, moderation.hide, hidden, by=None)
    await until(lambda: tab.inbox)

    await tab.settle()

    assert tab.asked == [CatchUp("shared", pages[1].upto)]
    await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])


async def test_answer_kept_for_many_is_not_given_beyond_its_head(hub: Hub, event: Event) -> None:
    posts = await aside(hub, lambda: [make_post(event) for _ in range(3)])
    before = await joined_with(hub, event, str(START))
    before.read()
    assert before.keys() == [post.key for post in posts]

    await aside(hub, moderation.hide, posts[1], by=None)
    await until(lambda: hub.feeds[event.pk].position.seq == 4)
    after = await joined_with(hub, event, str(START))

    after.read()
    assert after.keys() == [posts[0].key, posts[2].key]


async def asked_in(hub: Hub, tabs: list[Tab]) -> Counter[str]:
    """What the database is asked while all `tabs` join at once."""
    await hub.executor.run("test", lambda: None)
    before = statements.copy()
    await asyncio.gather(*(tab.open() for tab in tabs))
    asked = statements - before
    del asked["poll"]  # the rhythm goes on as always
    return asked


@pytest.mark.parametrize("known", [True, False], ids=["hub that ran", "hub that has just started"])
async def test_thousand_reconnects_at_one_cursor_cost_a_handful_of_statements(
    hub: Hub, event: Event, known: bool
) -> None:
    pages = await aside(hub, posts_of, event, 20)
    if known:
        await joined_with(hub, event, pages[0].upto)
    tabs = [Tab(hub, event, WALL) for _ in range(STORM)]
    for tab in tabs:
        tab.load(pages[12])

    asked = await asked_in(hub, tabs)

    print(f"statements for {STORM} joins at one cursor: {dict(asked)}")
    assert sum(asked.values()) < 20
    assert {tuple(kinds(tab)) for tab in tabs} == {("frame",)}
    assert {tab.inbox[0]["upto"] for tab in tabs} == {pages[20].upto}
    assert all(tab.read() == [] for tab in tabs)
    newest_first = [item.key for item in pages[20].items or []]
    assert {tuple(tab.keys()) for tab in tabs} == {tuple(reversed(newest_first))}


async def test_thousand_new_tabs_cost_a_handful_of_statements(hub: Hub, event: Event) -> None:
    """All without a cursor that proves anything: after a restored backup."""
    await aside(hub, posts_of, event, 20)
    tabs = [Tab(hub, event, WALL) for _ in range(STORM)]
    for tab in tabs:
        tab.replica.groups["shared"].cursor = "7.0"

    asked = await asked_in(hub, tabs)

    print(f"statements for {STORM} joins that prove nothing: {dict(asked)}")
    assert sum(asked.values()) < 20
    assert {tuple(kinds(tab)) for tab in tabs} == {("reset",)}


async def test_thousand_reconnects_spread_over_a_minute_of_posts(hub: Hub, event: Event) -> None:
    """Twenty different places in the log: each is rendered once, posts and then their pictures."""
    pages = await aside(hub, posts_of, event, 20)
    await joined_with(hub, event, pages[0].upto)
    tabs = [Tab(hub, event, WALL) for _ in range(STORM)]
    for number, tab in enumerate(tabs):
        tab.load(pages[number % 20])

    asked = await asked_in(hub, tabs)

    print(f"statements for {STORM} joins at 20 cursors: {dict(asked)}")
    assert asked["catchup"] <= 2 * 20
    assert {tab.inbox[0]["upto"] for tab in tabs} == {pages[20].upto}


def test_feed_remembers_as_many_places_as_it_promises() -> None:
    feed = EventFeed(1)
    pointers = [
        Pointer(seq, new_tag(), frozenset({"wall"}), "post", seq, "k")
        for seq in range(1, REMEMBERED + 3)
    ]

    feed.remember(pointers)

    assert len(feed.tags) == len(feed.recent) == REMEMBERED
    assert feed.remembers(pointers[1].cursor) is None
    assert feed.remembers(pointers[2].cursor) is True
    assert feed.remembers(Cursor(pointers[2].seq, 1)) is False
    assert feed.remembers(START) is None
    assert feed.reaches_back_to(pointers[1].cursor) is True
    assert feed.reaches_back_to(pointers[0].cursor) is False


async def test_group_that_memory_does_not_reach_gets_the_complete_list(
    hub: Hub, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "POLL_S", 3600)
    pages = await aside(hub, posts_of, event, 2)
    tab = await joined_with(hub, event, pages[2].upto)
    tab.read()

    def flood() -> None:
        with changing(event) as log:
            for _ in range(REMEMBERED + 5):
                log.tell("access", topics=("user:1",), object_id=1)
            make_slot(event)
            make_post(event)

    await aside(hub, flood)
    await until(lambda: tab.inbox)

    assert kinds(tab) == ["reset"]
    tab.read()
    await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])
