"""The admin of rooms, sessions and slots: what they are called stands on open pages."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from agenda import programme
from agenda.admin.bases import DeletedInLog
from agenda.models import Room, Session, Slot
from agenda.scoping import EventScoped
from eventhub.live.admin import ShownAdmin


class DescribesSlots(EventScoped):
    """A room or session: what it is called stands on every slot that uses it."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            return
        if isinstance(obj, Room):
            slots = list(obj.slot_set.all())
            transaction.on_commit(lambda: programme.describe_anew(obj.event, slots))
        else:
            transaction.on_commit(lambda: programme.session_changed(obj))


@admin.register(Room)
class RoomAdmin(DescribesSlots):
    list_display = ["name", "event", "capacity", "position"]


@admin.register(Session)
class SessionAdmin(DescribesSlots, DeletedInLog):
    list_display = ["title", "event", "kind", "host"]
    list_filter = ["kind"]
    ordering = ["title"]
    search_fields = ["title", "host"]

    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        programme.remove(obj)


@admin.register(Slot)
class SlotAdmin(EventScoped, ShownAdmin):
    list_display = ["starts_at", "ends_at", "session", "room"]
    list_select_related = ["session", "room"]
