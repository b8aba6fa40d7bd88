"""One page of a list, and the cursor of the next. The order is total, so no row comes twice."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.utils.timezone import is_naive

M = TypeVar("M", bound=Model)
DEFAULT_LIMIT = 100


class NoSuchPage(Exception):
    """A cursor that leads nowhere in this list."""


def page(rows: QuerySet[M], *, by: tuple[str, ...], cursor: str | None, limit: int) -> Any:
    """At most `limit` rows in the order `by`, and the cursor behind them ("" at the end).

    `by` ends with the primary key. The cursor names the last row that was given, so what is
    inserted or deleted meanwhile moves nothing. NoSuchPage for a cursor that is none of ours.
    """
    if cursor:
        rows = rows.filter(_after(by, _read(rows.model, by, cursor)))
    found = list(rows.order_by(*by)[: limit + 1])
    if len(found) <= limit:
        return found, ""
    return found[:limit], _write([getattr(found[limit - 1], name) for name in by])


def _after(by: tuple[str, ...], values: list[Any]) -> Q:
    """(a, b, pk) > values, as all databases understand it."""
    condition, same = Q(), Q()
    for name, value in zip(by, values, strict=True):
        condition |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return condition


def _write(values: list[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read(model: type[Model], by: tuple[str, ...], cursor: str) -> list[Any]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        values = json.loads(text)
    except (binascii.Error, UnicodeDecodeError, ValueError, RecursionError):
        raise NoSuchPage from None
    if not isinstance(values, list) or len(values) != len(by) or "\0" in str(values):
        raise NoSuchPage
    return [_value(model, name, value) for name, value in zip(by, values, strict=True)]


def _value(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert field is not None
    if isinstance(field, DateTimeField) or field.get_internal_type() == "CharField":
        fits = isinstance(value, str) and "\0" not in value
    else:
        fits = type(value) is int and abs(value) < 2**63
    try:
        found = field.to_python(value) if fits else None  # type: ignore[union-attr]
    except ValidationError:
        raise NoSuchPage from None
    if found is None or (isinstance(found, datetime) and is_naive(found)):
        raise NoSuchPage
    return found
