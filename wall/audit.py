"""The log of the desk as people read it: deeds and decisions by time. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.utils.translation import gettext as _

from agenda.models import Event
from wall import actions
from wall.models import Action, Decision, Post

SHOWN_AT_ONCE = 100
State = Post.State


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, who, what; the post it was about, or the deed that can be taken back."""

    at: datetime
    who: str  # "" for what happened by itself
    words: str
    post: Post | None = None
    deed: Action | None = None
    count: int = 0
    undone_by: str = ""
    can_undo: bool = False


def newest(event: Event, count: int = SHOWN_AT_ONCE) -> list[Entry]:
    """The last lines, newest first. Two queries, however many lines."""
    deeds = actions.newest(event)[:count]
    by_hand = Decision.objects.filter(event=event, by__isnull=False, action=None)
    decisions = by_hand.select_related("by", "post").order_by("-at", "-pk")[:count]
    lines = merge(
        map(_of_deed, deeds), map(_of_decision, decisions), key=lambda one: one.at, reverse=True
    )
    return list(islice(lines, count))


def _of_deed(deed: Action) -> Entry:
    return Entry(
        at=deed.at,
        who=deed.by.spoken_name() if deed.by is not None else "",
        words=actions.words(deed),
        deed=deed,
        count=deed.count,
        undone_by=deed.undone_by.spoken_name() if deed.undone_by is not None else "",
        can_undo=actions.can_undo(deed),
    )


def _of_decision(one: Decision) -> Entry:
    there = one.post if one.post is not None and one.post.state != State.WITHDRAWN else None
    reason = one.get_reason_display() if one.reason else ""
    words = f"{_said(one)} ({reason})" if reason and one.before != one.after else _said(one)
    return Entry(at=one.at, who=one.by.spoken_name() if one.by else "", words=words, post=there)


def _said(one: Decision) -> str:
    match one.before, one.after:
        case State.PENDING, State.PENDING if one.reason == Post.Reason.HELD:
            return _("Stopped a post")
        case State.PENDING, State.PENDING:
            return _("Let a post go on")
        case State.HIDDEN, State.SHOWN:
            return _("Showed a post after all")
        case _before, State.SHOWN:
            return _("Showed a post")
        case State.SHOWN, State.HIDDEN:
            return _("Took a post down")
        case _before, State.HIDDEN:
            return _("Declined a post")
    return _("Let a post wait again")
