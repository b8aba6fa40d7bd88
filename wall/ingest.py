"""`take()` and `take_note()`: the only ways in. Decide what an arriving text becomes.

Knows posts and rules; knows no HTTP and no sockets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import attendees, names
from agenda.models import Event
from eventhub.live.log import Log, changing
from wall import (
    authors,
    contact,
    departures,
    notes,
    origins,
    orphans,
    photos,
    pictures,
    prompts,
    text,
    tombstones,
)
from wall.facets import facets_of, pack
from wall.judging import Judge
from wall.likeness import fingerprint
from wall.models import Author, Post, Source
from wall.photos import CheckedPhoto
from wall.retold import content_of, take_again
from wall.sources import choice
from wall.sources.base import Batch, Incoming

MAX_ITEMS_PER_CHANGE = 200  # so that a flood never delays a moderator


class NoteRefused(Exception):
    """A note that cannot be taken; `message` says in one sentence what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Taken:
    post: Post
    created: bool


def take_note(
    event: Event,
    *,
    attendee_key: str,
    written: str,
    idempotency: str,
    nickname: str | None = None,
    session: int | None = None,
    photo: CheckedPhoto | None = None,
    alt: str = "",
) -> Taken:
    """Take a guest's note. The same `idempotency` key from the same guest gives the first result.

    `session`: what it is written to; one that is not (any more) in this event is passed over, for
    the note may have waited long for a network. A photo is always looked at first. NoteRefused
    for a text that is empty or longer than 280 characters as people count them; NameRefused and
    PhotoRefused likewise.
    """
    body = _note_text(written)
    name = names.nickname(event, nickname) if nickname is not None else None
    with photos.stored(photo) as stored, changing(event) as log:
        attendee = attendees.row_for(event, attendee_key, nickname=name)
        known = known_note(event, attendee_key=attendee_key, idempotency=idempotency)
        if known is not None:
            return Taken(known, created=False)
        post = Post(
            event=event,
            attendee=attendee,
            author=authors.of_guest(attendee),
            origin=notes.origin_of(attendee_key, idempotency),
            network="note",
            author_name=attendee.nickname,
            organisation=attendee.organisation,
            session=event.sessions.filter(pk=session).first() if session else None,
            text=body,
            facets=pack(facets_of(body)),
            likeness=fingerprint(body),
            written_at=timezone.now(),
        )
        post.prompt = prompts.answered_by(post)
        Judge(log, event).admit(post, has_picture=photo is not None)
        log.add(post)
        if stored is not None:
            photos.attach(log, post, stored, alt=alt)
        return Taken(post, created=True)


def _note_text(written: str) -> str:
    body = text.normalise(written)
    if (count := text.length(body)) == 0:
        raise NoteRefused("empty", _("There is nothing in it yet. Write a few words."))
    if count > text.MAX_NOTE_GRAPHEMES:
        raise NoteRefused(
            "too_long",
            _("That is %(count)d characters; 280 fit on the wall. Please shorten it.")
            % {"count": count},
        )
    return body


def known_note(event: Event, *, attendee_key: str, idempotency: str) -> Post | None:
    """What an earlier try with the same key has become: a phone that asks again costs nothing."""
    origin = notes.origin_of(attendee_key, idempotency)
    return Post.objects.filter(event=event, origin=origin).select_related("event").first()


def take(source: Source, batch: Batch, *, unasked: bool = False, only_known: bool = False) -> int:
    """Take what a source brought and remember how far it was read. Number of posts that changed.

    `unasked`: it came from a stream, or from asking about single posts, beside the looks; an empty
    cursor moves none then, and the next look stays when it was.

    Items and cursor are written in the same transaction: after a kill -9 nothing is lost and
    nothing doubled. At most 200 items per transaction; only the last one moves the cursor.
    Of a source that was paused while it answered nothing is taken: a purge pauses it first. But
    for `only_known`: then nothing new comes in, and what stands here is told of all the same.
    """
    left = [origins.origin_of(key) for key in batch.deleted]
    changed = departures.take(source, accounts=batch.gone_authors, origins=left)
    portions = list(_portions(departures.staying(batch)))
    new: list[Incoming] = []
    for number, items in enumerate(portions, start=1):
        with changing(source.event_id) as log:
            fresh = log.fresh(source)
            if fresh.paused and not only_known:
                break  # the cursor stays: once it goes on, this is read again
            if "event" in source._state.fields_cache:
                fresh.event = source.event  # read with the source a moment ago: no need to again
            come, again = _take_portion(log, fresh, items, only_known=only_known)
            changed += len(come) + again
            new += come
            if number == len(portions):
                note = contact.note_heard if unasked else contact.note_success
                note(log, fresh, replace(batch, items=tuple(new)))
    return changed


def _portions(items: Sequence[Incoming]) -> Iterator[Sequence[Incoming]]:
    if not items:
        yield ()
    for start in range(0, len(items), MAX_ITEMS_PER_CHANGE):
        yield items[start : start + MAX_ITEMS_PER_CHANGE]


def _take_portion(
    log: Log, source: Source, items: Sequence[Incoming], *, only_known: bool
) -> tuple[Sequence[Incoming], int]:
    """What is new, and how many others changed. The same few questions, however many items."""
    if not items:
        return (), 0
    folded = origins.folded(items)
    deleted, nameless = origins.deleted_by_id(source, items, folded)
    folded |= deleted
    rows = Post.objects.filter(event_id=source.event_id, origin__in=folded)
    known = {post.origin: post for post in rows}
    if only_known:
        folded, nameless = {origin: folded[origin] for origin in known}, set()
    called = origins.remote_names(source, (item.remote_id for item in folded.values()))
    buried = tombstones.among(source.event_id, (folded.keys() - known.keys()) | called)
    gone = [origin for origin, item in folded.items() if item.gone and origin not in known]
    tombstones.bury(source.event_id, (nameless | set(gone)) - buried)
    arriving = {
        origin: item
        for origin, item in folded.items()
        if not (item.gone or origin in known or origin in buried)
        and not (buried and buried & origins.remote_names(source, [item.remote_id]))
        and choice.is_wanted(source, item)
    }
    accounts = authors.known_or_new(source, folded.values())
    judge = Judge(log, source.event, source=source, authors=accounts.values())
    new = [_arrived(judge, source, origin, arriving[origin], accounts) for origin in arriving]
    arrived = list(zip(new, arriving.values(), strict=True))
    pictures.dress_all(source.event_id, arrived)
    log.add_all(new)
    pictures.want(source.event_id, arrived, new=True)
    again = [(known[origin], item) for origin, item in folded.items() if origin in known]
    again = orphans.taken_over(log, source, judge, again)
    return list(arriving.values()), take_again(log, source, judge, again)


def _arrived(
    judge: Judge, source: Source, origin: str, item: Incoming, accounts: dict[str, Author]
) -> Post:
    post = Post(
        event_id=source.event_id,
        source_id=source.pk,
        author=accounts.get(authors.identity_of(item)),
        origin=origin,
        network=source.adapter,
        remote_id=item.remote_id[:200],
        likeness=fingerprint(item.text),
        written_at=min(item.written_at, judge.at),
        received_at=judge.at,
        checked_at=judge.at,
        **content_of(item),
    )
    judge.admit(post, has_picture=bool(item.pictures))
    return post
