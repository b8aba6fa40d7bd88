"""Streams leave by the same door as everything: same rules, sizes and silence have an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from django.utils import translation
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from tests.wall.recorder import Recorder, redirect
from tests.wall.spellings import PUBLIC, SPELLINGS
from wall.egress import (
    Egress,
    EgressDeclined,
    EgressError,
    EgressFailed,
    EgressRefused,
    from_settings,
)

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def words(error: EgressError) -> str:
    with translation.override("en"):
        return str(error.message)


async def messages(egress: Egress, url: str, *, idle_s: float = 30) -> list[bytes]:
    async with egress.websocket(url, max_bytes=1000, idle_s=idle_s) as socket:
        return [message async for message in socket]


async def told(egress: Egress, url: str, *, idle_s: float = 30) -> list[tuple[str, bytes]]:
    async with egress.events(url, max_bytes=1000, idle_s=idle_s) as events:
        return [(event.name, event.data) async for event in events]


@asynccontextmanager
async def sockets(
    handler: Callable[[ServerConnection], Awaitable[None]],
) -> AsyncIterator[tuple[Egress, str]]:
    async with serve(handler, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield from_settings(f"127.0.0.1:{port}"), f"ws://127.0.0.1:{port}/stream?tag=x"


@asynccontextmanager
async def raw(talk: Talk) -> AsyncIterator[tuple[Egress, str]]:
    """A server that reads the question and then says what `talk` writes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away; that is often the test
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield from_settings(f"127.0.0.1:{port}"), f"http://127.0.0.1:{port}/events"
    finally:
        server.close()
        await server.wait_closed()


def saying(*chunks: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)

    return talk


@pytest.mark.parametrize("ask", [messages, told])
async def test_no_spelling_of_an_inner_address_is_connected_to(
    ask: Callable[[Egress, str], Awaitable[object]],
) -> None:
    attempts = []
    for url in SPELLINGS:
        recorder = Recorder(answers=[["127.0.0.1"]])
        with pytest.raises(EgressRefused):
            await ask(recorder.egress(), url)
        attempts += recorder.connected

    assert len(SPELLINGS) >= 500
    assert attempts == []


@pytest.mark.parametrize("ask", [messages, told])
async def test_no_redirect_is_followed_and_no_name_looked_up_twice(
    ask: Callable[[Egress, str], Awaitable[object]],
) -> None:
    recorder = Recorder(
        answers=[[PUBLIC], ["127.0.0.1"]], pages=[redirect("https://127.0.0.1/stream")]
    )

    with pytest.raises(EgressDeclined) as caught:
        await ask(recorder.egress(), "https://Bücher.example/stream")

    assert caught.value.answer.status == 302
    assert recorder.looked_up == ["xn--bcher-kva.example"]
    assert recorder.connected == [(PUBLIC, 443)]
    assert recorder.streams[0].names == ["xn--bcher-kva.example"]
    sent = bytes(recorder.streams[0].sent)
    assert sent.lower().count(b"host: xn--bcher-kva.example\r\n") == 1
    assert b"User-Agent: Pr?fer/1\r\n" in sent


async def test_plain_websocket_leaves_only_by_an_exception() -> None:
    recorder = Recorder()
    for url in ("ws://a.example/", "wss://a.example:8443/", "ftp://a.example/"):
        with pytest.raises(EgressRefused):
            await messages(recorder.egress(), url)

    assert recorder.connected == []


async def test_socket_carries_whole_messages_both_ways() -> None:
    heard = []

    async def talk(connection: ServerConnection) -> None:
        heard.append(await connection.recv())
        await connection.ping()
        await connection.send("Grüße 🌻")
        await connection.send(["in ", "drei ", "Teilen"])
        await connection.send(b"\x00\xff")
        heard.append(connection.request.path if connection.request else "")

    async with sockets(talk) as (egress, url), egress.websocket(url) as socket:
        await socket.send('{"type":"subscribe"}')
        got = [message async for message in socket]

    assert got == ["Grüße 🌻".encode(), b"in drei Teilen", b"\x00\xff"]
    assert heard == ['{"type":"subscribe"}', "/stream?tag=x"]


@pytest.mark.parametrize("parts", [1, 100])
async def test_message_beyond_the_limit_ends_the_socket(parts: int) -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.send("klein")
        await connection.send(["x" * (1000 // parts)] * parts + ["x"])

    async with sockets(talk) as (egress, url):
        with pytest.raises(EgressFailed) as caught:
            await messages(egress, url)

    assert words(caught.value) == "127.0.0.1 answers with more than we take."


async def test_silent_socket_is_asked_for_a_sign_of_life_and_kept() -> None:
    async def talk(connection: ServerConnection) -> None:
        await asyncio.sleep(3.2)
        await connection.send("doch noch")

    async with (
        sockets(talk) as (egress, url),
        egress.websocket(url, idle_s=1.5) as socket,
    ):
        assert [message async for message in socket] == [b"doch noch"]


@pytest.mark.parametrize("drip", [b"", b"\x81\x7e\x03\xe8xxxxxxxxxxxxxxxxxxxxx"])
async def test_socket_that_is_dead_or_drips_is_given_up(drip: bytes) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        while not (events := protocol.events_received()):
            protocol.receive_data(await reader.read(4096))
        protocol.send_response(protocol.accept(events[0]))  # type: ignore[arg-type]
        writer.writelines(protocol.data_to_send())
        try:
            for byte in drip:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.05)
            await reader.read()
        except OSError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        egress = from_settings(f"127.0.0.1:{port}")
        with pytest.raises(EgressFailed) as caught:
            await messages(egress, f"http://127.0.0.1:{port}/", idle_s=0.4)

    assert words(caught.value) == "127.0.0.1 did not answer in time."


async def test_socket_that_speaks_nonsense_is_given_up() -> None:
    async def talk(connection: ServerConnection) -> None:
        connection.transport.write(Frame(Opcode.CONT, b"wovon?").serialize(mask=False))
        await connection.wait_closed()

    async with sockets(talk) as (egress, url):
        with pytest.raises(EgressFailed) as caught:
            await messages(egress, url)

    assert words(caught.value) == "127.0.0.1 answers in a way we do not understand."


@pytest.mark.parametrize("ask", [messages, told])
async def test_what_is_no_stream_is_said(
    ask: Callable[[Egress, str], Awaitable[object]],
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\nRetry-After: 7\r\n\r\n")
        writer.write(b'{"error":""}')

    async with raw(talk) as (egress, url):
        with pytest.raises(EgressDeclined) as caught:
            await ask(egress, url)
    assert (caught.value.answer.status, caught.value.answer.headers["retry-after"]) == (401, "7")

    for nonsense in (b"", b"SSH-2.0-hello\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nja"):

        async def other(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes = nonsense
        ) -> None:
            writer.write(said)

        async with raw(other) as (egress, url):
            with pytest.raises(EgressFailed):
                await ask(egress, url)


async def test_events_are_read_however_they_are_cut() -> None:
    stream = (
        ":)\nevent: update\ndata: {“ü”}\n\n:thump\n\nevent:delete\r\ndata:1\r\ndata: 2\r\n\r\n"
        "retry: 5\rid: 7\rdata:ohne Namen\r\r"
        "event: nichts\n\nunknown: field\n\ndata: halb"
    ).encode()
    expected = [
        ("update", "{“ü”}".encode()),
        ("delete", b"1\n2"),
        ("message", b"ohne Namen"),
    ]
    for size in (1, 2, 3, 7, len(stream)):
        cuts = [stream[start : start + size] for start in range(0, len(stream), size)]
        async with raw(saying(*cuts)) as (egress, url):
            assert await told(egress, url) == expected


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([b"x" * 100] * 11, id="line without end"),
        pytest.param([b"data: 12345\n"] * 200, id="event without end"),
        pytest.param([b"data:\n"] * 1002, id="empty lines of data"),
    ],
)
async def test_event_beyond_the_limit_ends_the_stream(chunks: list[bytes]) -> None:
    async with raw(saying(*chunks)) as (egress, url):
        with pytest.raises(EgressFailed) as caught:
            await told(egress, url)

    assert words(caught.value) == "127.0.0.1 answers with more than we take."


@pytest.mark.parametrize("drip", [b"", b"data: kommt nie an"])
async def test_stream_that_is_silent_or_drips_is_given_up(drip: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for byte in drip:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)
        await reader.read()

    async with raw(talk) as (egress, url):
        with pytest.raises(EgressFailed) as caught:
            await told(egress, url, idle_s=0.3)

    assert words(caught.value) == "127.0.0.1 did not answer in time."
