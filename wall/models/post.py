"""A post: anything that can stand on the wall."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Attendee, Event, Session
from eventhub.live.models import Shown, ShownQuerySet
from wall.facets import Segment, segments, unpack, without_closing_tag
from wall.models import seen
from wall.models.author import Author
from wall.models.prompt import Prompt
from wall.models.source import Source

if TYPE_CHECKING:
    from eventhub.live.log import Log

PROPER_NAMES = {"linkedin": "LinkedIn", "x": "X", "rss": "RSS"}
BADGES = {
    "organizer": _("Organizer"),
    "moderator": _("Moderator"),
    "helper": _("Helper"),
    "hand": _("taken up by hand"),
}
WALL_WINDOW = 60  # posts that a wall keeps and shuffles through


class PostQuerySet(ShownQuerySet["Post"]):
    def shown(self) -> Self:
        return self.filter(state=Post.State.SHOWN)

    def pending(self) -> Self:
        return self.filter(state=Post.State.PENDING)

    def hidden(self) -> Self:
        return self.filter(state=Post.State.HIDDEN)

    def withdrawn(self) -> Self:
        return self.filter(state=Post.State.WITHDRAWN)

    def not_withdrawn(self) -> Self:
        return self.exclude(state=Post.State.WITHDRAWN)

    def to_draw(self) -> Self:
        """With whatever a page or a fragment shows of them: three queries, however many."""
        rows = self.select_related("event", "attendee", "author", "decided_by", "session", "photo")
        return rows.prefetch_related("pictures", "author__faces")

    def newest(self, count: int = WALL_WINDOW) -> Self:
        """By their place on the wall, newest first; dates claimed by a source order nothing."""
        return self.order_by("-shown_seq")[:count]

    def oldest_first(self) -> Self:
        return self.order_by("pk")

    def written_by(self, attendee_key: str) -> Self:
        return self.filter(attendee__key=attendee_key)


class Post(Shown):
    """A text by somebody, from a source or (a note) from an attendee's phone."""

    kind = "post"

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SHOWN = "shown", _("On the wall")
        HIDDEN = "hidden", _("Not shown")
        WITHDRAWN = "withdrawn", _("Taken back")  # by its author: nothing of it is left

    class Reason(models.TextChoices):
        """Why a post waits for somebody's look, or why it is not shown."""

        SENSITIVE = "sensitive", _("marked as sensitive")
        PHOTO = "photo", _("has a picture")
        LINK = "link", _("has a link")
        WORD = "word", _("has a listed word")
        NAME = "name", _("a name like somebody's of this event")
        FIRST = "first", _("first post of somebody unknown")
        BUDGET = "budget", _("too many at once")
        BRAKE = "brake", _("the brake is on")
        ABSENT = "absent", _("nobody was at the desk")
        EDITED = "edited", _("changed after it was approved")
        HELD = "held", _("stopped by hand")
        BLOCKED = "blocked", _("author or server is blocked")
        EXPIRED = "expired", _("waited too long")
        OBJECTION = "objection", _("its author objected")
        ACCOUNT = "account", _("the account is gone")
        CHILDREN = "children", _("Children can be recognised")
        SOURCE = "source", _("its source was removed")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="posts", verbose_name=_("event")
    )
    source = models.ForeignKey(
        Source, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("source")
    )
    attendee = models.ForeignKey(
        Attendee, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("guest")
    )
    author = models.ForeignKey(
        Author,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("author"),
    )
    prompt = models.ForeignKey(
        Prompt,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("answers"),
    )
    # Its canonical name; that of a note is its idempotency key.
    origin = models.CharField(_("origin"), max_length=500)
    network = models.CharField(_("network"), max_length=20)
    # What its source calls it, to ask for it again; "" if it cannot be asked for.
    remote_id = models.CharField(max_length=200, blank=True, editable=False)
    # A house post's: the role of whoever wrote it. Badges come from roles, never from names.
    badge = models.CharField(max_length=10, blank=True, editable=False)
    author_name = models.CharField(_("name"), max_length=200, blank=True)
    author_handle = models.CharField(_("account"), max_length=200, blank=True)
    # Of a guest: what stands below the name, as typed when the note was written.
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("to the session"),
    )
    text = models.TextField(_("text"))
    facets = models.JSONField(_("links, tags and mentions"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    # Alike for texts that say the same to a reader; "" where there is too little to compare.
    likeness = models.CharField(max_length=32, blank=True, editable=False)
    summary = models.CharField(_("content warning"), max_length=300, blank=True)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    url = models.CharField(_("address"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    reason = models.CharField(
        _("why"), max_length=10, choices=Reason.choices, blank=True, editable=False
    )
    # When a waiting post is shown unless somebody stops it; None = it waits for a look.
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When its source was last asked whether it still stands there as it does here.
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The seq at which it first became visible: its place on the wall. Un-hiding keeps it.
    shown_seq = models.BigIntegerField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["event", "origin"], name="post_origin_once"),
        ]
        indexes = [
            models.Index(fields=["event", "state", "-shown_seq"], name="post_on_wall"),
            models.Index(
                fields=["due_at"], name="post_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["event", "likeness"], name="post_alike"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"

    @classmethod
    def also(cls, log: "Log", rows: Sequence["Post"]) -> None:
        """What stands alone on the screens is drawn with its post."""
        from wall.models.following import follow_posts

        follow_posts(log, rows)

    def topics(self) -> tuple[str, ...]:
        """The desk always; the wall only if it is, or once was, visible there."""
        names = ["desk"]
        if self.shown_seq is not None:
            names.insert(0, "wall")
        if self.attendee is not None:
            names.append(f"mine:{self.attendee.key}")
        return tuple(names)

    def take_version(self, seq: int) -> None:
        super().take_version(seq)
        if self.state == self.State.SHOWN and self.shown_seq is None:
            self.shown_seq = seq

    @property
    def is_note(self) -> bool:
        return self.attendee_id is not None

    def is_by(self, attendee_key: str) -> bool:
        return self.attendee is not None and self.attendee.key == attendee_key

    @property
    def has_left(self) -> bool:
        """Whether it left with its source: nobody could say any more that it was deleted."""
        return self.reason == self.Reason.SOURCE and self.source_id is None

    def empty(self) -> None:
        """Leave nothing of what was written, nor of who wrote it as whom. `origin` stays: a note
        that is sent once more must be recognized.
        """
        self.author_name = self.author_handle = self.organisation = ""
        self.text = self.summary = self.url = self.remote_id = self.likeness = ""
        self.facets, self.session, self.author, self.due_at = [], None, None, None

    @property
    def segments(self) -> list[Segment]:
        """The text as the wall shows it: in pieces, without the event's own tag at its end."""
        facets = unpack(self.facets)
        text = without_closing_tag(self.text, facets, self.event.hashtag)
        return segments(text, facets)

    is_warned = property(seen.warned)
    seen_pictures = property(seen.pictures)
    awaits_picture = property(seen.awaited)
    face = property(seen.face)

    @property
    def network_name(self) -> str:
        return PROPER_NAMES.get(self.network) or self.network.capitalize()

    @property
    def badge_words(self) -> str:
        """In which role the house wrote it, or that it was taken up by hand; "" for all others."""
        return str(BADGES.get(self.badge, ""))

    @property
    def decided_by_name(self) -> str:
        return self.decided_by.spoken_name() if self.decided_by is not None else ""

    @property
    def initials(self) -> str:
        """At most two letters for the little square beside the text."""
        words = [word for word in self.author_name.split() if word[0].isalnum()]
        return "".join(
            word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
        ).upper()
