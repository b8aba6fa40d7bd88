"""How a source is doing: what it brought last, its trouble, its stream. Takes in no posts."""

from datetime import datetime, timedelta

from django.utils import timezone

from eventhub.live.log import Log, changing
from wall.models import Source
from wall.sources.base import Batch

SEEN_LATELY = timedelta(seconds=60)  # a desk need not hear of each look that brought nothing


def note_success(log: Log, source: Source, batch: Batch) -> None:
    """It was asked and answered: how far it was read, and when it is asked again."""
    now = timezone.now()
    was_good = source.state == Source.State.GOOD
    source.state, source.error = Source.State.GOOD, ""
    source.cursor = batch.cursor
    source.rate_left = batch.rate_left
    source.next_try_at = now + timedelta(seconds=batch.wait_s)
    _heard(log, source, batch, now, quiet=was_good)


def note_heard(log: Log, source: Source, batch: Batch) -> None:
    """It told something unasked, or was asked about single posts: the next look stays as it was.

    Trouble with the looks is not over because a stream still speaks.
    """
    if batch.cursor:
        source.cursor = batch.cursor
    _heard(log, source, batch, timezone.now(), quiet=True)


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


def _heard(log: Log, source: Source, batch: Batch, now: datetime, *, quiet: bool) -> None:
    last = source.last_contact_at
    written = [item.written_at for item in batch.items if not item.gone]
    if written:
        source.lag_s = max(0, round((now - max(written)).total_seconds()))
    if quiet and last and now - last < SEEN_LATELY and not batch.items:
        log.write_quietly(source)
        return
    source.last_contact_at = now
    log.touch(source)
