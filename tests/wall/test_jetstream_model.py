"""A wall fed by a Jetstream ends as a reference model says, whatever the network does to it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from agenda.models import Event
from tests.bluesky_server import BlueskyServer
from tests.factories import make_batch, make_event, make_incoming, make_rule, make_source
from tests.jetstream_server import START_US, JetstreamServer, account, commit
from tests.wall.test_jetstream import TAG, know, listen, uri
from wall import departures, ingest
from wall.models import Action, Post, Rule, Source, Tombstone
from wall.sources import jetstream as jetstream_module
from wall.sources.base import Batch


@pytest.fixture
def appview() -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream_module, "FLUSH_S", 0.01)


def script(chance: random.Random) -> list[dict[str, Any]]:
    """Posts of six people, most of which are deleted, edited, or of another tag."""
    events: list[dict[str, Any]] = []
    alive: list[tuple[str, str]] = []
    for number in range(200):
        at_us = number * 1_000
        did = f"did:plc:p{chance.randrange(6)}"
        deed = chance.random()
        if deed < 0.5 or not alive:
            tag = chance.choice([TAG, "winter"])
            events.append(commit(did, f"3k{number}", f"Nummer {number} #{tag}", at_us=at_us))
            alive.append((did, f"3k{number}"))
            continue
        did, rkey = alive[chance.randrange(len(alive))]
        if deed < 0.75:
            tag = chance.choice([TAG, TAG, "winter"])
            text = f"Anders {number} #{tag}"
            events.append(commit(did, rkey, text, at_us=at_us, operation="update"))
            if tag != TAG:
                alive.remove((did, rkey))
        else:
            events.append(commit(did, rkey, at_us=at_us, operation="delete"))
            alive.remove((did, rkey))
    events.append(account("did:plc:p5", active=False, at_us=201_000))
    return events


def model(events: list[dict[str, Any]]) -> dict[str, str]:
    """What must stand on the wall after `events`, told once and in order."""
    wall: dict[str, str] = {}
    for event in events:
        if event["kind"] == "account":
            wall = {key: text for key, text in wall.items() if event["did"] not in key}
            continue
        told = event["commit"]
        text = told.get("record", {}).get("text", "")
        wall.pop(uri(event["did"], told["rkey"]), None)
        if f"#{TAG}" in text:
            wall[uri(event["did"], told["rkey"])] = text
    return wall


def disturbed(events: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any] | bytes]:
    """With what a network does: repetitions, some of them late, and damage."""
    told: list[dict[str, Any] | bytes] = []
    for number, event in enumerate(events):
        told.append(event)
        if chance.random() < 0.3:
            told.append(events[chance.randrange(max(0, number - 20), number + 1)])
        if chance.random() < 0.1:
            told.append(json.dumps(event).encode()[: chance.randrange(200)])
    return told


@pytest.mark.each_case
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_wall_ends_as_the_reference_model(event: Event, appview: BlueskyServer, seed: int) -> None:
    """Through four connections that break off, with repetitions and damage in between."""
    chance = random.Random(seed)
    make_rule(event, Rule.Mode.FREE)
    source = make_source(event, adapter="jetstream", config={"tag": TAG}, budget=10_000)
    events = script(chance)
    know(appview, *(f"did:plc:p{number}" for number in range(6)))

    with JetstreamServer(hangs_up_after=(60, 90, 150, 2_000)) as stream:
        stream.says(*disturbed(events, chance), b"x" * 10)
        stream._hangs_up_after[-1] = len(stream._said)
        for _connection in range(4):
            source.refresh_from_db()
            for batch in asyncio.run(listen(stream, appview, cursor=source.cursor)):
                ingest.take(source, batch, unasked=True)
                assert ingest.take(source, batch, unasked=True) == 0  # repeating changes nothing

    shown = Post.objects.filter(event=event, state=Post.State.SHOWN)
    assert dict(shown.values_list("origin", "text")) == model(events)
    assert Source.objects.get(pk=source.pk).cursor == str(START_US + 201_000)


@pytest.mark.django_db(transaction=True)
def test_closed_account_leaves_with_everything_it_wrote(
    event: Event, appview: BlueskyServer
) -> None:
    """Also what another source brought; nobody else's, and nothing of another event."""
    make_rule(event, Rule.Mode.FREE)
    searched = make_source(event, adapter="bluesky")
    streamed = make_source(event, adapter="jetstream")
    mira = make_incoming("at://a", identity="did:plc:mira", author="@mira.bsky.social")
    jost = make_incoming("at://b", identity="did:plc:jost", author="@jost.bsky.social")
    other = make_source(make_event(), adapter="bluesky")
    for source in (searched, other):
        ingest.take(source, make_batch(mira, jost))

    told = Batch(items=(), cursor="", wait_s=0, gone_authors=("did:plc:mira", "did:plc:nobody"))
    assert ingest.take(streamed, told, unasked=True) == 1
    assert ingest.take(streamed, told, unasked=True) == 0

    posts = Post.objects.order_by("event_id", "origin").values_list("origin", "state", "reason")
    assert list(posts) == [
        ("at://a", "hidden", "account"),
        ("at://b", "shown", ""),
        ("at://a", "shown", ""),
        ("at://b", "shown", ""),
    ]
    assert Action.objects.get(event=event).about == "@mira.bsky.social"


@pytest.mark.django_db
def test_deletions_of_others_cost_one_question_and_bury_nothing(
    event: Event, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = make_source(event, adapter="jetstream")
    keys = [f"at://did:plc:x/app.bsky.feed.post/{number}" for number in range(300)]

    with django_assert_num_queries(1):
        assert departures.take(source, accounts=(), origins=keys) == 0

    assert not Tombstone.objects.exists()


@pytest.mark.django_db
def test_post_that_leaves_in_the_breath_it_came_in_never_comes(event: Event) -> None:
    """Several batches may be taken as one."""
    make_rule(event, Rule.Mode.FREE)
    source = make_source(event, adapter="jetstream")
    items = (
        make_incoming("at://a", identity="did:plc:mira"),
        make_incoming("at://b", identity="did:plc:mira"),
        make_incoming("at://c", identity="did:plc:jost"),
    )
    told = Batch(items, "1", 0, gone_authors=("did:plc:jost",), deleted=("at://a",))

    ingest.take(source, told, unasked=True)

    assert list(event.posts.values_list("origin", flat=True)) == ["at://b"]
