"""`take()` and bare bulk_creates of the same rows, in turn, in a fresh database: one process.

    python -m bench.taking ROUNDS

prints one JSON object per round on stdout: seconds of each for POSTS posts. `rows_s` writes what
take() wrote: posts, the authors that were new, and their changes; `posts_s` the posts alone.
"""

import gc
import json
import sys
import time
from datetime import timedelta
from typing import Any

POSTS = 600
AUTHORS = 100
WORDS = "Gerade am Kanal angekommen, die Lötecke hat schon offen und es riecht nach Kuchen"


def main() -> None:
    from bench import event

    event.make()
    rounds = int(sys.argv[1])
    _round(0)  # whatever is loaded on first use
    gc.collect()
    gc.freeze()
    for number in range(1, rounds + 1):
        print(json.dumps(_round(number)), flush=True)


def source_of_a_flood() -> Any:
    """A source of the benchmark's event, whose posts are shown at once."""
    from agenda.models import Event
    from eventhub.live.log import changing
    from wall import rules
    from wall.models import Rule, Source

    hall = Event.objects.get()
    with changing(hall) as log:
        rule = rules.of(log, hall)
        rule.mode, rule.fallback = Rule.Mode.FREE, Rule.Fallback.GO_ON
        log.touch(rule)
        source = log.add(Source(event=hall, adapter="jetstream", name="#bench", budget=32_000))
    return Source.objects.select_related("event").get(pk=source.pk)


def take(source: Any, items: list[Any]) -> int:
    from wall import ingest
    from wall.sources.base import Batch

    return ingest.take(source, Batch(items=tuple(items), cursor="x", wait_s=0))


def _round(number: int) -> dict[str, float]:
    """Portion by portion, so that a slow second of the machine hits all three."""
    from wall.ingest import MAX_ITEMS_PER_CHANGE as PORTION
    from wall.models import Author, Post

    source = source_of_a_flood()
    seconds = {"ours_s": 0.0, "rows_s": 0.0, "posts_s": 0.0}
    for start in range(0, POSTS, PORTION):
        _portion(seconds, source, [item(number, start + index) for index in range(PORTION)])
    _clear(Post, Author)
    return seconds


def _portion(seconds: dict[str, float], source: Any, items: list[Any]) -> None:
    from django.db.models import Max

    from eventhub.live.models import Change
    from wall.models import Author, Post

    last_author = Author.objects.aggregate(last=Max("pk"))["last"] or 0
    head = Change.objects.aggregate(last=Max("seq"))["last"] or 0
    gc.collect()  # here and below: each pays for the garbage it makes, and for nobody else's
    began_s = time.perf_counter()
    took = take(source, items)
    seconds["ours_s"] += time.perf_counter() - began_s
    if took != len(items):
        raise RuntimeError(f"{took} of {len(items)} posts were taken")
    posts = _copies(Post.objects.filter(origin__in=[item.key for item in items]), origin="bare ")
    authors = _copies(Author.objects.filter(pk__gt=last_author), identity="bare ")
    changes = _copies(Change.objects.filter(seq__gt=head), seq=-1)
    seconds["rows_s"] += _bare(authors, posts, changes)
    seconds["posts_s"] += _bare(posts)


def _bare(*written: list[Any]) -> float:
    """Seconds for these rows, a model at a time, in one transaction. Then they go again."""
    from django.db import connection, transaction
    from django.db.models import QuerySet

    for rows in written:
        for row in rows:
            if hasattr(row, "id"):
                row.pk = None
    gc.collect()
    began_s = time.perf_counter()
    with transaction.atomic():
        for rows in written:
            if rows:
                QuerySet(type(rows[0])).bulk_create(rows)
    passed_s = time.perf_counter() - began_s
    with connection.cursor() as cursor:
        for rows in written:
            for row in rows:
                column = "id" if hasattr(row, "id") else "seq"
                table = row._meta.db_table
                cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [getattr(row, column)])
    return passed_s


def _copies(rows: Any, **apart: Any) -> list[Any]:
    """The rows anew, apart from the first ones where those must be unique."""
    from eventhub.live.models import new_key

    made = []
    for row in rows:
        for name, sign in apart.items():
            value = getattr(row, name)
            setattr(row, name, sign * value if isinstance(value, int) else f"{sign}{value}")
        if hasattr(row, "key") and "origin" in apart:
            row.key = new_key()
        row._state.adding = True
        made.append(row)
    return made


def _clear(*models: Any) -> None:
    """By plain SQL: between two measurements nobody is told."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def item(number: int, index: int) -> Any:
    from django.utils import timezone

    from wall.sources.base import Facet, Incoming

    who = index % AUTHORS
    text = f"{WORDS} {number} {index} #bench"
    return Incoming(
        key=f"at://did:plc:bench{who}/app.bsky.feed.post/{number}x{index}",
        author=f"@bench{who}.bsky.social",
        name=f"Besuch {who}",
        text=text,
        written_at=timezone.now() - timedelta(seconds=3),
        facets=(Facet("tag", len(text) - 6, len(text), "bench"),),
        url=f"https://bsky.app/profile/did:plc:bench{who}/post/{number}x{index}",
        language="de",
        identity=f"did:plc:bench{who}",
        remote_id=f"at://did:plc:bench{who}/app.bsky.feed.post/{number}x{index}",
    )


if __name__ == "__main__":
    main()
