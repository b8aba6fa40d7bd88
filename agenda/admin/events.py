"""The admin of events."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from agenda import programme
from agenda.admin.bases import DeletedInLog
from agenda.erasure import erase
from agenda.models import Event, Membership, User


@admin.register(Event)
class EventAdmin(DeletedInLog):
    event_path = "pk"
    list_display = ["name", "code", "hashtag", "place", "starts_at", "ends_at"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "code", "hashtag", "place", "prompt"]}),
        (None, {"fields": ["zone", "starts_at", "ends_at", "day_boundary", "purge_on"]}),
        (None, {"fields": ["closed", "photos", "feedback"]}),
        (None, {"fields": ["language", "accent", "contact", "imprint", "privacy"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and isinstance(request.user, User):
            Membership.objects.get_or_create(
                user=request.user, event=obj, defaults={"role": Membership.Role.ORGANIZER}
            )
        # After the admin's own transaction: the log wants to be the outermost.
        transaction.on_commit(lambda: programme.event_changed(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """How much goes with it, not each row: whoever may delete an event may delete all of it."""
        _rows, counts, _rights_missing, protected = super().get_deleted_objects(objs, request)
        return [str(event) for event in objs], counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        erase(obj)
