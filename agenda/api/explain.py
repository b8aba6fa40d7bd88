"""The interface in words and rows, read from its own OpenAPI: nothing is written down twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agenda.models import Event

Schema = dict[str, Any]

in_words: Callable[[str], str] = _  # for the summaries, which stand as literals at the endpoints


@dataclass(frozen=True, slots=True)
class Row:
    """One value: what it is called, what it may be."""

    name: str
    kind: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """One address; `example` opens it for an event that is there, "" if there is none."""

    path: str
    words: str
    example: str
    takes: list[Row]
    gives: list[Row]


def context(schema: Schema) -> dict[str, Any]:
    """For the page. One query."""
    event = Event.objects.filter(closed=False).order_by("-starts_at").first()
    return {
        "addresses": [
            _address(path, methods.get("get") or methods["post"], schema, event)
            for path, methods in schema["paths"].items()
        ],
        "shown": event,
    }


def _address(path: str, operation: Schema, schema: Schema, event: Event | None) -> Address:
    example = path.replace("{slug}", event.slug) if event else path
    given = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return Address(
        path=path,
        words=in_words(operation["summary"]),
        example="" if "{" in example else example,
        takes=[
            Row(each["name"], _kind(_given(each["schema"])))
            for each in operation.get("parameters", [])
            if each["in"] in {"query", "header"}
        ]
        + list(_rows(_sent(operation), {}, 0)),
        gives=list(_rows(given, schema["components"]["schemas"], 0)),
    )


def _sent(operation: Schema) -> Schema:
    """The shape of the body that is sent there; nothing where something is read."""
    body: Schema = operation.get("requestBody", {})
    shape: Schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    return shape


def _given(shape: Schema) -> Schema:
    """What a value is if it is there: "null" is no way to leave it out of an address."""
    return next((each for each in shape.get("anyOf", []) if each.get("type") != "null"), shape)


def _rows(shape: Schema, shapes: dict[str, Schema], depth: int) -> list[Row]:
    """The values of an object, those of inner objects beneath them."""
    found = []
    for name, inner in _object(shape, shapes).get("properties", {}).items():
        found.append(Row(name, _kind(inner), depth))
        found += _rows(inner, shapes, depth + 1)
    return found


def _object(shape: Schema, shapes: dict[str, Schema]) -> Schema:
    if "$ref" in shape:
        return shapes[shape["$ref"].rpartition("/")[2]]
    if "items" in shape:
        return _object(shape["items"], shapes)
    for each in shape.get("anyOf", []):
        if each.get("type") != "null":
            return _object(each, shapes)
    return shape


def _kind(shape: Schema) -> str:
    """ "uuid", "date-time or null", "list": OpenAPI's own words, the same in every language."""
    if "anyOf" in shape:
        kinds = [_kind(each) for each in shape["anyOf"]]
        return f"{kinds[0]} or null" if "null" in kinds else kinds[0]
    if "$ref" in shape:
        return "object"
    kind = str(shape.get("format") or shape.get("type", ""))
    if "maximum" in shape:
        return f"{kind} {shape['minimum']}…{shape['maximum']}"
    return "list" if kind == "array" else kind
