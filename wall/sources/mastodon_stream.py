"""What a Mastodon server tells of tags the moment it happens. Stores and judges nothing.

Facts: Mastodon's documentation, methods/streaming. Only a user token opens a stream; streams are
at most once and often silent, so polling always runs beside them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from django.utils.translation import gettext_lazy as _

from wall.egress import EgressDeclined, EgressFailed, EgressRefused
from wall.sources.base import Batch, Incoming, SourceError
from wall.sources.choice import is_another_tag
from wall.sources.mastodon_status import ID, translated
from wall.sources.pacing import REFUSED_S, refusal

if TYPE_CHECKING:
    from wall.egress import Egress

MAX_MESSAGE_BYTES = 1 << 20
MAX_INSTANCE_BYTES = 1 << 20
LINE = 50  # posts that wait to be taken; then the streams are not read
STANDS = Batch(items=(), cursor="", wait_s=0)
# What a server without WebSockets, or behind a proxy that takes none, answers to one.
NO_SOCKET = {400, 404, 405, 426, 501}


class _Urls(msgspec.Struct):
    streaming: str = ""


class _Configuration(msgspec.Struct):
    urls: _Urls = msgspec.field(default_factory=_Urls)


class _Instance(msgspec.Struct):
    configuration: _Configuration = msgspec.field(default_factory=_Configuration)


class _Message(msgspec.Struct):
    event: str = ""
    payload: msgspec.Raw = msgspec.Raw()
    error: str = ""
    status: int = 0


class TagStream:
    """The stream of some tags of one server, with what is needed to open it."""

    def __init__(
        self,
        server: str,
        tags: Sequence[str],
        headers: Mapping[str, str],
        egress: Egress,
        now: Callable[[], datetime],
    ) -> None:
        self._server = server
        self._tags = tags
        self._headers = headers
        self._egress = egress
        self._now = now

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """A WebSocket carries all tags; where there is none, each has a stream of events.

        Ends when the server hangs up. Raises SourceError.
        """
        try:
            base = await self._streaming_host()
            try:
                async with aclosing(self._by_socket(base)) as told:
                    async for batch in told:
                        yield batch
            except EgressDeclined as error:
                if error.answer.status not in NO_SOCKET:
                    raise
                async with aclosing(self._by_events(base)) as told:
                    async for batch in told:
                        yield batch
        except EgressDeclined as error:
            raise refusal(error.answer, self._now()) from error
        except EgressRefused as error:
            raise SourceError(error.message, retry_after_s=REFUSED_S) from error
        except EgressFailed as error:
            raise SourceError(error.message) from error

    async def _streaming_host(self) -> str:
        """Where the server says its streams are; where it says nothing, itself."""
        answer = await self._egress.get(
            f"{self._server}/api/v2/instance",
            headers={"Accept": "application/json"},
            max_bytes=MAX_INSTANCE_BYTES,
        )
        if answer.status == 200:
            try:
                found = msgspec.json.decode(answer.body, type=_Instance).configuration.urls
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                found = _Urls()
            if found.streaming:
                return found.streaming.rstrip("/")
        return self._server

    async def _by_socket(self, base: str) -> AsyncGenerator[Batch, None]:
        async with self._egress.websocket(
            f"{base}/api/v1/streaming", headers=self._headers, max_bytes=MAX_MESSAGE_BYTES
        ) as socket:
            for tag in self._tags:
                order = {"type": "subscribe", "stream": "hashtag", "tag": tag}
                await socket.send(msgspec.json.encode(order).decode())
            yield STANDS
            async for raw in socket:
                message = _read(raw)
                if message is None:
                    continue
                if message.error:
                    raise _complaint(message)
                item = self._told(message.event, _payload(message.payload))
                if item is not None:
                    yield Batch(items=(item,), cursor="", wait_s=0)

    async def _by_events(self, base: str) -> AsyncGenerator[Batch, None]:
        """As many streams as tags, which are few. They stand and fall together: one alone would
        leave tags unheard while the source says that it listens.
        """
        for lasting, plain in (("wss://", "https://"), ("ws://", "http://")):
            if base.startswith(lasting):
                base = plain + base.removeprefix(lasting)
        line: asyncio.Queue[Batch | Exception | None] = asyncio.Queue(LINE)
        all_stand = asyncio.Barrier(len(self._tags))
        reading = [
            asyncio.create_task(self._hear(base, tag, line, all_stand)) for tag in self._tags
        ]
        try:
            while (told := await line.get()) is not None:
                if isinstance(told, Exception):
                    raise told
                yield told
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def _hear(
        self,
        base: str,
        tag: str,
        line: asyncio.Queue[Batch | Exception | None],
        all_stand: asyncio.Barrier,
    ) -> None:
        """One tag's stream into the line; None or what went wrong when it is over."""
        try:
            async with self._egress.events(
                f"{base}/api/v1/streaming/hashtag?tag={quote(tag, safe='')}",
                headers=self._headers,
                max_bytes=MAX_MESSAGE_BYTES,
            ) as events:
                if await all_stand.wait() == 0:
                    await line.put(STANDS)
                async for event in events:
                    item = self._told(event.name, event.data)
                    if item is not None:
                        await line.put(Batch(items=(item,), cursor="", wait_s=0))
        except Exception as error:
            await line.put(error)  # raised where the stream is read
        else:
            await line.put(None)

    def _told(self, event: str, payload: bytes) -> Incoming | None:
        """What one event means; None for what means nothing to a wall, or cannot be read."""
        now = self._now()
        if event == "delete":
            called = payload.decode("ascii", "replace").strip()
            return gone(called, now) if ID.fullmatch(called) else None
        if event not in ("update", "status.update"):
            return None
        item = translated(msgspec.Raw(payload), self._server, now)
        return None if item is None or is_another_tag(item, self._tags) else item


def gone(remote_id: str, now: datetime, *, key: str = "") -> Incoming:
    """That the post the server calls so is no more."""
    return Incoming(
        key=key, author="", name="", text="", written_at=now, remote_id=remote_id, gone=True
    )


def _read(raw: bytes) -> _Message | None:
    try:
        return msgspec.json.decode(raw, type=_Message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _payload(raw: msgspec.Raw) -> bytes:
    """A string that is itself JSON, or (of a deletion) an id; some servers leave the string out."""
    payload = bytes(raw)
    if payload[:1] != b'"':
        return payload
    try:
        return msgspec.json.decode(payload, type=str).encode()
    except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError):
        return b""


def _complaint(message: _Message) -> SourceError:
    """A server complains inside of an open socket about a token, a tag or itself."""
    if message.status in (401, 403):
        words = _("The server opens its stream only for a token that may read posts.")
        return SourceError(words, retry_after_s=REFUSED_S)
    return SourceError(_("The server does not let us listen to this hashtag."))
