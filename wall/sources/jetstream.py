"""Listens to all of Bluesky through a Jetstream, for one tag. Stores and judges nothing.

It reads the whole network, so it is for servers; a venue's line takes the search (`bluesky`). Names
and pictures are not in the stream: the public AppView is asked for those of posts that match.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wall.egress import EgressDeclined, EgressFailed, EgressRefused
from wall.sources.base import Batch, Incoming, Known, SourceError
from wall.sources.bluesky import CHECKED_AT_ONCE, checked
from wall.sources.bluesky_api import server_of, tag_of
from wall.sources.bluesky_names import Names
from wall.sources.bluesky_shapes import COLLECTION
from wall.sources.choice import also_read
from wall.sources.jetstream_sieve import Caught, Sieve
from wall.sources.pacing import REFUSED_S, refusal

if TYPE_CHECKING:
    from wall.egress import Egress

SERVER = "https://jetstream2.us-east.bsky.network"
MAX_MESSAGE = 1 << 20
ASKED_MESSAGE = 1 << 18  # bytes; the server is asked to keep what is larger
REWIND_US = 5_000_000
POLL_S = 300.0  # between two looks whether the server answers at all
FIRST_EVENT_S = 8.0
FLUSH_S = 0.5
DELETIONS_S = 2.0  # those of the whole network pass by, so they are told in lots
CURSOR_S = 5.0
MAX_CAUGHT = 2_000  # then reading waits until they are taken


class Jetstream:
    """config: "tag"; "host" and "appview" if they are not Bluesky's own. No token.

    The cursor is the highest moment seen, in microseconds. A stream begins five seconds before it;
    what comes twice is taken once.
    """

    kind = "jetstream"

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        """Nothing but whether the server tells what happens. The cursor is the stream's to move.

        Raises SourceError, permanent only for unusable settings.
        """
        sieve = Sieve(_tags(config), self._now)
        try:
            async with (
                asyncio.timeout(FIRST_EVENT_S),
                egress.websocket(_address(config, ""), max_bytes=MAX_MESSAGE) as socket,
            ):
                async for message in socket:
                    sieve.take(message)
                    if sieve.good or sieve.is_strange:
                        break
        except TimeoutError as error:
            raise SourceError(_("The server is silent. Perhaps it is no Jetstream.")) from error
        except (EgressDeclined, EgressRefused, EgressFailed) as error:
            raise self._failure(error) from error
        if not sieve.good:
            raise _strange()
        return Batch(items=(), cursor=cursor, wait_s=POLL_S)

    def check_at_once(self, config: Mapping[str, str]) -> int:
        return CHECKED_AT_ONCE

    async def check(
        self, config: Mapping[str, str], token: str, posts: Sequence[Known], egress: Egress
    ) -> Sequence[Incoming]:
        """Each of `posts` as everybody may see it now. Raises SourceError."""
        return await checked(config, posts, egress, self._now())

    async def stream(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> AsyncGenerator[Batch]:
        """Posts and deletions from `cursor` on, until the server hangs up. Raises SourceError.

        If the AppView cannot be asked, the stream ends and begins again later where it stood:
        posts of people who do not want to be shown are told apart from others by it alone.
        """
        sieve = Sieve(_tags(config), self._now)
        names = Names(config, egress, self._now)
        try:
            async with egress.websocket(
                _address(config, _rewound(cursor)), max_bytes=MAX_MESSAGE
            ) as socket:
                room = asyncio.Event()
                reading = asyncio.create_task(_read(socket, sieve, room))
                try:
                    async for batch in _told(reading, sieve, names, room):
                        yield batch
                    await reading
                finally:
                    reading.cancel()
                    with suppress(asyncio.CancelledError, Exception):
                        await reading
        except (EgressDeclined, EgressRefused, EgressFailed) as error:
            raise self._failure(error) from error
        if sieve.is_strange:
            raise _strange()

    def _failure(self, error: EgressDeclined | EgressRefused | EgressFailed) -> SourceError:
        if isinstance(error, EgressDeclined):
            return refusal(error.answer, self._now())
        wait_s = REFUSED_S if isinstance(error, EgressRefused) else None
        return SourceError(error.message, retry_after_s=wait_s)


async def _read(socket: AsyncIterator[bytes], sieve: Sieve, room: asyncio.Event) -> None:
    async for message in socket:
        sieve.take(message)
        if sieve.is_strange:
            return
        if len(sieve.caught.posts) >= MAX_CAUGHT:
            room.clear()
            await room.wait()


async def _told(
    reading: asyncio.Task[None], sieve: Sieve, names: Names, room: asyncio.Event
) -> AsyncIterator[Batch]:
    """What was read, twice a second, with names and pictures; once more when reading has ended."""
    clock = asyncio.get_running_loop().time
    told_s, kept, done_us = clock(), Caught(), 0
    while True:
        ended = reading.done()
        if not ended:
            await asyncio.wait([reading], timeout=FLUSH_S)
        read_us = sieve.highest_us
        caught = sieve.drain()
        room.set()
        _merge(kept, caught)
        names.forget(caught.renamed)
        items = await names.dressed(list(caught.posts.values()), kept, clock())
        passed_s = clock() - told_s
        deletions = bool(kept.deleted or kept.gone) and passed_s >= DELETIONS_S
        if items or deletions or ended or passed_s >= CURSOR_S:
            # Whoever still waits for a name is read again if we fall.
            safe_us = min([read_us, *(post.time_us - 1 for post in names.waiting)])
            done_us = max(done_us, safe_us)
            yield Batch(
                items=tuple(items),
                cursor=str(done_us) if done_us > 0 else "",
                wait_s=POLL_S,
                gone_authors=tuple(kept.gone),
                deleted=tuple(kept.deleted),
            )
            told_s, kept = clock(), Caught()
        if ended:
            return


def _merge(kept: Caught, caught: Caught) -> None:
    """What was deleted is told once, unless it came again since."""
    for key in caught.posts:
        kept.deleted.pop(key, None)
    kept.deleted |= caught.deleted
    kept.gone |= caught.gone


def _tags(config: Mapping[str, str]) -> list[str]:
    tag = tag_of(config)
    return [tag, *also_read(config, tag)]


def _address(config: Mapping[str, str], cursor: str) -> str:
    query = f"wantedCollections={COLLECTION}&maxMessageSizeBytes={ASKED_MESSAGE}"
    server = server_of(config, "host", SERVER)
    return f"{server}/subscribe?{query}" + (f"&cursor={cursor}" if cursor else "")


def _rewound(cursor: str) -> str:
    """A few seconds before `cursor`; "" (live) for what is none."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20):
        return ""
    return str(max(int(cursor) - REWIND_US, 1))


def _strange() -> SourceError:
    return SourceError(
        _("The server answers, but not as a Jetstream does."), retry_after_s=REFUSED_S
    )
