"""Rows of one model by the hundred in few statements, and what each of them needs once."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db.models import Model

from agenda.models import Room, Track
from agenda.models.revised import Revised
from eventhub.live.log import BATCH

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Revised)


def create(model: type[M], rows: list[M]) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)


def revise(model: type[R], written: list[tuple[R, dict[str, Any]]]) -> None:
    """Write these fields of these rows; each counts as one revision."""
    fields = {key for _row, values in written for key in values}
    for row, values in written:
        row.revision += 1
        for key, value in values.items():
            setattr(row, key, value)
    rows = [row for row, _values in written]
    if rows:
        # Rows written over by their number: a tenth of what Django's bulk_update takes to think.
        model._default_manager.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*sorted(fields), "revision"],
        )


def rename(model: type[R], written: list[tuple[R, dict[str, Any]]]) -> None:
    """Names stand once in an event, also while two of them are exchanged."""
    away = [(row, {"name": uuid4().hex}) for row, values in written if "name" in values]
    if away:
        revise(model, away)
    revise(model, written)


def delete(model: type[M], rows: list[M]) -> None:
    for start in range(0, len(rows), BATCH):
        numbers = [row.pk for row in rows[start : start + BATCH]]
        model._default_manager.filter(pk__in=numbers).delete()


def next_position(rows: Sequence[Room | Track]) -> int:
    return max((row.position for row in rows), default=-1) + 1


def free_guid(given: str, taken: set[UUID]) -> UUID:
    """What the file says, if it is free in this event."""
    guid = UUID(given) if given else uuid4()
    if guid in taken:
        guid = uuid4()
    taken.add(guid)
    return guid
