"""Forms that do not overwrite what somebody else has written since they were opened.

A hidden field says how the row looked then. Knows forms and rows, no requests; locks nothing.
"""

import hashlib
import re
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from agenda.models import User

FIELD = "opened"
SPOKEN_CHARS = 200  # of a value that somebody else has written


class Opened(NamedTuple):
    """How a row looked when its form was drawn: its revision, who had saved it, what it said."""

    revision: int
    entry: int  # number of the last line in the admin's book about it, 0 without one
    prints: dict[str, str]  # field -> fingerprint of its value


class OpenedField(forms.CharField):
    """Opened as text, "3.17.title=0f3a,host=77c1"; nothing that a person changes."""

    _form = re.compile(r"(\d{1,18})\.(\d{1,18})\.((?:\w+=[0-9a-f]{10},)*)", re.ASCII)

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, label="")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False

    @staticmethod
    def write(opened: Opened) -> str:
        prints = "".join(f"{name}={value}," for name, value in opened.prints.items())
        return f"{opened.revision}.{opened.entry}.{prints}"

    @classmethod
    def read(cls, text: str) -> Opened:
        """Raises ValidationError for what `write` never wrote."""
        found = cls._form.fullmatch(text)
        if found is None:
            raise ValidationError(_("Open this page again: it says no more what it was made of."))
        pairs = (pair.split("=") for pair in found[3].split(",") if pair)
        return Opened(int(found[1]), int(found[2]), dict(pairs))


class RevisedForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Refuses to save over what is new: names who and what, and shows both values.

    Where only the other person has changed a field, the form that is shown again has their value;
    where both have, it keeps one's own and says theirs. Saving that form is meant. A form without
    the hidden field is taken as it is: only a program sends one.
    """

    opened = OpenedField()
    person: User | None = None  # who fills the form in

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self._now = Opened(_count(self.instance), _last_entry(self.instance), self._prints())
            self.initial[FIELD] = OpenedField.write(self._now)

    def _prints(self) -> dict[str, str]:
        return {
            name: fingerprint(self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name != FIELD and not field.disabled
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and (text := cleaned.get(FIELD)):
            opened = OpenedField.read(text)
            new = [
                name
                for name, now in self._now.prints.items()
                if opened.prints.get(name, now) != now
            ]
            if new:
                self._refuse(opened, new)
        return cleaned

    def _refuse(self, opened: Opened, new: list[str]) -> None:
        said = {name: fingerprint(self.cleaned_data.get(name)) for name in new}
        what = ", ".join(str(self.fields[name].label or name) for name in new)
        self.add_error(None, self._sentence(opened.entry) % {"what": what})
        self._again = dict(self.data.items())
        self._again[self.add_prefix(FIELD)] = OpenedField.write(self._now)
        for name in new:
            theirs = self.get_initial_for_field(self.fields[name], name)
            if said[name] == opened.prints[name]:
                self._take(name, theirs)
            words = _("It says now: %(value)s")
            self.add_error(name, words % {"value": _spoken(self.fields[name], theirs)})
        self.data = self._again

    def _sentence(self, entry: int) -> str:
        last = _entries(self.instance).filter(pk__gt=entry).select_related("user").first()
        again = _("Look at it, then save once more.")
        if last is None:
            words = _("This has been changed in the meantime: %(what)s.")
        elif last.user == self.person:
            words = _("You have changed this elsewhere in the meantime: %(what)s.")
        else:
            name = last.user.spoken_name().replace("%", "%%")
            words = _("%(name)s has changed this in the meantime: %(what)s.")
            words = words.replace("%(name)s", name)
        return f"{words} {again}"

    def _take(self, name: str, value: Any) -> None:
        """Let the form that is shown again say `value`."""
        field, key = self.fields[name], self.add_prefix(name)
        if isinstance(field.widget, forms.MultiWidget):
            for number, part in enumerate(field.widget.decompress(value) or []):
                self._again[f"{key}_{number}"] = "" if part is None else part.isoformat()
        elif isinstance(field, forms.BooleanField):
            self._again[key] = "on" if value else ""
        else:
            prepared = field.prepare_value(value)
            self._again[key] = "" if prepared is None else str(prepared)


def fingerprint(value: Any) -> str:
    """The same for what a form reads as for what the row says, whoever wrote it."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, datetime):
        value = value.timestamp()
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    text = "" if value in (None, "") else repr(value)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _count(row: Any) -> int:
    """How often the row was saved, or its place in the log: each only ever rises."""
    return int(getattr(row, "revision", getattr(row, "version", 0)))


def _entries(row: Model) -> Any:
    kind = ContentType.objects.get_for_model(type(row))
    return LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).order_by("-pk")


def _last_entry(row: Model) -> int:
    return _entries(row).values_list("pk", flat=True).first() or 0


def _spoken(field: forms.Field, value: Any) -> str:
    """`value` as a person reads it in this field."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        value = field.queryset.filter(pk=value).first() if field.queryset is not None else value
    elif isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]  # no groups here
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    text = str(localize(value)) if value not in (None, "", []) else _("nothing")
    return text if len(text) <= SPOKEN_CHARS else f"{text[:SPOKEN_CHARS]} …"
