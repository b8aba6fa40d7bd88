"""What organizers type about a source of any kind, checked in words. Asks no server."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wall import text
from wall.facets import web_address
from wall.models import Rule, Source
from wall.source_fields import LanguagesField, TagsField
from wall.source_keeping import Wish, mark_of

MAX_NAME = 120
MAX_BUDGET = 600  # posts a minute


class SourceForm(forms.Form):
    """What every kind asks; `own` are the names of the fields that only this kind has."""

    kind: ClassVar[str]
    title: ClassVar[Any]
    lead: ClassVar[Any]  # one sentence: what comes from there, and what it needs
    own: ClassVar[tuple[str, ...]] = ()
    meant_for: ClassVar[tuple[str, ...]] = ()  # a secret goes only where it was typed in for
    needs_secret: ClassVar[bool] = False
    where: ClassVar[Any] = ""  # where to get the secret
    makes_secrets: ClassVar[str] = ""  # the page for it on the server, "{server}" its address
    is_asked: ClassVar[bool] = True  # the others are told, and cannot be tried out by asking

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=MAX_NAME)
    mode = forms.ChoiceField(
        label=gettext_lazy("How its posts get onto the wall"),
        required=False,
        choices=[("", gettext_lazy("As the others of the event")), *Rule.Mode.choices],
    )
    budget = forms.IntegerField(
        label=gettext_lazy("Posts a minute"),
        min_value=1,
        max_value=MAX_BUDGET,
        initial=30,
        help_text=gettext_lazy("What comes beyond it waits at the desk."),
    )
    languages = LanguagesField(label=gettext_lazy("Only in these languages"))
    include_tags = TagsField(label=gettext_lazy("Also these hashtags"))
    exclude_tags = TagsField(label=gettext_lazy("Nothing with these hashtags"))
    forget = forms.BooleanField(label=gettext_lazy("Forget the stored secret"), required=False)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, source: Source | None = None, tag: str = "") -> None:
        self.source = source
        super().__init__(data, initial=_initial(source, tag), label_suffix="")
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput | forms.CheckboxInput):
                field.widget.attrs["class"] = "field"
        if not self.keeps_secret:
            del self.fields["forget"]

    @property
    def keeps_secret(self) -> bool:
        """Whether one is stored that may be forgotten."""
        may = "secret" in self.fields and not self.needs_secret
        return may and self.source is not None and bool(self.source.token_sealed)

    @property
    def where_page(self) -> str:
        """The address of the page on which the secret of this source is made, "" for none yet."""
        return self.page_for(self.source) if self.source is not None else ""

    @classmethod
    def page_for(cls, source: Source) -> str:
        page = cls.makes_secrets.format(server=source.config.get("server", ""))
        return web_address(page)

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.own]

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        names = ("name", "mode", "budget", "languages", "include_tags", "exclude_tags")
        return [self[name] for name in names]

    @property
    def opens_choices(self) -> bool:
        return any(field.errors for field in self.choice_fields)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.needs_secret and not self.errors and self.token == "":
            self.add_error("secret", _("Without it the server does not let us read."))
        return cleaned

    @property
    def config(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.own if name != "secret"}

    @property
    def token(self) -> str | None:
        """The secret from now on; None leaves the stored one alone."""
        if typed := self.cleaned_data.get("secret"):
            return str(typed)
        if self.source is None or self.cleaned_data.get("forget"):
            return ""
        was, now = self.source.config, self.config
        if any(was.get(name, "") != now.get(name, "") for name in self.meant_for):
            return ""
        return None if self.source.token_sealed else ""

    def default_name(self) -> str:
        raise NotImplementedError

    def wish(self) -> Wish:
        said = self.cleaned_data
        name = text.normalise_name(said["name"]) or self.default_name()
        return Wish(
            name=name[:MAX_NAME],
            config=self.config,
            token=self.token,
            mode=said["mode"],
            budget=said["budget"],
            languages=said["languages"],
            include_tags=said["include_tags"],
            exclude_tags=said["exclude_tags"],
        )


def _initial(source: Source | None, tag: str) -> dict[str, Any]:
    if source is None:
        return {"tag": f"#{tag}" if tag else ""}
    shown = dict(source.config)
    for name in ("name", "mode", "budget", "languages", "include_tags", "exclude_tags"):
        shown[name] = getattr(source, name)
    return shown | {"seen": mark_of(source)}
