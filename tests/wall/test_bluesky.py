"""The search on Bluesky against a scripted server: no gap, nothing twice, signed in once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tests.bluesky_server import BEGUN, PASSWORD, BlueskyServer, profile_of
from tests.mastodon_server import FAULTS
from wall.egress import Egress
from wall.sources.base import Batch, Image, Known, SourceError
from wall.sources.bluesky import Bluesky

NOW = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)
SLIPS = ("sommerfest", "sommerfst", "Fest")


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        yield server


@pytest.fixture
def bluesky() -> Bluesky:
    return Bluesky(now=lambda: NOW)


async def fetch(
    bluesky: Bluesky, server: BlueskyServer, cursor: str = "", token: str = PASSWORD
) -> Batch:
    return await bluesky.fetch(server.config, token, cursor, Egress(allow=[server.address]))


async def failure(
    bluesky: Bluesky, server: BlueskyServer, token: str = PASSWORD, **config: str
) -> SourceError:
    with pytest.raises(SourceError) as raised, translation.override("en"):
        await bluesky.fetch(server.config | config, token, "", Egress(allow=[server.address]))
    return raised.value


def keys(batch: Batch) -> list[str]:
    return [item.key for item in batch.items]


async def test_first_fetch_signs_in_and_brings_the_newest_oldest_first(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    uris = [server.add(f"Nummer {number} #Sommerfest") for number in range(30)]
    server.add("nicht dabei")

    batch = await fetch(bluesky, server)

    assert keys(batch) == uris[-25:]
    assert server.asked() == ["createSession", "searchPosts"]
    assert server.requests[1][1]["tag"] == ["sommerfest"]
    assert (batch.wait_s, batch.rate_left) == (15.0, 2900)


async def test_later_fetches_bring_only_what_is_new_and_sign_in_no_more(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    server.add("Eins #sommerfest")
    first = await fetch(bluesky, server)
    two = server.add("Zwei #sommerfest")

    second = await fetch(bluesky, server, first.cursor)
    third = await fetch(bluesky, server, second.cursor)

    assert (keys(second), keys(third)) == ([two], [])
    assert server.asked().count("createSession") == 1


async def test_long_absence_is_caught_up_page_by_page_without_a_gap(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    server.add("Anfang #sommerfest")
    batch = await fetch(bluesky, server)
    missed = {server.add(f"Nummer {number} #sommerfest", minutes=60) for number in range(350)}
    got: list[str] = []
    waits: list[float] = []
    for _round in range(5):
        batch = await fetch(bluesky, server, batch.cursor)
        got += keys(batch)
        waits.append(batch.wait_s)

    assert (set(got), len(got)) == (missed, 350)
    assert waits == [0.0, 0.0, 0.0, 15.0, 15.0]


async def test_post_found_late_still_comes(bluesky: Bluesky, server: BlueskyServer) -> None:
    """The index is not in order: what was written ten minutes before the mark may turn up now."""
    server.add("Eins #sommerfest", minutes=20)
    first = await fetch(bluesky, server)
    late = server.add("Spät #sommerfest", minutes=10)

    assert keys(await fetch(bluesky, server, first.cursor)) == [late]


async def test_clock_of_the_source_a_day_off_holds_nothing_up(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    server.add("Morgen #sommerfest", minutes=3 * 24 * 60)
    first = await fetch(bluesky, server)
    following = server.add("Heute #sommerfest", minutes=27 * 60 + 55)

    second = await fetch(bluesky, server, first.cursor)

    assert [item.written_at for item in first.items] == [NOW]
    assert keys(second) == [following]


async def test_damaged_cursor_starts_at_the_newest_page(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    uri = server.add("Eins #sommerfest")

    for cursor in ("{", '{"mark": "gestern"}', '{"seen": 3}', "null", "ÿ"):
        assert keys(await fetch(bluesky, server, cursor)) == [uri]


async def test_expired_session_is_renewed_and_else_begun_again(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    server.add("Eins #sommerfest")
    await fetch(bluesky, server)
    server.give_tokens()
    server.access += 1  # whatever was given out is over
    server.refuses_refresh = True

    assert len((await fetch(bluesky, server)).items) == 1
    server.refuses_refresh = False
    kept = server.access
    await fetch(bluesky, server)

    assert server.asked()[2:] == [
        *("searchPosts", "refreshSession", "createSession", "searchPosts", "searchPosts")
    ]
    assert server.access == kept


async def test_wrong_app_password_is_told_with_where_to_get_one(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    for token, fault in (("falsch", ""), (PASSWORD, "401")):
        if fault:
            server.answer(fault)
        error = await failure(bluesky, server, token=token)

        with translation.override("en"):
            assert str(error.message).endswith("Settings, Privacy and security, App passwords.")
        assert (error.permanent, error.retry_after_s) == (False, 300.0)
        assert error.wants_secret


@pytest.mark.parametrize(
    ("config", "token"),
    [
        ({"tag": "zwei worte"}, PASSWORD),
        ({"tag": "🎉"}, PASSWORD),
        ({"handle": ""}, PASSWORD),
        ({"handle": "mira"}, PASSWORD),
        ({"service": "kein server"}, PASSWORD),
        ({}, ""),
    ],
)
async def test_unusable_settings_are_permanent_and_ask_nobody(
    bluesky: Bluesky, server: BlueskyServer, config: dict[str, str], token: str
) -> None:
    assert (await failure(bluesky, server, token, **config)).permanent
    assert server.requests == []


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"slow", "bomb", "loop"}))
async def test_fault_is_a_failure_in_words_and_nothing_is_lost(
    bluesky: Bluesky, server: BlueskyServer, fault: str
) -> None:
    uri = server.add("Eins #sommerfest")
    server.answer(fault, times=3)

    error = await failure(bluesky, server)
    server._faults.clear()

    assert str(error.message)
    assert not error.permanent
    assert keys(await fetch(bluesky, server)) == [uri]


async def test_checked_posts_are_as_they_are_now(bluesky: Bluesky, server: BlueskyServer) -> None:
    stays = server.add("Bleibt #sommerfest")
    hides = server.add("Versteckt #sommerfest", did="did:plc:jost")
    picture = {"fullsize": "https://cdn.bsky.app/1.jpg", "alt": "Ein Boot"}
    shows = server.add("Bild #sommerfest", embed={"images": [picture]})
    odd = server.add("Seltsam #sommerfest", record=17)
    away = "at://did:plc:weg/app.bsky.feed.post/3kweg"
    server.views[hides]["author"] = profile_of(
        "did:plc:jost", labels=[{"val": "!no-unauthenticated"}]
    )
    known = [Known(uri, uri) for uri in (stays, hides, shows, odd, away)]

    told = {
        item.key: item
        for item in await bluesky.check(server.config, "", known, Egress(allow=[server.address]))
    }

    assert {key: item.gone for key, item in told.items()} == {
        stays: False,
        hides: True,
        shows: False,
        away: True,
    }
    assert told[shows].pictures == (Image("https://cdn.bsky.app/1.jpg", alt="Ein Boot"),)
    assert set(server.asked()) == {"getPosts"}


async def test_check_of_many_asks_for_25_at_a_time(bluesky: Bluesky, server: BlueskyServer) -> None:
    uris = [server.add(f"{number} #sommerfest") for number in range(60)]

    told = await bluesky.check(
        server.config, "", [Known(uri, uri) for uri in uris], Egress(allow=[server.address])
    )

    assert [item.key for item in told] == uris
    assert [len(query["uris"]) for _method, query, _token in server.requests] == [25, 25, 10]
    assert told[0].written_at == BEGUN + timedelta(seconds=1)


async def test_further_tags_are_asked_for_in_turns_and_nothing_is_missed(
    bluesky: Bluesky, server: BlueskyServer
) -> None:
    config = server.config | {"also": "sommerfst Fest"}
    asked, cursor = [], str((await fetch(bluesky, server)).cursor)  # of a single tag until now
    uris = {server.add(f"Nummer {number} #{tag}") for number in range(2) for tag in SLIPS}
    found: set[str] = set()

    for _look in range(6):
        batch = await bluesky.fetch(config, PASSWORD, cursor, Egress(allow=[server.address]))
        cursor, found = batch.cursor, found | set(keys(batch))
        asked.append(server.requests[-1][1]["tag"][0])

    assert asked == ["sommerfest", "sommerfst", "Fest"] * 2
    assert (found, batch.wait_s) == (uris, 5.0)
    assert keys(await fetch(bluesky, server, cursor)) == []  # and back to one
