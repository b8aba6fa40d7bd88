"""How an event's posts are let onto the wall."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from eventhub.live.models import Shown, ShownQuerySet


class RuleQuerySet(ShownQuerySet["Rule"]):
    """No words of its own yet; refuses writes outside the log."""


class Rule(Shown):
    """One per event. Its mode is a sentence that a tired moderator understands."""

    kind = "rule"

    class Mode(models.TextChoices):
        FREE = "free", _("Shown at once")
        REVIEW = "review", _("Looked at first")

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="rule", verbose_name=_("event")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.FREE)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return self.get_mode_display()

    def topics(self) -> tuple[str, ...]:
        return ("desk",)
