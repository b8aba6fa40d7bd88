"""Who may open a socket, what may be said on it, and which topics it is granted."""

import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from agenda.models import Event
from eventhub.live import consumers
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED, CLOSE_PROTOCOL, HELLO_S
from eventhub.live.hub import Hub
from eventhub.live.routing import Sockets
from eventhub.live.topics import registry
from tests import guests, two_events
from tests.factories import make_attendee, make_event, make_moderator, make_note
from tests.live.sockets import PATIENCE_S, aside
from tests.test_permissions import TOPICS, insiders
from tests.two_events import DESK, ROLES

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., WebsocketCommunicator]


class Socket(WebsocketCommunicator):  # type: ignore[misc]  # channels carries no types
    """A browser's socket to the real routing, consumer and hub."""

    async def enter(self) -> int:
        """0 if the socket was accepted, else the code it was refused with before that."""
        accepted, code = await self.connect(timeout=PATIENCE_S)
        return 0 if accepted else int(code)

    async def say(self, message: object) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """The next message, or {"closed": code}."""
        event = await self.receive_output(timeout=PATIENCE_S)
        if event["type"] == "websocket.close":
            return {"closed": event["code"]}
        message: dict[str, Any] = json.loads(event["text"])
        return message


@pytest.fixture
async def opens(hub: Hub, event: Event) -> AsyncIterator[Open]:
    """Opens sockets on `event`, and leaves none behind."""
    opened: list[Socket] = []

    def open_socket(path: str = "", **headers: Any) -> Socket:
        path = path or f"/ws/{event.slug}"
        opened.append(Socket(Sockets(hub), path, headers=guests.socket_headers(**headers)))
        return opened[-1]

    yield open_socket
    for socket in opened:
        await socket.disconnect(timeout=PATIENCE_S)


def hello(*topics: str, **fields: Any) -> dict[str, Any]:
    return {"t": "hello", "subs": {"shared": {"topics": topics}}} | fields


# --- before accept

EMBEDDED = "192.168.1.5:8000"
NOT_OURS = [
    None,
    "",
    "null",
    "http://evil.example",
    "http://192.168.1.5",
    "http://192.168.1.5:8001",
    "http://192.168.1.5:80000",
    "http://192.168.1.50:8000",
    "http://192.168.1.5:8000.evil.example",
    "http://evil.example/192.168.1.5:8000",
    "http://evil.example#http://192.168.1.5:8000",
    "http://192.168.1.5:8000@evil.example",
    "http://192.168.1.5:8000/",
    "HTTP://192.168.1.5:8000",
    "ws://192.168.1.5:8000",
    "file://",
    "192.168.1.5:8000",
    "http://192.168.1.5:8000, http://evil.example",
]
NOT_LISTED = [
    None,
    "",
    "null",
    "http://hub.example",
    "https://hub.example:443",
    "https://hub.example:8443",
    "https://hub.example.evil.example",
    "https://evilhub.example",
    "https://www.hub.example",
    "https://hub.example/",
    "https://HUB.example",
    "https://evil.example",
    "https://evil.example?https://hub.example",
    "https://hub.example@evil.example",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_page_of_this_laptop_may_open_a_socket(opens: Open, scheme: str) -> None:
    for host in [EMBEDDED, "localhost:8000", "[::1]:8000", "127.0.0.1"]:
        assert await opens(origin=f"{scheme}://{host}", host=host).enter() == 0


async def test_foreign_page_opens_no_socket_on_a_laptop(hub: Hub, opens: Open) -> None:
    codes = {origin: await opens(origin=origin, host=EMBEDDED).enter() for origin in NOT_OURS}

    assert codes == dict.fromkeys(NOT_OURS, CLOSE_NOT_ALLOWED)
    assert hub.connections == set()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "", "[::1", "a/b", "ä", "@"])
async def test_foreign_name_that_leads_to_us_opens_no_socket(opens: Open, host: str) -> None:
    """DNS rebinding: the page and the socket agree on a host, but it is not ours."""
    assert await opens(origin=f"http://{host}", host=host).enter() == CLOSE_NOT_ALLOWED


async def test_only_listed_origins_open_a_socket_in_production(
    opens: Open, settings: Settings
) -> None:
    settings.EMBEDDED = False
    settings.ORIGINS = ("https://hub.example", "https://live.example:8443")
    settings.ALLOWED_HOSTS = ["hub.example", "live.example"]

    listed = [await opens(origin=each, host="hub.example").enter() for each in settings.ORIGINS]
    codes = {each: await opens(origin=each, host="hub.example").enter() for each in NOT_LISTED}

    assert listed == [0, 0]
    assert codes == dict.fromkeys(NOT_LISTED, CLOSE_NOT_ALLOWED)


async def test_address_that_is_none_opens_no_socket(opens: Open) -> None:
    paths = ["/", "/ws", "/ws/", "/ws/a/b", "/ws/a b", "/ws/\x00", "/ws/ä", "/ws/a/"]
    paths += ["/wss/a", "//ws/a", "/ws/../admin", "/ws/" + "a" * 51, "/" + "a" * 9000]

    assert {path: await opens(path).enter() for path in paths} == dict.fromkeys(
        paths, CLOSE_NOT_ALLOWED
    )


async def test_process_that_is_full_refuses_before_accept(
    hub: Hub, opens: Open, settings: Settings
) -> None:
    settings.MAX_SOCKETS = 2

    codes = [await opens().enter() for _ in range(3)]

    assert codes == [0, 0, CLOSE_GOING_AWAY]
    assert len(hub.connections) == 2


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
    "thirty frames at once": [{"t": "ack", "n": 1}] * 30,
}


@pytest.mark.parametrize("messages", PROTOCOL_ERRORS.values(), ids=list(PROTOCOL_ERRORS))
async def test_what_no_page_of_ours_says_closes_the_socket(
    hub: Hub, opens: Open, messages: list[object]
) -> None:
    socket = opens()
    await socket.enter()

    for message in messages:
        await socket.say(message)
    heard = [await socket.hear()]
    while "closed" not in heard[-1]:
        heard.append(await socket.hear())

    assert heard[-1] == {"closed": CLOSE_PROTOCOL}
    assert hub.connections == set()
    assert [feed.groups for feed in hub.feeds.values()] in ([], [{}])


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
        for topic, door in TOPICS.items():
            heard = await said_to(opens(f"/ws/{b.event.slug}", client=client), topic)
            granted = heard.get("t") in {"frame", "reset"}
            if granted != (role in insiders(door)):
                wrong.append((role, topic, heard))
            if not granted and heard != {"closed": CLOSE_NOT_ALLOWED}:
                wrong.append((role, topic, heard))
            words = b.secret if role in DESK else b.secret + b.private
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
