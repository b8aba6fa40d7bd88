"""Keep a stream open for each source that has one, beside the looks which always run.

What is told waits in a short line: while the database is busy with one portion the next is
gathered, and a server that tells more than we can take is not read. A bad stream harms only itself.
"""

import asyncio
import hashlib
import json
import logging
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from django.db import Error

from eventhub.live.executor import DatabaseThreads
from wall import contact, ingest, rechecking
from wall.egress import Egress
from wall.models import Source
from wall.sources import choice
from wall.sources.base import Adapter, Batch, SourceError, Streaming

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0
STOOD_WELL_S = 60.0  # a stream that lasted so long begins with the shortest pause again
LINE = 200  # batches that wait for the database; with more the server is not read
TOGETHER = ingest.MAX_ITEMS_PER_CHANGE


class Listeners:
    """The streams of whoever leads: one task for each source whose adapter can listen."""

    def __init__(
        self, egress: Egress, adapters: Mapping[str, Adapter], database: DatabaseThreads
    ) -> None:
        self._egress = egress
        self._adapters = adapters
        self._database = database
        # By source, with what it was opened with: other settings are another stream.
        self._tasks: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._standing: set[int] = set()

    async def step(self) -> None:
        """Open what is missing, close what is paused, deleted or set differently now."""
        found = await self._database.run("listen", _able, self._adapters)
        wanted = {source.pk: (source, _mark_of(source)) for source in found if _is_read(source)}
        for pk, (mark, task) in list(self._tasks.items()):
            if pk not in wanted or wanted[pk][1] != mark:
                task.cancel()
                del self._tasks[pk]
        for pk, (source, mark) in wanted.items():
            if pk not in self._tasks:
                self._tasks[pk] = (mark, asyncio.create_task(self._keep_listening(source)))
        for source in found:
            stands = source.pk in self._standing and source.pk in self._tasks
            if source.streaming != stands:
                with suppress(Source.DoesNotExist):  # deleted since we looked
                    await self._database.run("listen", contact.note_stream, source, stands=stands)

    def stop(self) -> None:
        """What was told and not stored yet is lost: the next look, or the cursor, brings it."""
        for _mark, task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def _keep_listening(self, source: Source) -> None:
        """Until cancelled, or until only other settings could help."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began, asked_s = loop.time(), 0.0
            try:
                await self._listen(source)
            except SourceError as error:
                if error.permanent:
                    return
                asked_s = error.retry_after_s or 0.0
            except Source.DoesNotExist:
                return
            except Error as error:
                log.warning("stream not stored", extra={"source": source.pk, "error": str(error)})
            except Exception:
                # Whatever a stranger's message makes of our adapter, the others go on.
                log.exception("stream failed", extra={"source": source.pk})
                asked_s = LONGEST_PAUSE_S
            failures = 1 if loop.time() - began > STOOD_WELL_S else failures + 1
            pause_s = max(min(FIRST_PAUSE_S * 2 ** min(failures - 1, 10), LONGEST_PAUSE_S), asked_s)
            # Spread, so that a server that comes back does not meet everybody at once.
            pause_s *= random.uniform(0.75, 1.25)
            log.info("stream ended", extra={"source": source.pk, "again_s": round(pause_s)})
            await asyncio.sleep(pause_s)

    async def _listen(self, source: Source) -> None:
        """One stream from its opening to its end; raises what ended it."""
        line: asyncio.Queue[Batch | None] = asyncio.Queue(LINE)
        fresh = await self._database.run("listen", _fresh, source)
        reading = asyncio.create_task(self._read(fresh, line))
        try:
            while (batch := await _portion(line)) is not None:
                if source.pk not in self._standing:
                    self._standing.add(source.pk)
                    # What was deleted or edited while nobody listened is asked about now.
                    await self._database.run("listen", rechecking.doubt, source)
                if batch.items or batch.cursor or batch.gone_authors or batch.deleted:
                    await self._database.run("listen", ingest.take, source, batch, unasked=True)
            await reading
        finally:
            self._standing.discard(source.pk)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, source: Source, line: asyncio.Queue[Batch | None]) -> None:
        adapter = self._adapters[source.adapter]
        assert isinstance(adapter, Streaming)
        told = adapter.stream(choice.settings_of(source), source.token, source.cursor, self._egress)
        try:
            async for batch in told:
                await line.put(batch)
        except Exception:
            await line.put(None)
            raise
        else:
            await line.put(None)
        finally:
            if isinstance(told, AsyncGenerator):
                await told.aclose()


async def _portion(line: asyncio.Queue[Batch | None]) -> Batch | None:
    """What lies in the line, as one batch; waits for the first. None = the stream is over."""
    first = await line.get()
    if first is None:
        return None
    together = [first]
    while len(together) < TOGETHER and not line.empty():
        following = line.get_nowait()
        if following is None:
            line.put_nowait(None)
            break
        together.append(following)
    return Batch(
        items=tuple(item for batch in together for item in batch.items),
        cursor=next((batch.cursor for batch in reversed(together) if batch.cursor), ""),
        wait_s=0,
        gone_authors=tuple(one for batch in together for one in batch.gone_authors),
        deleted=tuple(one for batch in together for one in batch.deleted),
    )


def _able(adapters: Mapping[str, Adapter]) -> list[Source]:
    kinds = [kind for kind, adapter in adapters.items() if isinstance(adapter, Streaming)]
    return list(Source.objects.filter(adapter__in=kinds))


def _is_read(source: Source) -> bool:
    return not source.paused and source.state != Source.State.STOPPED


def _fresh(source: Source) -> Source:
    """As it stands in the database now: its cursor has moved since its stream was opened first."""
    return Source.objects.get(pk=source.pk)


def _mark_of(source: Source) -> str:
    """Alike for the same settings; other settings are another stream. Holds no secret."""
    said = json.dumps([source.config, source.include_tags, source.token_sealed], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
