"""Who wrote, as far as their networks say: found or made when a post arrives. Judges nobody."""

from collections.abc import Iterable

from agenda.models import Attendee
from wall.models import Author, Source
from wall.sources.base import Incoming

MAX_IDENTITY_CHARS = 300


def identity_of(item: Incoming) -> str:
    """What stays the same when the account changes its name; "" for what has no author."""
    return (item.identity or item.author)[:MAX_IDENTITY_CHARS]


def known_or_new(source: Source, items: Iterable[Incoming]) -> dict[str, Author]:
    """The authors of `items` by identity. Two questions to the database, and one answer."""
    wanted = {identity_of(item): item for item in items if identity_of(item) and not item.gone}
    rows = Author.objects.filter(event_id=source.event_id, identity__in=wanted)
    found = {author.identity: author for author in rows}
    new = [_author(source, identity, wanted[identity]) for identity in wanted.keys() - found]
    Author.objects.bulk_create(new)
    return found | {author.identity: author for author in new}


def _author(source: Source, identity: str, item: Incoming) -> Author:
    return Author(
        event_id=source.event_id,
        identity=identity,
        network=source.adapter,
        handle=item.author[:200],
        host=host_of(item.author),
        name=item.name[:200],
        since=item.author_since,
    )


def host_of(handle: str) -> str:
    """The server in @name@host, "" if the handle names none."""
    return handle.rpartition("@")[2][:253] if handle.count("@") == 2 else ""


def of_guest(attendee: Attendee) -> Author | None:
    """The row of a guest whom the desk has judged; None for everybody else. One query."""
    return Author.objects.filter(attendee=attendee).first()


def add_guest(attendee: Attendee) -> Author:
    return Author.objects.create(
        event_id=attendee.event_id,
        attendee=attendee,
        identity=f"guest:{attendee.key}",
        network="note",
        name=attendee.nickname,
    )
