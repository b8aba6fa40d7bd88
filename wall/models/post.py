"""A post: anything that can stand on the wall, and who decided about it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Attendee, Event, Session
from eventhub.live.models import Shown, ShownQuerySet
from wall.facets import Segment, segments, unpack, without_closing_tag
from wall.models.source import Source

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
        """With whatever a page or a fragment shows of them: one query, however many."""
        return self.select_related("event", "attendee", "decided_by", "session", "photo")

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

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="posts", verbose_name=_("event")
    )
    source = models.ForeignKey(
        Source, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("source")
    )
    attendee = models.ForeignKey(
        Attendee, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("guest")
    )
    # Its canonical name; that of a note is its idempotency key.
    origin = models.CharField(_("origin"), max_length=500)
    network = models.CharField(_("network"), max_length=20)
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
    summary = models.CharField(_("content warning"), max_length=300, blank=True)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    url = models.CharField(_("address"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
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
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"

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

    def empty(self) -> None:
        """Leave nothing of what was written, nor of who wrote it as whom. `origin` stays: a note
        that is sent once more must be recognized.
        """
        self.author_name = self.author_handle = self.organisation = ""
        self.text = self.summary = self.url = ""
        self.facets, self.session = [], None

    @property
    def segments(self) -> list[Segment]:
        """The text as the wall shows it: in pieces, without the event's own tag at its end."""
        facets = unpack(self.facets)
        text = without_closing_tag(self.text, facets, self.event.hashtag)
        return segments(text, facets)

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


class DecisionQuerySet(models.QuerySet["Decision"]):
    def latest_of(self, post: Post) -> "Decision | None":
        return self.filter(post=post).order_by("-pk").first()


class Decision(models.Model):
    """Who moved a post from one state to another: the audit log, and what undo takes back.

    It holds no content. A post may be deleted, by law must be; that somebody decided stays until
    the event itself goes.
    """

    class Reason(models.TextChoices):
        CHILDREN = "children", _("Children can be recognised")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, verbose_name=_("event"))
    post = models.ForeignKey(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("post"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    before = models.CharField(_("before"), max_length=10, choices=Post.State.choices)
    after = models.CharField(_("after"), max_length=10, choices=Post.State.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.post_id}: {self.before} -> {self.after}"
