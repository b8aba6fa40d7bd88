"""The page on which an event begins: few questions, and everything is there."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agenda import importing
from agenda.exchange.plan import Plan, UnreadableError
from agenda.models import Event, User
from eventhub.zones import known_zones
from wall import demo_tag, founding
from wall.targets import parse_server

MAX_DAYS = 31
SECOND = timedelta(seconds=1)
SCREEN_KEY = "screen-key"  # of the session, until the event's page has shown it


class FoundingForm(forms.Form):
    """Two questions must be answered, and the days, unless a file says them."""

    name = forms.CharField(max_length=120)
    place = forms.CharField(max_length=120, required=False)
    hashtag = forms.CharField(max_length=61)
    first_day = forms.DateField(required=False)
    last_day = forms.DateField(required=False)
    opens = forms.TimeField(initial=time(9))
    closes = forms.TimeField(initial=time(18))
    rooms = forms.CharField(required=False, max_length=8000, widget=forms.Textarea)
    barcamp = forms.BooleanField(required=False)
    file = forms.FileField(required=False, allow_empty_file=True)
    zone = forms.CharField(initial="Europe/Berlin")
    language = forms.ChoiceField(choices=Event.Language.choices, initial=Event.Language.DE)
    server = forms.CharField(initial=founding.SERVER, max_length=200)
    plan: Plan | None = None
    content = b""

    def clean_hashtag(self) -> str:
        return _in_words(demo_tag.parse_tag, self.cleaned_data["hashtag"])

    def clean_server(self) -> str:
        _in_words(parse_server, self.cleaned_data["server"])
        return str(self.cleaned_data["server"]).strip()

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"]).strip()
        if zone not in known_zones():
            raise ValidationError(_("This is not a known time zone."))
        return zone

    def clean_rooms(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["rooms"].splitlines() if line.strip()]
        if len(names) > founding.MAX_ROOMS or any(len(name) > 60 for name in names):
            raise ValidationError(_("At most 100 rooms, each of at most 60 letters."))
        return names

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (file := cleaned.get("file")) is not None and not self.errors:
            self._read(file, cleaned["zone"])
        first, last = self._said(cleaned.get("zone", ""))
        first = cleaned["first_day"] = cleaned.get("first_day") or first
        last = cleaned["last_day"] = cleaned.get("last_day") or last or first
        if "file" in self.errors or "first_day" in self.errors or "last_day" in self.errors:
            return cleaned
        if first is None or last is None:
            self.add_error("first_day", _("On which day does it begin?"))
        elif not 0 <= (last - first).days < MAX_DAYS or not 2000 <= first.year <= 2200:
            self.add_error("last_day", _("It ends before it begins, or lasts longer than a month."))
        return cleaned

    def _read(self, file: Any, zone: str) -> None:
        from agenda.exchange import reading

        if file.size > reading.MAX_FILE_BYTES:
            self.add_error("file", _("The file is larger than 10 MB."))
            return
        self.content = file.read()
        try:
            self.plan = reading.read(self.content, file.name, zone=zone)
        except UnreadableError as error:
            self.add_error("file", str(error))

    def _said(self, zone: str) -> tuple[date | None, date | None]:
        """First and last day as the file has them."""
        from agenda.exchange import creating

        if self.plan is None:
            return None, None
        try:
            first, last = creating.frame(self.plan, ZoneInfo(zone))
        except UnreadableError as error:
            self.add_error("file", str(error))
            return None, None
        local = ZoneInfo(zone)
        return first.astimezone(local).date(), (last - SECOND).astimezone(local).date()

    def wish(self) -> founding.Wish:
        return founding.Wish(**{k: v for k, v in self.cleaned_data.items() if k != "file"})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Everything of the event is made at once; afterwards one reads what is still missing."""
    person = request.user
    if not isinstance(person, User) or not founding.may_found(person):
        raise Http404
    form = FoundingForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "wall/founding.html", {"form": form}, status=status)
    founded = founding.found(form.wish(), by=person)
    request.session[SCREEN_KEY] = [founded.event.pk, founded.screen_key]
    home = f"/{founded.event.slug}/home/"
    if form.plan is None:
        return redirect(home)
    name = form.cleaned_data["file"].name
    upload = importing.take(founded.event, by=person, name=name, content=form.content)
    return redirect(f"{home}import/{upload.key}/")


def _in_words(parse: Any, typed: str) -> str:
    try:
        return str(parse(typed))
    except ValueError as error:
        raise ValidationError(str(error)) from error
