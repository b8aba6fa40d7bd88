"""What may be said on a socket, and which topics it is granted."""

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from agenda.models import Event
from eventhub.live import consumers
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED, CLOSE_PROTOCOL, HELLO_S
from eventhub.live.hub import Hub
from eventhub.live.topics import registry
from tests import guests, two_events
from tests.factories import make_attendee, make_event, make_moderator, make_note
from tests.live.doors import Open, Socket, door, hello
from tests.live.sockets import aside
from tests.test_permissions import TOPICS, insiders
from tests.two_events import ROLES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def opens(hub: Hub, event: Event) -> AsyncIterator[Open]:
    async with door(hub, event) as open_socket:
        yield open_socket


# --- what may be said

PROTOCOL_ERRORS: dict[str, list[object]] = {
    "no JSON": ["hello"],
    "nothing": [""],
    "a number": [7],
    "a list": [[hello("wall")]],
    "no type": [{"subs": {}}],
    "an unknown type": [{"t": "publish", "text": "x"}],
    "wrong types": [{"t": "hello", "subs": [["wall"]]}],
    "a topic that is no text": [hello(7)],  # type: ignore[arg-type]
    "no topics": [hello()],
    "no groups": [{"t": "hello", "subs": {}}],
    "nine topics": [hello(*["wall"] * 9)],
    "three groups": [{"t": "hello", "subs": {name: {"topics": ["wall"]} for name in "abc"}}],
    "two groups of one kind": [{"t": "hello", "subs": {n: {"topics": ["wall"]} for n in "ab"}}],
    "a second hello": [hello("wall"), hello("programme")],
    "a frame that is too large": [hello("wall", build="x" * 8200)],
    "a deep frame": ['{"t":"hello","x":' + "[" * 8000],
    "a deep value": ['{"t":"hello","subs":' + '{"a":' * 1500],
    "half a character": ['{"t":"hello","subs":{"shared":{"topics":["\\ud800"]}}}'],
    "thirty frames at once": [hello("wall"), *[{"t": "ack", "n": 1}] * 29],
}


async def test_what_no_page_of_ours_says_closes_the_socket(hub: Hub, opens: Open) -> None:
    closed = {}

    for name, messages in PROTOCOL_ERRORS.items():
        socket = opens()
        await socket.enter()
        for connection in hub.connections:
            connection.opened += 3600  # nothing but what is said can close it
        for message in messages:
            await socket.say(message)
        heard = await socket.hear()
        while "closed" not in heard:
            heard = await socket.hear()
        closed[name] = heard["closed"]

    assert closed == dict.fromkeys(PROTOCOL_ERRORS, CLOSE_PROTOCOL)
    assert hub.connections == set()
    assert [feed.groups for feed in hub.feeds.values()] == [{}]


async def test_frame_of_bytes_closes_the_socket(opens: Open) -> None:
    socket = opens()
    await socket.enter()

    await socket.send_to(bytes_data=b'{"t":"ack","n":1}')

    assert await socket.hear() == {"closed": CLOSE_PROTOCOL}


async def test_budget_of_frames_is_that_of_a_busy_page(opens: Open) -> None:
    socket = opens()
    await socket.enter()

    for _ in range(int(consumers.MESSAGES_AT_ONCE) - 1):
        await socket.say({"t": "ack", "n": 1})
    await socket.say(hello("wall"))

    assert (await socket.hear())["t"] in {"frame", "reset"}


async def test_catching_up_in_a_group_one_is_not_in_is_not_answered(opens: Open) -> None:
    socket = opens()
    await socket.enter()

    await socket.say({"t": "catch-up", "g": "shared", "cursor": "0.0"})
    await socket.say(hello("wall"))
    heard = await socket.hear()
    await socket.say({"t": "catch-up", "g": "mine", "cursor": "0.0"})

    assert heard["g"] == "shared"
    assert await socket.receive_nothing()


async def test_socket_that_says_nothing_is_closed(hub: Hub, opens: Open) -> None:
    silent, talking = opens(), opens()
    for socket in (silent, talking):
        await socket.enter()
    await talking.say(hello("wall"))
    await talking.hear()

    for connection in hub.connections:
        connection.opened -= HELLO_S + 1
    await hub._check()

    assert await silent.hear() == {"closed": CLOSE_PROTOCOL}
    assert await talking.receive_nothing()


async def test_event_that_does_not_exist_closes_the_socket(opens: Open) -> None:
    socket = opens("/ws/nowhere")
    await socket.enter()

    await socket.say(hello("wall"))

    assert await socket.hear() == {"closed": CLOSE_NOT_ALLOWED}


@pytest.mark.parametrize("slug", ["Summer_Camp-26", "-", "a" * 50])
async def test_every_slug_that_an_event_can_have_has_a_socket(
    hub: Hub, opens: Open, slug: str
) -> None:
    await aside(hub, lambda: make_event(slug=slug))
    socket = opens(f"/ws/{slug}")

    assert await socket.enter() == 0
    await socket.say(hello("wall"))
    assert (await socket.hear())["g"] == "shared"


async def test_database_that_is_away_ends_the_socket_politely(
    opens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(slug: str) -> int:
        raise OperationalError("the database is away")

    monkeypatch.setattr(registry, "_find_event", away)
    socket = opens()
    await socket.enter()

    await socket.say(hello("wall"))

    assert await socket.hear() == {"closed": CLOSE_GOING_AWAY}


# --- which topics are granted


async def said_to(socket: Socket, *topics: str) -> dict[str, Any]:
    await socket.enter()
    await socket.say(hello(*topics))
    return await socket.hear()


async def test_role_is_granted_its_own_topics_only(hub: Hub, opens: Open) -> None:
    a, b = await aside(hub, two_events.furnish_two)
    wrong: list[tuple[str, str, object]] = []

    for role, make in ROLES.items():
        client: Client = await aside(hub, partial(make, a, b))
        for topic, may in TOPICS.items():
            heard = await said_to(opens(f"/ws/{b.event.slug}", client=client), topic)
            granted = heard.get("t") in {"frame", "reset"}
            if granted != (role in insiders(may)):
                wrong.append((role, topic, heard))
            if not granted and heard != {"closed": CLOSE_NOT_ALLOWED}:
                wrong.append((role, topic, heard))
            words = b.hidden_from(role)
            wrong += [(role, topic, word) for word in words if word in json.dumps(heard)]

    assert wrong == []


async def test_one_forbidden_topic_refuses_them_all(hub: Hub, opens: Open, event: Event) -> None:
    client = await aside(hub, lambda: guests.guest(event))

    assert await said_to(opens(client=client), "wall", "desk") == {"closed": CLOSE_NOT_ALLOWED}
    assert await said_to(opens(client=client), "wall", "votes") == {"closed": CLOSE_NOT_ALLOWED}


async def test_naming_another_guests_key_grants_ones_own_notes(
    hub: Hub, opens: Open, event: Event
) -> None:
    mira, jo = [await aside(hub, lambda: make_attendee(event)) for _ in range(2)]
    notes = [
        await aside(hub, partial(make_note, event, attendee=one, text=f"of {one.key}"))
        for one in (mira, jo)
    ]
    client = await aside(hub, lambda: guests.guest(event, mira.key))

    heard = await said_to(opens(client=client), f"mine:{jo.key}")

    assert [item["key"] for item in heard["items"]] == [notes[0].key]
    assert jo.key not in json.dumps(heard)
    assert [group.topics for group in hub.feeds[event.pk].groups.values()] == [{f"mine:{mira.key}"}]
    assert await said_to(opens(), f"mine:{jo.key}") == {"closed": CLOSE_NOT_ALLOWED}


async def test_cookies_of_other_applications_keep_nobody_out(
    hub: Hub, opens: Open, event: Event
) -> None:
    client = await aside(hub, lambda: guests.signed_in(make_moderator(event)))
    ours = dict(guests.socket_headers(client))[b"cookie"].decode()
    odd = 'theme={"dark":true}; a b=c; =; ü=ä; $Path=x; ' + ours

    socket = opens(further={"cookie": odd})

    assert (await said_to(socket, "desk"))["t"] in {"frame", "reset"}
