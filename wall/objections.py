"""Somebody says that a post is theirs and shall go: it goes at once, the desk looks afterwards.

Also taking down by address, for whoever was told one by telephone. Knows no requests.
"""

from datetime import datetime
from urllib.parse import urldefrag

from django.db.models import Q
from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.log import changing
from wall import actions, moderation, standings, text, tombstones
from wall.models import Action, Objection, Post
from wall.models.post import PostQuerySet

State = Objection.State
MAX_WORDS = 500
MAX_CONTACT = 200
MAX_FOUND = 10


def objectable(event: Event) -> PostQuerySet:
    """Posts that were on the wall, and of which something is left."""
    posts = Post.objects.filter(event=event, shown_seq__isnull=False)
    return posts.not_withdrawn().to_draw()


def find(event: Event, about: str) -> list[Post]:
    """What stands on the wall with this address, or of this account. The newest few."""
    about = about.strip()[:500]
    if len(about) < 3:
        return []
    bare = about.removeprefix("@")
    account = Q(author_handle__iexact=about) | Q(author_handle__iexact=f"@{bare}")
    found = objectable(event).shown().filter(_at(about) | account | Q(author_name__iexact=about))
    return list(found.newest(MAX_FOUND))


def object_to(post: Post, *, words: str = "", contact: str = "") -> Objection:
    """`post` leaves every screen now, and nothing more of its author comes. Asked afterwards.

    Said twice it is the first one. What the desk has shown again stays, and is only looked at
    once more: otherwise anybody could empty the wall for ever. Guests are not blocked: they take
    back themselves, and a stranger must not silence them.
    """
    with changing(post.event_id) as log:
        post = log.fresh(post)
        known = Objection.objects.filter(event=post.event, post=post).order_by("-pk").first()
        if known is not None and known.state != State.REVERSED:
            return known
        objection = Objection.objects.create(
            event=post.event,
            post=post,
            words=text.cut(text.normalise(words), MAX_WORDS),
            contact=" ".join(text.normalise(contact).split())[:MAX_CONTACT],
        )
        if known is None:
            moderation.hide_objected(post, by=None)
    if known is None and post.author is not None and post.attendee_id is None:
        standings.block_author(post, by=None, retroactively=False)
    return objection


def keep(objection: Objection, *, by: User | None) -> bool:
    """The post stays away. False if somebody has decided already."""
    return _decide(objection, State.KEPT, by=by)


def reverse(objection: Objection, *, by: User | None) -> bool:
    """It was not theirs: the post is shown again, and its author is what they were."""
    if not _decide(objection, State.REVERSED, by=by):
        return False
    post = objection.post
    if post is None or post.state == Post.State.WITHDRAWN:
        return True
    if (blocked := _block_of(post, objection.at)) is not None:
        actions.undo(blocked, by=by)
    moderation.show(post, by=by)
    return True


def of_event(event: Event) -> list[Objection]:
    """What is to be looked at first, then what was decided last."""
    rows = Objection.objects.filter(event=event).select_related(
        "post", "post__event", "post__session", "decided_by"
    )
    waiting = rows.filter(state=State.OPEN).order_by("pk")[:100]
    return [*waiting, *rows.exclude(state=State.OPEN).order_by("-pk")[:20]]


def take_down(event: Event, address: str, *, by: User | None) -> int:
    """Whatever stands here from `address` is hidden, and what comes from there later never shown.
    How many posts were hidden.
    """
    address = address.strip()[:500]
    with changing(event) as log:
        found = Post.objects.filter(_at(address), event=event).not_withdrawn()
        hidden = sum(moderation.hide_objected(post, by=by).changed for post in found[:MAX_FOUND])
        tombstones.bury(event.pk, _spellings(address))
        actions.record(log, "take_down", by=by, about=address, count=hidden)
    return hidden


def _decide(objection: Objection, state: str, *, by: User | None) -> bool:
    with changing(objection.event_id) as log:
        waiting = Objection.objects.filter(pk=objection.pk, state=State.OPEN)
        if not waiting.update(state=state, decided_by=by, decided_at=timezone.now()):
            return False
        actions.record(log, "objection", by=by, about=str(State(state).label))
    objection.refresh_from_db()
    return True


def _block_of(post: Post, since: datetime) -> Action | None:
    if post.author_id is None:
        return None
    blocks = Action.objects.filter(event_id=post.event_id, verb="block_author", by=None)
    mine = blocks.filter(undo__author=post.author_id, undone_at=None, at__gte=since)
    return mine.order_by("-pk").first()


def _at(address: str) -> Q:
    spelled = _spellings(address)
    return Q(url__in=spelled) | Q(origin__in=spelled)


def _spellings(address: str) -> list[str]:
    """The same address with and without what people and browsers add to it."""
    bare = urldefrag(address).url.partition("?")[0].rstrip("/")
    return sorted({address, bare, f"{bare}/"} - {"", "/"})
