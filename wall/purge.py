"""Delete what guests and sources have written, on the day the event has set for it.

The event, its programme, its accounts and who decided when stay; open pages are told as of every
change. In portions, each whole or not at all: whoever is killed in the middle goes on from there.
Which bytes are left in files afterwards is the concern of `wall/scrub.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from agenda import forgetting, helpers
from agenda.models import (
    Answer,
    Attendee,
    Door,
    DoorEntry,
    Event,
    Membership,
    Proposal,
    Suggestion,
)
from eventhub.live.log import Log, changing, cut
from eventhub.live.models import Change
from wall import photos, purge_keepers, scrub
from wall.models import Photo, Post, Source

Row = TypeVar("Row", bound=Model)

PORTION = 50  # rows in one change, so that a moderator of another event does not wait
EASTMOST = timedelta(hours=14)  # where a day begins first
HELPER = "helper-"  # how agenda.helpers calls people without an account
KIND = "purge"  # of the change that closes a log, and that no topic shows


def due(at: datetime) -> list[Event]:
    """The events of which everything must be gone at `at` (aware): their day has begun there."""
    events = Event.objects.filter(purge_on__lte=(at + EASTMOST).date())
    return [event for event in events if at.astimezone(event.tz).date() >= event.purge_on]


def purge(event: Event) -> Counter[str]:
    """Delete until nothing is left. How many rows of which kind; empty if it was done before."""
    gone: Counter[str] = Counter()
    for portion in portions(event):
        gone += portion
    return gone


def portions(event: Event) -> Iterator[Counter[str]]:
    """One portion each time it is asked, until nothing is left."""
    if not count(event):
        _forget_names(event)
        return
    scrub.remember()
    for name, remove in _STEPS.items():
        while removed := _portion(event, remove):
            yield Counter({name: removed})


def count(event: Event) -> Counter[str]:
    """What a purge would delete now, by kind; empty if nothing is left. Some twenty queries."""
    found = {
        "sources": len(_speaking(event)),
        "posts": Post.objects.filter(event=event).count(),
        "photos": Photo.objects.filter(event=event).count(),
        **purge_keepers.count(event),
        "proposals": Proposal.objects.filter(event=event).count(),
        "suggestions": Suggestion.objects.filter(event=event).count(),
        "guests": Attendee.objects.filter(event=event).count(),
        "answers": Answer.objects.filter(event=event).count(),
        "helpers": _of_helpers(event),
    }
    return Counter({name: number for name, number in found.items() if number})


def _portion(event: Event, remove: Callable[[Log, Event], int]) -> int:
    with changing(event) as log:
        return remove(log, event)


def _oldest(rows: QuerySet[Row]) -> list[Row]:
    """The next portion, in the order of writing: without one PostgreSQL takes them as they lie."""
    return list(rows.order_by("pk")[:PORTION])


def _speaking(event: Event) -> list[Source]:
    """Sources that still read, or know what they have read, or with which secret."""
    silent = Q(paused=True, cursor="", token_sealed="", error="")
    return list(Source.objects.filter(event=event).exclude(silent))


def _silence_sources(log: Log, event: Event) -> int:
    """First of all: what is deleted next must not be fetched again."""
    sources = _speaking(event)
    for source in map(log.fresh, sources):
        source.paused, source.state, source.next_try_at = True, Source.State.NEW, None
        source.cursor = source.token = source.error = ""
        log.touch(source)
    return len(sources)


def _remove_posts(log: Log, event: Event) -> int:
    posts = _oldest(Post.objects.filter(event=event).select_related("photo", "attendee"))
    for post in posts:
        if (photo := photos.photo_of(post)) is not None:
            _remove_photo(photo)
        log.remove(post)
    return len(posts)


def _remove_photos(log: Log, event: Event) -> int:
    found = _oldest(Photo.objects.filter(event=event))
    for photo in found:
        _remove_photo(photo)
    return len(found)


def _remove_photo(photo: Photo) -> None:
    """First the file: if it ends here, the row still says which one it was."""
    photos.path_of(photo.key).unlink(missing_ok=True)
    photo.delete()


def _remove_of_keepers(name: str, log: Log, event: Event) -> int:
    return purge_keepers.STEPS[name](log, event, PORTION)


def _remove_proposals(log: Log, event: Event) -> int:
    """What takes place stays on the programme as its session, without what was wished for it."""
    cards = forgetting.of_guests(event, PORTION)
    forgetting.remove(log, cards)
    return len(cards)


def _remove_suggestions(log: Log, event: Event) -> int:
    return forgetting.suggestions(event)


def _remove_guests(log: Log, event: Event) -> int:
    # Whoever has written since is left to the next run: notes go with the log or not at all.
    found = _oldest(Attendee.objects.filter(event=event, post=None))
    forgetting.lock(event, *found)
    Attendee.objects.filter(pk__in=[guest.pk for guest in found]).delete()
    return len(found)


def _remove_answers(log: Log, event: Event) -> int:
    found = _oldest(Answer.objects.filter(event=event))
    Answer.objects.filter(pk__in=[answer.pk for answer in found]).delete()
    return len(found)


def _remove_helpers(log: Log, event: Event) -> int:
    """People without an account who came by a door, the doors, and their book."""
    removed = _of_helpers(event)
    if not removed:
        return 0
    for membership in _helping(event).select_related("user"):
        helpers.revoke(membership, by=None)  # closes what they have open
    for door in Door.objects.filter(event=event):
        log.tell(helpers.DOOR, topics=("doors", "home"), object_id=door.pk, key=door.task)
    log.tell(helpers.HELPER, topics=("home",), object_id=event.pk, key="helpers")
    helpers.forget(event)
    _helping(event).delete()  # of those who help elsewhere, too
    return removed


def _of_helpers(event: Event) -> int:
    book = DoorEntry.objects.filter(event=event).count() + Door.objects.filter(event=event).count()
    return book + _helping(event).count()


def _helping(event: Event) -> QuerySet[Membership]:
    return Membership.objects.filter(event=event, user__username__startswith=HELPER)


def _forget_names(event: Event) -> None:
    """An hour later everybody has heard it: the log need not know any more for whom it was."""
    if not Change.objects.filter(event_id=event.pk, topics__contains="mine:").exists():
        return
    with changing(event) as log:
        log.tell(KIND, topics=("desk",), object_id=event.pk, key=KIND)
    cut(event)


_STEPS: dict[str, Callable[[Log, Event], int]] = {
    "sources": _silence_sources,
    "posts": _remove_posts,
    "photos": _remove_photos,
    **{name: partial(_remove_of_keepers, name) for name in purge_keepers.STEPS},
    "proposals": _remove_proposals,
    "suggestions": _remove_suggestions,
    "guests": _remove_guests,
    "answers": _remove_answers,
    "helpers": _remove_helpers,
}
