"""Which posts stood on which screen and when, as the screens say, and what their guests hear of it.

Believes what is plausible: posts of this event, times that lie shortly behind us, not too many.
Knows no requests.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Min, OuterRef, Subquery

from agenda.models import Event
from eventhub.live.log import changing
from wall import directing, director
from wall.models import Display, Post, Screen, Step
from wall.models.post import PostQuerySet
from wall.scenes import HALL, Scene, Spell

MOST_AT_ONCE = 100  # in one sign; a screen that was alone for a while tells its last hundred
MOST_CHARS = 10_000
MOST_OF_ONE = 10  # times of one post on one screen that are kept
SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=1)
OLDEST = timedelta(hours=2)  # for so long a screen may have been without network
AHEAD = timedelta(seconds=30)  # that a screen's idea of our clock may be wrong
WALL = "wall"


@dataclass(frozen=True, slots=True)
class Stay:
    """That the post `key` stood from then until then."""

    key: str
    from_at: datetime
    until_at: datetime


def stood(screen: Screen, raw: str, at: datetime) -> int:
    """Keep what `screen` says has stood on it: `raw` is JSON [[key, from ms, until ms], ...].

    How many times of posts are new. The guest of a note is told once, when it has stood for the
    first time. Whatever is no such list, or implausible at `at`, is passed over.
    """
    stays = {(stay.key, stay.from_at): stay for stay in read(raw, at)}
    if not stays:
        return 0
    posts = {
        post.key: post
        for post in Post.objects.filter(
            event=screen.event_id,
            key__in={key for key, _ in stays},
            state__in=[Post.State.SHOWN, Post.State.HIDDEN],
        )
    }
    rows = [
        Display(screen=screen, post=posts[s.key], from_at=s.from_at, until_at=s.until_at)
        for s in stays.values()
        if s.key in posts
    ]
    kept, fresh = _within_limits(screen, rows)
    if not kept:
        return 0
    first = _of_guests(rows_fresh=fresh)
    Display.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["screen", "post", "from_at"],
        update_fields=["until_at"],
    )
    _tell(screen.event_id, first)
    return len(fresh)


def read(raw: str, at: datetime) -> list[Stay]:
    """The plausible ones among what a screen says; [] for what is no such list at all."""
    if not raw or len(raw) > MOST_CHARS:
        return []
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return []
    if not isinstance(told, list):
        return []
    return [stay for each in told[:MOST_AT_ONCE] if (stay := _stay(each, at)) is not None]


def _stay(told: Any, at: datetime) -> Stay | None:
    if not isinstance(told, list) or len(told) != 3:
        return None
    key, from_ms, until_ms = told
    if not isinstance(key, str) or not 0 < len(key) <= 40 or "\0" in key:
        return None
    if not all(type(ms) is int and 0 < ms < 10**13 for ms in (from_ms, until_ms)):
        return None
    from_at, until_at = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (from_ms, until_ms))
    lasted = until_at - from_at
    if not lasted >= SHORTEST or from_at < at - OLDEST or until_at > at + AHEAD:
        return None
    return Stay(key, from_at, min(until_at, from_at + LONGEST))


def _within_limits(screen: Screen, rows: Sequence[Display]) -> tuple[list[Display], list[Display]]:
    """What may be kept of `rows`, and which of it is no longer row of what is known. One query."""
    known = Display.objects.filter(screen=screen, post__in={row.post_id for row in rows})
    times = set(known.values_list("post_id", "from_at"))
    counts = Counter(post for post, _ in times)
    kept, fresh = [], []
    for row in rows:
        if (row.post_id, row.from_at) in times:
            kept.append(row)
        elif counts[row.post_id] < MOST_OF_ONE:
            counts[row.post_id] += 1
            kept.append(row)
            fresh.append(row)
    return kept, fresh


def _of_guests(rows_fresh: Sequence[Display]) -> list[Post]:
    """The notes of guests among these that have stood nowhere before. One query."""
    notes = {row.post_id: row.post for row in rows_fresh if row.post.attendee_id is not None}
    if not notes:
        return []
    before = Display.objects.filter(post__in=notes).values_list("post_id", flat=True)
    return [note for number, note in notes.items() if number not in set(before)]


def _tell(event_id: int, notes: Sequence[Post]) -> None:
    """Draw these notes anew for their guests."""
    if not notes:
        return
    with changing(event_id) as log:
        for note in notes:
            if (row := Post.objects.filter(pk=note.pk).first()) is not None:
                log.touch(log.fresh(row))


# --- what a guest hears of a note


def with_first(posts: PostQuerySet) -> PostQuerySet:
    """Each with `stood_at`, when it first stood on a screen; None if it has not."""
    times = Display.objects.filter(post=OuterRef("pk")).order_by().values("post")
    return posts.annotate(stood_at=Subquery(times.annotate(first=Min("from_at")).values("first")))


def first_of(note: Post) -> datetime | None:
    """When a note of `with_first` first stood on a screen."""
    stood_at: datetime | None = getattr(note, "stood_at", None)
    return stood_at


def waits(note: Post) -> bool:
    """Whether a note of `with_first` is shown, and has not stood on a screen yet."""
    return note.state == Post.State.SHOWN and first_of(note) is None


def coming(event: Event, at: datetime) -> Spell | None:
    """The next spell in which the wall stands in the hall; None while it may stand there already,
    if nothing of the kind is planned, or if no screen of the event follows the programme.
    """
    screens = Screen.objects.filter(event=event, revoked_at=None, view=Screen.View.AUTO)
    if not screens.exists() or Step.objects.taken(event, Step.What.CLEAR):
        return None
    plan = directing.plan_of(event, at)
    if _has_wall(plan, plan.spell(HALL, at).scene):
        return None
    day = event.day_of(at)
    later = (spell for spell in plan.places[HALL] if spell.at > at)
    today = (spell for spell in later if event.day_of(spell.at) == day)
    return next((spell for spell in today if _has_wall(plan, spell.scene)), None)


def _has_wall(plan: director.Plan, scene: Scene) -> bool:
    return WALL in director.turns(scene, plan.settings, phase=plan.phase)
