"""What the keepers of the hashtag have: lists, steps in a storm, who is there, what they answer."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from eventhub.live.models import Shown, ShownQuerySet, new_key
from wall.models.post import Post
from wall.models.screen import Screen

USER = settings.AUTH_USER_MODEL


class Listed(models.Model):
    """A word that makes posts wait, or a server from which nothing is shown."""

    class What(models.TextChoices):
        WORD = "word", _("word")
        SERVER = "server", _("server")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="listed", verbose_name=_("event")
    )
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    written = models.CharField(_("as written"), max_length=253)
    folded = models.CharField(max_length=253, editable=False)  # as it is compared
    by = models.ForeignKey(
        USER,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("listed word or server")
        verbose_name_plural = _("listed words and servers")
        constraints = [
            models.UniqueConstraint(fields=["event", "what", "folded"], name="listed_once"),
        ]

    def __str__(self) -> str:
        return self.written


class StepQuerySet(ShownQuerySet["Step"]):
    def taken(self, event: Event | int, what: str) -> bool:
        """Whether it stands for the whole event."""
        number = event if isinstance(event, int) else event.pk
        return self.filter(event_id=number, what=what, screen=None).exists()


class Step(Shown):
    """A step against a storm, or what somebody has put on the screens by hand: one post alone, a
    notice, the picture that stands. It stands while its row does.
    """

    kind = "step"

    class What(models.TextChoices):
        BRAKE = "brake", _("Brake")
        CLEAR = "clear", _("Clear")
        LOGO = "logo", _("Logo")
        SPOTLIGHT = "spotlight", _("Spotlight")
        NOTICE = "notice", _("Notice")
        FREEZE = "freeze", _("Freeze")
        TEST = "test", _("Test picture")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="steps", verbose_name=_("event")
    )
    what = models.CharField(_("step"), max_length=10, choices=What.choices)
    # Logo, notice and freeze may be taken on one screen alone, the test picture always is;
    # None: on all of them.
    screen = models.ForeignKey(
        Screen, on_delete=models.CASCADE, null=True, blank=True, related_name="steps"
    )
    post = models.ForeignKey(
        Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.CharField(_("text"), max_length=280, blank=True)  # of a notice
    by = models.ForeignKey(
        USER,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "what"], condition=models.Q(screen=None), name="step_once"
            ),
            models.UniqueConstraint(fields=["screen", "what"], name="step_of_screen_once"),
        ]

    def __str__(self) -> str:
        return self.get_what_display()

    def topics(self) -> tuple[str, ...]:
        return ("desk", "screen", "home", "screens")


class Presence(models.Model):
    """Somebody at the desk: a lease, renewed by the open page, and the post they are looking at.

    Not shown by itself: a change of kind `PRESENCE` tells the desk to draw all of them anew.
    """

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="presences", verbose_name=_("event")
    )
    user = models.ForeignKey(
        USER, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    post = models.ForeignKey(
        Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="looked_at_by"
    )
    looks_since = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name = _("somebody at the desk")
        verbose_name_plural = _("people at the desk")
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Tombstone(models.Model):
    """That a post was deleted at its source: a late or repeated creation must not bring it back.

    Holds a keyed hash only: nobody can read from it whose post it was.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tombstones")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        constraints = [
            models.UniqueConstraint(fields=["event", "digest"], name="tombstone_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class Objection(models.Model):
    """Somebody says that a post is theirs and shall go. It went at once; this is asked after."""

    class State(models.TextChoices):
        OPEN = "open", _("to be looked at")
        KEPT = "kept", _("stays away")
        REVERSED = "reversed", _("shown again")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="objections", verbose_name=_("event")
    )
    post = models.ForeignKey(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name=_("post"),
    )
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    words = models.TextField(_("what they say"), blank=True)
    contact = models.CharField(_("how to reach them"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        USER,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self) -> str:
        return self.key


class Evidence(models.Model):
    """A post kept for one organizer who may have to answer for it, until a day of its own.

    Text, address and pictures lie sealed in its row: they go with it, and into backups with it.
    """

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("event")
    )
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    sealed = models.TextField(editable=False)  # JSON: author, account, text, address, times, why
    pictures = models.JSONField(default=list, editable=False)  # sealed, in order
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of what was sealed
    kept_for = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept for")
    )
    by = models.ForeignKey(
        USER,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kept by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    delete_on = models.DateField(_("deleted on"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.key
