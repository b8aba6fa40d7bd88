"""Who speaks: people as the programme names them; none of them needs an account."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agenda.models.event import Event
from agenda.models.revised import Revised


class Speaker(Revised):
    """Somebody on stage in one event, as published in its programme."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="speakers", verbose_name=_("event")
    )
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    # What the file calls this person from which the programme came; "" if typed here.
    origin = models.CharField(max_length=200, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    bio = models.TextField(_("about"), blank=True)
    link = models.URLField(_("address of a page"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "guid"], name="speaker_guid_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Appearance(models.Model):
    """One speaker in one session, in the order in which the programme names them."""

    session = models.ForeignKey(
        "agenda.Session", on_delete=models.CASCADE, related_name="appearances"
    )
    speaker = models.ForeignKey(
        Speaker,
        on_delete=models.CASCADE,
        related_name="appearances",
        verbose_name=_("speaker"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "speaker"], name="appearance_once"),
        ]

    def __str__(self) -> str:
        return str(self.speaker)
