"""How an event's posts are let onto the wall."""

from django.core.validators import MaxValueValidator, MinValueValidator
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
        DELAYED = "delayed", _("Time for second thoughts")
        REVIEW = "review", _("Looked at first")

    class Fallback(models.TextChoices):
        """What happens to posts that need nobody's look while nobody is at the desk."""

        GO_ON = "go_on", _("Go on")
        TRUSTED = "trusted", _("Trusted authors only")
        HOLD = "hold", _("Hold everything")

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="rule", verbose_name=_("event")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.DELAYED)
    delay_s = models.PositiveSmallIntegerField(
        _("seconds for second thoughts"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(600)],
    )
    fallback = models.CharField(
        _("with nobody at the desk"),
        max_length=10,
        choices=Fallback.choices,
        default=Fallback.TRUSTED,
    )
    hold_first = models.BooleanField(
        _("the first post of somebody unknown waits"),
        default=True,
        help_text=_("Of other networks only: nearly every guest writes just once."),
    )
    # Since when nobody is at the desk, as the collector has told it; None while somebody is.
    empty_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return self.get_mode_display()

    def topics(self) -> tuple[str, ...]:
        return ("desk", "home")
