"""What the hall sees of a barcamp, as a topic open to everybody: the pitch, and the board's plan.

Two items. "pitch" is the slide of who is on stage; it says the phase, too. "plan" is when which
slots stand on the board, by their keys; the slots themselves are the topic `programme`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda import board_screen
from agenda.board_screen import Moment, Row
from agenda.models import Barcamp, Event, Period, Proposal, Slot
from eventhub.live.fragments import drawn
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry

DAYS_AHEAD = 3  # of the programme in one plan; every change and every new page brings another
NEXT = 3  # pitches that are named beforehand
OF_PITCH = (Barcamp.kind, Proposal.kind)
OF_PLAN = (Slot.kind, Period.kind)


def register() -> None:
    registry.add(Topic("stage", _anybody, _render, _window))


def _anybody(event_id: int, visitor: Visitor) -> Grant | None:
    return Grant("stage")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    draw = _pitch if kind in OF_PITCH else _plan if kind in OF_PLAN else None
    if draw is None:
        return {}
    with translation.override(language):
        item = draw(event_id)
    return dict.fromkeys(object_ids, item) if item is not None else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    with translation.override(language):
        return [item for item in (_pitch(event_id), _plan(event_id)) if item is not None]


def on_page(event: Event) -> dict[str, Rendered]:
    """Both items, in the active language; those that are there."""
    return {item.key: item for item in (_pitch(event.pk), _plan(event.pk)) if item is not None}


def _version(event_id: int, kinds: tuple[str, ...]) -> int:
    """The number of the last change that can show; asked before the rows, which may be newer."""
    last = Change.objects.filter(event_id=event_id, kind__in=kinds).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0


# --- the pitch on stage


@dataclass(frozen=True, slots=True)
class Stage:
    """What the pitch slide says. `hands` None: not counted, or no longer for everybody."""

    barcamp: Barcamp
    proposal: Proposal | None = None
    hands: int | None = None
    slot: Slot | None = None
    following: tuple[str, ...] = ()


def stage_of(barcamp: Barcamp) -> Stage:
    """Who is on stage, and who comes then. Hands are for the hall until the card has a place."""
    queue = Proposal.objects.filter(
        Q(session=None) | Q(session__slots=None),
        event=barcamp.event_id,
        state=Proposal.State.OPEN,
        called_at=None,
    )
    titles = queue.in_order().values_list("title", flat=True)
    if barcamp.on_stage_id is not None:
        titles = titles.exclude(pk=barcamp.on_stage_id)
    proposal = barcamp.on_stage
    if proposal is None:
        return Stage(barcamp, following=tuple(titles[:NEXT]))
    placed = Slot.objects.filter(session=proposal.session_id, cancelled=False)
    slot = placed.select_related("room").order_by("starts_at").first()
    hands = proposal.hands if slot is None or barcamp.hands_public else None
    return Stage(barcamp, proposal, hands, slot, tuple(titles[:NEXT]))


def _pitch(event_id: int) -> Rendered | None:
    version = _version(event_id, OF_PITCH)
    found = Barcamp.objects.filter(event=event_id).select_related("event", "on_stage").first()
    if found is None:
        return None
    return drawn("stage", found, lambda barcamp: pitch_on_screen(barcamp, version))


def pitch_on_screen(barcamp: Barcamp, version: int) -> Rendered:
    """In the active language. Three queries, four where hands stay public."""
    counted = Proposal.objects.filter(event=barcamp.event_id).exclude(hands=None)
    context = {
        "stage": stage_of(barcamp),
        "event": barcamp.event,
        # Beside the sessions on the board, only where the organizer wants them there.
        "counted": list(counted.exclude(session=None)) if barcamp.hands_public else [],
        "version": version,
    }
    return Rendered("pitch", version, 0, render_to_string("agenda/_pitch_slide.html", context))


# --- the plan of the board


def _plan(event_id: int) -> Rendered | None:
    version = _version(event_id, OF_PLAN)
    found = Event.objects.filter(pk=event_id).first()
    if found is None:
        return None
    return drawn("stage", found, lambda event: plan_on_screen(event, version, timezone.now()))


def plan_on_screen(event: Event, version: int, at: datetime) -> Rendered:
    """Today and the days after it. Two queries."""
    start, _ = event.day_frame(event.day_of(min(max(at, event.starts_at), event.ends_at)))
    near = Slot.objects.filter(event=event).between(start, start + timedelta(days=DAYS_AHEAD))
    slots = list(near.select_related("room").in_order())
    moments = board_screen.moments(event, slots, list(Period.objects.filter(event=event)))
    plan = {
        "moments": [_told(one) for one in moments],
        "changes": [
            [slot.key, _ms(begins), _ms(ends)]
            for slot, begins, ends in board_screen.changes(event, slots)
        ],
    }
    context = {"plan": json.dumps(plan, separators=(",", ":")), "version": version}
    return Rendered("plan", version, 1, render_to_string("agenda/_board_plan.html", context))


def _told(one: Moment) -> dict[str, Any]:
    return {
        "at": _ms(one.at),
        "day": one.other_day,
        "above": _pair(one.everywhere),
        "pages": [[_pair(row) for row in page] for page in one.pages],
    }


def _pair(row: Row) -> list[str]:
    """What runs and what comes, by their keys; "" for nothing."""
    return [slot.key if slot is not None else "" for slot in (row.now, row.next)]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
