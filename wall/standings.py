"""What the desk thinks of authors and servers: trust, block, judge no longer. Knows no requests.

Each is a deed of the audit log and can be taken back; posts it has moved come back with it.
"""

from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions, authors, portions, servers, word_list
from wall.models import Action, Author, Listed, Post
from wall.models.post import PostQuerySet

Standing, Reason = Author.Standing, Post.Reason
# What only waits because its author was not trusted; what was stopped by hand goes on waiting.
RELEASED = {"", Reason.FIRST, Reason.LINK, Reason.NAME, Reason.BRAKE, Reason.BUDGET, Reason.ABSENT}


def author_of(post: Post) -> Author | None:
    """Who wrote `post`; a guest gets a row now. None for what was taken back, or came unsigned."""
    if post.author is not None or post.attendee is None:
        return post.author
    with changing(post.event_id) as log:
        author = authors.of_guest(post.attendee) or authors.add_guest(post.attendee)
        rows = Post.objects.filter(event_id=log.event_id, attendee=post.attendee, author=None)
        unsigned = list(rows.not_withdrawn().select_related("attendee"))
        for one in unsigned:
            one.author = author
        log.touch_all(unsigned, ["author"])
    return author


def trust(subject: Author | Post, *, by: User | None) -> Action | None:
    """Posts of this author skip the queue from now on, and so do those that wait already, unless
    they have a picture, a warning or a listed word. None if there is nobody to trust.
    """
    author = _author(subject)
    if author is None:
        return None
    action = _judge(author, Standing.TRUSTED, "trust", by=by)
    words = word_list.of_event(author.event)
    waiting = (
        _posts(author).pending().filter(photo=None, pictures=None, sensitive=False, summary="")
    )
    released = [
        post.pk for post in waiting.filter(reason__in=RELEASED) if not words.found_in(post.text)
    ]
    portions.show(action, released, by=by, reasons=RELEASED)
    return _told(author, action)


def block_author(
    subject: Author | Post, *, by: User | None, retroactively: bool = True
) -> Action | None:
    """Nothing of this author is shown any more; `retroactively` nothing of what is there, either.
    None if there is nobody to block.
    """
    author = _author(subject)
    if author is None:
        return None
    action = _judge(author, Standing.BLOCKED, "block_author", by=by)
    if retroactively:
        numbers = _posts(author).filter(state__in=portions.MOVABLE).values_list("pk", flat=True)
        portions.hide(action, list(numbers), by=by, reason=Reason.BLOCKED)
    return _told(author, action)


def clear(author: Author, *, by: User | None) -> Action:
    """Judge this author no longer; what was hidden stays so, what was shown too."""
    return _told(author, _judge(author, Standing.UNKNOWN, "clear_author", by=by))


def block_server(event: Event, host: str, *, by: User | None, retroactively: bool = True) -> Action:
    """Nothing of this server, and of those below it, is shown any more. ValueError for a `host`
    that names no server.
    """
    name = servers.spelled(host)
    with changing(event) as log:
        known = Listed.objects.filter(event=event, what=Listed.What.SERVER, folded=name)
        if not known.exists():
            Listed.objects.create(
                event=event, what=Listed.What.SERVER, written=name, folded=name, by=by
            )
        action = _standing_action(event, "block_server", server=name)
        if action is None:
            action = actions.record(log, "block_server", by=by, about=name, undo={"server": name})
    if retroactively:
        posts = Post.objects.filter(servers.under(name, "author__host"), event=event)
        numbers = posts.filter(state__in=portions.MOVABLE).values_list("pk", flat=True)
        portions.hide(action, list(numbers), by=by, reason=Reason.BLOCKED)
    action.refresh_from_db()
    return action


def take_back(action: Action, *, by: User | None) -> None:
    """The author is what they were, unless judged again since; and so are the posts."""
    with changing(action.event_id):
        known = action.undo
        authors_now = Author.objects.filter(
            event_id=action.event_id, pk=known["author"], standing=known["after"]
        )
        authors_now.update(standing=known["before"], judged_by=by, judged_at=timezone.now())
    portions.take_back(action, by=by)
    author = Author.objects.filter(event_id=action.event_id, pk=known["author"]).first()
    if author is not None:
        _told(author, action)


def admit_server(action: Action, *, by: User | None) -> None:
    with changing(action.event_id):
        Listed.objects.filter(
            event_id=action.event_id, what=Listed.What.SERVER, folded=action.undo["server"]
        ).delete()
    portions.take_back(action, by=by)


def _author(subject: Author | Post) -> Author | None:
    return author_of(subject) if isinstance(subject, Post) else subject


def _posts(author: Author) -> PostQuerySet:
    return Post.objects.filter(event_id=author.event_id, author=author).order_by("pk")


def _judge(author: Author, standing: Author.Standing, verb: str, *, by: User | None) -> Action:
    """The deed that makes `author` so; the one that did already, if it stands."""
    with changing(author.event_id) as log:
        author.refresh_from_db()
        standing_deed = _standing_action(author.event, verb, author=author.pk)
        if author.standing == standing and standing_deed is not None:
            return standing_deed
        before = author.standing
        author.standing, author.judged_by, author.judged_at = standing, by, timezone.now()
        author.save(update_fields=["standing", "judged_by", "judged_at"])
        return _record(log, author, verb, before, by=by)


def _record(log: Log, author: Author, verb: str, before: str, *, by: User | None) -> Action:
    undo = {"author": author.pk, "before": before, "after": author.standing}
    return actions.record(log, verb, by=by, about=author.handle or author.name, undo=undo)


def _standing_action(event: Event, verb: str, **undo: object) -> Action | None:
    """The last deed of this name about the same, if nobody has taken it back."""
    same = {f"undo__{name}": value for name, value in undo.items()}
    rows = Action.objects.filter(event=event, verb=verb, undone_at=None, **same)
    return rows.order_by("-pk").first()


def _told(author: Author, action: Action) -> Action:
    """Draw the author's posts anew: what is thought of them stands there."""
    others = _posts(author).exclude(decisions__action=action)
    portions.redraw(author.event_id, list(others.values_list("pk", flat=True)))
    action.refresh_from_db()
    return action
