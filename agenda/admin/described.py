"""The admin of rooms, tracks, speakers and sessions: what they say stands on open pages."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda.admin.bases import DescribesSlots
from agenda.admin.lines import LINKS, SPEAKERS, name_speakers, names_of
from agenda.models import Room, Session, Speaker, Track
from agenda.scoping import OneEventForm

OWN_EVENTS = ("event", admin.RelatedOnlyFieldListFilter)


class SessionForm(OneEventForm):
    """Speakers and links are typed as lines, in the order in which they are to stand."""

    names = SPEAKERS
    pages = LINKS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            own = {"names": names_of(instance), "pages": instance.links}
            kwargs["initial"] = own | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def save(self, commit: bool = True) -> Session:
        if "pages" in self.cleaned_data:
            self.instance.links = self.cleaned_data["pages"]
        session: Session = super().save(commit=commit)
        return session

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]  # Django's own, called once there is a row
        if "names" in self.changed_data:
            name_speakers(self.instance, self.cleaned_data["names"])


@admin.register(Room)
class RoomAdmin(DescribesSlots):
    list_display = ["name", "event", "where", "capacity", "position"]
    list_select_related = ["event"]
    list_filter = [OWN_EVENTS]
    ordering = ["event", "position", "pk"]
    search_fields = ["name", "where"]


@admin.register(Track)
class TrackAdmin(DescribesSlots):
    list_display = ["name", "event", "colour", "position"]
    list_select_related = ["event"]
    list_filter = [OWN_EVENTS]
    ordering = ["event", "position", "pk"]
    search_fields = ["name"]


@admin.register(Speaker)
class SpeakerAdmin(DescribesSlots):
    list_display = ["name", "organisation", "event"]
    list_select_related = ["event"]
    list_filter = [OWN_EVENTS]
    search_fields = ["name", "organisation"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Session)
class SessionAdmin(DescribesSlots):
    form = SessionForm
    list_display = ["title", "event", "kind", "track", "who"]
    list_select_related = ["event", "track"]
    list_filter = [OWN_EVENTS, "kind", ("track", admin.RelatedOnlyFieldListFilter)]
    ordering = ["title"]
    search_fields = ["title", "subtitle", "host", "speakers__name"]
    fieldsets = [
        (None, {"fields": ["event", "title", "subtitle", "kind", "track", "names", "host"]}),
        (None, {"fields": ["abstract", "description", "pages", "language", "hashtag"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("appearances__speaker")

    @admin.display(description=_("speakers"))
    def who(self, session: Session) -> str:
        return session.who
