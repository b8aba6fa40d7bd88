"""What admins of the agenda share. Registers nothing."""

from typing import Any

from django.http import HttpRequest

from agenda.descriptions import described, removed
from agenda.scoping import EventScoped
from eventhub.live.admin import LoggedAdmin


class DescribesSlots(EventScoped, LoggedAdmin):
    """A room, track, speaker or session: what it says stands on every slot that names it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        described(form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        removed(obj)
