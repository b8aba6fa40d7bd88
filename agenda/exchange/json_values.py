"""Values out of foreign JSON, whatever stands there instead of them. Knows no format."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agenda.exchange.plan import UnreadableError
from agenda.exchange.words import gettext as _

Object = dict[str, Any]
MAX_DEPTH = 100
LANGUAGES = ("de", "de-formal", "en")


def loaded(data: bytes) -> Any:
    """UnreadableError names the line at which it is no JSON, or says that it is too deep."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(_("The file is not in UTF-8.")) from None
    try:
        return json.loads(text, parse_constant=lambda _name: None)
    except json.JSONDecodeError as error:
        words = _("The file is broken in line {line}.")
        raise UnreadableError(words.format(line=error.lineno)) from None
    except RecursionError:
        raise UnreadableError(_("The file is too deeply nested to be read.")) from None
    except ValueError:  # a number of more digits than anybody needs
        raise UnreadableError(_("The file is broken and cannot be read.")) from None


def objects(value: Any) -> Iterator[Object]:
    """The objects in a list; whatever else stands in it is passed over."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def said(value: Any, language: str = "") -> str:
    """A text, also one in several languages: the event's, else German, English, any."""
    if isinstance(value, dict):
        for key in (language, *LANGUAGES, *value):
            if isinstance(text := value.get(key), str) and text.strip():
                return text
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value) if len(value) < 12 else None
    return value if isinstance(value, int) else None


def instant(value: Any, zone: ZoneInfo) -> datetime | None:
    """An ISO time; without an offset it is of `zone`."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)
