"""A beamer: its name, what it shows, and the hash of the key that opens its page."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, Room
from eventhub.live.models import Shown, ShownQuerySet


class ScreenQuerySet(ShownQuerySet["Screen"]):
    def with_key(self, key: str) -> "Screen | None":
        """The screen that `key` opens, of whichever event; None for any other text."""
        return (
            self.filter(key_hash=Screen.hash_key(key), revoked_at=None)
            .select_related("event")
            .first()
        )


class Screen(Shown):
    """One beamer of one event. The key itself is shown once and never stored."""

    kind = "screen"

    class View(models.TextChoices):
        AUTO = "auto", _("follows the barcamp")
        WALL = "wall", _("wall of posts")
        PITCH = "pitch", _("pitch on stage")
        BOARD = "board", _("board by rooms")
        DOOR = "door", _("door of a room")
        CHANGES = "changes", _("what has changed")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="screens", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=60)
    view = models.CharField(_("shows"), max_length=10, choices=View.choices, default=View.AUTO)
    room = models.ForeignKey(
        Room,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("room"),
        help_text=_("At which door it hangs."),
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("last opened"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")

    def __str__(self) -> str:
        return self.name

    def topics(self) -> tuple[str, ...]:
        return ("desk", "screen")

    @staticmethod
    def hash_key(key: str) -> str:
        """A plain hash is enough: the key has 128 random bits."""
        return hashlib.sha256(key.encode()).hexdigest()
