"""The pictures of the screens as their organizers see them: one row each, in their order.

Who may hear it: who organizes the event. Writes nothing.
"""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string

from agenda.home_topics import organizer
from agenda.models import Event
from eventhub.live.fragments import each
from eventhub.live.topics import Rendered, Topic, registry
from wall.models import Placard

TOPIC = "placards"


def register() -> None:
    follows = (Placard.kind,)
    registry.add(
        Topic(TOPIC, organizer(TOPIC), _render, _window, asks_database=True, follows=follows)
    )


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Placard.kind:
        return {}
    rows = Placard.objects.filter(event_id=event_id, pk__in=object_ids).select_related("event")
    return each(TOPIC, rows, row, language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    rows = Placard.objects.filter(event_id=event_id).select_related("event")
    return list(each(TOPIC, rows.order_by("position", "pk"), row, language).values())


def order_of(placard: Placard) -> int:
    return placard.position * 1000 + placard.pk % 1000


def context_of(event: Event, placard: Placard) -> dict[str, object]:
    return {"event": event, "placard": placard, "order": order_of(placard)}


def row(placard: Placard) -> Rendered:
    """In the active language, without the token of a form: the page has one."""
    html = render_to_string("wall/_placard_row.html", context_of(placard.event, placard))
    return Rendered(placard.key, placard.version, order_of(placard), html)
