"""The admin of sources, posts, rules and screens; a client of the domain's verbs."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda.models import User
from agenda.scoping import EventScoped, OneEventForm
from eventhub.addresses import public_base
from eventhub.live.admin import ShownAdmin
from eventhub.live.log import changing
from wall import moderation, screens
from wall.models import Action, Decision, Post, Rule, Screen, Source
from wall.targets import parse_server

# The others have settings that this form does not know: they have a page of their own.
IN_ADMIN = {"mastodon", "demo"}


def _adapters() -> list[tuple[str, str]]:
    """Asked for when the form is shown: adapters bring an HTTP client, which costs start time."""
    from wall.sources.registry import ADAPTERS

    return [(name, name) for name in ADAPTERS if name in IN_ADMIN]


class SourceForm(OneEventForm):
    """Server, tag and secret instead of raw settings; the secret is written, never shown again."""

    adapter = forms.ChoiceField(label=_("kind"), choices=_adapters)
    server = forms.CharField(label=_("server"), required=False)
    tag = forms.CharField(label=_("hashtag"), required=False)
    secret = forms.CharField(
        label=_("access token"),
        required=False,
        widget=forms.PasswordInput,
        help_text=_("Left empty, the stored one stays."),
    )

    class Meta:
        model = Source
        fields = ["event", "adapter", "name", "server", "tag", "secret", "paused"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("server", "tag"):
            self.initial.setdefault(name, self.instance.config.get(name, ""))

    def clean_server(self) -> str:
        server = str(self.cleaned_data["server"]).strip()
        if not server:
            return ""
        try:
            return parse_server(server)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Source:
        source: Source = super().save(commit=False)
        new = {"server": self.cleaned_data["server"], "tag": self.cleaned_data["tag"].lstrip("#")}
        if {name: source.config.get(name, "") for name in new} != new:
            source.cursor = ""  # another place: begin with its newest page
        if source.config.get("server", "") != new["server"]:
            source.token = ""  # a secret goes only to the server it was typed in for
        source.config = source.config | new
        if self.cleaned_data["secret"]:
            source.token = self.cleaned_data["secret"]
        source.state, source.next_try_at = Source.State.NEW, None
        return source


@admin.register(Source)
class SourceAdmin(EventScoped, ShownAdmin):
    form = SourceForm
    list_display = ["name", "event", "adapter", "state", "last_contact_at", "error", "paused"]

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        fits = obj is None or obj.adapter in IN_ADMIN
        return fits and super().has_change_permission(request, obj)


@admin.register(Post)
class PostAdmin(EventScoped, ShownAdmin):
    """Read, show, hide. Nobody writes in somebody else's name."""

    list_display = ["author_name", "text", "network", "state", "received_at"]
    list_filter = ["state", "network"]
    ordering = ["-pk"]
    search_fields = ["text", "author_name", "author_handle"]
    actions = ["show_selected", "hide_selected"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return False

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Who deleted a post is remembered, not what stood in it: Django would keep its text."""
        kind = str(self.opts.verbose_name)
        numbers = [Post(pk=post.pk, author_name=kind, text=f"#{post.pk}") for post in queryset]
        return super().log_deletions(request, numbers)  # type: ignore[arg-type]  # any rows will do

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    @admin.action(description=_("Show selected posts"), permissions=["decide"])
    def show_selected(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        for post in queryset.exclude(state=Post.State.WITHDRAWN):
            moderation.show(post, by=_person(request))

    @admin.action(description=_("Hide selected posts"), permissions=["decide"])
    def hide_selected(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        for post in queryset.exclude(state=Post.State.WITHDRAWN):
            moderation.hide(post, by=_person(request))


@admin.register(Rule)
class RuleAdmin(EventScoped, ShownAdmin):
    list_display = ["event", "mode", "fallback"]


@admin.register(Screen)
class ScreenAdmin(EventScoped, ShownAdmin):
    list_display = ["name", "event", "view", "created_at", "revoked_at"]
    fields = ["event", "name"]  # what it shows is switched on the organizer's page
    actions = ["revoke_selected"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            key = secrets.token_urlsafe(16)
            obj.key_hash = Screen.hash_key(key)
            address = (
                f"{public_base(request.get_host(), scheme=request.scheme or 'http')}/screen#{key}"
            )
            words = _("Open this address on the screen. It is shown only now: %(address)s")
            messages.success(request, words % {"address": address})
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Revoke selected screens"), permissions=["change"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[Screen]) -> None:
        for screen in queryset:
            screens.revoke(screen)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with changing(obj.event_id) as log:
            log.tell("access", topics=(f"screen:{obj.pk}",), object_id=obj.pk)
            log.remove(obj)


@admin.register(Decision)
class DecisionAdmin(EventScoped):
    """The audit log: who decided what, and when. Nobody changes it."""

    list_display = ["at", "by", "post", "before", "after", "reason"]
    list_select_related = ["by", "post"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False


@admin.register(Action)
class ActionAdmin(EventScoped):
    """The other half of the audit log: deeds beyond one post. Nobody changes it."""

    list_display = ["at", "by", "verb", "about", "count", "undone_by", "undone_at"]
    list_select_related = ["by", "undone_by"]
    # What an undo needs is nobody's to read.
    fields = ["event", "at", "by", "verb", "about", "count", "undone_by", "undone_at"]

    def has_view_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return request.user.has_perm("wall.view_decision")  # one log, one right

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return False


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
