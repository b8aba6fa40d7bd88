"""What organizers choose on the page of direction, checked in words. Writes nothing."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wall.direction import FIELDS
from wall.turns import OPTIONAL

_MINUTES = _("Type a number of minutes, from 0 to 60.")
_SECONDS = _("Type a number of seconds, from 6 to 120.")
_LONG = _("That is too long: 120 characters fit on a screen.")


def _number(words: Any, least: int, most: int) -> forms.IntegerField:
    kinds = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        min_value=least, max_value=most, error_messages=dict.fromkeys(kinds, words)
    )


def _words() -> forms.CharField:
    return forms.CharField(required=False, max_length=120, error_messages={"max_length": _LONG})


class DirectionForm(forms.Form):
    """All of it, and in `was` how it was when the page was made. `shown`: slides to show."""

    ending_minutes = _number(_MINUTES, 0, 60)
    slide_s = _number(_SECONDS, 6, 120)
    wall_in_talks = forms.BooleanField(required=False)
    shown = forms.MultipleChoiceField(choices=[(name, name) for name in OPTIONAL], required=False)
    welcome = _words()
    good_night = _words()
    next_stop = _words()
    was = forms.CharField(required=False, max_length=4000)

    def wish(self) -> dict[str, Any]:
        known = self.cleaned_data
        plain = {name: known[name] for name in FIELDS if name != "left_out"}
        return plain | {"left_out": [name for name in OPTIONAL if name not in known["shown"]]}

    def seen(self) -> dict[str, Any] | None:
        """None for a form that does not say what it was made from."""
        try:
            known = json.loads(self.cleaned_data["was"])
        except ValueError:
            return None
        if not isinstance(known, dict):
            return None
        return {name: known[name] for name in FIELDS if name in known}
