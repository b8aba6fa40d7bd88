"""Lists typed as lines: speakers by name, links by address. Fields and what they become."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models import Appearance, Session, Speaker

MAX_LINES = 50
_check_address = URLValidator(schemes=["http", "https"])


class LinesField(forms.CharField):
    """A list, one line each; what a line may be is said by `read_line`."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (
            value if isinstance(value, str) else "\n".join(self.write_line(v) for v in value or [])
        )

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            raise ValidationError(_("At most %(most)s lines.") % {"most": MAX_LINES})
        return [self.read_line(line) for line in lines]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)).split() != str(data or "").split()

    def read_line(self, line: str) -> Any:
        return line

    def write_line(self, value: Any) -> str:
        return str(value)


class NamesField(LinesField):
    """Names of people, in their order."""

    def read_line(self, line: str) -> str:
        if len(line) > 120:
            raise ValidationError(_("“%(line)s” is too long for a name.") % {"line": line[:120]})
        return line


class LinksField(LinesField):
    """Addresses of pages, each followed by what it is called."""

    def read_line(self, line: str) -> dict[str, str]:
        url, _space, title = line.partition(" ")
        try:
            _check_address(url)
        except ValidationError:
            words = _("“%(line)s” does not begin with the address of a page: https://…")
            raise ValidationError(words % {"line": line[:120]}) from None
        return {"title": title.strip() or urlsplit(url).netloc, "url": url}

    def write_line(self, value: dict[str, str]) -> str:
        return f"{value.get('url', '')} {value.get('title', '')}".strip()


SPEAKERS = NamesField(
    label=gettext_lazy("speakers"),
    help_text=gettext_lazy("One name in each line. Whoever is not known yet is added."),
)
LINKS = LinksField(
    label=gettext_lazy("links"),
    help_text=gettext_lazy("One in each line: the address, a space, what it is called."),
)


def names_of(session: Session) -> list[str]:
    """In their order. One question."""
    named = session.appearances.select_related("speaker")
    return [appearance.speaker.name for appearance in named]


def name_speakers(session: Session, names: Sequence[str]) -> None:
    """Have exactly these people appear in `session`, in this order.

    Whoever appears in it already stays that person; of others with one name the first is meant.
    A name that nobody has yet makes a new speaker.
    """
    known: dict[str, list[Speaker]] = {name: [] for name in names}
    own = {each.speaker_id for each in session.appearances.all()}
    found = Speaker.objects.filter(event=session.event_id, name__in=list(known))
    for speaker in sorted(found, key=lambda one: (one.pk not in own, one.pk)):
        known[speaker.name].append(speaker)
    speakers: list[Speaker] = []
    for name in names:
        if known[name]:
            speakers.append(known[name].pop(0))
        elif name not in [speaker.name for speaker in speakers]:
            speakers.append(Speaker.objects.create(event_id=session.event_id, name=name))
    session.appearances.all().delete()
    Appearance.objects.bulk_create(
        Appearance(session=session, speaker=speaker, position=position)
        for position, speaker in enumerate(speakers)
    )
