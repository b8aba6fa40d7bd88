"""All that one guest has here, whichever app keeps it: tell it, bring it together, erase it.

Answers to the four questions are not among it: nobody knows whose they are. Knows no requests.
"""

from typing import Any

from agenda import carry, forgetting, stars
from agenda.models import Attendee, Event, Hosting
from eventhub.live.log import Log, changing
from wall import moderation
from wall.models import Author, Decision, Post
from wall.models.post import PostQuerySet
from wall.notes import origin_of


def row_of(event: Event, key: str | None) -> Attendee | None:
    """The guest behind a cookie's key; None as long as they have done nothing here."""
    return Attendee.objects.filter(event=event, key=key).first() if key else None


def count_notes(attendee: Attendee | None) -> int:
    """Those that were not taken back."""
    return 0 if attendee is None else _notes(attendee).not_withdrawn().count()


def count_hosted(event: Event, key: str) -> int:
    """How many proposals they may correct."""
    return Hosting.objects.filter(attendee__event=event, attendee__key=key).count()


def go_on_as(event: Event, typed: str, *, here: str | None) -> Attendee | None:
    """Spend a carry key: the guest to whom it leads, None if it leads nowhere (any more).

    Whoever this browser was so far (`here`, a guest's key) is brought together with them: notes,
    stars, proposals, votes, and the name where the other has none.
    """
    with changing(event) as log:
        attendee = carry.spend(event, typed)
        if attendee is not None and (old := row_of(event, here)) is not None and old != attendee:
            _bring_together(log, old, attendee)
    return attendee


def everything_about(event: Event, key: str) -> dict[str, Any]:
    """Whatever is stored of one guest, as their own browser may read it. Nine queries."""
    attendee = row_of(event, key)
    stored: dict[str, Any] = {
        "event": {"name": event.name, "address": event.slug, "deleted_on": event.purge_on},
        "guest": None,
        "notes": [],
        "stars": [],
        "hashtags": [],
        "proposals": [],
        "would_come": [],
        "ways_to_other_devices": [],
    }
    if attendee is None:
        return stored
    stored["guest"] = {
        "key": attendee.key,
        "name": attendee.nickname,
        "organisation": attendee.organisation,
        "since": attendee.created_at,
        "judged": _judged(attendee),
    }
    decisions: dict[int | None, list[dict[str, Any]]] = {}
    for one in Decision.objects.filter(post__attendee=attendee).order_by("pk"):
        known = {"before": one.before, "after": one.after, "at": one.at}
        decisions.setdefault(one.post_id, []).append(known)
    notes = _notes(attendee).to_draw().select_related("prompt").order_by("pk")
    stored["notes"] = [_told(note) | {"decisions": decisions.get(note.pk, [])} for note in notes]
    stored["stars"] = stars.told(attendee)
    stored |= forgetting.told(attendee)
    stored["ways_to_other_devices"] = [
        {"made_until": way.expires_at, "used": way.used_at} for way in attendee.carries.all()
    ]
    return stored


def erase(event: Event, key: str) -> int:
    """Take back every note of a guest and forget them. How many notes were still there.

    Each note leaves every screen, phone and image address like one that is taken back alone, and
    so do their proposals, but for what stands on the programme by now.
    """
    with changing(event) as log:
        attendee = row_of(event, key)
        if attendee is None:
            return 0
        erased = 0
        for note in _notes(attendee):
            erased += moderation.withdraw(note, attendee_key=key)
            log.remove(log.fresh(note))
        forgetting.lock(event, attendee)
        forgetting.forget(log, attendee)
        attendee.delete()
    return erased


def _notes(attendee: Attendee) -> PostQuerySet:
    return Post.objects.filter(attendee=attendee)


def _bring_together(log: Log, old: Attendee, into: Attendee) -> None:
    judged = _bring_judgings_together(old, into)
    for note in map(log.fresh, _notes(old)):
        # What the phone still has to send or take back knows the note by this name.
        origin = origin_of(into.key, note.origin.rpartition(":")[2])
        if not Post.objects.filter(event_id=note.event_id, origin=origin).exists():
            note.origin = origin
        note.attendee = into
        note.author = judged
        # First those who lose it: the last change of a row is the one that tells its version.
        log.tell(Post.kind, topics=(f"mine:{old.key}",), object_id=note.pk, key=note.key)
        log.touch(note)
    stars.bring_together(log, old, into)
    forgetting.lock(old.event, old, into)
    forgetting.bring_together(log, old, into)
    if not into.nickname:
        into.nickname, into.organisation = old.nickname, old.organisation or into.organisation
        into.save(update_fields=["nickname", "organisation"])
    old.delete()


def _judged(attendee: Attendee) -> dict[str, Any] | None:
    """What the desk thinks of them; None as long as nobody has said anything."""
    author = Author.objects.filter(attendee=attendee).first()
    if author is None:
        return None
    return {"standing": author.standing, "at": author.judged_at}


def _bring_judgings_together(old: Attendee, into: Attendee) -> Author | None:
    """Who is blocked stays blocked in another browser; trust is not handed on by a key."""
    author = Author.objects.filter(attendee=into).first()
    former = Author.objects.filter(attendee=old).first()
    if former is None or former.standing != Author.Standing.BLOCKED:
        return author
    if author is None:
        author = Author(event_id=into.event_id, attendee=into, identity=f"guest:{into.key}")
    for name in ("network", "name", "standing", "judged_by", "judged_at"):
        setattr(author, name, getattr(former, name))
    author.save()
    return author


def _told(note: Post) -> dict[str, Any]:
    photo = getattr(note, "photo", None)
    return {
        "key": note.key,
        "text": note.text,
        "state": note.state,
        "name": note.author_name,
        "organisation": note.organisation,
        "session": note.session.title if note.session else "",
        "answers": note.prompt.text if note.prompt else "",
        "written": note.written_at,
        "received": note.received_at,
        "sent_as": note.origin,
        "photo": photo
        and {
            "address": f"/media/{photo.key}",
            "description": photo.alt,
            "width": photo.width,
            "height": photo.height,
            "bytes": photo.size,
            "made": photo.made_at,
        },
    }
