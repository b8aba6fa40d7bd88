"""What organizers choose on the page of rules, checked in words. Writes nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wall.models import Rule
from wall.ruling import Wish

SHORTEST_S, LONGEST_S = 5, 600


class RuleForm(forms.Form):
    """The four choices, each beside what it was when the page was made (`was_…`)."""

    mode = forms.ChoiceField(choices=Rule.Mode.choices)
    delay_s = forms.IntegerField(
        min_value=SHORTEST_S,
        max_value=LONGEST_S,
        error_messages={
            "required": _("Type a number of seconds, from 5 to 600."),
            "invalid": _("Type a number of seconds, from 5 to 600."),
            "min_value": _("Type a number of seconds, from 5 to 600."),
            "max_value": _("Type a number of seconds, from 5 to 600."),
        },
    )
    fallback = forms.ChoiceField(choices=Rule.Fallback.choices)
    hold_first = forms.BooleanField(required=False)
    was_mode = forms.ChoiceField(choices=Rule.Mode.choices, required=False)
    was_delay_s = forms.IntegerField(required=False)
    was_fallback = forms.ChoiceField(choices=Rule.Fallback.choices, required=False)
    was_hold_first = forms.BooleanField(required=False)

    def wish(self) -> Wish:
        return _wish(self.cleaned_data, "")

    def seen(self) -> Wish | None:
        """None for a form that does not say what it was made from."""
        known = self.cleaned_data
        return _wish(known, "was_") if known["was_mode"] and known["was_fallback"] else None


def _wish(known: dict[str, Any], prefix: str) -> Wish:
    return Wish(
        mode=Rule.Mode(known[f"{prefix}mode"]),
        delay_s=known[f"{prefix}delay_s"],
        fallback=Rule.Fallback(known[f"{prefix}fallback"]),
        hold_first=known[f"{prefix}hold_first"],
    )
