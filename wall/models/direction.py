"""What the director of the screens is told by hand: once for the event, and on the day."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, Room
from eventhub.live.models import Shown, ShownQuerySet, new_key
from wall.models.screen import Screen

USER = settings.AUTH_USER_MODEL


class DirectionQuerySet(ShownQuerySet["Direction"]):
    """No words of its own; refuses writes outside the log."""


class Direction(Shown):
    """How the screens of one event follow its programme. Without a row the defaults hold."""

    kind = "direction"

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="direction", verbose_name=_("event")
    )
    ending_minutes = models.PositiveSmallIntegerField(
        _("minutes before the end"),
        default=10,
        validators=[MaxValueValidator(60)],
        help_text=_("From then on the screens say what comes next."),
    )
    wall_in_talks = models.BooleanField(
        _("wall during talks"),
        default=False,
        help_text=_("Posts behind somebody who speaks take the hall's eyes away."),
    )
    slide_s = models.PositiveSmallIntegerField(
        _("seconds per slide"),
        default=15,
        validators=[MinValueValidator(6), MaxValueValidator(120)],
    )
    # Names of slides that no screen shows by itself: ["wifi"]
    left_out = models.JSONField(_("left out"), default=list, blank=True)
    welcome = models.CharField(_("welcome"), max_length=120, blank=True)
    good_night = models.CharField(_("good night"), max_length=120, blank=True)
    next_stop = models.CharField(
        _("next stop of the series"),
        max_length=120,
        blank=True,
        help_text=_("Such as: Dresden, 14 May."),
    )

    objects = DirectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("direction of the screens")
        verbose_name_plural = _("directions of the screens")

    def __str__(self) -> str:
        return f"{self.event}"

    def topics(self) -> tuple[str, ...]:
        return ("screen", "screens")


class DelayQuerySet(ShownQuerySet["Delay"]):
    """No words of its own; refuses writes outside the log."""


class Delay(Shown):
    """That a room runs late from `since` until the end of that event day. Shifts scenes only:
    the programme itself stays as planned.
    """

    kind = "delay"

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="delays", verbose_name=_("event")
    )
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("room")
    )  # None: the whole event
    minutes = models.SmallIntegerField(_("minutes"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DelayQuerySet.as_manager()

    class Meta:
        verbose_name = _("delay")
        verbose_name_plural = _("delays")

    def __str__(self) -> str:
        return f"{self.minutes:+d}"

    def topics(self) -> tuple[str, ...]:
        return ("screen", "screens")


class RehearsalQuerySet(ShownQuerySet["Rehearsal"]):
    """No words of its own; refuses writes outside the log."""


class Rehearsal(Shown):
    """Screens play another time than now, for a rehearsal. It stands while its row does.

    Their clock shows `starts_at` + (now - `began_at`) * `speed`; speed 0 stands still.
    """

    kind = "rehearsal"

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="rehearsals", verbose_name=_("event")
    )
    screen = models.ForeignKey(
        Screen, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("screen")
    )  # None: all of them
    starts_at = models.DateTimeField(_("plays from"))
    began_at = models.DateTimeField(_("begun"), default=timezone.now)
    speed = models.PositiveSmallIntegerField(
        _("speed"), default=1, validators=[MaxValueValidator(600)]
    )
    by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(screen=None), name="rehearsal_of_all_once"
            ),
            models.UniqueConstraint(fields=["screen"], name="rehearsal_of_screen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M} x{self.speed}"

    def topics(self) -> tuple[str, ...]:
        return ("screen",)


class PlacardQuerySet(ShownQuerySet["Placard"]):
    """No words of its own; refuses writes outside the log."""


class Placard(Shown):
    """A picture that the screens show between other slides: of a sponsor, or any other.

    The picture lies in the media folder under `file`, drawn anew by us.
    """

    kind = "placard"

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="placards", verbose_name=_("event")
    )
    title = models.CharField(
        _("title"), max_length=80, help_text=_("Stands below it, and is read aloud.")
    )
    sponsor = models.BooleanField(
        _("sponsor"), default=True, help_text=_("Sponsors stand several on one slide.")
    )
    file = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PlacardQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture for screens")
        verbose_name_plural = _("pictures for screens")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    def topics(self) -> tuple[str, ...]:
        return ("screen",)
