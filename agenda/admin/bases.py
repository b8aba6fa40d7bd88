"""What admins of the agenda share: deleting inside the log. Registers nothing."""

from contextlib import nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from agenda.scoping import EventScoped
from eventhub.live.log import changing


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
