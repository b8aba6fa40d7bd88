"""The admin of slots, which place sessions: a move here is a move like any other."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from agenda import placing
from agenda.admin.described import OWN_EVENTS
from agenda.models import Slot
from agenda.scoping import EventScoped
from eventhub.live.admin import ShownAdmin


@admin.register(Slot)
class SlotAdmin(EventScoped, ShownAdmin):
    list_display = ["starts_at", "ends_at", "session", "room", "cancelled", "fixed"]
    list_select_related = ["session", "room"]
    list_filter = [OWN_EVENTS, "cancelled"]
    search_fields = ["session__title"]

    def save_model(self, request: HttpRequest, obj: Slot, form: Any, change: bool) -> None:  # type: ignore[override]
        """Keeps track like every other move; in the open log, so the row cannot change between."""
        if change:
            placing.keep_track(obj, placing.place_of(Slot.objects.get(pk=obj.pk)), timezone.now())
        super().save_model(request, obj, form, change)
