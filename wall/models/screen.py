"""A beamer: its name, where and how it stands, what it shows, and the hash of the key that opens
its page; what it says of itself, what it has shown, and how a new one is paired.
"""

import hashlib

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, Room
from eventhub.live.models import Shown, ShownQuerySet
from wall.models.post import Post


class ScreenQuerySet(ShownQuerySet["Screen"]):
    def with_key(self, key: str) -> "Screen | None":
        """The screen that `key` opens, of whichever event; None for any other text."""
        return (
            self.filter(key_hash=Screen.hash_key(key), revoked_at=None)
            .select_related("event")
            .first()
        )


class Screen(Shown):
    """One beamer of one event. The key itself is shown once and never stored."""

    kind = "screen"

    class View(models.TextChoices):
        AUTO = "auto", _("follows the programme")
        WALL = "wall", _("wall of posts")
        PITCH = "pitch", _("pitch on stage")
        BOARD = "board", _("board by rooms")
        DOOR = "door", _("door of a room")
        CHANGES = "changes", _("what has changed")
        TEST = "test", _("test picture")

    class Place(models.TextChoices):
        """Where it stands, if not in one room: what the programme means for it."""

        HALL = "hall", _("hall")
        FOYER = "foyer", _("foyer")

    class Wiring(models.TextChoices):
        """Who else uses the picture."""

        OWN = "own", _("projector of its own")
        SHARED = "shared", _("shared with a laptop")
        MONITOR = "monitor", _("stage monitor")
        DOOR = "door", _("display at a door")

    class Theme(models.TextChoices):
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="screens", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=60)
    view = models.CharField(_("shows"), max_length=10, choices=View.choices, default=View.AUTO)
    room = models.ForeignKey(
        Room,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("room"),
        help_text=_("Whose programme it follows, or at which door it hangs."),
    )
    place = models.CharField(
        _("place"), max_length=10, choices=Place.choices, default=Place.HALL
    )  # read only while it has no room
    wiring = models.CharField(
        _("connected as"), max_length=10, choices=Wiring.choices, default=Wiring.OWN
    )
    theme = models.CharField(
        _("colours"), max_length=10, choices=Theme.choices, default=Theme.LIGHT
    )
    distance_m = models.PositiveSmallIntegerField(
        _("metres to the last row"),
        default=20,
        validators=[MinValueValidator(2), MaxValueValidator(60)],
    )
    picture_cm = models.PositiveSmallIntegerField(
        _("height of the picture in centimetres"),
        default=250,
        validators=[MinValueValidator(30), MaxValueValidator(1500)],
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Event.Language.choices, blank=True
    )  # "": the event's
    # Names of slides that this screen leaves out: ["wifi", "pictures"]
    left_out = models.JSONField(_("left out"), default=list, blank=True)
    # Asked for by hand, each told to the screen by the change itself.
    nudged_at = models.DateTimeField(null=True, blank=True, editable=False)  # "next slide"
    reload_at = models.DateTimeField(null=True, blank=True, editable=False)  # "load anew"
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("last opened"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")

    def __str__(self) -> str:
        return self.name

    def topics(self) -> tuple[str, ...]:
        return ("desk", "screen", "screens")

    @property
    def stands(self) -> str:
        """Whose spells of the plan it follows: "hall", "foyer", or the number of its room."""
        return str(self.room_id) if self.room_id is not None else self.place

    @staticmethod
    def hash_key(key: str) -> str:
        """A plain hash is enough: the key has 128 random bits."""
        return hashlib.sha256(key.encode()).hexdigest()


class Sign(models.Model):
    """The last sign of life of a screen, and what it said of itself. One per screen.

    Not shown by itself: a change of kind "sign" tells the topic `screens` to draw its screen anew,
    and only when something other than `seen_at` is different.
    """

    screen = models.OneToOneField(
        Screen, on_delete=models.CASCADE, related_name="sign", verbose_name=_("screen")
    )
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    # Whether the staff was told that it is there; a lease that the collector ends.
    alive = models.BooleanField(_("there"), default=True)
    scene = models.CharField(_("scene"), max_length=20, blank=True)
    slide = models.CharField(_("slide"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"), null=True, blank=True)
    width = models.PositiveIntegerField(_("width in pixels"), default=0)
    height = models.PositiveIntegerField(_("height in pixels"), default=0)
    offset_ms = models.IntegerField(_("clock is off by, in ms"), default=0)
    transport = models.CharField(_("connection"), max_length=10, blank=True)  # socket, polling
    awake = models.BooleanField(_("kept awake"), null=True)  # None: the browser cannot
    covered = models.BooleanField(_("covered"), default=False)  # the window is hidden
    build = models.CharField(_("version"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("sign of a screen")
        verbose_name_plural = _("signs of screens")

    def __str__(self) -> str:
        return f"{self.screen_id} {self.slide}"


class Pairing(models.Model):
    """A browser that shows a code and waits to become a screen. Short-lived.

    `secret_hash` names the browser that shows the code; only it gets the key. Once somebody has
    typed the code, `sealed_key` holds the key of the new screen, encrypted, until it is fetched.
    """

    code_hash = models.CharField(max_length=64, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    screen = models.ForeignKey(
        Screen, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    sealed_key = models.TextField(blank=True)

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")

    def __str__(self) -> str:
        return f"{self.pk}"


class Display(models.Model):
    """That a post stood whole on a screen from `from_at` until `until_at`, as the screen says."""

    screen = models.ForeignKey(
        Screen, on_delete=models.CASCADE, related_name="displays", verbose_name=_("screen")
    )
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="displays", verbose_name=_("post")
    )
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("time on a screen")
        verbose_name_plural = _("times on screens")
        constraints = [
            models.UniqueConstraint(fields=["screen", "post", "from_at"], name="display_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.from_at:%H:%M}"
