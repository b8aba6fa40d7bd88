"""What a guest's notes are to the guest: which they are, how long a look takes, taking one back.

Taking in is `ingest.take_note`, deciding is `moderation`. Knows no HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda import attendees, programme
from agenda.models import Event, Session
from eventhub.live.log import Log, changing
from wall import displays, moderation
from wall.models import Decision, Post, Rule
from wall.models.post import PostQuerySet

MAX_ADDRESSEES = 40
RECENT = timedelta(hours=1)
LOOKED_AT = 20  # the last decisions that tell how long a look takes; fewer than three tell nothing


def of_guest(event_id: int, attendee_key: str) -> PostQuerySet:
    """All notes of one guest, each with the time of the last decision about it, and when it first
    stood on a screen.
    """
    last = Decision.objects.filter(post=OuterRef("pk")).order_by("-pk").values("at")[:1]
    notes = Post.objects.filter(event_id=event_id).written_by(attendee_key)
    return displays.with_first(notes.to_draw().annotate(decided_at=Subquery(last)))


def since(note: Post) -> datetime:
    """When a note of `of_guest` came to be what it is now."""
    decided_at: datetime | None = getattr(note, "decided_at", None)
    return decided_at or note.received_at


def origin_of(attendee_key: str, idempotency: str) -> str:
    """The canonical name of a note: what its phone calls it, within its guest's."""
    return f"note:{attendee_key}:{idempotency}"


def withdraw(event: Event, *, attendee_key: str, name: str) -> Post | None:
    """Take back the guest's note called `name`: its public key, or the key its phone gave it.

    A phone that has lost the answer knows only the latter. If we have never seen the note, it is
    remembered as taken back, and can arrive no more. None if `name` is somebody else's note.
    """
    with changing(event) as log:
        mine = Q(key=name, attendee__key=attendee_key)
        mine |= Q(origin=origin_of(attendee_key, name))
        post = Post.objects.filter(mine, event=event).first()
        if post is not None:
            moderation.withdraw(post, attendee_key=attendee_key)
            return log.fresh(post)
        if Post.objects.filter(event=event, key=name).exists():
            return None
        return log.add(
            Post(
                event=event,
                attendee=attendees.row_for(event, attendee_key),
                origin=origin_of(attendee_key, name),
                network="note",
                written_at=timezone.now(),
                state=Post.State.WITHDRAWN,
            )
        )


def expected_wait(event: Event) -> str:
    """How long a look takes at the moment, in words; "" if nobody can say. Two queries."""
    if Rule.objects.filter(event=event, empty_since__isnull=False).exists():
        return _("may take a while: nobody is at the desk right now")
    decisions = Decision.objects.filter(
        event=event,
        by__isnull=False,
        before=Post.State.PENDING,
        post__attendee__isnull=False,
        at__gt=timezone.now() - RECENT,
    ).order_by("-pk")
    times = decisions.values_list("at", "post__received_at")[:LOOKED_AT]
    waits_s = [(at - received).total_seconds() for at, received in times]
    if len(waits_s) < 3:
        return ""
    minutes = max(1, ceil(median(waits_s) / 60))
    if minutes > 60:
        return _("may take longer than an hour")
    return ngettext("mostly within a minute", "mostly within %(n)d minutes", minutes) % {
        "n": minutes
    }


def whom_to_ask(event: Event) -> str:
    """What stands beside a note that is not shown. Never why: that would teach how to evade."""
    if event.contact:
        return _("Questions? %(contact)s") % {"contact": event.contact}
    return _("Questions? Ask the organizers.")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A session that notes can be written to: offered while it runs, or because it is `chosen`."""

    session: Session
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    offered: bool = True
    chosen: bool = False


def addressees(event: Event, at: datetime, wanted: str) -> list[Addressee]:
    """What runs at `at` or will run today, by time, without breaks; first the `wanted` session.

    `wanted` is the number of a session of this event as an address has it; anything else is
    passed over. Two queries at most.
    """
    slots = [slot for slot in programme.slots_of_day(event, at) if slot.ends_at > at]
    found = [
        Addressee(slot.session, slot.starts_at, slot.ends_at, slot.starts_at <= at)
        for slot in slots
        if slot.session.kind != Session.Kind.BREAK and str(slot.session_id) != wanted
    ][:MAX_ADDRESSEES]
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        session = event.sessions.filter(pk=int(wanted)).first()
        if session is not None:
            found.insert(0, Addressee(session, chosen=True))
    return found


def sessions_changed(log: Log, sessions: Sequence[Session], gone: bool) -> None:
    """Titles are new, or sessions go: they stand on every note that was written to them."""
    for post in Post.objects.filter(event_id=log.event_id, session__in=sessions):
        if gone:
            post.session = None
        log.touch(post)
