"""`{% import_map %}`, the one inline script, allowed by its hash, and `{% linked_data %}`."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

FOLDERS = ("live", "eventhub", "agenda", "wall")


def module_names() -> list[str]:
    """Every module of our own by its bare name, e.g. "live/stream"."""
    found = set()
    for finder in finders.get_finders():
        for path, _ in finder.list([]):
            if path.endswith(".js") and Path(path).parts[0] in FOLDERS:
                found.add(path.removesuffix(".js"))
    return sorted(found)


@cache
def map_text() -> str:
    """JSON without a character that HTML would need to escape (tests/test_import_map.py)."""
    imports = {name: staticfiles_storage.url(f"{name}.js") for name in module_names()}
    return json.dumps({"imports": imports}, separators=(",", ":"), sort_keys=True)


@cache
def map_hash() -> str:
    digest = hashlib.sha256(map_text().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@register.simple_tag
def import_map() -> SafeString:
    return format_html('<script type="importmap">{}</script>', _Raw(map_text()))


# Within a script element nothing but these could end it or begin a comment.
_NO_MARKUP = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@register.simple_tag
def linked_data(data: Mapping[str, Any]) -> SafeString:
    """A block of data for machines, which no browser runs and no policy has to allow."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_NO_MARKUP)
    return format_html('<script type="application/ld+json">{}</script>', _Raw(text))


class _Raw:
    """What cannot be markup: addresses of our own files, or JSON with nothing of it left."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __html__(self) -> str:
        return self._text
