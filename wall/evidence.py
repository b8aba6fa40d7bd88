"""Keep a post sealed for one organizer, who alone may open it, until a day of its own.

Event, post and source may go or change meanwhile. Knows no requests.
"""

import base64
import re
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import sealing
from agenda.models import Event, Membership, User
from eventhub.live.log import changing
from wall import actions, scrub
from wall.evidence_content import Content, gather
from wall.models import Action, Evidence, Post

USUAL_DAYS = 180
LONGEST_DAYS = 3 * 365
MAX_KEPT = 200  # of one event
MAX_WHY = 300
SEALED_FOR = b"evidence"
ONE_READING = timedelta(minutes=10)  # within it, looking again is the same line of the log
EASTMOST = timedelta(hours=14)  # where a day begins first
_KEY = re.compile(r"[\w-]{22}", re.ASCII)


class EvidenceRefused(Exception):
    """Nothing was kept; `message` says in one sentence why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class PostChanged(EvidenceRefused):
    """What is there now is not what was looked at."""


def organizers(event: Event) -> QuerySet[User]:
    """For whom something of `event` can be kept, by name."""
    named = Membership.objects.active().organizing().filter(event=event)
    people = User.objects.filter(is_active=True, pk__in=named.values("user"))
    return people.order_by("first_name", "username")


def days(event: Event) -> tuple[date, date, date]:
    """The first day on which evidence may be deleted, the usual one and the last."""
    today = timezone.now().astimezone(event.tz).date()
    usual, last = (today + timedelta(days=n) for n in (USUAL_DAYS, LONGEST_DAYS))
    return today + timedelta(days=1), usual, last


def seal(
    post: Post, *, key: str, version: int, kept_for: User, until: date, why: str, by: User
) -> Evidence:
    """Keep `post` as it is at `version`, with its pictures. Asked twice with the same `key` (22
    characters, chosen by whoever asks) it is kept once.

    PostChanged if it is another post by now; EvidenceRefused if it cannot be kept like that.
    """
    first, _usual, last = days(post.event)
    if not _KEY.fullmatch(key):
        raise EvidenceRefused(_("Please load the page again."))
    if (known := Evidence.objects.filter(event=post.event_id, key=key).first()) is not None:
        return known
    if not first <= until <= last:
        raise EvidenceRefused(_("Please choose a day within the next three years."))
    why = " ".join(why.split())[:MAX_WHY]
    # The files are read and encrypted before the log is opened: nobody has to wait for it.
    row = _row(gather(post, kept_for=kept_for, by=by, why=why), post)
    row.key, row.kept_for, row.by, row.delete_on = key, kept_for, by, until
    with changing(post.event_id) as log:
        fresh = log.fresh(post)
        if fresh.version != version or post.version != version or fresh.state == "withdrawn":
            raise PostChanged(_("The post has changed. Please look at it again."))
        if not organizers(post.event).filter(pk=kept_for.pk).exists():
            raise EvidenceRefused(_("Choose one of the organizers of this event."))
        if Evidence.objects.filter(key=key).exists():
            raise EvidenceRefused(_("Please load the page again."))
        if Evidence.objects.filter(event=post.event_id).count() >= MAX_KEPT:
            raise EvidenceRefused(_("So much is kept already that nothing more fits."))
        row.save()
        about = f"{kept_for.spoken_name()}, {until.isoformat()} · {number_of(row)}"
        actions.record(log, "seal_evidence", by=by, about=about)
    return row


def open_sealed(row: Evidence) -> Content | None:
    """What was kept; None if a byte of it is not as it was sealed, or the server's key is another
    one.
    """
    written = sealing.unseal(row.sealed, purpose=SEALED_FOR)
    found = [sealing.unseal(sealed, purpose=SEALED_FOR) for sealed in row.pictures]
    if not written or not all(found):
        return None
    content = Content(written, [base64.b64decode(picture) for picture in found])
    return content if content.digest == row.digest and content.is_whole else None


def kept(event: Event) -> QuerySet[Evidence]:
    """What everybody at the desk may know: that there is something, from whom, for whom, until
    when. Nothing sealed is asked for.
    """
    rows = Evidence.objects.filter(event=event).select_related("by", "kept_for")
    return rows.only(
        *("key", "at", "delete_on", "digest", "event_id"),
        *(f"{who}__{name}" for who in ("by", "kept_for") for name in ("first_name", "username")),
    ).order_by("delete_on", "pk")


def of(event: Event, user: User) -> QuerySet[Evidence]:
    """What `user` may open: theirs, as long as they organize `event`."""
    rows = Evidence.objects.filter(event=event, kept_for=user).select_related("by", "kept_for")
    return rows if organizers(event).filter(pk=user.pk).exists() else rows.none()


def note_reading(row: Evidence, *, by: User) -> None:
    """Write down that it was opened: once in ten minutes."""
    about, since = _about(row), timezone.now() - ONE_READING
    read = Action.objects.filter(event=row.event_id, verb="read_evidence", by=by, about=about)
    if read.filter(at__gte=since).exists():
        return
    with changing(row.event_id) as log:
        actions.record(log, "read_evidence", by=by, about=about)


def delete(row: Evidence, *, by: User | None) -> bool:
    """Nothing is left of it but the line in the log. False if it is gone already."""
    scrub.remember()
    with changing(row.event_id) as log:
        if not Evidence.objects.filter(pk=row.pk).delete()[0]:
            return False
        actions.record(log, "delete_evidence", by=by, about=_about(row))
    return True


def due(at: datetime) -> list[Evidence]:
    """What must be gone at `at` (aware): its day has begun where its event is."""
    rows = Evidence.objects.filter(delete_on__lte=(at + EASTMOST).date())
    found = rows.select_related("event", "kept_for").defer("sealed", "pictures").order_by("pk")
    return [row for row in found if at.astimezone(row.event.tz).date() >= row.delete_on]


def delete_due(at: datetime) -> int:
    """Delete what must be gone at `at`, one at a time. How many."""
    return sum(delete(row, by=None) for row in due(at))


def number_of(row: Evidence) -> str:
    """How lists and the log call it: it says nothing of what is in it."""
    return row.key[:6]


def _about(row: Evidence) -> str:
    """After the purge of the event the log names nobody any more."""
    if timezone.now().astimezone(row.event.tz).date() >= row.event.purge_on:
        return ""
    return f"{row.kept_for.spoken_name()} · {number_of(row)}"


def _row(content: Content, post: Post) -> Evidence:
    pictures = [base64.b64encode(data).decode() for data in content.pictures]
    return Evidence(
        event_id=post.event_id,
        sealed=sealing.seal(content.written, purpose=SEALED_FOR),
        pictures=[sealing.seal(picture, purpose=SEALED_FOR) for picture in pictures],
        digest=content.digest,
    )
