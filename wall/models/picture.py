"""A picture of somebody else's server: where it lay, how far it is fetched, what we keep."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from eventhub.live.models import new_key
from wall.models.author import Author
from wall.models.post import Post


class Picture(models.Model):
    """A post's image, an author's face, a custom emoji: drawn anew by us, or not at all.

    The file lies in the media folder under `key`. A picture whose post and author are gone says
    by its address that it is gone.
    """

    class Role(models.TextChoices):
        MEDIA = "media", _("picture of a post")
        FACE = "face", _("picture of an author")
        EMOJI = "emoji", _("custom emoji")

    class State(models.TextChoices):
        WANTED = "wanted", _("to be fetched")
        KEPT = "kept", _("kept")
        FAILED = "failed", _("not to be had")
        DROPPED = "dropped", _("gone")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("event")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEDIA)
    post = models.ForeignKey(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pictures",
        verbose_name=_("post"),
    )
    author = models.ForeignKey(
        Author,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="faces",
        verbose_name=_("author"),
    )
    url = models.CharField(_("address"), max_length=2000, blank=True)
    key = models.CharField(max_length=22, unique=True, default=new_key)  # names file and address
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WANTED)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=64, blank=True)  # an emoji's :shortcode: without colons
    alt = models.CharField(_("description"), max_length=1500, blank=True)
    width = models.PositiveIntegerField(_("width in pixels"), default=0)
    height = models.PositiveIntegerField(_("height in pixels"), default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [models.Index(fields=["state", "next_try_at"], name="picture_wanted")]

    def __str__(self) -> str:
        return self.alt or self.key
