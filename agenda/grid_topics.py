"""The day grid as topics for organizers: each slot as a card, and what stands beside the grid."""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import translation

from agenda import grid
from agenda.home_topics import organizer
from agenda.models import Event, Proposal, Slot
from agenda.programme import SESSION
from eventhub.live.fragments import drawn, each, fragment
from eventhub.live.models import Change
from eventhub.live.topics import Rendered, Topic, registry

BESIDE = (Slot.kind, SESSION, Proposal.kind)  # the changes that can show beside the grid


def register() -> None:
    registry.add(Topic("grid", organizer("grid"), _render, _window, asks_database=True))
    registry.add(Topic("tray", organizer("tray"), _render_tray, _tray_window, asks_database=True))


def on_grid(slot: Slot) -> Rendered:
    """A slot as a card; it says nothing of other slots, which change without it."""
    event = slot.event
    context = {"slot": slot, "event": event, "day": event.day_of(slot.starts_at)}
    look = (event.zone, event.slug, event.day_boundary)
    html = fragment("agenda/_grid_card.html", slot, context, depends_on=look)
    return Rendered(slot.key, slot.version, slot.order, html)


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Slot.kind:
        return {}
    slots = Slot.objects.filter(event_id=event_id, pk__in=object_ids)
    return each("grid", slots.with_names().select_related("event"), on_grid, language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    slots = Slot.objects.filter(event_id=event_id).with_names().select_related("event")
    return list(each("grid", slots.in_order(), on_grid, language).values())


# --- beside the grid: what has no place, and what clashes


def version_of(event_id: int) -> int:
    """The number of the last change that can show beside the grid."""
    last = Change.objects.filter(event_id=event_id, kind__in=BESIDE).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0


def tray_on_page(event: Event, version: int) -> Rendered:
    """In the active language. Four queries."""
    context = {
        "event": event,
        "waiting": grid.unplaced(event),
        "troubles": grid.troubles(event),
        "version": version,
    }
    return Rendered("tray", version, 0, render_to_string("agenda/_grid_tray.html", context))


def _render_tray(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind not in BESIDE:
        return {}
    tray = next(iter(_tray_window(event_id, name, language)), None)
    return dict.fromkeys(object_ids, tray) if tray is not None else {}


def _tray_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    version = version_of(event_id)  # before the rows: they may be newer, never older
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return []
    with translation.override(language):
        tray = drawn("tray", event, lambda event: tray_on_page(event, version))
    return [tray] if tray is not None else []
