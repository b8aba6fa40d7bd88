"""Say what is wrong with an event's log: density, tags, versions. Repairs and locks nothing."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Max, Min

from eventhub.live.models import Change, Shown, Stream

MAX_OF_A_KIND = 20  # a log that is broken in one place is often broken in a thousand

Rows = dict[int, tuple[str, int]]


def check(event_id: int) -> list[str]:
    """One plain sentence for each thing that is wrong, none for a sound log.

    May run while people write: what is read first must be covered by what is read later. Seven
    statements and one for each model that people see; reads the numbers of every row and change,
    which takes about a second for 100,000 of them.
    """
    floor, head = _reach(event_id)
    problems: list[str] = []
    for found in (_gaps(event_id, floor, head), _tags(event_id), _versions(event_id, floor, head)):
        problems += islice(found, MAX_OF_A_KIND)
    return problems


def event_ids() -> list[int]:
    """Every event that has a log, or rows that should stand in one."""
    ids = set(Stream.objects.values_list("event_id", flat=True))
    ids.update(Change.objects.order_by().values_list("event_id", flat=True).distinct())
    for model in _shown_models():
        ids.update(_all(model).order_by().values_list("event_id", flat=True).distinct())
    return sorted(ids)


def _reach(event_id: int) -> tuple[int, int]:
    """The floor and the head of the log; a log that was never written ends at 0."""
    streams = Stream.objects.filter(event_id=event_id)
    return streams.values_list("floor", "head").first() or (0, 0)


def _gaps(event_id: int, floor: int, head: int) -> Iterator[str]:
    """The changes kept must be exactly floor+1 ... head."""
    if not 0 <= floor <= head:
        yield f"The log says that it goes from {floor} to {head}."
    changes = Change.objects.filter(event_id=event_id)
    found = changes.aggregate(count=Count("seq"), least=Min("seq"), most=Max("seq"))
    least, most = found["least"] or floor + 1, found["most"] or floor
    if least <= floor:
        yield f"Change {least} is still there, though the log begins after {floor}."
    if most > (head_now := _reach(event_id)[1]):
        yield f"There is a change {most}, though the log ends at {head_now}."
    if most >= head and found["count"] == most - least + 1 and least == floor + 1:
        return
    expected = floor + 1
    for seq in changes.filter(seq__gt=floor).order_by("seq").values_list("seq", flat=True):
        if seq > expected:
            yield _missing(expected, seq - 1)
        expected = seq + 1
    if expected <= head:
        yield _missing(expected, head)


def _missing(first: int, last: int) -> str:
    return (
        f"Change {first} is missing." if first == last else f"Changes {first}-{last} are missing."
    )


def _tags(event_id: int) -> Iterator[str]:
    """A tag proves a cursor: each change needs one of its own."""
    changes = Change.objects.filter(event_id=event_id)
    twice = changes.values("tag").annotate(times=Count("seq"), last=Max("seq")).filter(times__gt=1)
    for row in twice.order_by("last"):
        yield f"{row['times']} changes share one tag, the last of them is change {row['last']}."
    for seq in changes.filter(tag=0).order_by("seq").values_list("seq", flat=True):
        yield f"Change {seq} has no tag."


def _versions(event_id: int, floor: int, head: int) -> Iterator[str]:
    """A row's version is the number of its last change, and that change names the row."""
    rows = {model.kind: _rows(model, event_id) for model in _shown_models()}
    last: dict[tuple[str, int], tuple[int, str]] = {}
    changes = Change.objects.filter(event_id=event_id).order_by("seq")
    for seq, kind, object_id, key in changes.values_list("seq", "kind", "object_id", "key"):
        version = rows.get(kind, {}).get(object_id, ("", 0))[1]
        # Changes after the version that was read are a fault only if the head covered them then.
        if seq <= max(head, version):
            last[kind, object_id] = (seq, key)
    for kind, found in rows.items():
        for pk, (key, version) in sorted(found.items()):
            seq, named = last.get((kind, pk), (0, key))
            if named != key:
                yield f"Change {seq} names {kind} {pk} by another key."
            if version != seq and not 0 < version <= floor:
                yield f"{kind} {pk} has version {version}, its last change is {seq or 'missing'}."


def _rows(model: type[Shown], event_id: int) -> Rows:
    found = _all(model).filter(event_id=event_id).values_list("pk", "key", "version")
    return {pk: (key, version) for pk, key, version in found}


def _all(model: type[Shown]) -> models.QuerySet[Any]:
    return model._base_manager.all()


def _shown_models() -> list[type[Shown]]:
    return [model for model in apps.get_models() if issubclass(model, Shown)]
