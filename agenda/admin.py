"""The admin of events, programme and people; a client of the domain's verbs."""

from contextlib import nullcontext
from copy import copy
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from agenda import programme
from agenda.erasure import erase
from agenda.login import rights_changed
from agenda.models import Event, Membership, Room, Session, Slot, User
from agenda.scoping import EventScoped
from eventhub.live.admin import ShownAdmin
from eventhub.live.log import changing


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


class DeletedInLog(EventScoped):
    """What takes rows along that people see: deleted inside the log of its event.

    Django would open a transaction of its own around the view, and the log must be the outermost.
    """

    @method_decorator(csrf_protect)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id) if request.method == "POST" else None
        event_id = getattr(obj, "event_id", getattr(obj, "pk", None))
        with nullcontext() if event_id is None else changing(event_id):
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined,no-any-return]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


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
