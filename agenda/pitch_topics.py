"""The pitch page as a topic for whoever arranges the barcamp: one sheet, drawn with each change.

It says who does what by name, and nothing of its reader: all helpers get the same bytes.
"""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda import pitches
from agenda.access import user_of
from agenda.models import Barcamp, Event, Period, Proposal, Slot
from agenda.votes import TALLY
from eventhub.live.fragments import drawn
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry

NAME = "pitch"
KINDS = (Barcamp.kind, Period.kind, Proposal.kind, Slot.kind)


def register() -> None:
    registry.add(Topic(NAME, _authorise, _render, _window, asks_database=True))


def _authorise(event_id: int, visitor: Visitor) -> Grant | None:
    user = user_of(visitor.cookies)
    if user is None or not Event.objects.pitched_by(user).filter(pk=event_id).exists():
        return None
    return Grant(NAME, subject=f"user:{user.pk}")


def version_of(event_id: int) -> int:
    """The number of the last change that can show: of votes, those for the pitch on stage."""
    stage = _on_stage(event_id)
    shows = Q(kind__in=KINDS) | Q(kind=TALLY, object_id=stage) if stage else Q(kind__in=KINDS)
    last = Change.objects.filter(shows, event_id=event_id).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0


def on_page(event: Event, version: int) -> Rendered | None:
    """In the active language; None without a barcamp. Seven queries."""
    shown = pitches.sheet(event, timezone.now())
    if shown is None:
        return None
    context = {"event": event, "sheet": shown, "version": version}
    return Rendered(NAME, version, 0, render_to_string("agenda/_pitch.html", context))


def _on_stage(event_id: int) -> int | None:
    found = Barcamp.objects.filter(event_id=event_id).values_list("on_stage_id", flat=True)
    return found.first()


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind == TALLY:  # the whole hall votes: only what stands here is worth a frame
        stage = _on_stage(event_id)
        object_ids = [pk for pk in object_ids if pk == stage]
    if kind not in (*KINDS, TALLY) or not object_ids:
        return {}
    found = next(iter(_window(event_id, name, language)), None)
    return dict.fromkeys(object_ids, found) if found is not None else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    version = version_of(event_id)  # before the rows: they may be newer, never older
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return []
    with translation.override(language):
        found = drawn(NAME, event, lambda event: on_page(event, version) or _nothing(version))
    return [found] if found is not None and found.html is not None else []


def _nothing(version: int) -> Rendered:
    return Rendered(NAME, version, 0, None)
