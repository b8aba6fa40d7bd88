"""A beamer: its name and the hash of the key that opens its page."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
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

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="screens", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=60)
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
        return ("desk",)

    @staticmethod
    def hash_key(key: str) -> str:
        """A plain hash is enough: the key has 128 random bits."""
        return hashlib.sha256(key.encode()).hexdigest()
