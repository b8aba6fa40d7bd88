"""The admin of events."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from agenda import copying, programme
from agenda.erasure import erase
from agenda.models import Event, Membership, User
from agenda.scoping import EventScoped
from eventhub.live.admin import LoggedAdmin


class CopyForm(forms.Form):
    """When the next one begins; what of the last one's times comes along."""

    name = forms.CharField(label=_("name"), max_length=120)
    first_day = forms.DateField(label=_("first day"), widget=forms.DateInput({"type": "date"}))
    every_slot = forms.BooleanField(
        label=_("all times"),
        required=False,
        help_text=_("Otherwise breaks and what is fixed; the other sessions wait for a place."),
    )

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if not 2000 <= day.year <= 2200:
            raise ValidationError(_("On which day does it begin?"))
        return day


def next_of(event: Event) -> dict[str, Any]:
    """A year later on the same day of the week."""
    day = event.starts_at.astimezone(event.tz).date()
    later = day + timedelta(weeks=52)
    name = copying.next_name(event.name, later.year - day.year)
    return {"name": name, "first_day": later.isoformat()}


@admin.register(Event)
class EventAdmin(EventScoped, LoggedAdmin):
    event_path = "pk"
    list_display = ["name", "code", "hashtag", "place", "starts_at", "ends_at"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "code", "hashtag", "place", "prompt"]}),
        (None, {"fields": ["zone", "starts_at", "ends_at", "day_boundary", "purge_on"]}),
        (None, {"fields": ["closed", "photos", "feedback"]}),
        (_("On site"), {"fields": ["directions", "wifi_name", "wifi_password", "first_aid"]}),
        (None, {"fields": ["contact", "info"]}),
        (None, {"fields": ["language", "accent", "licence", "imprint", "privacy"]}),
    ]

    actions = ["copy_selected"]

    @admin.action(description=_("Copy for the next time"), permissions=["add"])
    def copy_selected(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """Asks for the day first; the page that asks sends the same action once more."""
        event = queryset.first()
        if event is None or queryset.count() != 1 or not isinstance(request.user, User):
            self.message_user(request, _("Choose one event to be copied."), messages.WARNING)
            return None
        form = CopyForm(
            request.POST if "first_day" in request.POST else None, initial=next_of(event)
        )
        if form.is_valid():
            new = copying.copy(event, by=request.user, **form.cleaned_data)
            return redirect(f"/{new.slug}/home/")
        context = self.admin_site.each_context(request) | {
            "title": _("Copy for the next time"),
            "subtitle": str(event),
            "event": event,
            "form": form,
            "opts": self.opts,
        }
        return render(request, "agenda/admin_copy.html", context)

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            programme.event_changed(obj)
        elif isinstance(request.user, User):
            Membership.objects.get_or_create(
                user=request.user, event=obj, defaults={"role": Membership.Role.ORGANIZER}
            )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """How much goes with it, not each row: whoever may delete an event may delete all of it."""
        _rows, counts, _rights_missing, protected = super().get_deleted_objects(objs, request)
        return [str(event) for event in objs], counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        erase(obj)

    def _log_for(self, request: HttpRequest, object_id: str | None) -> Any:
        if object_id is not None or request.method != "POST":
            return super()._log_for(request, object_id)
        return transaction.atomic()  # a new event has no log yet, and nobody listens

    def _event_of(self, row: Event) -> int:
        return row.pk
