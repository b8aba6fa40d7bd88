"""Delete, on the day of the purge, what keepers had and knew. `wall/purge.py` says when.

What stays: rules and lists, which are settings; who did what and when, without a word of it; and
evidence, which has a day of its own.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet

from agenda.models import Event
from eventhub.live.log import Log
from eventhub.live.models import Shown
from wall import photos
from wall.models import (
    Action,
    Author,
    Delay,
    Objection,
    Pairing,
    Picture,
    Prepared,
    Presence,
    Prompt,
    Rehearsal,
    Sign,
    Step,
    Tombstone,
)

Remove = Callable[[Log, Event, int], int]  # at most so many rows; how many they were


def count(event: Event) -> dict[str, int]:
    """How many rows of each kind would go. One query for each kind."""
    return {name: rows(event).count() for name, rows in _ROWS.items()}


def _all(model: type[Model]) -> Callable[[Event], QuerySet[Any]]:
    return lambda event: model._default_manager.filter(event=event)


def _without_posts(event: Event) -> QuerySet[Author]:
    """Who has written since is left to the next run, as guests are."""
    return Author.objects.filter(event=event, posts=None)


def _telling(event: Event) -> QuerySet[Action]:
    """Deeds that still say about whom or what they were."""
    return Action.objects.filter(event=event).exclude(about="", undo={})


def _last_signs(event: Event) -> QuerySet[Sign]:
    """Of screens that are gone; one that is on would only give the next."""
    return Sign.objects.filter(screen__event=event, alive=False)


def _pairings(event: Event) -> QuerySet[Pairing]:
    return Pairing.objects.filter(screen__event=event)


def _oldest(name: str, event: Event, portion: int) -> QuerySet[Any]:
    rows = _ROWS[name](event).order_by("pk")
    numbers = list(rows.values_list("pk", flat=True)[:portion])
    found: QuerySet[Any] = rows.model._default_manager.filter(pk__in=numbers)
    return found.order_by("pk")


def _remove_pictures(log: Log, event: Event, portion: int) -> int:
    rows = list(_oldest("pictures", event, portion))
    for picture in rows:
        # First the file: if it ends here, the row still says which one it was.
        photos.path_of(picture.key).unlink(missing_ok=True)
        picture.delete()
    return len(rows)


def _take_away(name: str, log: Log, event: Event, portion: int) -> int:
    """Rows that stand on a page: it is told."""
    rows: list[Shown] = list(_oldest(name, event, portion))
    for row in rows:
        log.remove(row)
    return len(rows)


def _delete(name: str, log: Log, event: Event, portion: int) -> int:
    rows = _oldest(name, event, portion)
    found = rows.count()
    rows.delete()
    return found


def _empty_deeds(log: Log, event: Event, portion: int) -> int:
    return _oldest("deeds", event, portion).update(about="", undo={})


_ROWS: dict[str, Callable[[Event], QuerySet[Any]]] = {
    "pictures": _all(Picture),
    "prompts": _all(Prompt),
    "steps": _all(Step),
    "delays": _all(Delay),
    "rehearsals": _all(Rehearsal),
    "authors": _without_posts,
    "presences": _all(Presence),
    "prepared": _all(Prepared),
    "objections": _all(Objection),
    "tombstones": _all(Tombstone),
    "deeds": _telling,
    "signs": _last_signs,
    "pairings": _pairings,
}
# In this order, after the posts.
STEPS: dict[str, Remove] = {
    "pictures": _remove_pictures,
    "prompts": partial(_take_away, "prompts"),
    "steps": partial(_take_away, "steps"),
    "delays": partial(_take_away, "delays"),
    "rehearsals": partial(_take_away, "rehearsals"),
    "authors": partial(_delete, "authors"),
    "presences": partial(_delete, "presences"),
    "prepared": partial(_delete, "prepared"),
    "objections": partial(_delete, "objections"),
    "tombstones": partial(_delete, "tombstones"),
    "deeds": _empty_deeds,
    "signs": partial(_delete, "signs"),
    "pairings": partial(_delete, "pairings"),
}
