"""Ask every source when it is due, hand what it brings to `take()`; a bad one harms only itself.

Whoever leads also tells helpers how many would come to what, twice a second at most
(`agenda/tallies.py`), and deletes, once an hour, what must be gone (`wall/purge.py`).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import Error
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from agenda import importing
from agenda.tallies import Teller
from eventhub.live.executor import DatabaseThreads
from wall import contact, evidence, ingest, photos, pictures, purge, scrub
from wall.egress import Egress
from wall.lease import Lease
from wall.listening import Listeners
from wall.media import Fetcher
from wall.models import Source
from wall.rechecking import Rechecker
from wall.scheduling import Scheduler
from wall.sources import choice
from wall.sources.base import Adapter, SourceError
from wall.sources.registry import ADAPTERS

log = logging.getLogger(__name__)

TICK_S = 0.5
FIRST_RETRY_S = 10.0
LONGEST_RETRY_S = 300.0
LONGEST_FETCH_S = 30.0
PURGE_EVERY_S = 3600.0


class Collector:
    """The loop behind `collect` and, embedded, behind `serve`. One leads, the others wait."""

    def __init__(
        self,
        egress: Egress,
        *,
        adapters: Mapping[str, Adapter] = ADAPTERS,
        on_lead: Callable[[bool], None] = lambda leading: None,
    ) -> None:
        self.egress = egress
        self.adapters = adapters
        self.on_lead = on_lead
        # One thread: its connection carries the lease, and one batch is in flight at a time.
        self._database = DatabaseThreads("collect", workers=1)
        self._lease = Lease()
        self._leading: bool | None = None
        self._running: dict[int, asyncio.Task[None]] = {}
        self._failures: Counter[int] = Counter()
        self._teller = Teller()
        self._scheduler = Scheduler()
        self._pictures = Fetcher(egress, self._database)
        self._listeners = Listeners(egress, adapters, self._database)
        self._rechecker = Rechecker(egress, adapters, self._database)
        self._purge: asyncio.Task[None] | None = None
        self._purge_at = 0.0  # by the loop's clock

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                try:
                    await self.step()
                except Error as error:
                    log.warning("collector cannot reach the database", extra={"error": str(error)})
                await asyncio.sleep(TICK_S)
        finally:
            for task in [*self._running.values(), *([self._purge] if self._purge else [])]:
                task.cancel()
            self._pictures.cancel()
            self._listeners.stop()
            self._rechecker.stop()
            # The thread may be taking the lease right now: only it knows when there is one to give.
            self._database.close(last=self._lease.give_back)

    async def step(self) -> None:
        """Start a look at each source that is due and not being looked at."""
        leading = await self._database.run("lease", self._lease.hold)
        if leading != self._leading:
            self._leading = leading
            self.on_lead(leading)
        if not leading:
            self._listeners.stop()
            return
        for source in await self._database.run("collect", _due):
            if source.pk not in self._running:
                self._running[source.pk] = asyncio.create_task(self._look(source))
        await self._listeners.step()
        await self._rechecker.step()
        await self._database.run("tally", self._teller.look)
        await self._database.run("schedule", self._scheduler.look)
        await self._pictures.look()
        now = asyncio.get_running_loop().time()
        if now >= self._purge_at and (self._purge is None or self._purge.done()):
            self._purge_at = now + PURGE_EVERY_S
            self._purge = asyncio.create_task(self._delete_what_is_due())

    async def settle(self) -> None:
        """Wait for the looks and questions under way, for pictures, and for a purge."""
        await asyncio.gather(*self._running.values(), *([self._purge] if self._purge else []))
        await self._rechecker.settle()
        await self._pictures.settle()

    async def _delete_what_is_due(self) -> None:
        """Portion by portion: between two of them the sources have their turn."""
        try:
            for event in await self._database.run("purge", purge.due, timezone.now()):
                portions = purge.portions(event)
                while await self._database.run("purge", next, portions, None):
                    pass
            await self._database.run("purge", evidence.delete_due, timezone.now())
            await self._database.run("purge", importing.forget_old, timezone.now())
            await self._database.run("purge", pictures.forget_strangers)
            await self._database.run("purge", photos.sweep)
            await self._database.run("purge", scrub.scrub)
        except (Error, OSError) as error:
            log.warning("not everything deleted", extra={"error": type(error).__name__})

    async def _look(self, source: Source) -> None:
        try:
            await self._fetch(source)
        finally:
            self._running.pop(source.pk, None)

    async def _fetch(self, source: Source) -> None:
        try:
            async with asyncio.timeout(LONGEST_FETCH_S):
                adapter = self.adapters[source.adapter]
                batch = await adapter.fetch(
                    choice.settings_of(source), source.token, source.cursor, self.egress
                )
            await self._database.run("collect", ingest.take, source, batch)
            self._failures.pop(source.pk, None)
        except Error as error:
            log.warning("posts not stored", extra={"source": source.pk, "error": str(error)})
        except Source.DoesNotExist:
            log.info("source gone", extra={"source": source.pk})  # deleted while we looked
        except SourceError as error:
            await self._failed(source, error)
        except TimeoutError:
            await self._failed(source, SourceError(_("The server did not answer in time.")))
        except Exception:
            # Whatever an answer of a stranger makes of our adapter, the other sources go on.
            log.exception("adapter failed", extra={"source": source.pk})
            await self._failed(source, SourceError(_("The server gave an answer we cannot read.")))

    async def _failed(self, source: Source, error: SourceError) -> None:
        self._failures[source.pk] += 1
        growing_s = min(
            FIRST_RETRY_S * 2 ** min(self._failures[source.pk] - 1, 10), LONGEST_RETRY_S
        )
        wait_s = error.retry_after_s if error.retry_after_s is not None else growing_s
        log.info("source failed", extra={"source": source.pk, "retry_after_s": round(wait_s)})
        with translation.override(source.event.language):
            message = str(error.message)
        try:
            await self._database.run(
                "collect",
                contact.note_failure,
                source,
                message=message,
                retry_at=timezone.now() + timedelta(seconds=wait_s),
                permanent=error.permanent,
            )
        except (Error, Source.DoesNotExist) as failure:
            log.warning("failure not stored", extra={"source": source.pk, "error": str(failure)})


def _due() -> list[Source]:
    return list(Source.objects.due(timezone.now()).select_related("event"))
