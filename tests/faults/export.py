"""Write the database as a round left it: `python -m tests.faults.export FILE NAME=SLUG ...`.

Runs with the settings of the tested installation; reads only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import django


def export_event(slug: str) -> dict[str, Any]:
    """Posts, log and position of one event, as `evidence` reads them."""
    from agenda.models import Event
    from eventhub.live.check_log import check
    from eventhub.live.models import Change, Stream
    from eventhub.live.reading import Cursor
    from wall.models import Post, Source

    event = Event.objects.get(slug=slug)
    stream = Stream.objects.get(event_id=event.pk)
    changes = Change.objects.filter(event_id=event.pk).order_by("seq")
    posts = Post.objects.filter(event=event).prefetch_related("decisions").order_by("pk")
    sources = Source.objects.filter(event=event).order_by("pk")
    return {
        "head": stream.head,
        "floor": stream.floor,
        "log": [
            [
                change.seq,
                str(Cursor(change.seq, change.tag)).partition(".")[2],
                change.topics,
                change.kind,
                str(change.object_id),
            ]
            for change in changes
        ],
        "posts": [
            {
                "id": str(post.pk),
                "key": post.key,
                "origin": post.origin,
                "text": post.text,
                "state": post.state,
                "version": post.version,
                "shown_seq": post.shown_seq,
                "decisions": [
                    [decision.before, decision.after]
                    for decision in sorted(post.decisions.all(), key=lambda row: row.pk)
                ],
            }
            for post in posts
        ],
        "complaints": check(event.pk),
        "source_cursors": [source.cursor for source in sources],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("events", nargs="+", metavar="NAME=SLUG")
    options = parser.parse_args()
    django.setup()
    from wall.models.post import WALL_WINDOW

    slugs = dict(pair.split("=", 1) for pair in options.events)
    events = {name: export_event(slug) for name, slug in slugs.items()}
    options.file.write_text(json.dumps({"window": WALL_WINDOW, "events": events}, indent=1))


if __name__ == "__main__":
    main()
