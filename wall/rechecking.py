"""Ask sources again about what is visible: a deletion or an edit may have passed us by.

Every post that can be seen is asked about within fifteen minutes, a few at a time and within the
source's rate; where that does not do, the desk says so. What is heard is judged elsewhere.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import Count, Q
from django.utils import timezone

from eventhub.live.executor import DatabaseThreads
from eventhub.live.log import changing
from wall import contact, in_sight, ingest, origins
from wall.egress import Egress
from wall.models import Post, Source
from wall.models.post import PostQuerySet
from wall.sources import choice
from wall.sources.base import Adapter, Batch, Checking, Incoming, Known, SourceError
from wall.sources.pacing import RESERVE

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)  # leaves five for a queue
PROMISED = timedelta(minutes=15)  # what was not heard of for longer is said at the desk
UNHEARD_S = 120.0  # until a post is asked about again that nothing was heard of
PAUSE_S = 20.0  # between two questions to a server
LONGEST_S = 60.0
TROUBLE_S = 120.0
COUNT_EVERY_S = 30.0


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
        self._place_at: dict[str, float] = {}  # by server: two sources of one share what it grants
        self._unheard: dict[tuple[int, str], float] = {}  # by source and post: when again
        self._count_at = 0.0

    async def step(self) -> None:
        """Begin with each source that has something to ask about and is not asked now."""
        now = asyncio.get_running_loop().time()
        resting = {pk for pk, until in self._not_before.items() if until > now}
        busy = resting | self._running.keys()
        self._unheard = {post: until for post, until in self._unheard.items() if until > now}
        found = await self._database.run("recheck", due, self._adapters, busy, self._unheard)
        for source, posts in sorted(found, key=lambda one: self._not_before.get(one[0].pk, 0.0)):
            place = str(source.config.get("server", "")) or f"#{source.pk}"
            if self._place_at.get(place, 0.0) > now:
                continue
            self._place_at[place] = self._not_before[source.pk] = now + PAUSE_S
            self._running[source.pk] = asyncio.create_task(self._ask(source, posts))
        if now >= self._count_at:
            self._count_at = now + COUNT_EVERY_S
            await self._database.run("recheck", note_unchecked, self._adapters)

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
            again = asyncio.get_running_loop().time() + UNHEARD_S
            answered = {key for key, _item in _answers(posts, heard)}
            for post in posts:
                if post.key not in answered:
                    self._unheard[source.pk, post.key] = again
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
    adapters: Mapping[str, Adapter],
    busy: set[int],
    unheard: Collection[tuple[int, str]] = (),
    at: datetime | None = None,
) -> list[tuple[Source, list[Known]]]:
    """What each source that is not `busy` should be asked about: first what can be seen, longest
    unasked first; without the posts of `unheard`.

    Also of a source that is paused or stopped: what it has brought still stands. One that is read
    and has few requests left keeps them for its looks.
    """
    at = at or timezone.now()
    checking = _checking(adapters)
    sources = (
        Source.objects.filter(adapter__in=checking)
        .exclude(rate_left__lt=RESERVE, paused=False, state=Source.State.GOOD)
        .exclude(pk__in=busy)
        .order_by("pk")
    )
    found = []
    for source in sources:
        try:
            most = checking[source.adapter].check_at_once(choice.settings_of(source))
        except SourceError:
            continue  # nobody can be asked with these settings: it is counted, and said
        skipped = {key for pk, key in unheard if pk == source.pk}
        posts = _shown(source).filter(Q(checked_at=None) | Q(checked_at__lte=at - EVERY))
        rows = in_sight.first(posts, source.event_id)[: most + len(skipped)]
        known = [Known(*row) for row in rows.values_list("origin", "remote_id", "text")]
        if wanted := [post for post in known if post.key not in skipped][:most]:
            found.append((source, wanted))
    return found


def doubt(source: Source) -> int:
    """We may have missed something: ask soon about everything visible. The number of posts."""
    due_now = timezone.now() - EVERY
    with changing(source.event_id):
        posts = _shown(source)
        posts.filter(checked_at__gt=due_now).update(checked_at=due_now)
        return posts.count()


def take_heard(source: Source, asked: Sequence[Known], heard: Sequence[Incoming | Known]) -> int:
    """Let what was heard about `asked` come in, and nothing else. The number that changed."""
    answers = _answers(asked, heard)
    items = tuple(item for _key, item in answers if isinstance(item, Incoming))
    changed = ingest.take(
        source, Batch(items=items, cursor="", wait_s=0), unasked=True, only_known=True
    )
    posts = Post.objects.filter(source=source, origin__in={key for key, _item in answers})
    with changing(source.event_id):
        posts.update(checked_at=timezone.now())
    return changed


def note_unchecked(adapters: Mapping[str, Adapter], at: datetime | None = None) -> None:
    """Each source is told how many of its posts that can be seen were not heard of for longer than
    promised. A question for each event, and a change where the number is another.
    """
    at = at or timezone.now()
    sources = Source.objects.filter(adapter__in=_checking(adapters))
    late = Q(checked_at__lt=at - PROMISED) | Q(checked_at=None, received_at__lt=at - PROMISED)
    posts = Post.objects.filter(late, source__in=sources).shown()
    posts = posts.exclude(source__adapter="feed", remote_id="")  # without a page of their own
    events = set(posts.values_list("event", flat=True).distinct())
    counted: Counter[int] = Counter()
    for event_id in events:
        seen = posts.filter(in_sight.of(event_id), event=event_id).order_by()
        counted.update(dict(seen.values_list("source").annotate(Count("pk"))))
    for source in sources.filter(Q(pk__in=counted) | Q(unchecked__gt=0)):
        if source.unchecked != counted[source.pk]:
            contact.note_unchecked(source, counted[source.pk])


def _answers(
    asked: Sequence[Known], heard: Sequence[Incoming | Known]
) -> list[tuple[str, Incoming | Known]]:
    """What was heard about what was asked, each with the post's name here."""
    keys = {post.key for post in asked}
    called = {post.remote_id: post.key for post in asked if post.remote_id}
    named = [
        (origins.origin_of(item.key) if item.key else called.get(item.remote_id, ""), item)
        for item in heard
    ]
    return [(key, item) for key, item in named if key in keys]


def _checking(adapters: Mapping[str, Adapter]) -> dict[str, Checking]:
    return {kind: one for kind, one in adapters.items() if isinstance(one, Checking)}


def _shown(source: Source) -> PostQuerySet:
    return Post.objects.filter(source=source).shown()
