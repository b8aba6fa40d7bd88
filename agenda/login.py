"""Signing in, for the desk and the admin alike; slow for whoever guesses, never for the hall."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agenda.helpers import sign_off
from agenda.middleware import law_links
from agenda.models import Event, Membership, User
from eventhub.http import Buckets, client_of
from eventhub.live.log import changing

# Per account and address: nobody can lock the organizer out from elsewhere.
_guesses = Buckets(at_once=5, per_second=1 / 60)
# Per address, high: all of a hall has one.
_addresses = Buckets(at_once=60, per_second=1)


class LoginForm(AuthenticationForm):
    """Counts a try before the password is looked at, so that guessing costs time, not CPU."""

    def clean(self) -> dict[str, Any]:
        address = client_of(self.request) if self.request else ""
        account = str(self.cleaned_data.get("username", "")).lower()[:150]
        key = f"{account}@{address}"
        # A guess that is refused already costs the address nothing: its neighbours can sign in.
        wait_s = _guesses.take(key) or _addresses.take(address)
        if wait_s:
            raise ValidationError(
                _("Too many tries. Please wait %(seconds)d seconds.") % {"seconds": wait_s + 1},
                code="throttled",
            )
        cleaned: dict[str, Any] = super().clean()
        if self.get_user() is not None:  # without a password nothing has been checked
            _guesses.refill(key)
        return cleaned


class LoginView(auth_views.LoginView):
    """After signing in: where one wanted to go, else the page of one's event, else its desk."""

    form_class = LoginForm
    template_name = "eventhub/login.html"
    redirect_authenticated_user = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the imprint of the event that one wants to go to, if there is one."""
        slug = self.get_redirect_url().strip("/").partition("/")[0]
        event = Event.objects.filter(slug=slug).first()
        return super().get_context_data(**kwargs) | (law_links(event) if event else {})

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        own = Event.objects.organized_by(user).order_by("-starts_at").first()
        if own is not None:
            return f"/{own.slug}/home/"
        event = Event.objects.moderated_by(user).order_by("-starts_at").first()
        return f"/{event.slug}/desk/" if event else "/admin/"


class LogoutView(auth_views.LogoutView):
    """Signing out closes the desk's socket as well, and ends a helper's task."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        answer = super().post(request, *args, **kwargs)
        if isinstance(user, User):
            sign_off(user)
            rights_changed(user)
        return answer


def password_change(request: HttpRequest) -> Any:
    """One's own password: the other browsers are signed out, and their desks are told at once."""
    user = request.user
    answer = admin.site.password_change(request)
    if answer.status_code == 302 and isinstance(user, User):
        rights_changed(user)
    return answer


def rights_changed(user: User, *, also: Iterable[int] = ()) -> None:
    """Ask every open socket of `user` to show its right again, wherever they have a task.

    `also`: ids of events in which they have just lost it.
    """
    tasks = Membership.objects.filter(user=user).values_list("event_id", flat=True)
    every = Event.objects.values_list("pk", flat=True) if user.is_superuser else ()
    for event_id in sorted({*tasks, *every, *also}):
        with changing(event_id) as log:
            log.tell("access", topics=(f"user:{user.pk}",), object_id=user.pk)
