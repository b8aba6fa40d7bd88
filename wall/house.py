"""What the keeper writes: house posts, what lies prepared, what is taken up by hand.

A house post carries a badge by role, never by name. Knows no requests.
"""

import hashlib
from urllib.parse import urldefrag

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models import Event, Membership, Session, User
from eventhub.live.log import changing
from wall import actions, text, tombstones
from wall.facets import facets_of, pack
from wall.models import Author, Post, Prepared
from wall.targets import parse_url

NETWORK = "house"
HAND = "hand"  # the badge of what was taken up by hand
# Networks that nothing of ours can read. The names are proper names, the last one is not.
NETWORKS = {
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "threads": "Threads",
    "facebook": "Facebook",
    "x": "X",
    "other": gettext_lazy("elsewhere"),
}
MAX_PREPARED = 200


class HouseRefused(Exception):
    """Something that cannot be put on the wall; `message` says in one sentence what to do."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


def write(
    event: Event, written: str, *, by: User, idempotency: str, session: Session | None = None
) -> Post:
    """A post of the house stands on the wall. The same `idempotency` key gives the first one."""
    body = _body(written, "text")
    origin = f"house:{by.pk}:{idempotency}"[:500]
    with changing(event) as log:
        known = Post.objects.filter(event=event, origin=origin).first()
        if known is not None:
            return known
        post = Post(
            event=event,
            origin=origin,
            network=NETWORK,
            badge=role_of(event, by),
            author_name=by.spoken_name()[:200],
            session=session if session is not None and session.event_id == event.pk else None,
            text=body,
            facets=pack(facets_of(body)),
            written_at=timezone.now(),
            state=Post.State.SHOWN,
            decided_by=by,
        )
        log.add(post)
        actions.record(log, "house_post", by=by)
    return post


def role_of(event: Event, user: User) -> str:
    """ "organizer", "moderator" or "helper", as the badge says it."""
    if Event.objects.organized_by(user).filter(pk=event.pk).exists():
        return str(Membership.Role.ORGANIZER)
    if Membership.objects.filter(event=event, user=user, role=Membership.Role.MODERATOR).exists():
        return str(Membership.Role.MODERATOR)
    return str(Membership.Role.HELPER)


def take_up(
    event: Event, *, address: str, author: str, written: str, network: str, by: User
) -> Post:
    """A public post seen on a network that we cannot read, marked as taken up by hand.

    It stands under its address, so that its author finds it, objects, or has it taken down; and
    once that has happened it cannot be taken up again. HouseRefused says what is missing.
    """
    body, name = _body(written, "text"), text.normalise_name(author)
    if not name:
        raise HouseRefused("author", _("Whose post is it? Enter the name as it stands there."))
    if network not in NETWORKS:
        raise HouseRefused("network", _("Choose where it stands."))
    origin = _address(address)
    with changing(event) as log:
        if tombstones.among(event.pk, [origin]):
            raise HouseRefused("address", _("Its author does not want this post here."))
        known = Post.objects.filter(event=event, origin=origin).first()
        if known is not None:
            raise HouseRefused("address", _("This post has been here already."))
        account = _account(event, network, name)
        if account.standing == Author.Standing.BLOCKED:
            raise HouseRefused("author", _("Nothing of this author is shown here."))
        post = Post(
            event=event,
            author=account,
            origin=origin,
            network=network,
            badge=HAND,
            author_name=text.cut(name, text.MAX_NAME_GRAPHEMES)[:200],
            text=body,
            facets=pack(facets_of(body)),
            url=origin,
            written_at=timezone.now(),
            state=Post.State.SHOWN,
            decided_by=by,
        )
        log.add(post)
        actions.record(log, "take_up", by=by, about=origin)
    return post


# --- written the day before


def prepare(event: Event, written: str, *, what: str, by: User) -> Prepared:
    """Lies ready at the desk until its moment."""
    body = _body(written, "prepared")
    if Prepared.objects.filter(event=event, used_at=None).count() >= MAX_PREPARED:
        raise HouseRefused("prepared", _("So many lie ready already. Use or remove some first."))
    kind = Prepared.What(what)
    known = Prepared.objects.filter(event=event, what=kind, text=body, used_at=None).first()
    return known or Prepared.objects.create(event=event, what=kind, text=body, by=by)


def ready(event: Event) -> list[Prepared]:
    """What lies ready, the oldest first. One query."""
    rows = Prepared.objects.filter(event=event, used_at=None).select_related("by")
    return list(rows.order_by("pk"))


def mark_used(prepared: Prepared) -> bool:
    """False if somebody has used or removed it meanwhile."""
    rows = Prepared.objects.filter(pk=prepared.pk, used_at=None)
    return bool(rows.update(used_at=timezone.now()))


def _body(written: str, field: str) -> str:
    body = text.normalise(written)
    count = text.length(body)
    if count == 0:
        raise HouseRefused(field, _("There is nothing in it yet. Write a few words."))
    if count > text.MAX_POST_GRAPHEMES:
        raise HouseRefused(
            field,
            _("That is %(count)d characters; 500 fit on the wall. Please shorten it.")
            % {"count": count},
        )
    return body


def _address(typed: str) -> str:
    """The address as it is compared: without what people and browsers add to it."""
    bare = urldefrag(typed.strip()).url.partition("?")[0]
    try:
        parse_url(bare)
    except ValueError:
        bare = ""
    if not bare or len(bare) > 500:
        words = _("Please enter the whole address, beginning with https://.")
        raise HouseRefused("address", words)
    return bare.rstrip("/")


def _account(event: Event, network: str, name: str) -> Author:
    """Of such a network we know names only: whoever is blocked there is blocked by name."""
    digest = hashlib.blake2b(name.casefold().encode(), digest_size=16).hexdigest()
    account, _made = Author.objects.get_or_create(
        event=event,
        identity=f"hand:{network}:{digest}",
        defaults={"network": network, "name": name[:200]},
    )
    return account
