"""Fields of the forms about sources: what is mistyped is answered with what was probably meant."""

from typing import Any
from urllib.parse import urlsplit

import regex
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wall import text
from wall.facets import web_address
from wall.targets import parse_server, parse_url

MAX_TAG_CHARS = 60
TOO_LONG = gettext_lazy("This hashtag is too long: at most 60 letters.")
MAX_TAGS = 20
MAX_URL_CHARS = 1000
MAX_SECRET_CHARS = 500
_NOT_IN_TAGS = regex.compile(r"(?:[^\p{L}\p{M}\p{N}_]|\u20e3)+")
# What is left of an emoji when it is rubbed out, and seen by nobody: no post has it in its tag.
_UNSEEN = regex.compile(r"[\ufe00-\ufe0f]+")
_KEYCAP = "\u20e3"
_LANGUAGE = regex.compile(r"[a-z]{2,3}")
_HANDLE = regex.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


def tag_of(typed: str) -> str:
    """The tag, without #, of what was typed. ValidationError with the tag that was meant."""
    tag = _UNSEEN.sub("", text.normalise(typed)).strip().lstrip("#＃").strip()
    if not tag:
        raise ValidationError(_("Please type a hashtag."))
    if len(tag) > MAX_TAG_CHARS:
        raise ValidationError(TOO_LONG)
    if text.is_tag(tag) and _KEYCAP not in tag:
        return tag
    meant = _NOT_IN_TAGS.sub("", tag)
    if any(letter.isspace() for letter in tag):
        problem = _("A hashtag has no spaces.")
    else:
        problem = _("A hashtag has only letters, digits and _.")
    if text.is_tag(meant):
        meant_words = _("Do you mean #%(tag)s?") % {"tag": meant}
        problem = f"{problem} {meant_words}"
    raise ValidationError(problem)


def host_in(address: str) -> str:
    return urlsplit(address).netloc or address


class _Plain(forms.CharField):
    """Text that a phone must not correct."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | _PLAIN


class TagField(_Plain):
    def __init__(self, **options: Any) -> None:
        words = {"required": gettext_lazy("Please type a hashtag."), "max_length": TOO_LONG}
        super().__init__(max_length=200, error_messages=words)
        self.label = options.get("label")

    def clean(self, value: Any) -> str:
        return tag_of(super().clean(value))


class ServerField(_Plain):
    """A server as people name it; `bare` leaves the scheme away again."""

    def __init__(self, *, bare: bool = False, **options: Any) -> None:
        words = {"required": gettext_lazy("Please type the name of a server.")}
        super().__init__(max_length=200, error_messages=words, **options)
        self.bare = bare

    def clean(self, value: Any) -> str:
        typed = super().clean(value).strip()
        try:
            server = parse_server(typed)
        except ValueError as error:
            raise ValidationError(str(error.args[0])) from error
        return host_in(server) if self.bare and server.startswith("https://") else server

    def prepare_value(self, value: Any) -> Any:
        """As people write it: mastodon.social, without https://."""
        return value.removeprefix("https://") if isinstance(value, str) else value


class HandleField(_Plain):
    """An account of Bluesky, such as mira.bsky.social."""

    def __init__(self, **options: Any) -> None:
        words = {"required": gettext_lazy("Please type the name of the account.")}
        super().__init__(max_length=253, error_messages=words, **options)

    def clean(self, value: Any) -> str:
        handle = text.normalise(super().clean(value)).strip().lower().removeprefix("@")
        if not _HANDLE.fullmatch(handle):
            raise ValidationError(
                _("The name of an account has a dot in it, such as mira.bsky.social.")
            )
        return str(handle)


class AddressField(_Plain):
    """A whole web address; https is thought of where nothing is said."""

    def __init__(self, **options: Any) -> None:
        words = {"required": gettext_lazy("Please paste the address of the feed.")}
        super().__init__(max_length=MAX_URL_CHARS, error_messages=words, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "url"}

    def clean(self, value: Any) -> str:
        typed = super().clean(value).strip().partition("#")[0]
        typed = typed.replace("feed://", "https://", 1).removeprefix("feed:")
        url = typed if "://" in typed else f"https://{typed}"
        try:
            target = parse_url(url)
        except ValueError:
            raise ValidationError(_("This is not the address of a feed.")) from None
        if not web_address(url) or ("." not in target.host and not target.is_address):
            raise ValidationError(_("This is not the address of a feed."))
        return url


class SecretField(_Plain):
    """Written, and never shown again."""

    widget = forms.PasswordInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_SECRET_CHARS, **options)

    def clean(self, value: Any) -> str:
        secret = str(super().clean(value)).strip().removeprefix("Bearer ").strip()
        if secret and (not secret.isascii() or not secret.isprintable() or " " in secret):
            raise ValidationError(_("The access token contains characters it cannot have."))
        return secret


class LanguagesField(_Plain):
    """Codes such as "de en", as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, required=False, **options)
        self.help_text = gettext_lazy("Such as de en. Empty: all.")

    def clean(self, value: Any) -> list[str]:
        found = list(dict.fromkeys(super().clean(value).lower().replace(",", " ").split()))
        if not all(_LANGUAGE.fullmatch(code) for code in found):
            raise ValidationError(_("Type the short names of languages, such as de en."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return " ".join(map(str, value)) if isinstance(value, list) else value


class TagsField(_Plain):
    """Hashtags with spaces between them, as a list without #."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=1000, required=False, **options)
        self.help_text = gettext_lazy("With spaces in between.")

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value).replace(",", " ").split()
        if len(typed) > MAX_TAGS:
            raise ValidationError(_("At most 20 hashtags."))
        return list(dict.fromkeys(tag_of(tag) for tag in typed))

    def prepare_value(self, value: Any) -> Any:
        return " ".join(f"#{tag}" for tag in value) if isinstance(value, list) else value
