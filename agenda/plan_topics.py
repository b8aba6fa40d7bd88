"""The staff's board as topics: `plan`, its rows and cards, and `warnings`, what will not go well.

A card is drawn with its proposal, in all its places; what is no card, such as lunch, with its
slot. Rights: whoever arranges the barcamp.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from agenda import board_warnings, plan_rows
from agenda.access import user_of
from agenda.models import Barcamp, Event, Period, Proposal, Room, Slot
from agenda.plan_cards import beside_cards, cards_of, on_plan, other_on_plan, others_of
from agenda.plan_rows import Row, Standing
from agenda.votes import TALLY
from eventhub.live.fragments import drawn, each
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry

OF_ROWS = (Barcamp.kind, Period.kind)
OF_WARNINGS = (Barcamp.kind, Period.kind, Proposal.kind, Slot.kind, TALLY)
MAX_KEPT = 64

_kept: OrderedDict[tuple[int, int, int, str], SafeString] = OrderedDict()


def register() -> None:
    registry.add(Topic("plan", _staff("plan"), _render, _window, asks_database=True))
    registry.add(
        Topic("warnings", _staff("warnings"), _render_warnings, _warnings, asks_database=True)
    )


def _staff(topic: str) -> Callable[[int, Visitor], Grant | None]:
    def authorise(event_id: int, visitor: Visitor) -> Grant | None:
        user = user_of(visitor.cookies)
        if user is None or not Event.objects.pitched_by(user).filter(pk=event_id).exists():
            return None
        return Grant(topic, subject=f"user:{user.pk}")

    return authorise


# --- rows


def rows_version(event_id: int) -> int:
    """The number of the last change that can show in the rows."""
    return _last_change(event_id, OF_ROWS)


def rows(event: Event, standing: Sequence[Standing] = ()) -> list[Row]:
    """Two queries."""
    periods = list(Period.objects.filter(event=event))
    rooms = list(Room.objects.filter(event=event, barcamp=True))
    return plan_rows.rows(event, periods, rooms, standing)


def rows_on_page(barcamp: Barcamp, version: int, standing: Sequence[Standing] = ()) -> Rendered:
    """The time rows and their cells, empty in a frame: the browser keeps the cards it has."""
    event = barcamp.event
    found = rows(event, standing)
    cells = next((row.cells for row in found if row.cells), [])
    context = {"event": event, "barcamp": barcamp, "rows": found, "version": version}
    html = render_to_string("agenda/_plan_rows.html", context | {"cells": cells})
    return Rendered(barcamp.key, version, 0, html)


def _rows(event_id: int) -> Rendered | None:
    version = rows_version(event_id)  # before the rows: they may be newer, never older
    barcamp = Barcamp.objects.filter(event_id=event_id).select_related("event").first()
    if barcamp is None:
        return None
    return drawn("plan", barcamp, lambda barcamp: rows_on_page(barcamp, version))


# --- the topic `plan`


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind in (Proposal.kind, TALLY):
        return each("plan", cards_of(event_id).filter(pk__in=object_ids), on_plan, language)
    if kind == Slot.kind:
        slots = Slot.objects.filter(event_id=event_id, pk__in=object_ids)
        beside = beside_cards(slots.with_names().select_related("event"))
        return each("plan", beside, other_on_plan, language)
    if kind in OF_ROWS:
        with translation.override(language):
            found = _rows(event_id)
        return dict.fromkeys(object_ids, found) if found is not None else {}
    return {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    told = told_at(event_id)
    with translation.override(language):
        found = _rows(event_id)
    if found is None:
        return []
    cards = each("plan", cards_of(event_id), on_plan, language)
    shown = [_seen(one, told.get(pk, 0)) for pk, one in cards.items() if one.html is not None]
    others = each("plan", others_of(event_id), other_on_plan, language)
    return [found, *shown, *others.values()]


def told_at(event_id: int) -> dict[int, int]:
    """Proposal -> the number of the change that last told its votes."""
    changes = Change.objects.filter(event_id=event_id, kind=TALLY)
    return dict(changes.values_list("object_id").annotate(Max("seq")))


def _seen(one: Rendered, told: int) -> Rendered:
    return Rendered(one.key, max(one.version, told), one.order, one.html)


# --- the topic `warnings`


def warnings_on_page(event_id: int) -> Rendered | None:
    """One panel in the active language, drawn once for all changes that name it: then one query."""
    shown = Change.objects.filter(event_id=event_id, kind__in=OF_WARNINGS).order_by("-seq")
    # Asked before the rows: they may be newer, never older. The tag tells apart two databases.
    seq, tag = shown.values_list("seq", "tag").first() or (0, 0)
    name = (event_id, seq, tag, translation.get_language() or "")
    if (kept := _kept.get(name)) is not None:
        return Rendered("warnings", seq, 0, kept)
    barcamp = Barcamp.objects.filter(event_id=event_id).select_related("event").first()
    if barcamp is None:
        return None
    return drawn("warnings", barcamp, lambda barcamp: _draw(barcamp.event, name))


def _draw(event: Event, name: tuple[int, int, int, str]) -> Rendered:
    found, version = board_warnings.of_board(event), name[1]
    context = {"event": event, "warnings": found, "version": version}
    html = _kept[name] = render_to_string("agenda/_plan_warnings.html", context)
    while len(_kept) > MAX_KEPT:
        _kept.popitem(last=False)
    return Rendered("warnings", version, 0, html)


def _render_warnings(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind not in OF_WARNINGS:
        return {}
    panel = next(iter(_warnings(event_id, name, language)), None)
    return dict.fromkeys(object_ids, panel) if panel is not None else {}


def _warnings(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    with translation.override(language):
        panel = warnings_on_page(event_id)
    return [panel] if panel is not None else []


def _last_change(event_id: int, kinds: Sequence[str]) -> int:
    last = Change.objects.filter(event_id=event_id, kind__in=kinds).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0
