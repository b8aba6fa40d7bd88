"""Organizers see only their own events in the admin: lists, objects, choices and searches alike."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, User
from agenda.revisions import FIELD, RevisedForm


class OneEventForm(RevisedForm):
    """A row stays in the event it was made for, and so does everything it names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
                continue
            if name == "event":
                field.queryset = Event.objects.filter(pk=self.instance.event_id)
            elif _is_of_event(field.queryset):
                field.queryset = field.queryset.filter(event=self.instance.event_id)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        event = cleaned.get("event")
        for name, part in list(cleaned.items()):
            if event is not None and getattr(part, "event_id", event.pk) != event.pk:
                self.add_error(name, _("This belongs to another event."))
        return cleaned


class EventScoped(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """The base of every admin of an event's rows; `event_path` leads from the row to its event."""

    event_path = "event"
    form = OneEventForm

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Times are typed and read in the event's own zone."""
        with timezone.override(self._zone(request, object_id)):
            return _rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        with timezone.override(self._zone(request, None)):
            return _rendered(super().changelist_view(request, extra_context))

    def _zone(self, request: HttpRequest, object_id: str | None) -> str:
        """The zone of the object's event, else of the organizer's newest one."""
        events = _events(request).order_by("-starts_at")
        try:
            if object_id is not None:
                rows = self.get_queryset(request).filter(pk=object_id)
                events = events.filter(pk__in=rows.values(self.event_path))
            event = events.first()
        except (ValueError, ValidationError):
            event = None  # not an id at all: the view itself will say that it is not there
        return event.zone if event is not None else Event._meta.get_field("zone").default

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]  # it has one more
        form: Any = super().get_form(request, obj, **kwargs)
        form.person = request.user  # a class of this request alone
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the hidden field that knows how the row looked, where there is something to save."""
        own: Any = super().get_fieldsets(request, obj)
        fieldsets: list[tuple[Any, dict[str, Any]]] = [(name, dict(each)) for name, each in own]
        for _heading, options in fieldsets:
            options["fields"] = [name for name in options["fields"] if name != FIELD]
        if self.has_change_permission(request, obj):
            fieldsets[0][1]["fields"].append(FIELD)
        return fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(**{f"{self.event_path}__in": _events(request)})

    def formfield_for_foreignkey(  # type: ignore[override]  # the admin always has a request
        self, field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if (own := _choices(field.related_model, request)) is not None:
            kwargs["queryset"] = own
        return super().formfield_for_foreignkey(field, request, **kwargs)


def _rendered(response: Any) -> Any:
    """Draw the page now, while the zone holds; Django would draw it after the view."""
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    return response


def _choices(model: Any, request: HttpRequest) -> QuerySet[Any] | None:
    """What `request`'s organizer may choose from; None for a model that belongs to no event."""
    if model is Event:
        return _events(request)
    if model is User:
        return _colleagues(request)
    rows: QuerySet[Any] = model._default_manager.all()
    return rows.filter(event__in=_events(request)) if _is_of_event(rows) else None


def _is_of_event(rows: QuerySet[Any]) -> bool:
    """Whether these rows belong to one event each."""
    field = next((one for one in rows.model._meta.fields if one.name == "event"), None)
    return field is not None and field.related_model is Event


def _events(request: HttpRequest) -> QuerySet[Event]:
    return Event.objects.organized_by(request.user)


def _colleagues(request: HttpRequest) -> QuerySet[User]:
    if request.user.is_superuser:
        return User.objects.all()
    return User.objects.filter(membership__event__in=_events(request)).distinct()
