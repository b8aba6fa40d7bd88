"""The event: name, place, days, codes and words; the root from which everything is looked up."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models.event_queries import EventQuerySet
from agenda.models.revised import Revised
from eventhub.zones import known_zones

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1: people type it
RESERVED = frozenset(
    [
        "admin",
        "api",
        "datenschutz",
        "events",
        "health",
        "impressum",
        "join",
        "language",
        "login",
        "logout",
        "media",
        "metrics",
        "pair",
        "poll",
        "reach",
        "screen",
        "static",
        "ws",
    ]
)
DAYS_UNTIL_PURGE = 30


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(5))


def _check_zone(name: str) -> None:
    if name not in known_zones():
        raise ValidationError(_("This is not a known time zone."))


def _check_slug(slug: str) -> None:
    if slug.lower() in RESERVED:
        raise ValidationError(_("This address is taken by Eventhub itself."))


class Event(Revised):
    """One gathering. Its public code is what people type; its slug stands in addresses."""

    class Language(models.TextChoices):
        DE = "de", _("German, du")
        DE_FORMAL = "de-formal", _("German, Sie")
        EN = "en", _("English")

    class Feedback(models.TextChoices):
        AUTO = "auto", _("From the last session on")
        OPEN = "open", _("Now")
        CLOSED = "closed", _("Not at all")

    class Licence(models.TextChoices):
        """Under which others may use the programme; addresses in `agenda.licences`."""

        NONE = "", _("None")
        CC0 = "CC0-1.0", "CC0 1.0"
        BY = "CC-BY-4.0", "CC BY 4.0"
        BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0"

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=50, unique=True, validators=[_check_slug])
    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        default=new_code,
        validators=[
            RegexValidator(r"^[A-Z2-9]{4,8}$", _("4 to 8 of A-Z and 2-9.")),
            _check_slug,  # typed in lower case it must not name a page of ours
        ],
        help_text=_("What guests type: 4 to 8 of A-Z and 2-9. It is public and can be replaced."),
    )
    hashtag = models.CharField(
        _("hashtag"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^\w+$", _("Letters, digits and underscore, without #."))],
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Berlin", validators=[_check_zone]
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    day_boundary = models.TimeField(
        _("a day ends at"),
        default=time(4),
        help_text=_("What happens before this hour belongs to the evening before."),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.DE
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour such as #00594a."))],
    )
    prompt = models.CharField(
        _("question to the guests"), max_length=80, blank=True, help_text=_("Above the note field.")
    )
    closed = models.BooleanField(
        _("closed event"),
        default=False,
        help_text=_("Readable only for those who have typed the code, and for helpers."),
    )
    photos = models.BooleanField(
        _("photos"),
        default=False,
        help_text=_("Guests may add one photo to a note. Every photo is looked at first."),
    )
    feedback = models.CharField(
        _("four questions"),
        max_length=10,
        choices=Feedback.choices,
        default=Feedback.AUTO,
        help_text=_("Good? Tricky? Learned? Action? Asked on the phones."),
    )
    imprint = models.TextField(
        _("imprint"), blank=True, help_text=_("The text, or the address of a page: https://…")
    )
    privacy = models.TextField(
        _("privacy notice"),
        blank=True,
        help_text=_("The text, or the address of a page: https://…"),
    )
    contact = models.CharField(_("contact on site"), max_length=120, blank=True)
    wifi_name = models.CharField(_("WLAN name"), max_length=60, blank=True)
    wifi_password = models.CharField(
        _("WLAN password"), max_length=80, blank=True, help_text=_("Everybody can read it.")
    )
    directions = models.TextField(_("how to get there"), blank=True)
    first_aid = models.TextField(_("first aid"), blank=True)
    info = models.TextField(_("good to know"), blank=True)
    licence = models.CharField(
        _("licence of the programme"),
        max_length=20,
        choices=Licence.choices,
        default=Licence.NONE,
        blank=True,
    )
    # What organizers have said of points of the checklist: {"poster": "done", "wifi": "unneeded"}
    settled = models.JSONField(default=dict, editable=False)
    purge_on = models.DateField(
        _("delete everything on"), blank=True, help_text=_("30 days after the end if left empty.")
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: "set[str] | None" = None) -> None:  # type: ignore[override]
        if self.purge_on is None and self.ends_at is not None:
            self.purge_on = self.default_purge()
        super().clean_fields(exclude=exclude)

    def default_purge(self) -> date:
        return (self.ends_at + timedelta(days=DAYS_UNTIL_PURGE)).date()

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def news_from(self) -> datetime:
        """Since when a move is news to guests; before that the programme was still being made."""
        return self.starts_at - timedelta(days=1)

    @property
    def is_cleared(self) -> bool:
        """Whether the day is over on which everything that guests wrote is deleted."""
        return timezone.now().astimezone(self.tz).date() > self.purge_on

    @property
    def has_several_days(self) -> bool:
        """Whether a time alone is not enough: an evening past midnight is still one day."""
        return self.day_of(self.starts_at) != self.day_of(self.ends_at - timedelta(seconds=1))

    def day_of(self, at: datetime) -> date:
        """The event day of an aware instant: 00:30 belongs to the evening before."""
        day = at.astimezone(self.tz).date()
        # Compared as instants: in the night of a clock change the hour may come twice, or never.
        return day if at >= self._begin(day) else day - timedelta(days=1)

    def day_frame(self, day: date) -> tuple[datetime, datetime]:
        """[start, end) of an event day, in UTC."""
        return self._begin(day), self._begin(day + timedelta(days=1))

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, self.day_boundary, self.tz).astimezone(UTC)
