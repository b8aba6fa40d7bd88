"""What the hall is being asked, as a topic open to everybody, and for screens. Asks nothing."""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string

from eventhub.live.fragments import each
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall.models import Prompt


def register() -> None:
    registry.add(Topic("prompt", _anybody, _render, _window))


def shown(
    event_id: int, language: str, object_ids: Sequence[int] | None = None
) -> Mapping[int, Rendered]:
    """The questions that are open. One query."""
    rows = Prompt.objects.filter(event_id=event_id).open().order_by("pk")
    rows = rows if object_ids is None else rows.filter(pk__in=object_ids)
    return each("prompt", rows, _asked, language)


def _asked(prompt: Prompt) -> Rendered:
    html = render_to_string("wall/_prompt.html", {"prompt": prompt})
    return Rendered(prompt.key, prompt.version, prompt.pk, html)


def _anybody(event_id: int, visitor: Visitor) -> Grant | None:
    return Grant("prompt")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    return shown(event_id, language, object_ids) if kind == Prompt.kind else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    return list(shown(event_id, language).values())
