"""What organizers type or drop in the day grid, checked: which session goes where and when."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, Room

MAX_MINUTES = 24 * 60


class PlaceForm(forms.Form):
    """Room, start and length. The start is an instant (`at`), or a clock on a day of the event."""

    room = forms.ModelChoiceField(queryset=Room.objects.none(), required=False)
    at = forms.DateTimeField(required=False)
    day = forms.DateField(required=False)
    start = forms.TimeField(
        required=False, error_messages={"invalid": _("Type a time such as 18:00.")}
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=MAX_MINUTES,
        error_messages={"min_value": _("Type how many minutes it takes, 1 to 1440.")}
        | dict.fromkeys(
            ("required", "invalid", "max_value"), _("Type how many minutes it takes, 1 to 1440.")
        ),
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def __init__(self, event: Event, data: Any) -> None:
        super().__init__(data)
        self.event = event
        room = cast("forms.ModelChoiceField[Room]", self.fields["room"])
        room.queryset = event.rooms.all()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        at = cleaned.get("at")
        if at is None and cleaned.get("day") and cleaned.get("start"):
            at = instant(self.event, cleaned["day"], cleaned["start"])
        if at is None or not 1970 < at.year < 9000:
            if "start" not in self.errors:
                self.add_error("start", _("Type a time such as 18:00."))
        elif cleaned.get("minutes"):
            cleaned["starts_at"] = at
            cleaned["ends_at"] = at + timedelta(minutes=cleaned["minutes"])
        return cleaned

    @property
    def where(self) -> dict[str, Any]:
        """What the verbs of `agenda.placing` want to know."""
        return {name: self.cleaned_data[name] for name in ("room", "starts_at", "ends_at")}

    @property
    def problem(self) -> str:
        """The first thing that is wrong, as a sentence."""
        return str(next(iter(self.errors.values()))[0])


def instant(event: Event, day: date, clock: time) -> datetime:
    """When it is `clock` on this event day: before the day boundary that is the next morning."""
    if clock < event.day_boundary:
        day += timedelta(days=1)
    return datetime.combine(day, clock, event.tz)
