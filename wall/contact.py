"""How a source is doing: what it brought last, its trouble, its stream. Takes in no posts."""

from datetime import datetime, timedelta

from django.utils import timezone

from eventhub.live.log import Log, changing
from wall.models import Source
from wall.sources.base import Batch

SEEN_LATELY = timedelta(seconds=60)  # a desk need not hear of each look that brought nothing
CLOCK_IS_OFF_S = 300.0  # nothing is told that is not written yet: a clock over there is wrong
MOST_S = 2**31 - 1  # that a database holds: a source may claim any year
OLD = timedelta(minutes=10)  # what is told of later is an edit, or was asked about


def note_success(log: Log, source: Source, batch: Batch) -> None:
    """It was asked and answered: how far it was read, and when it is asked again."""
    now = timezone.now()
    was_good = source.state == Source.State.GOOD
    source.state, source.error = Source.State.GOOD, ""
    _note_lag(source, batch, now)
    source.cursor = batch.cursor
    source.rate_left = batch.rate_left
    source.next_try_at = now + timedelta(seconds=batch.wait_s)
    seen_lately = source.last_contact_at and now - source.last_contact_at < SEEN_LATELY
    if was_good and seen_lately and not batch.items and not source.asks_again_at:
        log.write_quietly(source)
        return
    source.last_contact_at = now
    log.touch(source)


def note_heard(log: Log, source: Source, batch: Batch) -> None:
    """It told something unasked, or was asked about single posts: the next look stays when it was,
    and "" moves no cursor.

    Trouble with the looks is not over because a stream still speaks.
    """
    now = timezone.now()
    _note_lag(source, batch, now, oldest=now - OLD)
    source.cursor = batch.cursor or source.cursor
    if source.last_contact_at and now - source.last_contact_at < SEEN_LATELY:
        log.write_quietly(source)
        return
    source.last_contact_at = now
    log.touch(source)


def note_failure(source: Source, *, message: str, retry_at: datetime, permanent: bool) -> None:
    """Remember in plain words why a source could not be read, and when it is tried again."""
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        fresh.state = Source.State.STOPPED if permanent else Source.State.FAILING
        fresh.error = message[:300]
        fresh.next_try_at = None if permanent else retry_at
        log.touch(fresh)


def note_stream(source: Source, *, stands: bool) -> None:
    """Remember whether a stream stands beside the looks."""
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        if fresh.streaming != stands:
            fresh.streaming = stands
            log.touch(fresh)


def note_unchecked(source: Source, count: int) -> None:
    """Remember how many of its posts that can be seen it could not be asked about in time."""
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        if fresh.unchecked != count:
            fresh.unchecked = count
            log.touch(fresh)


def _note_lag(
    source: Source, batch: Batch, now: datetime, *, oldest: datetime | None = None
) -> None:
    """How late the newest post was, negative if it claims to come from the future. The first page
    is history: it says nothing about being late.
    """
    items = [item for item in batch.items if not item.gone]
    if not items:
        return
    newest = max(items, key=lambda item: (item.written_at, item.ahead_s))
    if newest.ahead_s > CLOCK_IS_OFF_S:
        source.lag_s = -min(round(newest.ahead_s), MOST_S)
    elif source.cursor and (oldest is None or newest.written_at > oldest):
        source.lag_s = min(max(0, round((now - newest.written_at).total_seconds())), MOST_S)
