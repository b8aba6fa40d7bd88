"""Who wrote: an account on a network as one event knows it, and what the desk thinks of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Attendee, Event


class Author(models.Model):
    """One account on one network, for one event; a guest gets one when the desk judges them.

    Not shown by itself: posts are touched when what is known of their author changes.
    """

    class Standing(models.TextChoices):
        UNKNOWN = "", _("not judged yet")
        TRUSTED = "trusted", _("trusted")
        BLOCKED = "blocked", _("blocked")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="authors", verbose_name=_("event")
    )
    attendee = models.OneToOneField(
        Attendee,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("guest"),
    )
    # What stays the same when the name changes: @name@host, did:plc:…, guest:KEY.
    identity = models.CharField(_("account"), max_length=300)
    network = models.CharField(_("network"), max_length=20)
    handle = models.CharField(_("account"), max_length=200, blank=True)
    host = models.CharField(_("server"), max_length=253, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    since = models.DateTimeField(_("account made"), null=True, blank=True)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing.choices, blank=True, default=""
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(_("first seen"), default=timezone.now)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(fields=["event", "identity"], name="author_once"),
        ]
        indexes = [models.Index(fields=["event", "host"], name="author_of_server")]

    def __str__(self) -> str:
        return self.handle or self.identity
