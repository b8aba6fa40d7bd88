"""Every way out x every spelling of an inner address x direct, redirected, rebound: no attempt."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence

import pytest

from eventhub.live.executor import DatabaseThreads
from tests.wall.recorder import OK, Recorder, redirect
from tests.wall.spellings import INNER_V4, INNER_V6, PUBLIC, SPELLINGS
from wall.egress import Egress, EgressError
from wall.media import Fetcher, Never, NotYet, Wanted
from wall.sources.base import SourceError
from wall.sources.feed import Feed

START = "https://start.example/"
Ask = Callable[[Egress, str], Awaitable[object]]
REFUSED = (EgressError, SourceError, Never, NotYet)
INNER = (*INNER_V4, *INNER_V6)


async def ask_for_face(egress: Egress, url: str) -> object:
    return await _picture(egress, "face", url)


async def ask_for_media(egress: Egress, url: str) -> object:
    return await _picture(egress, "media", url)


async def _picture(egress: Egress, role: str, url: str) -> object:
    database = DatabaseThreads("none", workers=1)
    try:
        return await Fetcher(egress, database)._bytes(Wanted(1, role, url))
    finally:
        database.close()


async def ask_for_feed(egress: Egress, url: str) -> object:
    return await Feed().fetch({"url": url}, "", "", egress)


async def ask_for_socket(egress: Egress, url: str) -> object:
    async with egress.websocket(url) as opened:
        return opened


async def ask_for_events(egress: Egress, url: str) -> object:
    async with egress.events(url) as opened:
        return opened


WAYS: dict[str, Ask] = {
    "avatar": ask_for_face,
    "events": ask_for_events,
    "feed": ask_for_feed,
    "media": ask_for_media,
    "socket": ask_for_socket,
}


async def places_asked(ask: Ask, urls: Sequence[str], make: Callable[[str], Recorder]) -> list[str]:
    """Where else than at the public address anybody was connected to, and what was answered."""
    wrong = []
    for url in urls:
        recorder = make(url)
        try:
            await ask(recorder.egress(), url if recorder.pages == (OK,) else START)
            wrong.append(f"{url} was answered")
        except REFUSED:
            pass
        wrong += [f"{url}: {place}" for place in recorder.connected if place != (PUBLIC, 443)]
        if recorder.pages == (OK,):
            wrong += [f"{url} was asked" for _place in recorder.connected]
    return wrong


def test_there_are_enough_of_both() -> None:
    assert len(SPELLINGS) >= 500
    assert len(WAYS) >= 4


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_no_spelling_is_asked_directly(way: str) -> None:
    direct = await places_asked(WAYS[way], SPELLINGS, lambda url: Recorder(answers=[["127.0.0.1"]]))

    assert direct == []


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_no_redirect_leads_to_one(way: str) -> None:
    carried = [url for url in SPELLINGS if url.isprintable() and url.isascii() and ":" in url[:-1]]
    assert len(carried) >= 500

    redirected = await places_asked(
        WAYS[way],
        carried,
        lambda url: Recorder(answers=[[PUBLIC], ["127.0.0.1"]], pages=[redirect(url)]),
    )

    assert redirected == []


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_no_name_is_bound_anew_to_one(way: str) -> None:
    """Its second look-up gives each inner address, alone and among public ones."""
    found = [[inner] for inner in INNER] + [[PUBLIC, inner] for inner in INNER]
    wrong = []
    for second in found:
        for answers in ([[PUBLIC], second], [second]):
            recorder = Recorder(answers=answers, pages=[redirect("https://rebind.example/again")])
            with pytest.raises(REFUSED):
                await WAYS[way](recorder.egress(), "https://rebind.example/")
            wrong += [place for place in recorder.connected if place != (PUBLIC, 443)]
            wrong += recorder.connected[1:] if len(answers) == 2 else recorder.connected

    assert wrong == []


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_public_address_is_asked(way: str) -> None:
    """Negative control: this is how an attempt would have looked."""
    recorder = Recorder()
    with contextlib.suppress(*REFUSED):
        await WAYS[way](recorder.egress(), START)

    assert recorder.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_canary_on_loopback_is_never_reached(way: str) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        port = canary.getsockname()[1]
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "a.example"):
            for scheme in ("http", "https", "ws", "wss"):
                with pytest.raises(REFUSED):
                    await WAYS[way](Egress(resolve=resolve), f"{scheme}://{host}:{port}/")
        await asyncio.sleep(0)
        with pytest.raises(BlockingIOError):
            canary.accept()
