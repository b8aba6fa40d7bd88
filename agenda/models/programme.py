"""The programme: rooms, sessions, and slots, which place a session in a room at a time."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agenda.models.event import Event
from eventhub.live.models import Shown, ShownQuerySet


class Room(models.Model):
    """A room of one event."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="rooms", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=60)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="room_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """Something that can happen: panel, talk, workshop, break, barcamp session."""

    class Kind(models.TextChoices):
        TALK = "talk", _("Talk")
        PANEL = "panel", _("Panel")
        WORKSHOP = "workshop", _("Workshop")
        BREAK = "break", _("Break")
        BARCAMP = "barcamp", _("Barcamp session")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("event")
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TALK)
    host = models.CharField(_("host"), max_length=200, blank=True)  # a host needs no account
    abstract = models.TextField(_("abstract"), blank=True)
    hashtag = models.CharField(_("hashtag"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return self.title


class SlotQuerySet(ShownQuerySet["Slot"]):
    def of(self, event: Event) -> Self:
        return self.filter(event=event).select_related("session", "room")

    def between(self, start: datetime, end: datetime) -> Self:
        """Slots that touch [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def in_order(self) -> Self:
        return self.order_by("starts_at", "room__position", "pk")


class Slot(Shown):
    """A session placed in a room at a time, [starts_at, ends_at). No room: everywhere."""

    kind = "slot"

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="slots", verbose_name=_("event")
    )
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="slots", verbose_name=_("session")
    )
    room = models.ForeignKey(
        Room, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("room")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.starts_at:%H:%M}"

    def topics(self) -> tuple[str, ...]:
        return ("programme",)

    @property
    def order(self) -> int:
        """By time, then by room."""
        position = self.room.position if self.room else 0
        return int(self.starts_at.timestamp()) * 1000 + min(position, 999)
