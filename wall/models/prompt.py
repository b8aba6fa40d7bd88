"""What the keeper of the wall asks the hall, and what was written the day before to be said."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, Session
from eventhub.live.models import Shown, ShownQuerySet


class PromptQuerySet(ShownQuerySet["Prompt"]):
    def open(self) -> "PromptQuerySet":
        return self.filter(closed_at=None)


class Prompt(Shown):
    """A question to the hall: the composer's headline, and on the hint slide, while it is open."""

    kind = "prompt"

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="prompts", verbose_name=_("event")
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="prompts",
        verbose_name=_("session"),
    )
    text = models.CharField(_("text"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    opened_at = models.DateTimeField(_("asked"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    together = models.BooleanField(_("answers stand together on the screen"), default=False)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")

    def __str__(self) -> str:
        return self.text

    def topics(self) -> tuple[str, ...]:
        return ("desk", "screen", "prompt")


class Prepared(models.Model):
    """A house post or a prompt that waits for its moment. Only the desk knows of it."""

    class What(models.TextChoices):
        POST = "post", _("house post")
        PROMPT = "prompt", _("prompt")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="prepared", verbose_name=_("event")
    )
    what = models.CharField(_("what"), max_length=10, choices=What.choices, default=What.POST)
    text = models.TextField(_("text"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("prepared text")
        verbose_name_plural = _("prepared texts")

    def __str__(self) -> str:
        return self.text[:40]
