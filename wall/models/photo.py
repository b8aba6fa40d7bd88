"""The photo of a note: what is known of it. The picture itself lies in the media folder."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from eventhub.live.models import new_key
from wall.models.post import Post


class Photo(models.Model):
    """One per note, drawn anew by us: nothing of the file that was sent is left in it.

    It outlives its post, without picture and words, until the event goes: its address then says
    that it is gone, and does not ask whether there has ever been anything.
    """

    post = models.OneToOneField(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="photo",
        verbose_name=_("post"),
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, verbose_name=_("event"))
    key = models.CharField(max_length=22, unique=True, default=new_key)  # names file and address
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    size = models.PositiveIntegerField(_("size in bytes"))
    alt = models.CharField(_("description"), max_length=400, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.alt or self.key
