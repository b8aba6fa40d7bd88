"""The admin of events."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda import programme
from agenda.erasure import erase
from agenda.models import Event, Membership, User
from agenda.scoping import EventScoped
from eventhub.live.admin import LoggedAdmin


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
