"""The admin of a barcamp, its time rows and its proposals: whatever is written, the verbs write."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda import forgetting, pitching, proposals
from agenda import periods as rows
from agenda.admin.described import OWN_EVENTS
from agenda.cards import ProposalRefused, Written, checked
from agenda.models import Barcamp, Period, Proposal
from agenda.phases import Phase
from agenda.proposals import ProposalChanged
from agenda.scoping import EventScoped, OneEventForm
from eventhub.live.admin import ShownAdmin
from eventhub.live.log import changing

WORDS = ("title", "text", "host", "needs", "not_before", "not_after")


class PeriodForm(OneEventForm):
    """No two rows at the same time, and no card over another."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = ("event", "starts_at", "ends_at")
        if not self.errors and all(cleaned.get(name) for name in names):
            row = self.instance if self.instance.pk else None
            event, starts_at, ends_at = (cleaned[name] for name in names)
            if words := rows.why_not(event, starts_at, ends_at, row):
                raise ValidationError(words)
        return cleaned


class ProposalForm(OneEventForm):
    """What a card may say is decided in one place, `agenda.cards`."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                cleaned |= asdict(checked(Written(**{name: cleaned[name] for name in WORDS})))
            except ProposalRefused as refused:
                raise ValidationError(refused.message) from None
        return cleaned


@admin.register(Barcamp)
class BarcampAdmin(EventScoped, ShownAdmin):
    list_display = ["event", "phase", "look_first", "hosts_place", "hands_public", "pitch_clock"]
    list_select_related = ["event"]
    list_filter = [OWN_EVENTS]

    def save_model(self, request: HttpRequest, obj: Barcamp, form: Any, change: bool) -> None:  # type: ignore[override]
        """Leaving the pitches clears the stage, here as with the switch."""
        if obj.phase != Phase.PITCH:
            obj.on_stage = obj.on_stage_at = None
        super().save_model(request, obj, form, change)


@admin.register(Period)
class PeriodAdmin(EventScoped, ShownAdmin):
    form = PeriodForm
    list_display = ["starts_at", "ends_at", "event"]
    list_select_related = ["event"]
    list_filter = [OWN_EVENTS]

    def save_model(self, request: HttpRequest, obj: Period, form: Any, change: bool) -> None:  # type: ignore[override]
        """Another time takes the cards along."""
        if change:
            rows.change(Period.objects.get(pk=obj.pk), obj.starts_at, obj.ends_at)
        else:
            super().save_model(request, obj, form, change)


@admin.register(Proposal)
class ProposalAdmin(EventScoped, ShownAdmin):
    """Proposals begin on phones and on stage; here they are read, corrected and sorted out."""

    form = ProposalForm
    list_display = ["title", "host", "state", "hands", "votes", "code", "event"]
    list_select_related = ["event"]
    list_filter = [OWN_EVENTS, "state"]
    search_fields = ["title", "host", "text", "code"]
    fields = ["event", *WORDS, "hands", "state", "votes", "code"]
    readonly_fields = ["state", "votes", "code"]
    actions = ["let_in_selected", "park_selected", "decline_selected"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Proposal, form: Any, change: bool) -> None:  # type: ignore[override]
        """The words stand in the session, too, wherever it is placed."""
        card = Proposal.objects.select_related("session").get(pk=obj.pk)
        words = {name: form.cleaned_data[name] for name in WORDS}
        card = proposals.correct(card, Written(**words), version=None)
        pitching.count(card, form.cleaned_data["hands"])

    def delete_model(self, request: HttpRequest, obj: Proposal) -> None:  # type: ignore[override]
        """With its session and every place of it: nothing of it is read anywhere."""
        with changing(obj.event_id) as log:
            forgetting.remove(log, [obj], placed=True)

    @admin.action(description=_("Let selected proposals in"), permissions=["change"])
    def let_in_selected(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        self._each(request, queryset, proposals.let_in)

    @admin.action(
        description=_("Put selected proposals on the parking lot"), permissions=["change"]
    )
    def park_selected(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        self._each(request, queryset, proposals.park)

    @admin.action(description=_("Decline selected proposals"), permissions=["change"])
    def decline_selected(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        self._each(request, queryset, proposals.decline)

    def _each(
        self, request: HttpRequest, found: QuerySet[Proposal], verb: Callable[[Proposal], object]
    ) -> None:
        for proposal in found:
            try:
                verb(proposal)
            except (ProposalChanged, ProposalRefused) as refused:
                messages.warning(request, refused.message)
