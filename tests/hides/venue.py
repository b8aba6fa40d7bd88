"""Set up the hall of a run of hides: `python -m tests.hides.venue --posts 30`.

Posts with pictures wait for a look, half of them notes of guests, half delivered by a webhook.
Prints as JSON what the people of the run know.
"""

import argparse
import json
from datetime import timedelta
from typing import Any

import django

SECRET = "geheim-aber-lang"
KEEPERS = 8
PORTION = 50


def delivered(name: str, text: str = "") -> dict[str, Any]:
    """One post as the automation sends it, first and again; with another `text` an edit."""
    return {
        "id": name,
        "name": f"Besuch {name}",
        "handle": f"@besuch{name}@x.example",
        "text": text or f"Bild {name} vom Platz",
        "pictures": [{"url": f"https://files.example/{name}.png", "alt": "Der Platz"}],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, required=True)
    parser.add_argument("--guests", type=int, default=20)
    options = parser.parse_args()
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from agenda import attendees
    from agenda.models import Membership, User
    from eventhub.live.models import new_key
    from tests import factories
    from tests.browser.venue import cookies_of
    from wall.models import Rule

    now = timezone.now()
    event = factories.make_event(
        slug="forum-nord",
        photos=True,
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=6),
    )
    factories.make_rule(event, Rule.Mode.FREE, fallback=Rule.Fallback.GO_ON)
    for number in range(KEEPERS):
        user = User.objects.create_user(f"keeper{number}", password=None)
        Membership.objects.create(user=user, event=event, role=Membership.Role.MODERATOR)
    name = attendees.cookie_name(event.pk, settings.ATTENDEE_COOKIE_NAME)
    source = factories.make_source(event, adapter="hook", name="Tor", config={}, token=SECRET)
    posts = [*_delivered(source, options.posts // 2), *_notes(event, (options.posts + 1) // 2)]
    known = {
        "slug": event.slug,
        "hook": source.key,
        "keepers": list(cookies_of(*User.objects.all()).values()),
        "guests": [{name: attendees.sign(event.pk, new_key())} for _ in range(options.guests)],
        "posts": posts,
    }
    print(json.dumps(known))


def _delivered(source: Any, count: int) -> list[dict[str, Any]]:
    from django.utils import timezone

    from wall import hook, ingest, media, photos
    from wall.hook_shapes import PostIn
    from wall.models import Picture
    from wall.sources.base import Batch

    at = timezone.now()
    for start in range(0, count, PORTION):
        names = range(start, min(count, start + PORTION))
        shapes = [PostIn.model_validate(delivered(str(name))) for name in names]
        items = [item for shape in shapes if (item := hook.translated(source, shape, at))]
        ingest.take(source, Batch(items=tuple(items), cursor="{}", wait_s=0))
    for picture in Picture.objects.filter(event_id=source.event_id):
        media.keep(picture.pk, photos.store(photos.CheckedPhoto(_file(), 640, 480)))
    rows = Picture.objects.filter(event_id=source.event_id).values_list(
        "post__key", "post__origin", "key"
    )
    return [
        {"key": key, "id": origin.rpartition(":")[2], "picture": picture}
        for key, origin, picture in rows
    ]


def _notes(event: Any, count: int) -> list[dict[str, Any]]:
    from tests import factories
    from wall.models import Post

    found = []
    for _ in range(count):
        note = factories.make_note(event, state=Post.State.PENDING)
        photo = factories.make_photo(note, data=_file())
        found.append({"key": note.key, "id": "", "picture": photo.key})
    return found


def _file() -> bytes:
    return b"RIFF\x0a\0\0\0WEBPa picture"


if __name__ == "__main__":
    main()
