"""The admin as a client of the log: Django's own views run inside `changing(event)`."""

from contextlib import nullcontext
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from eventhub.live import guard
from eventhub.live.log import changing
from eventhub.live.models import Shown


class LoggedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """For rows whose change tells something: saved and deleted inside the log of their event.

    Django opens `atomic()` in these views, and a verb inside would find a transaction that is not
    its own; so the undecorated views run in ours, which also locks the event's log first.
    """

    @method_decorator(csrf_protect)
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        with self._log_for(request, object_id):
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]

    @method_decorator(csrf_protect)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with self._log_for(request, object_id):
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined,no-any-return]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def _log_for(self, request: HttpRequest, object_id: str | None) -> Any:
        """The log of the event that this post is about; nothing for a page that only shows."""
        if request.method != "POST":
            return nullcontext()
        if object_id is not None:
            obj = self.get_object(request, object_id)
            return changing(self._event_of(obj)) if obj is not None else nullcontext()
        choice = self.formfield_for_dbfield(self.model._meta.get_field("event"), request)
        assert choice is not None  # only a many-to-many has none
        try:
            return changing(choice.clean(request.POST.get("event", "")))
        except ValidationError:
            return nullcontext()  # the form will say the same, and nothing is written

    def _event_of(self, row: Any) -> int:
        return int(row.event_id)


class ShownAdmin(LoggedAdmin):
    """For models that people see. No `list_editable`, no inlines of such models."""

    def save_model(self, request: HttpRequest, obj: Shown, form: Any, change: bool) -> None:
        log = guard.open_log()
        assert log is not None
        if change:
            log.touch(obj)
        else:
            log.add(obj)

    def delete_model(self, request: HttpRequest, obj: Shown) -> None:
        with changing(obj.event_id) as log:
            log.remove(obj)
