"""What organizers type on the page that sets a barcamp up, checked: rooms, times, one row."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from agenda import grid
from agenda.barcamp_setup import MAX_NAME, SWITCHES, Part, RoomWish, SetupRefused, Times
from agenda.grid_form import instant
from agenda.models import Event
from agenda.periods import MAX_MINUTES

RHYTHMS = {"45+15": (45, 15), "20+10": (20, 10)}
OWN = "own"
BAD_TIME = _("Type a time such as 18:00.")


class TimesForm(forms.Form):
    """A day, from when until when, and the rhythm: one of ours, or numbers of one's own."""

    day = forms.DateField(error_messages={"invalid": BAD_TIME, "required": BAD_TIME})
    start = forms.TimeField(error_messages={"invalid": BAD_TIME, "required": BAD_TIME})
    end = forms.TimeField(error_messages={"invalid": BAD_TIME, "required": BAD_TIME})
    rhythm = forms.ChoiceField(choices=[(name, name) for name in (*RHYTHMS, OWN)])
    minutes = forms.IntegerField(required=False, min_value=1, max_value=MAX_MINUTES)
    pause = forms.IntegerField(required=False, min_value=0, max_value=MAX_MINUTES)

    def __init__(self, event: Event, data: Any) -> None:
        super().__init__(data)
        self.event = event

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        words = _("Type how long a session lasts, 5 to 480 minutes.")
        if cleaned.get("rhythm") == OWN and not cleaned.get("minutes"):
            self.add_error("minutes", words)
        return cleaned

    @property
    def times(self) -> Times:
        """Raises SetupRefused with the first thing that is wrong."""
        if not self.is_valid():
            raise SetupRefused(str(next(iter(self.errors.values()))[0]))
        sent = self.cleaned_data
        minutes, pause = RHYTHMS.get(sent["rhythm"], (sent["minutes"], sent["pause"] or 0))
        starts_at, ends_at = span(self.event, sent["day"], sent["start"], sent["end"])
        return Times(starts_at, ends_at, minutes, pause)


class RowForm(forms.Form):
    """One row: its day, from when until when, and the version that somebody saw."""

    day = forms.DateField(error_messages={"invalid": BAD_TIME, "required": BAD_TIME})
    start = forms.TimeField(error_messages={"invalid": BAD_TIME, "required": BAD_TIME})
    end = forms.TimeField(error_messages={"invalid": BAD_TIME, "required": BAD_TIME})
    version = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def __init__(self, event: Event, data: Any) -> None:
        super().__init__(data)
        self.event = event

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Raises SetupRefused with the first thing that is wrong."""
        if not self.is_valid():
            raise SetupRefused(str(next(iter(self.errors.values()))[0]))
        sent = self.cleaned_data
        return span(self.event, sent["day"], sent["start"], sent["end"])


def span(event: Event, day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """Both on one event day, whose night belongs to it. Raises SetupRefused for odd years."""
    if not 1970 < day.year < 9000:
        raise SetupRefused(str(BAD_TIME))
    return instant(event, day, start), instant(event, day, end)


def rooms_of(sent: "MultiValueDict[str, str]") -> list[RoomWish]:
    """Every room of the page as it was and is wanted, then the new ones. Raises SetupRefused."""
    chosen = set(sent.getlist("room"))
    wishes = [
        RoomWish(
            Part(word in chosen, _seats(sent.get(f"seats-{word}", ""))),
            _was(sent.get(f"was-{word}", "")),
            number=int(word),
        )
        for word in sent.getlist("known")
        if _is_number(word)
    ]
    names, seats = sent.getlist("new_name"), sent.getlist("new_seats")
    seats += [""] * (len(names) - len(seats))
    new = [(name.strip(), count) for name, count in zip(names, seats, strict=False)]
    if any(len(name) > MAX_NAME for name, _count in new):
        raise SetupRefused(str(_("At most 100 rooms, each of at most 60 letters.")))
    return wishes + [RoomWish(Part(True, _seats(count)), name=name) for name, count in new if name]


def switches_of(sent: Mapping[str, str]) -> tuple[dict[str, bool], dict[str, bool]]:
    """As they are wanted, and as they were on the page."""
    wanted = {name: sent.get(name, "") == "on" for name in SWITCHES}
    return wanted, {name: sent.get(f"was-{name}", "") == "on" for name in SWITCHES}


def usual_times(event: Event, day: date) -> tuple[datetime, datetime]:
    """What the form proposes for a day: when the event is open, from a full quarter of an hour."""
    opens_at, closes_at = grid.hours(event, day)
    quarter = timedelta(minutes=15)
    over = timedelta(minutes=opens_at.minute % 15, seconds=opens_at.second)
    over += timedelta(microseconds=opens_at.microsecond)
    return (opens_at - over + quarter if over else opens_at), closes_at


def _was(word: str) -> Part | None:
    """Such as "1 40" or "0 ": took part or not, and its seats."""
    takes_part, _space, seats = word.partition(" ")
    return Part(takes_part == "1", _seats(seats)) if takes_part in {"0", "1"} else None


def _seats(word: str) -> int | None:
    word = word.strip()
    if not word:
        return None
    if not _is_number(word):
        raise SetupRefused(str(_("Type how many seats the room has, or leave it empty.")))
    return int(word)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 10
