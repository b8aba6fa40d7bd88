"""Set up walls written by attackers: `python -m tests.browser.hostile_posts` prints JSON.

With COUNT and SEED the texts are generated, without they are the chosen ones.
"""

import json
import sys
from datetime import timedelta
from itertools import islice
from typing import Any

import django

AT_ONCE = 60  # what a wall keeps, and a desk shows of it


def main() -> None:
    django.setup()
    from tests import factories, guests
    from tests.hostile_texts import chosen, generated

    wanted = [int(argument) for argument in sys.argv[1:]]
    texts = iter(enumerate(generated(*wanted) if wanted else chosen()))
    walls = []
    admin = guests.signed_in(factories.make_user(is_staff=True, is_superuser=True))
    while portion := list(islice(texts, AT_ONCE)):
        walls.append(_wall(portion))
    print(json.dumps({"walls": walls, "admin": _cookies(admin)}))


def _wall(portion: list[tuple[int, str]]) -> dict[str, Any]:
    """One event whose wall is full of `portion`."""
    import msgspec
    from django.utils import timezone

    from eventhub.live.models import new_key
    from tests import factories, guests
    from tests.hostile_texts import status
    from wall import ingest
    from wall.models import Picture, Post
    from wall.sources.base import Batch
    from wall.sources.mastodon_status import translated

    now = timezone.now()
    event = factories.make_event(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=9), language="en"
    )
    source = factories.make_source(event, paused=False)
    items = [
        item
        for number, text in portion
        if (item := translated(msgspec.Raw(status(number, text)), "https://a.example", now))
    ]
    ingest.take(source, Batch(items=tuple(items), cursor="1", wait_s=9999))
    # Their pictures will never come: what is drawn instead has the same description.
    Picture.objects.filter(event=event).update(state=Picture.State.KEPT, width=64, height=48)
    _show_all(event)
    desk = factories.make_moderator(event)
    key = new_key()
    factories.make_screen(event, key=key)
    return {
        "slug": event.slug,
        "posts": Post.objects.filter(event=event).count(),
        "desk": _cookies(guests.signed_in(desk)),
        "screen": _cookies(guests.beamer(key)),
    }


def _show_all(event: Any) -> None:
    from eventhub.live.log import changing
    from wall.models import Post, Source

    with changing(event) as log:
        for source in Source.objects.filter(event=event):
            fresh = log.fresh(source)
            fresh.paused = True
            log.touch(fresh)
        for post in Post.objects.filter(event=event).order_by("pk"):
            shown = log.fresh(post)
            shown.state = Post.State.SHOWN
            log.touch(shown)


def _cookies(client: Any) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


if __name__ == "__main__":
    main()
