"""What an organizer sets of a screen, as a form; fields by their names in `wall.screens`."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, Room
from wall import screen_words, turns
from wall.models import Screen

NAME_CHARS = 60


class PlaceForm(forms.Form):
    """Name, where it stands, and what it hangs on: all that a new screen needs."""

    name = forms.CharField(max_length=NAME_CHARS)
    stands = forms.ChoiceField()
    wiring = forms.ChoiceField(choices=Screen.Wiring.choices, initial=Screen.Wiring.OWN)

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.filter(event=event).values_list("pk", "name")
        places = [(value, str(label)) for value, label in Screen.Place.choices]
        stands = self.fields["stands"]
        assert isinstance(stands, forms.ChoiceField)
        stands.choices = [*places, *((str(pk), name) for pk, name in rooms)]

    def settings(self) -> dict[str, Any]:
        """What was filled in, by the names of the screen's own fields."""
        found = dict(self.cleaned_data)
        stands = found.pop("stands")
        if stands.isdecimal():
            return found | {"room_id": int(stands)}
        return found | {"room_id": None, "place": stands}


class SettingsForm(PlaceForm):
    """All of it. A box that is not ticked is a slide that this screen leaves out."""

    view = forms.ChoiceField(choices=Screen.View.choices)
    theme = forms.ChoiceField(choices=Screen.Theme.choices)
    distance_m = forms.IntegerField(min_value=2, max_value=60)
    picture_cm = forms.IntegerField(min_value=30, max_value=1500)
    language = forms.ChoiceField(
        choices=[("", _("of the event")), *Event.Language.choices], required=False
    )
    slides = forms.MultipleChoiceField(
        choices=[(name, screen_words.SLIDES[name]) for name in turns.OPTIONAL], required=False
    )

    def settings(self) -> dict[str, Any]:
        found = super().settings()
        shown = set(found.pop("slides"))
        return found | {"left_out": [name for name in turns.OPTIONAL if name not in shown]}


def filled(settings: dict[str, Any]) -> dict[str, Any]:
    """The fields of the form for a screen that is set like this."""
    stands = settings["room_id"] or settings["place"]
    left_out = settings["left_out"]
    return settings | {
        "stands": str(stands),
        "slides": [name for name in turns.OPTIONAL if name not in left_out],
    }


def written(settings: dict[str, Any]) -> str:
    """How the screen was set when the form was drawn; it comes back with the form."""
    return json.dumps(settings, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """What `written` wrote; {} for anything else, as if nothing had been before one's eyes."""
    try:
        found = json.loads(text[:4000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
