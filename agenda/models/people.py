"""The people: users with a task in an event, and attendees, who have a cookie and no account."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models.event import Event

HELPER_ACCOUNT = "helper-"  # and random characters: the name of an account nobody signs in with


class User(AbstractUser):
    """Somebody with a task. A helper without account has an unusable password and a membership."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]
        verbose_name_plural = _("people")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.spoken_name() if self.came_by_a_door else super().__str__()

    @property
    def came_by_a_door(self) -> bool:
        """Whether this is a helper without an account, who could not sign in a second time."""
        return self.username.startswith(HELPER_ACCOUNT) and not self.has_usable_password()

    def spoken_name(self) -> str:
        """What colleagues at the desk read: "Mira hat das inzwischen entschieden"."""
        return self.first_name or self.username


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, at: datetime | None = None) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=at or timezone.now()))

    def organizing(self) -> Self:
        return self.filter(role=Membership.Role.ORGANIZER)

    def for_desk(self) -> Self:
        return self._with_task(Membership.Task.DESK)

    def for_pitches(self) -> Self:
        return self._with_task(Membership.Task.PITCH)

    def for_stage(self) -> Self:
        return self._with_task(Membership.Task.STAGE)

    def _with_task(self, task: "Membership.Task") -> Self:
        # Lists in JSON cannot be searched alike on both databases; a helper's task is a word in it.
        return self.filter(
            Q(role__in=[Membership.Role.ORGANIZER, Membership.Role.MODERATOR])
            | Q(role=Membership.Role.HELPER, tasks__icontains=f'"{task.value}"')
        )


class Membership(models.Model):
    """The task of one person in one event, until an hour or for good."""

    class Role(models.TextChoices):
        ORGANIZER = "organizer", _("Organizer")
        MODERATOR = "moderator", _("Moderator")
        HELPER = "helper", _("Helper")

    class Task(models.TextChoices):
        """What a helper may be asked to do; organizers and moderators need no task."""

        DESK = "desk", _("Desk")
        PITCH = "pitch", _("Pitches")
        STAGE = "stage", _("Stage")

    user = models.ForeignKey(User, on_delete=models.CASCADE, verbose_name=_("person"))
    event = models.ForeignKey(Event, on_delete=models.CASCADE, verbose_name=_("event"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    tasks = models.JSONField(_("tasks"), default=list, blank=True)  # of a helper: ["desk", "pitch"]
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Attendee(models.Model):
    """A guest of one event, known by a signed cookie; the row is made at their first deed."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, verbose_name=_("event"))
    # Public; what counts is its signature in the cookie.
    key = models.CharField(_("key"), max_length=22)
    # 40 graphemes, each may be several characters.
    nickname = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    # Up to three, without #: what they say of themselves in the round of names.
    tags = models.JSONField(_("three hashtags"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        constraints = [
            models.UniqueConstraint(fields=["event", "key"], name="attendee_key_once"),
        ]

    def __str__(self) -> str:
        return self.nickname or str(_("Guest"))


class Carry(models.Model):
    """A way for one guest to go on in another browser: a key of a few minutes, used once."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="carries")
    key_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.attendee} ({self.expires_at:%H:%M})"
