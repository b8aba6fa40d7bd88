"""The programme: rooms, tracks, sessions, and slots, which place a session in a room at a time."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models.event import Event
from agenda.models.revised import Revised
from agenda.models.speakers import Appearance, Speaker
from eventhub.live.models import Shown, ShownQuerySet

if TYPE_CHECKING:
    from eventhub.live.log import Log


class Room(Revised):
    """A room of one event."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="rooms", verbose_name=_("event")
    )
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    where = models.CharField(
        _("where it is"), max_length=120, blank=True, help_text=_("Such as: first floor, left.")
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    barcamp = models.BooleanField(
        _("barcamp"), default=True, help_text=_("Barcamp sessions can be placed here.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="room_name_once"),
            models.UniqueConstraint(fields=["event", "guid"], name="room_guid_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Track(Revised):
    """A thread through the programme of one event."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="tracks", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=80)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour such as #00594a."))],
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="track_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Session(Revised):
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
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    # What the file calls it from which the programme came; "" if typed here.
    origin = models.CharField(max_length=200, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TALK)
    track = models.ForeignKey(
        Track,
        on_delete=models.SET_NULL,
        related_name="sessions",
        null=True,
        blank=True,
        verbose_name=_("track"),
    )
    speakers = models.ManyToManyField(
        Speaker,
        through=Appearance,
        related_name="sessions",
        blank=True,
        verbose_name=_("speakers"),
    )
    # Names without a row of their own, as a barcamp has them.
    host = models.CharField(_("host"), max_length=200, blank=True)
    abstract = models.TextField(_("abstract"), blank=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Such as: de, en.")
    )
    hashtag = models.CharField(_("hashtag"), max_length=60, blank=True)
    # [{"title": "Slides", "url": "https://…"}, …]: http and https only
    links = models.JSONField(_("links"), default=list, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.UniqueConstraint(fields=["event", "guid"], name="session_guid_once"),
        ]

    @property
    def who(self) -> str:
        """All who speak, as one reads it: the speakers in their order, then hosts by name.

        Asks nothing where `appearances__speaker` was fetched before.
        """
        names = [appearance.speaker.name for appearance in self.appearances.all()]
        return ", ".join([*names, *filter(None, [self.host])])

    def __str__(self) -> str:
        return self.title


class SlotQuerySet(ShownQuerySet["Slot"]):
    def of(self, event: Event) -> Self:
        return self.filter(event=event).with_names()

    def with_names(self) -> Self:
        """All that a line of the programme says, in two questions however many lines."""
        return self.select_related("session__track", "room", "was_room").prefetch_related(
            "session__appearances__speaker"
        )

    def between(self, start: datetime, end: datetime) -> Self:
        """Slots that touch [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def in_order(self) -> Self:
        return self.order_by("starts_at", "room__position", "pk")


class Slot(Shown):
    """A session placed in a room at a time, [starts_at, ends_at). No room: everywhere.

    `guid` and `number` survive moves, renames and imports; calendars and apps know it by them.
    """

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
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    # What the file calls it from which the programme came; "" if placed here.
    origin = models.CharField(max_length=200, blank=True, editable=False)
    number = models.PositiveIntegerField(editable=False)  # given by the first save if None
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    cancelled = models.BooleanField(_("cancelled"), default=False)
    fixed = models.BooleanField(
        _("fixed"), default=False, help_text=_("Stays where it is when the board is arranged.")
    )
    # For calendars: rises when time, place or cancellation change; the rest says what was before.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)
    was_starts_at = models.DateTimeField(null=True, editable=False)
    was_room = models.ForeignKey(
        Room, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"
            ),
            models.UniqueConstraint(fields=["event", "guid"], name="slot_guid_once"),
            models.UniqueConstraint(fields=["event", "number"], name="slot_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.starts_at:%H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:  # the log is locked: nobody else counts at the same time
            self.number = next_number(self.event_id)
        super().save(*args, **kwargs)

    @classmethod
    def also(cls, log: "Log", rows: Sequence["Slot"]) -> None:
        """A proposal is drawn by whether it is placed, whoever placed it."""
        from agenda.models.following import follow_slots

        follow_slots(log, rows)

    def topics(self) -> tuple[str, ...]:
        return ("programme", "moves", "grid", "tray", "pitch", "plan", "warnings", "stage")

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def order(self) -> int:
        """By time, then by room."""
        position = self.room.position if self.room else 0
        return int(self.starts_at.timestamp()) * 1000 + min(position, 999)


def next_number(event_id: int) -> int:
    """One more than any slot of this event has; asked inside the open log."""
    highest = Slot.objects.filter(event_id=event_id).aggregate(Max("number"))["number__max"]
    return int(highest or 0) + 1
