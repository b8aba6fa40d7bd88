"""Where posts come from, how far we have read, and how the source is doing."""

from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from agenda.sealing import seal, unseal
from eventhub.live.models import Shown, ShownQuerySet
from wall.models.rule import Rule

SEALED_FOR = b"source token"
LONG_WAIT = timedelta(seconds=130)  # a feed in peace: two minutes after the last sign told


class SourceQuerySet(ShownQuerySet["Source"]):
    def due(self, at: datetime) -> Self:
        """Sources whose next look is due, of every event."""
        return (
            self.filter(paused=False)
            .exclude(adapter="hook")  # it is told, and never asked
            .exclude(state=Source.State.STOPPED)
            .filter(models.Q(next_try_at=None) | models.Q(next_try_at__lte=at))
        )


class Source(Shown):
    """One place that is read for one event: a tag on a Mastodon server, the demo."""

    kind = "source"

    class State(models.TextChoices):
        NEW = "new", _("Not read yet")
        GOOD = "good", _("Good")
        FAILING = "failing", _("Trouble")
        STOPPED = "stopped", _("Stopped")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="sources", verbose_name=_("event")
    )
    adapter = models.CharField(_("kind"), max_length=20)  # a name in wall.sources.registry
    name = models.CharField(_("name"), max_length=120)
    config = models.JSONField(_("settings"), default=dict, blank=True)
    token_sealed = models.TextField(_("access token"), blank=True, editable=False)
    cursor = models.TextField(blank=True, editable=False)
    # How its posts are let onto the wall; "" = as the event's others.
    mode = models.CharField(
        _("mode"), max_length=10, choices=Rule.Mode.choices, blank=True, default=""
    )
    budget = models.PositiveSmallIntegerField(
        _("posts a minute"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_("What comes beyond it waits at the desk."),
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)  # ["de"]; [] = all
    include_tags = models.JSONField(_("also these tags"), default=list, blank=True)
    exclude_tags = models.JSONField(_("not with these tags"), default=list, blank=True)
    paused = models.BooleanField(_("paused"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, editable=False
    )
    # In plain words, in the language of the event.
    error = models.CharField(_("error"), max_length=300, blank=True, editable=False)
    last_contact_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    next_try_at = models.DateTimeField(null=True, blank=True, editable=False)
    rate_left = models.IntegerField(null=True, blank=True, editable=False)
    # Seconds between the writing of the newest post and its arrival here, as the source claims;
    # negative for one from the future.
    lag_s = models.IntegerField(null=True, blank=True, editable=False)
    # Whether a stream stands beside the polling; a silent one is normal.
    streaming = models.BooleanField(default=False, editable=False)
    refused = models.PositiveIntegerField(default=0, editable=False)  # forged, replayed, unreadable
    # Of its posts that can be seen: about how many it has not been asked for too long.
    unchecked = models.PositiveIntegerField(default=0, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name

    def topics(self) -> tuple[str, ...]:
        return ("desk",)

    @property
    def asks_again_at(self) -> datetime | None:
        """When it is asked next, if that is worth telling: a server that answers well has made us
        wait, mostly because few requests are left.
        """
        if self.paused or self.state != self.State.GOOD:
            return None
        if self.next_try_at is None or self.last_contact_at is None:
            return None
        waits = self.next_try_at - self.last_contact_at > LONG_WAIT
        return self.next_try_at if waits else None

    @property
    def token(self) -> str:
        """The secret for the server, "" if there is none. At rest it is encrypted."""
        return unseal(self.token_sealed, purpose=SEALED_FOR)

    @token.setter
    def token(self, value: str) -> None:
        self.token_sealed = seal(value, purpose=SEALED_FOR)
