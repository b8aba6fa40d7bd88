"""Ask sources again about what is visible: a deletion or an edit may have passed us by.

Every visible post of a source that can be asked is asked about within fifteen minutes, a few at a
time and within the source's rate. What is heard is judged elsewhere.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import F, Q
from django.utils import timezone

from eventhub.live.executor import DatabaseThreads
from eventhub.live.log import changing
from wall import ingest, origins
from wall.egress import Egress
from wall.models import Post, Source
from wall.models.post import PostQuerySet
from wall.sources import choice
from wall.sources.base import Adapter, Batch, Checking, Incoming, Known, SourceError
from wall.sources.pacing import RESERVE

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)  # leaves five for a queue of six hundred
UNHEARD = timedelta(minutes=2)  # until a post is asked about again that nothing was heard of
PAUSE_S = 20.0  # between two questions to a source
LONGEST_S = 60.0
TROUBLE_S = 120.0


class Rechecker:
    """The questions of whoever leads: one task at a time for each source."""

    def __init__(
        self, egress: Egress, adapters: Mapping[str, Adapter], database: DatabaseThreads
    ) -> None:
        self._egress = egress
        self._adapters = adapters
        self._database = database
        self._running: dict[int, asyncio.Task[None]] = {}
        self._not_before: dict[int, float] = {}  # by source, by the loop's clock

    async def step(self) -> None:
        """Begin with each source that has something to ask about and is not asked now."""
        now = asyncio.get_running_loop().time()
        resting = {pk for pk, until in self._not_before.items() if until > now}
        busy = resting | self._running.keys()
        for source, posts in await self._database.run("recheck", due, self._adapters, busy):
            self._not_before[source.pk] = now + PAUSE_S
            self._running[source.pk] = asyncio.create_task(self._ask(source, posts))

    def stop(self) -> None:
        for task in self._running.values():
            task.cancel()

    async def settle(self) -> None:
        """Wait for the questions under way."""
        await asyncio.gather(*self._running.values())

    async def _ask(self, source: Source, posts: Sequence[Known]) -> None:
        adapter = self._adapters[source.adapter]
        assert isinstance(adapter, Checking)
        try:
            async with asyncio.timeout(LONGEST_S):
                heard = await adapter.check(
                    choice.settings_of(source), source.token, posts, self._egress
                )
            await self._database.run("recheck", take_heard, source, posts, heard)
        except SourceError as error:
            self._rest(source, error.retry_after_s or TROUBLE_S)
        except TimeoutError:
            self._rest(source, TROUBLE_S)
        except Source.DoesNotExist:
            log.info("source gone", extra={"source": source.pk})
        except Error as error:
            log.warning("posts not checked", extra={"source": source.pk, "error": str(error)})
        except Exception:
            # Whatever an answer of a stranger makes of our adapter, the other sources go on.
            log.exception("check failed", extra={"source": source.pk})
            self._rest(source, TROUBLE_S)
        finally:
            self._running.pop(source.pk, None)

    def _rest(self, source: Source, seconds: float) -> None:
        self._not_before[source.pk] = asyncio.get_running_loop().time() + seconds


def due(
    adapters: Mapping[str, Adapter], busy: set[int], at: datetime | None = None
) -> list[tuple[Source, list[Known]]]:
    """What each source that is not `busy` should be asked about: longest unasked first.

    Also of a source that is paused: what it has brought still stands. One with few requests left
    keeps them for its looks.
    """
    at = at or timezone.now()
    at_once = {
        kind: adapter.check_at_once
        for kind, adapter in adapters.items()
        if isinstance(adapter, Checking)
    }
    sources = (
        Source.objects.filter(adapter__in=at_once)
        .exclude(state=Source.State.STOPPED)
        .exclude(rate_left__lt=RESERVE)
        .exclude(pk__in=busy)
    )
    found = []
    for source in sources:
        posts = _visible(source).filter(Q(checked_at=None) | Q(checked_at__lte=at - EVERY))
        oldest = posts.order_by(F("checked_at").asc(nulls_first=True), "-shown_seq")
        oldest = oldest[: at_once[source.adapter]]
        if rows := list(oldest.values_list("origin", "remote_id")):
            found.append((source, [Known(*row) for row in rows]))
    return found


def doubt(source: Source) -> int:
    """We may have missed something: ask soon about everything visible. The number of posts."""
    with changing(source.event_id):
        return _visible(source).update(checked_at=None)


def take_heard(source: Source, asked: Sequence[Known], heard: Sequence[Incoming]) -> int:
    """Let what was heard about `asked` come in, and nothing else. The number that changed."""
    keys = {post.key for post in asked}
    called = {post.remote_id: post.key for post in asked if post.remote_id}
    items = []
    answered = set()
    for item in heard:
        key = origins.origin_of(item.key) if item.key else called.get(item.remote_id, "")
        if key in keys:
            items.append(item)
            answered.add(key)
    told = Batch(items=tuple(items), cursor="", wait_s=0)
    changed = ingest.take(source, told, unasked=True, only_known=True)
    now = timezone.now()
    posts = Post.objects.filter(source=source)
    with changing(source.event_id):
        posts.filter(origin__in=answered).update(checked_at=now)
        posts.filter(origin__in=keys - answered).update(checked_at=now - EVERY + UNHEARD)
    return changed


def _visible(source: Source) -> PostQuerySet:
    return Post.objects.filter(source=source).shown()
