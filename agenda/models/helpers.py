"""The door for helpers: one per task, with a key that is replaced after every use, and its book."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models.event import Event
from agenda.models.people import Membership


class Door(models.Model):
    """Whoever scans its code until `until` becomes a helper with this task."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="doors", verbose_name=_("event")
    )
    task = models.CharField(_("task"), max_length=10, choices=Membership.Task.choices)
    until = models.DateTimeField(_("until"))  # of the door, and of whoever comes in by it
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)

    class Meta:
        verbose_name = _("door for helpers")
        verbose_name_plural = _("doors for helpers")
        constraints = [
            models.UniqueConstraint(fields=["event", "task"], name="door_once"),
        ]

    def __str__(self) -> str:
        return self.get_task_display()

    def is_open(self, at: datetime | None = None) -> bool:
        return self.until > (at or timezone.now())


class DoorKey(models.Model):
    """One key of a door: the newest unspent one opens it, the others tell who tried."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="keys")
    key_hash = models.CharField(max_length=64, unique=True)
    # The organizer's page has to show it again as a QR code: encrypted, and emptied when spent.
    key_sealed = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    spent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.door} {self.made_at:%H:%M}"


class DoorEntry(models.Model):
    """The book of the doors: who came in, who was refused and why, who was sent away."""

    class What(models.TextChoices):
        JOINED = "joined", _("came in")
        SPENT = "spent", _("refused: the code had been used")
        LATE = "late", _("refused: the hour was over")
        FOREIGN = "foreign", _("refused: a code of another event")
        OPENED = "opened", _("door opened")
        SHUT = "shut", _("door shut")
        REVOKED = "revoked", _("sent away")
        LEFT = "left", _("signed off")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="door_entries", verbose_name=_("event")
    )
    # Empty: of several tasks, or of none that is known here.
    task = models.CharField(_("task"), max_length=10, choices=Membership.Task.choices, blank=True)
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    name = models.CharField(_("name"), max_length=200, blank=True)  # of the helper, as typed
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("entry in the door's book")
        verbose_name_plural = _("entries in the door's book")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.get_what_display()}"
