"""Helpers and their doors as topics for organizers: who may listen, how they look.

The numbers of the organizer's page are not here: they change with every post and with the clock,
so her page asks for them now and then.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda import doors, helpers
from agenda.access import user_of
from agenda.models import Door, DoorEntry, Event, Membership
from eventhub.live.fragments import drawn
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry

KINDS = (helpers.DOOR, helpers.HELPER)
# What another app shows on the organizer's page, by the kind of change that it follows.
Draw = Callable[[int, str], Sequence[Rendered]]
_parts: dict[str, Draw] = {}


def register() -> None:
    registry.add(Topic("home", organizer("home"), _render_home, _home_window, asks_database=True))
    registry.add(
        Topic("doors", organizer("doors"), _render_doors, _doors_window, asks_database=True)
    )


def add_part(kind: str, draw: Draw) -> None:
    """`draw(event_id, language)` is one item at most, for changes of `kind`."""
    _parts[kind] = draw


def organizer(topic: str) -> Callable[[int, Visitor], Grant | None]:
    """Who may listen to `topic`: whoever organizes the event."""

    def authorise(event_id: int, visitor: Visitor) -> Grant | None:
        user = user_of(visitor.cookies)
        if user is None or not Event.objects.organized_by(user).filter(pk=event_id).exists():
            return None
        return Grant(topic, subject=f"user:{user.pk}")

    return authorise


def version_of(event_id: int) -> int:
    """The number of the last change that shows in the panel: its rows carry none of their own."""
    last = Change.objects.filter(event_id=event_id, kind__in=KINDS).order_by("-seq")
    return last.values_list("seq", flat=True).first() or 0


# --- who helps: one panel


def _render_home(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind in _parts:
        part = next(iter(_parts[kind](event_id, language)), None)
        return dict.fromkeys(object_ids, part) if part is not None else {}
    if kind not in KINDS:
        return {}
    panel = _helpers(event_id, language)
    return dict.fromkeys(object_ids, panel) if panel is not None else {}


def _home_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    panel = _helpers(event_id, language)
    found = [panel] if panel is not None else []
    return found + [part for draw in _parts.values() for part in draw(event_id, language)]


def _helpers(event_id: int, language: str) -> Rendered | None:
    version = version_of(event_id)  # before the rows: they may be newer, never older
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return None
    with translation.override(language):
        return drawn("home", event, lambda event: helpers_on_page(event, version))


def helpers_on_page(event: Event, version: int) -> Rendered:
    """Doors, helpers and the book, in the active language. Three queries."""
    by_task = {door.task: door for door in Door.objects.filter(event=event)}
    now = timezone.now()
    tasks = [
        {"task": task, "door": door if door is not None and door.is_open(now) else None}
        for task in Membership.Task
        for door in [by_task.get(task.value)]
    ]
    book = DoorEntry.objects.filter(event=event).select_related("by")
    context = {
        "event": event,
        "tasks": tasks,
        "helpers": [(one, helpers.tasks_of(one)) for one in helpers.helpers_of(event)],
        "book": list(book[: doors.BOOK_WINDOW]),
        "version": version,
    }
    return Rendered("helpers", version, 0, render_to_string("agenda/_helpers.html", context))


# --- the code of each door


def _render_doors(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != helpers.DOOR:
        return {}
    found = Door.objects.filter(event_id=event_id, pk__in=object_ids).select_related("event")
    with translation.override(language):
        return {shown.order: shown for shown in doors_on_page(list(found))}


def _doors_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    pks = Door.objects.filter(event_id=event_id).order_by("pk").values_list("pk", flat=True)
    return list(_render_doors(event_id, name, helpers.DOOR, list(pks), language).values())


def doors_on_page(found: Collection[Door]) -> list[Rendered]:
    """Each door with its code, in the active language. The number of each is its order."""
    events, numbers = {door.event_id for door in found}, [door.pk for door in found]
    changes = Change.objects.filter(event_id__in=events, kind=helpers.DOOR, object_id__in=numbers)
    last = dict(changes.values_list("object_id").annotate(Max("seq")))
    shown = [drawn("doors", door, lambda d: _door(d, last.get(d.pk, 0))) for door in found]
    return [one for one in shown if one is not None]


def _door(door: Door, version: int) -> Rendered:
    """The code of an open door, or that it is shut; in the active language. Two queries."""
    key = doors.current_key(door)
    came = DoorEntry.objects.filter(
        event_id=door.event_id, task=door.task, what=DoorEntry.What.JOINED, at__gt=door.opened_at
    )
    context = {
        "event": door.event,
        "door": door,
        "key": key,
        "words": "-".join(doors.in_groups(doors.words_of(key))) if key is not None else "",
        "came": came.first() if key is not None else None,
        "version": version,
    }
    html = render_to_string("agenda/_door.html", context)
    return Rendered(door.task, version, door.pk, html)
