"""Answers kept in memory, in front of gate, threads and database: the same for all who may have it.

What a view has declared keepable (`eventhub.keeping`) is given again while nothing it depends on
has changed, as far as a look at the log tells that is at most a quarter of a second old. Without
such a look, or with the database away, the request goes on as if nothing had been kept.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from eventhub.gate import ASGIApp, refuse_too_fast
from eventhub.keeping import Keep
from eventhub.kept_answer import Asked, Form, KeptAnswer, may_be_kept, without_conditions
from eventhub.live.executor import DatabaseThreads
from eventhub.watching import Watches

MOST_BYTES = 32 * 1024 * 1024  # of all answers together, in one process
LARGEST_BYTES = 8 * 1024 * 1024  # a congress of a thousand sessions as XML, packed and unpacked
INLINE_BYTES = 50_000  # what is larger is compressed in a thread
COSTS = 0.1  # of what a request costs that is worked for, see eventhub.pace

Key = tuple[Any, ...]


class Kept:
    """An ASGI application in front of `app`. `wait_s(scope, costs)` says who asks too fast."""

    def __init__(
        self,
        app: ASGIApp,
        threads: DatabaseThreads,
        *,
        wait_s: Callable[[dict[str, Any], float], float],
    ) -> None:
        self._app = app
        self._wait_s = wait_s
        self._answers: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._under_way: dict[Key, asyncio.Future[None]] = {}
        self.watches = Watches(threads)
        self.bytes = 0

    def at_once(self, scope: dict[str, Any]) -> Form | None:
        """What is known to stand, without waiting for anything; None: ask the application."""
        asked = Asked.read(scope)
        found = self._standing(asked) if asked is not None else None
        if asked is None or found is None or not self.watches.is_fresh(found.keep.event_id):
            return None
        return None if self._wait_s(scope, COSTS) else found.for_(asked)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        asked = Asked.read(scope)
        if asked is None:
            await self._app(scope, receive, _bare(send))
        elif (known := self._answers.get(asked.key)) is None or not _may_have(known, asked):
            await self._make(asked, scope, receive, send)
        elif found := await self._looked_up(asked, known):
            if wait_s := self._wait_s(scope, COSTS):
                await refuse_too_fast(scope, send, wait_s)
            else:
                await _send(send, found.for_(asked))
        else:
            await self._make_once(asked, scope, receive, send)

    # --- what is there

    async def _looked_up(self, asked: Asked, known: KeptAnswer) -> KeptAnswer | None:
        if not await self.watches.look(known.keep.event_id):
            return None
        if found := self._standing(asked):
            return found
        if (under_way := self._under_way.get(asked.key)) is None:
            return None
        await asyncio.wait([under_way])  # somebody has just asked the same
        return self._standing(asked)

    def _standing(self, asked: Asked) -> KeptAnswer | None:
        known = self._answers.get(asked.key)
        if known is None or not _may_have(known, asked) or time.monotonic() >= known.until:
            return None
        if not self.watches.stands(known.keep, known.born):
            return None
        self._answers.move_to_end(asked.key)
        return known

    # --- what has to be made

    async def _make_once(
        self, asked: Asked, scope: dict[str, Any], receive: Any, send: Any
    ) -> None:
        """A thousand phones that ask for a page that has just changed have it drawn once."""
        if asked.key in self._under_way:
            await self._make(asked, scope, receive, send)
            return
        done = self._under_way[asked.key] = asyncio.get_running_loop().create_future()
        try:
            await self._make(asked, without_conditions(scope), receive, send)
        finally:
            del self._under_way[asked.key]
            done.set_result(None)

    async def _make(self, asked: Asked, scope: dict[str, Any], receive: Any, send: Any) -> None:
        born = self.watches.tick
        held: list[dict[str, Any]] = []

        async def take(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                keep = message.pop("eventhub.keep", None)
                if scope["method"] == "GET" and _keepable(keep, asked, message):
                    held.append(message | {"eventhub.keep": keep})
                    return
            if not held:
                await send(message)
            else:
                await _send(send, (await self._keep(asked, held[0], message, born)).for_(asked))

        await self._app(scope, receive, take)

    async def _keep(
        self, asked: Asked, start: dict[str, Any], body: dict[str, Any], born: int
    ) -> KeptAnswer:
        keep: Keep = start["eventhub.keep"]
        content: bytes = body["body"]

        def made() -> KeptAnswer:
            until = time.monotonic() + keep.seconds
            return KeptAnswer(start["headers"], content, keep=keep, born=born, until=until)

        answer = made() if len(content) < INLINE_BYTES else await asyncio.to_thread(made)
        # Nobody has watched this event before: the next answer about it will be kept.
        await self.watches.look(keep.event_id)
        if self.watches.stands(keep, born) and answer.size <= LARGEST_BYTES:
            self._put(asked.key, answer)
        return answer

    def _put(self, key: Key, answer: KeptAnswer) -> None:
        if (former := self._answers.pop(key, None)) is not None:
            self.bytes -= former.size
        self._answers[key] = answer
        self.bytes += answer.size
        while self.bytes > MOST_BYTES:
            _, oldest = self._answers.popitem(last=False)
            self.bytes -= oldest.size


def _may_have(answer: KeptAnswer, asked: Asked) -> bool:
    return answer.keep.for_everybody or not asked.is_personal


def _keepable(keep: Keep | None, asked: Asked, start: dict[str, Any]) -> bool:
    return (
        keep is not None
        and (keep.for_everybody or not asked.is_personal)
        and may_be_kept(start["status"], start["headers"])
    )


def _bare(send: Any) -> Any:
    async def take(message: dict[str, Any]) -> None:
        message.pop("eventhub.keep", None)
        await send(message)

    return take


async def _send(send: Any, form: Form) -> None:
    for message in form.messages:
        await send(message)
