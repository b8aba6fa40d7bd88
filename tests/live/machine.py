"""A phone, a desk and a server under everything a network can do, as a hypothesis state machine.

The real hub, consumer and database; the network between is a list out of which messages are
dropped, repeated, reordered and delayed. A socket never does most of that: the rules must hold
all the same. What is not done to a message: a reset keeps its place among the others, because a
cursor that falls is its very purpose.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from agenda import programme
from agenda.models import Event
from eventhub.live import reading
from eventhub.live.executor import DatabaseThreads
from eventhub.live.hub import Hub
from eventhub.live.log import changing
from eventhub.live.reading import Cursor
from tests.factories import (
    at,
    make_attendee,
    make_batch,
    make_event,
    make_incoming,
    make_moderator,
    make_rule,
    make_slot,
    make_source,
)
from tests.live.sockets import Tab, guest_cookies, signed_in
from tests.replay import assert_up_to_date, wire
from tests.replica import Message, Replica, Request, seq_of
from wall import ingest, moderation, presence, steps
from wall.models import Decision, Post, Rule, Step
from wall.models.post import WALL_WINDOW
from wall.sources.base import Incoming

R = TypeVar("R")
WHICH = st.integers(0, 1000)  # picks one of however many there are
TOLD = st.sampled_from([True, True, False])  # whether the hub hears of a change at once
ONE_IN_THREE = st.sampled_from([True, False, False])


class Phone(Tab):
    """A tab with its share of the network: what is asked, what an old connection still holds."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.requests: list[Request] = []
        self.stray: list[tuple[int, Message]] = []
        self.polls: list[tuple[int, str, Message]] = []
        self.connected = self.lossy = False

    def receive(self, message: Message) -> None:
        self.requests += self.replica.receive(message, self.generation)

    def receive_stray(self, place: int) -> None:
        """What an old connection still delivers changes nothing."""
        generation, message = self.stray.pop(place % len(self.stray))
        before = {name: (one.cursor, dict(one.known)) for name, one in self.replica.groups.items()}
        assert self.replica.receive(message, generation) == []
        after = {name: (one.cursor, one.known) for name, one in self.replica.groups.items()}
        assert after == before

    def movable(self) -> int:
        """How many messages may overtake each other: those before the first reset."""
        kinds = [message["t"] for message in self.inbox]
        return kinds.index("reset") if "reset" in kinds else len(kinds)


def has_room(machine: "Machine") -> bool:
    """A page that has been open for long holds more posts than a new one, whose list is bounded."""
    return machine.notes + len(machine.items) < WALL_WINDOW - 3


class Machine(RuleBasedStateMachine):
    """One event, a phone with two groups and a desk. The hub does only what a rule tells it to."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    threads: ClassVar[DatabaseThreads]

    def __init__(self) -> None:
        super().__init__()
        self.event = make_event()
        self.guest = make_attendee(self.event)
        self.moderator = make_moderator(self.event)
        self.source = make_source(self.event)
        self.items: list[Incoming] = []
        self.notes = 0
        make_rule(self.event)
        # What every desk carries in its page from the start has been told once: a list of items
        # names it with a number above the 0 with which these tabs begin.
        presence.here(self.event, self.moderator)
        steps.take(self.event, Step.What.BRAKE, by=self.moderator)
        steps.lift(self.event, Step.What.BRAKE, by=self.moderator)
        self.visible: dict[tuple[str, int], bool] = {}  # by key and version of a post
        self.start_server()
        phone = {"shared": ["programme", "wall"], "mine": ["mine"]}
        self.tabs = [
            Phone(self.hub, self.event, phone, cookies=guest_cookies(self.guest)),
            Phone(self.hub, self.event, {"shared": ["desk"]}, cookies=signed_in(self.moderator)),
            Phone(self.hub, self.event, {"shared": ["wall"]}, language="en"),
        ]
        for tab in self.tabs:
            topics = {name: group.topics for name, group in tab.replica.groups.items()}
            tab.replica = Replica(topics, Watch(self.visible))
            self.connect(tab)

    def start_server(self) -> None:
        self.hub = Hub()
        assert self.hub.executor is self.threads  # of all examples the same

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        result = self.loop.run_until_complete(work)
        for feed in self.hub.feeds.values():
            if feed.task is not None:
                feed.task.cancel()  # the hub follows when a rule says so
        return result

    def posts(self) -> list[Post]:
        return list(Post.objects.filter(event=self.event).order_by("pk"))

    def changed(self, told: bool) -> None:
        for post in self.posts():
            self.visible[post.key, post.version] = post.state == Post.State.SHOWN
        if told:
            self.run(self.follow())

    def pick(self, which: int, able: Callable[[Phone], object]) -> Phone:
        tabs = [tab for tab in self.tabs if able(tab)]
        return tabs[which % len(tabs)]

    # --- what people do

    @precondition(has_room)
    @rule(told=TOLD)
    def guest_writes(self, told: bool) -> None:
        self.notes += 1
        key = f"{self.notes:016}"
        ingest.take_note(self.event, attendee_key=self.guest.key, written="Ja!", idempotency=key)
        self.changed(told)

    @precondition(has_room)
    @rule(count=st.integers(1, 3), told=TOLD)
    def source_brings(self, count: int, told: bool) -> None:
        new = [make_incoming() for _ in range(count)]
        self.items += new
        ingest.take(self.source, make_batch(*new))
        self.changed(told)

    @precondition(lambda self: self.items)
    @rule(which=WHICH, gone=ONE_IN_THREE, told=TOLD)
    def source_changes(self, which: int, gone: bool, told: bool) -> None:
        number = which % len(self.items)
        item = self.items[number]
        self.items[number] = replace(item, text=item.text + "!")
        ingest.take(self.source, make_batch(replace(self.items[number], gone=gone)))
        self.changed(told)

    @precondition(lambda self: self.visible)
    @rule(which=WHICH, shows=st.booleans(), told=TOLD)
    def moderator_decides(self, which: int, shows: bool, told: bool) -> None:
        posts = [post for post in self.posts() if post.state != Post.State.WITHDRAWN]
        verb = moderation.show if shows else moderation.hide
        if posts:
            verb(posts[which % len(posts)], by=self.moderator)
            self.changed(told)

    @precondition(lambda self: self.visible)
    @rule(told=TOLD)
    def moderator_undoes(self, told: bool) -> None:
        last = Decision.objects.filter(event=self.event).order_by("-pk").first()
        if last is not None and last.post is not None and last.after != Post.State.WITHDRAWN:
            moderation.undo(last.post, decision_id=last.pk, by=self.moderator)
            self.changed(told)

    @rule(mode=st.sampled_from(Rule.Mode.values), told=TOLD)
    def moderator_switches(self, mode: Rule.Mode, told: bool) -> None:
        moderation.set_mode(self.event, mode, by=self.moderator)
        self.changed(told)

    @rule(which=WHICH, removes=ONE_IN_THREE, told=TOLD)
    def programme_changes(self, which: int, removes: bool, told: bool) -> None:
        slots = list(self.event.slots.order_by("pk"))
        if which % 3 == 0 or not slots:
            make_slot(self.event)
        else:
            with changing(self.event) as log:
                slot = log.fresh(slots[which % len(slots)])
                slot.starts_at, slot.ends_at = at(f"{8 + which % 9}:00"), at("18:00")
                log.remove(slot) if removes else log.touch(slot)
        self.changed(told)

    @rule(zone=st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "UTC"]), told=TOLD)
    def organizer_moves_the_event(self, zone: str, told: bool) -> None:
        """Every time on every page is another now."""
        Event.objects.filter(pk=self.event.pk).update(zone=zone, name=f"Forum in {zone}")
        programme.event_changed(self.event)
        seq = reading.position(self.event.pk).seq
        for post in self.posts():
            self.visible[post.key, seq] = post.state == Post.State.SHOWN
        self.changed(told)

    # --- what servers do

    @rule()
    def hub_wakes(self) -> None:
        self.run(self.follow())

    async def follow(self) -> None:
        for feed in self.hub.feeds.values():
            await self.hub.follower.advance(feed)
            await self.hub._flush(feed)

    @rule()
    def hub_beats(self) -> None:
        self.run(self.hub._beat())

    @rule()
    def server_dies(self) -> None:
        for tab in self.tabs:
            self.cut(tab)
        self.start_server()
        for tab in self.tabs:
            tab.hub = self.hub

    # --- what networks do

    def cut(self, tab: Phone) -> None:
        if tab.connected:
            tab.connected = False
            tab.stray += [(tab.generation, message) for message in tab.inbox]
            tab.close()
            tab.inbox.clear()

    def connect(self, tab: Phone) -> None:
        self.cut(tab)
        self.run(tab.open())
        assert tab.closed_with is None
        tab.requests.clear()
        tab.connected, tab.lossy = True, False

    @rule(which=WHICH, for_good=ONE_IN_THREE, forgets=ONE_IN_THREE)
    def network_breaks(self, which: int, for_good: bool, forgets: bool) -> None:
        tab = self.tabs[which % len(self.tabs)]
        self.cut(tab)
        if forgets:
            for group in tab.replica.groups.values():
                group.cursor = "0.1"  # proves nothing, as after a restored backup
        if not for_good:
            self.connect(tab)

    @precondition(lambda self: any(tab.inbox for tab in self.tabs))
    @rule(which=WHICH, place=WHICH, fate=st.sampled_from(["once", "once", "twice", "never"]))
    def network_delivers(self, which: int, place: int, fate: str) -> None:
        tab = self.pick(which, lambda tab: tab.inbox)
        movable = tab.movable()
        if not movable:
            tab.receive(tab.inbox.pop(0))
            return
        message = tab.inbox[place % movable]
        if fate != "twice":
            tab.inbox.remove(message)
        if fate == "never":
            tab.lossy |= tab.replica.groups[message["g"]].asked
        else:
            tab.receive(message)

    @precondition(lambda self: any(tab.inbox for tab in self.tabs))
    @rule(which=WHICH)
    def network_delivers_everything(self, which: int) -> None:
        tab = self.pick(which, lambda tab: tab.inbox)
        while tab.inbox:
            tab.receive(tab.inbox.pop(0))

    @precondition(lambda self: any(tab.stray for tab in self.tabs if tab.connected))
    @rule(which=WHICH, place=WHICH)
    def old_connection_delivers(self, which: int, place: int) -> None:
        self.pick(which, lambda tab: tab.connected and tab.stray).receive_stray(place)

    @precondition(lambda self: any(tab.requests for tab in self.tabs if tab.connected))
    @rule(which=WHICH)
    def tab_asks(self, which: int) -> None:
        tab = self.pick(which, lambda tab: tab.connected and tab.requests)
        self.run(tab.answer(tab.requests.pop(0)))

    @precondition(lambda self: not all(tab.connected for tab in self.tabs))
    @rule(which=WHICH)
    def tab_polls(self, which: int) -> None:
        """By plain HTTP, while the socket is away; the answer takes its time."""
        tab = self.pick(which, lambda tab: not tab.connected)
        for name, group in tab.replica.groups.items():
            topics = [f"mine:{self.guest.key}" if t == "mine" else t for t in group.topics]
            cursor = None if group.awaits_list else Cursor.parse(group.cursor)
            answer = reading.catch_up(self.event.pk, topics, tab.language, cursor)
            tab.polls.append((tab.replica.generation, name, wire(answer)))

    @precondition(lambda self: any(tab.polls for tab in self.tabs))
    @rule(which=WHICH)
    def poll_is_answered(self, which: int) -> None:
        tab = self.pick(which, lambda tab: tab.polls)
        generation, name, answer = tab.polls.pop(0)
        tab.replica.polled(name, answer, generation)

    # --- what must hold

    def teardown(self) -> None:
        """All comes to rest: the next beat heals what was lost, a new connection the rest."""
        self.settle()
        assert [tab.closed_with for tab in self.tabs] == [None] * len(self.tabs)
        for tab in self.tabs:
            if tab.connected and not tab.lossy:
                self.assert_equal(tab)
            self.connect(tab)
        self.settle()
        for tab in self.tabs:
            while tab.stray:
                tab.receive_stray(0)
            self.assert_equal(tab)
            self.cut(tab)

    def settle(self) -> None:
        self.run(self.follow())
        for _ in range(2):  # own notes have every second beat
            self.run(self.hub._beat())
        for tab in self.tabs:
            while tab.connected and (tab.inbox or tab.requests):
                while tab.inbox:
                    tab.receive(tab.inbox.pop(0))
                if tab.requests:
                    self.run(tab.answer(tab.requests.pop(0)))

    def assert_equal(self, tab: Phone) -> None:
        for name in tab.replica.groups:
            alone = Replica({name: tab.replica.groups[name].topics})
            alone.groups[name] = tab.replica.groups[name]
            assert_up_to_date(self.event, alone, tab.names(name), tab.language)


class Watch:
    """Sees every step of one replica: no cursor falls, nothing hidden comes back.

    `visible` says of every (key, version) there was whether the post was on the wall then.
    """

    def __init__(self, visible: Mapping[tuple[str, int], bool]) -> None:
        self.visible = visible
        self.removed: dict[str, int] = {}
        self.seqs: dict[str, int] = {}

    def __call__(self, kind: str, detail: Message) -> None:
        if kind == "cursor":
            seq = seq_of(detail["cursor"])
            assert detail["why"] == "reset" or seq > self.seqs.get(detail["group"], 0)
            self.seqs[detail["group"]] = seq
        for row in detail["items"] if kind == "replace" else [detail]:
            if row.get("topic") == "wall" and kind == "remove":
                self.removed[row["key"]] = row["version"]
            elif row.get("topic") == "wall":
                assert row["version"] > self.removed.get(row["key"], 0)
                assert self.visible[row["key"], row["version"]]
