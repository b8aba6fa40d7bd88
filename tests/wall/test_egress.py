"""Nothing leaves but what is allowed: every attempt would be seen by a recorder or a canary."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpcore
import pytest
from django.utils import translation

from tests.mastodon_server import MastodonServer
from tests.wall.recorder import OK, Recorder, packed, redirect, self_signed
from tests.wall.spellings import PUBLIC, SPELLINGS
from wall import egress as egress_module
from wall.egress import Egress, EgressError, EgressFailed, EgressRefused, from_settings


def words(error: EgressError) -> str:
    with translation.override("en"):
        return str(error.message)


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """A listener on loopback that nobody may reach."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def visitors(listener: socket.socket) -> int:
    try:
        connection, _address = listener.accept()
    except BlockingIOError:
        return 0
    connection.close()
    return 1


async def test_no_spelling_of_an_inner_address_is_connected_to() -> None:
    assert len(SPELLINGS) >= 500

    attempts = []
    for url in SPELLINGS:
        recorder = Recorder(answers=[["127.0.0.1"]])
        with pytest.raises(EgressRefused):
            await recorder.egress().get(url)
        attempts += recorder.connected

    assert attempts == []


async def test_no_redirect_to_an_inner_address_is_followed() -> None:
    followed = []
    for url in SPELLINGS:
        if not url.isprintable() or not url.isascii() or not url.partition(":")[2]:
            continue  # a header cannot carry it
        recorder = Recorder(answers=[[PUBLIC], ["127.0.0.1"]], pages=[redirect(url)])
        # Without scheme or host it is a path of the server itself, which may be asked again.
        with pytest.raises((EgressRefused, EgressFailed)):
            await recorder.egress().get("https://start.example/")
        followed += [place for place in recorder.connected if place != (PUBLIC, 443)]

    assert followed == []


async def test_name_with_one_inner_address_among_many_is_refused() -> None:
    for inner in (
        "10.0.0.1",
        "::1",
        "64:ff9b::a00:1",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "garbage",
    ):
        recorder = Recorder(answers=[[PUBLIC, "2606:4700::1111", inner]])
        with pytest.raises(EgressRefused):
            await recorder.egress().get("https://a.example/")
        assert recorder.connected == []


async def test_rebinding_name_is_looked_up_once_and_pinned() -> None:
    recorder = Recorder(answers=[[PUBLIC], ["127.0.0.1"]])

    answer = await recorder.egress().get("https://rebind.example/x?y=ü")

    assert answer.body == b"ja"
    assert recorder.looked_up == ["rebind.example"]
    assert recorder.connected == [(PUBLIC, 443)]


async def test_certificate_and_host_are_those_of_the_name() -> None:
    recorder = Recorder()

    await recorder.egress().get("https://Bücher.example./x y".replace(" ", "%20"))

    sent = bytes(recorder.streams[0].sent).decode()
    assert recorder.streams[0].names == ["xn--bcher-kva.example"]
    assert sent.startswith("GET /x%20y HTTP/1.1\r\nHost: xn--bcher-kva.example\r\n")


async def test_inner_name_reaches_no_canary_with_the_real_connection(
    canary: socket.socket,
) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    port = canary.getsockname()[1]
    egress = Egress(resolve=resolve, allow=[("elsewhere.example", port)])
    for url in (
        f"http://127.0.0.1:{port}/",
        f"https://127.0.0.1:{port}/",
        f"https://canary.example:{port}/",
        f"http://[::ffff:127.0.0.1]:{port}/",
        f"http://localhost:{port}/",
        f"http://2130706433:{port}/",
    ):
        with pytest.raises(EgressRefused):
            await egress.get(url)

    assert visitors(canary) == 0


async def test_redirect_of_an_allowed_server_to_a_canary_is_refused(
    canary: socket.socket,
) -> None:
    recorder = Recorder(pages=[redirect(f"http://127.0.0.1:{canary.getsockname()[1]}/")])

    with pytest.raises(EgressRefused):
        await recorder.egress(("127.0.0.1", 3000)).get("http://127.0.0.1:3000/")

    assert recorder.connected == [("127.0.0.1", 3000)]
    assert visitors(canary) == 0


async def test_allowed_server_is_asked_over_http_on_its_port() -> None:
    with MastodonServer() as server:
        egress = from_settings(f" 127.0.0.1:{server.address[1]} , [::1]:3000,")
        answer = await egress.get(f"{server.url}/api/v1/timelines/tag/sommerfest")

    assert (answer.status, answer.body) == (200, b"[]")
    assert answer.headers["content-type"] == "application/json"


async def test_allowed_name_may_live_at_an_inner_address() -> None:
    recorder = Recorder(answers=[["192.168.7.7"]])

    await recorder.egress(("wand", 8080)).get("http://wand:8080/")

    assert recorder.connected == [("192.168.7.7", 8080)]


async def test_proxy_settings_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, canary: socket.socket
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.getsockname()[1]}")
    recorder = Recorder()

    await recorder.egress().get("https://a.example/")

    assert recorder.connected == [(PUBLIC, 443)]
    assert visitors(canary) == 0


@pytest.mark.parametrize(("hops", "arrives"), [(0, True), (2, True), (3, False)])
async def test_two_redirects_are_followed_and_a_third_is_not(hops: int, arrives: bool) -> None:
    recorder = Recorder(pages=[redirect("/weiter")] * hops + [OK])

    if arrives:
        assert (await recorder.egress().get("https://a.example/")).body == b"ja"
    else:
        with pytest.raises(EgressFailed):
            await recorder.egress().get("https://a.example/")
    assert len(recorder.looked_up) == len(recorder.connected) == min(hops, 2) + 1


async def test_token_stays_with_the_server_it_is_for() -> None:
    recorder = Recorder(pages=[redirect("/b"), redirect("https://other.example/"), OK])

    await recorder.egress().get("https://a.example/", headers={"authorization": "Bearer geheim"})

    assert [b"geheim" in stream.sent for stream in recorder.streams] == [True, True, False]


async def test_next_address_is_tried_when_one_does_not_answer() -> None:
    recorder = Recorder(answers=[["2606:4700::1111", PUBLIC]])
    tried: list[str] = []

    async def connect(address: str, port: int, within_s: float) -> httpcore.AsyncNetworkStream:
        tried.append(address)
        if ":" in address:
            raise httpcore.ConnectError("no route")
        return await recorder.connect(address, port, within_s)

    await Egress(resolve=recorder.resolve, connect=connect).get("https://a.example/")

    assert tried == ["2606:4700::1111", PUBLIC]


def bomb() -> bytes:
    """64 MB, packed."""
    return gzip.compress(b"x" * (64 << 20), 1, mtime=0)


@pytest.mark.parametrize(
    "page",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        # As many workers read this as there are; one makes them.
        lambda: packed(bomb()),
        lambda: packed(gzip.compress(bomb(), mtime=0), encoding="gzip, gzip"),
        packed(gzip.compress(b"ja", mtime=0)[:-9]),
        packed(b"kein gzip"),
        packed(b"ja", encoding="br"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nkurz",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"",
    ],
)
async def test_body_that_is_too_large_or_broken_is_not_taken(
    page: bytes | Callable[[], bytes],
) -> None:
    data = page if isinstance(page, bytes) else page()

    with pytest.raises(EgressFailed):
        await Recorder(pages=[data]).egress().get("https://a.example/", max_bytes=1000)


async def test_packed_body_within_the_limit_is_unpacked() -> None:
    page = packed(gzip.compress(b"x" * 1000))

    answer = await Recorder(pages=[page]).egress().get("https://a.example/", max_bytes=1000)

    assert answer.body == b"x" * 1000


async def test_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_module, "TOTAL_S", 0.3)
    with MastodonServer() as server:
        server.answer("slow")
        with pytest.raises(EgressFailed):
            await Egress(allow=[server.address]).get(f"{server.url}/api/v1/x")

    assert len(server.requests) == 1


async def test_resolver_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_module, "CONNECT_S", 0.05)

    async def resolve(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(EgressFailed):
        await Egress(resolve=resolve).get("https://a.example/")


async def test_network_faults_are_told_in_plain_words() -> None:
    async def gone(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    async def untrusted(address: str, port: int, within_s: float) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError(ssl.SSLCertVerificationError(1, "self-signed"))

    async def unreachable(address: str, port: int, within_s: float) -> httpcore.AsyncNetworkStream:
        raise ConnectionRefusedError(111, "refused")

    resolve = Recorder().resolve
    told = []
    for egress in (
        Egress(resolve=gone),
        Recorder(answers=[[]]).egress(),
        Egress(resolve=resolve, connect=untrusted),
        Egress(resolve=resolve, connect=unreachable),
        Recorder(pages=[b"SSH-2.0\r\n"]).egress(),
        Recorder(answers=[["10.0.0.1"]]).egress(),
    ):
        with pytest.raises(EgressError) as failure:
            await egress.get("https://a.example/")
        told.append(words(failure.value))

    assert told == [
        "There is no server with the name a.example.",
        "There is no server with the name a.example.",
        "The certificate of a.example is not valid.",
        "a.example cannot be reached.",
        "a.example answers in a way we do not understand.",
        "a.example is not on the public internet.",
    ]


async def test_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    received = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=self_signed(tmp_path))
    async with server:
        port = server.sockets[0].getsockname()[1]
        recorder = Recorder(answers=[["127.0.0.1"]])
        egress = Egress(allow=[("localhost", port)], resolve=recorder.resolve)
        with pytest.raises(EgressFailed) as failure:
            await egress.get(f"https://localhost:{port}/")

    assert words(failure.value) == "The certificate of localhost is not valid."
    assert received == b""


@pytest.mark.parametrize(
    "text", ["a.example", "a.example:x", ":80", "a.example:0", "127.1:80", "a:-1"]
)
def test_unusable_allow_entry_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not host:port"):
        from_settings(f"127.0.0.1:80,{text}")


async def test_what_is_posted_is_sent_once_and_follows_no_redirect() -> None:
    recorder = Recorder(pages=[redirect("https://elsewhere.example/"), OK])

    answer = await recorder.egress().post("https://netz.example/login", b'{"secret":1}')

    assert (answer.status, recorder.looked_up) == (302, ["netz.example"])
    head, _blank, body = bytes(recorder.streams[0].sent).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /login HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert body == b'{"secret":1}'


async def test_nothing_is_posted_to_an_inner_address() -> None:
    recorder = Recorder()

    with pytest.raises(EgressRefused):
        await recorder.egress().post("https://192.168.0.1/login", b"{}")

    assert recorder.connected == []
