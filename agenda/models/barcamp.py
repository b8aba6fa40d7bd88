"""The barcamp of an event: its phase, its time rows, what guests propose, and who would come."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models.event import CODE_ALPHABET, Event
from agenda.models.people import Attendee, User
from agenda.models.programme import Session, Slot
from eventhub.live.models import Shown, ShownQuerySet, new_key

CODE_LENGTH = 6


def new_card_code() -> str:
    """What a host types to correct their card: 30 bits, and every try is counted."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


class Barcamp(Shown):
    """That an event has a barcamp, how far it is, and who does what on stage."""

    kind = "barcamp"

    class Phase(models.TextChoices):
        COLLECT = "collect", _("Collect")
        PITCH = "pitch", _("Pitch")
        BOARD = "board", _("Board")
        RUNNING = "running", _("Running")
        CLOSED = "closed", _("Closed")

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="barcamp", verbose_name=_("event")
    )
    phase = models.CharField(
        _("phase"), max_length=10, choices=Phase.choices, default=Phase.COLLECT
    )
    look_first = models.BooleanField(
        _("look first"),
        default=False,
        help_text=_("Guests' proposals are shown once somebody has looked at them."),
    )
    hosts_place = models.BooleanField(
        _("hosts place"),
        default=False,
        help_text=_("Whoever proposed a session may put it into a free place of the board."),
    )
    hands_public = models.BooleanField(
        _("hands stay public"),
        default=False,
        help_text=_("How many hands were counted stands on screens and phones after placing, too."),
    )
    pitch_clock = models.BooleanField(
        _("pitch clock"), default=False, help_text=_("60 seconds for each pitch.")
    )
    on_stage = models.ForeignKey(
        "agenda.Proposal", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    on_stage_at = models.DateTimeField(null=True, editable=False)
    # Who types titles, and who counts and places; anybody may take over.
    writer = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    counter = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("barcamp")
        verbose_name_plural = _("barcamps")

    def __str__(self) -> str:
        return f"{self.event}: {self.get_phase_display()}"

    def topics(self) -> tuple[str, ...]:
        return ("board", "pitch", "plan", "stage", "warnings", "phases")


class Period(Shown):
    """One time row of the board, [starts_at, ends_at): in it each room of the barcamp is free."""

    kind = "period"

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="periods", verbose_name=_("event")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("time row")
        verbose_name_plural = _("time rows")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="period_ends_after_start"
            ),
            models.UniqueConstraint(fields=["event", "starts_at"], name="period_start_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}"

    def topics(self) -> tuple[str, ...]:
        return ("board", "pitch", "plan", "stage", "warnings")


def _placed() -> Exists:
    return Exists(Slot.objects.filter(session=OuterRef("session")))


class ProposalQuerySet(ShownQuerySet["Proposal"]):
    def of(self, event: Event) -> Self:
        return self.filter(event=event).select_related("session")

    def with_places(self) -> Self:
        """Each knows whether it stands on the programme (`is_placed`), cancelled or not."""
        return self.annotate(is_placed=_placed())

    def unplaced(self) -> Self:
        """What does not stand on the programme, not even cancelled."""
        return self.filter(~_placed())

    def living(self) -> Self:
        """What has neither been taken back nor declined nor merged into another."""
        return self.filter(state__in=Proposal.LIVING)

    def public(self) -> Self:
        """What guests may read."""
        return self.filter(state__in=Proposal.PUBLIC)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Proposal(Shown):
    """A session that somebody would like to give. Placed, it has a session; taken off, it keeps it.

    Whether it is placed is told by its session's slots alone, whoever put them there. Title, text
    and host stand here and in the session; `agenda.barcamp` keeps them alike.
    """

    kind = "proposal"

    class State(models.TextChoices):
        HELD = "held", _("waits for a look")
        OPEN = "open", _("in the queue")
        PARKED = "parked", _("parking lot")
        WITHDRAWN = "withdrawn", _("taken back")
        DECLINED = "declined", _("declined")
        MERGED = "merged", _("merged")

    LIVING = (State.HELD, State.OPEN, State.PARKED)
    PUBLIC = (State.OPEN, State.PARKED)

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("event")
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it is about"), blank=True)
    host = models.CharField(_("host"), max_length=200, blank=True)
    needs = models.CharField(_("what it needs"), max_length=200, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    not_after = models.DateTimeField(_("over by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    position = models.PositiveIntegerField(default=0, editable=False)  # in the queue of pitches
    hands = models.PositiveSmallIntegerField(_("hands"), null=True, blank=True)
    # As last told to the helpers.
    votes = models.PositiveIntegerField(_("would come"), default=0, editable=False)
    # Made by whoever sends it: the same proposal sent twice is there once.
    sent_key = models.CharField(max_length=22, default=new_key, editable=False)
    code = models.CharField(
        _("code"), max_length=CODE_LENGTH, default=new_card_code, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)  # on stage for the first time
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="merged"
    )
    session = models.OneToOneField(
        Session, on_delete=models.SET_NULL, null=True, editable=False, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "sent_key"], name="proposal_sent_once"),
            models.UniqueConstraint(fields=["event", "code"], name="proposal_code_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def topics(self) -> tuple[str, ...]:
        # With a session it has a page, and a line beside the day grid.
        session = ("tray", "programme") if self.session_id is not None else ()
        return ("board", "pitch", "plan", "stage", "warnings", *session)

    @property
    def order(self) -> int:
        return self.position


class Hosting(models.Model):
    """A guest who may correct a proposal: who sent it, or who typed the code of its card."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="hostings")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="hostings")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attendee", "proposal"], name="hosting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attendee} → {self.proposal}"


class Vote(models.Model):
    """One guest would come to one proposal. Something else than the hands in the hall."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="votes")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="voters")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attendee", "proposal"], name="vote_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attendee} would come to {self.proposal}"


class Suggestion(models.Model):
    """A grid that the solver proposes, until somebody accepts or discards it."""

    class State(models.TextChoices):
        WORKING = "working"
        READY = "ready"
        FAILED = "failed"  # `content` says why
        DONE = "done"

    key = models.CharField(max_length=22, unique=True, default=new_key)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="suggestions")
    by = models.ForeignKey(User, on_delete=models.CASCADE)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WORKING)
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.event} ({self.state})"
