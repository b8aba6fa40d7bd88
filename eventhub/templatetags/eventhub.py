"""`{% import_map %}`, the one inline script, allowed by its hash, and `{% linked_data %}`."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

from eventhub.packs import Packing
from eventhub.static_files import build_id, module_texts

register = template.Library()


@cache
def map_text() -> str:
    """JSON without a character that HTML would need to escape (tests/test_import_map.py).

    Once files are packed it names what one of them asks another for.
    """
    texts = module_texts()
    names = Packing(texts).asked_for if build_id() else set(texts)
    imports = {name: staticfiles_storage.url(f"{name}.js") for name in sorted(names)}
    return json.dumps({"imports": imports}, separators=(",", ":"))


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
