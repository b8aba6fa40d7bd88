"""How an address of the API spells days, numbers and truth. Stricter than the library's own."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

MOST = 200  # rows of one answer
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CURSOR = r"^[A-Za-z0-9_-]{1,600}$"


def _number(value: Any) -> int:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    raise ValueError("digits")


def _day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("a day such as 2026-10-07")


def _truth(value: Any) -> bool:
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError("true or false")


# Given or not, each as the interface describes it: "null" is no way to leave something out.
Number = Annotated[
    int | None, BeforeValidator(_number), WithJsonSchema({"type": "integer", "minimum": 0})
]
Day = Annotated[
    date | None, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Truth = Annotated[bool | None, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]
Room = Annotated[UUID | None, WithJsonSchema({"type": "string", "format": "uuid"})]
Cursor = Annotated[
    str | None, Field(pattern=_CURSOR), WithJsonSchema({"type": "string", "pattern": _CURSOR})
]
Limit = Annotated[
    int,
    BeforeValidator(_number),
    Field(ge=1, le=MOST),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST}),
]
