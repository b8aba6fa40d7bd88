"""The admin of accounts and tasks: whoever loses a right loses open pages with it."""

from copy import copy
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.http import HttpRequest

from agenda.login import rights_changed
from agenda.models import Event, Membership, User
from agenda.scoping import EventScoped


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Accounts are the business of whoever runs the server."""

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            # Whoever was superuser a moment ago had a right in every event.
            everywhere = "is_superuser" in form.changed_data
            events = list(Event.objects.values_list("pk", flat=True)) if everywhere else []
            transaction.on_commit(lambda: rights_changed(obj, also=events))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """A new password ends all sessions: the desks that they have open are told."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and (user := self.get_object(request, id)) is not None:
            rights_changed(user)
        return answer

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        tasks = list(Event.objects.for_user(obj).values_list("pk", flat=True))
        gone = copy(obj)  # it loses its number with its row
        super().delete_model(request, obj)
        transaction.on_commit(lambda: rights_changed(gone, also=tasks))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for user in queryset:
            self.delete_model(request, user)


@admin.register(Membership)
class MembershipAdmin(EventScoped):
    list_display = ["user", "event", "role", "until"]

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        before = User.objects.filter(membership__pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: rights_changed(obj.user))
        if before is not None and before != obj.user:
            transaction.on_commit(lambda: rights_changed(before, also=[obj.event_id]))

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        user, event = obj.user, obj.event
        super().delete_model(request, obj)
        transaction.on_commit(lambda: rights_changed(user, also=[event.pk]))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for membership in queryset:
            self.delete_model(request, membership)
