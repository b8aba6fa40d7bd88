"""Write many rows as `bulk_create` and `bulk_update` do, in a fraction of their time.

Most of what those take are four calls for each value, to ask its field how the database wants it,
or one CASE for each; and most values are texts and numbers, which go as they are. Knows no log.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

# Exactly these: what builds on them may want more.
TEXTS = {models.CharField, models.TextField}
TIMES = {models.DateTimeField}
NUMBERS = {models.BigIntegerField, models.IntegerField, models.BooleanField, models.ForeignKey}
MOST_ROWS = 200  # in one statement


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """Some columns of one model, and how a row's values for them are had; places are in them."""

    names: Sequence[str]
    values_of: Callable[[Any], tuple[Any, ...]]
    made: Sequence[tuple[int, Any]]  # fields that have their own idea of what is saved
    times: Sequence[tuple[int, Any]]
    others: Sequence[tuple[int, Any]]  # fields to be asked how the database wants what is there
    keys: Sequence[Any]  # foreign ones


def insert(rows: Sequence[models.Model]) -> None:
    """Write `rows`, all new and of one model, in their order; each knows its number then.

    No `save` is called and no signal sent. Raises what the database does; TypeError for a model
    whose columns the database fills in.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = _columns(model, None)
    numbers = _insert(model, [_values(columns, row, new=True) for row in rows])
    for row, number in zip(rows, numbers, strict=bool(numbers)):
        row.pk = number
    alias = connection.alias
    for row in rows:
        row._state.adding = False
        row._state.db = alias


def insert_values(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
    """The same for bare values, in the order of the model's columns, as the database wants them."""
    _insert(model, rows)


def _insert(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> Sequence[int]:
    """The numbers that the database has given, where it gives any."""
    width = len(_columns(model, None).names)
    most = min((connection.features.max_query_params or 10**6) // width, MOST_ROWS)
    numbers: list[int] = []
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for start in range(0, len(rows), most):
            some = rows[start : start + most]
            cursor.execute(_inserting(model, len(some)), list(chain.from_iterable(some)))
            if model._meta.auto_field is not None:
                numbers += [number for (number,) in cursor.fetchall()]
    return numbers


def update(rows: Sequence[models.Model], names: Iterable[str] | None = None) -> None:
    """Write these fields of `rows`, of one model and numbered; None: whole rows.

    A row that is gone is passed over. No `save` is called and no signal sent.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = _columns(model, None if names is None else tuple(names))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        written = [[*_values(columns, row, new=False), row.pk] for row in rows]
        cursor.executemany(_updating(model, columns), written)


def _values(columns: Columns, row: Any, *, new: bool) -> list[Any]:
    given = row._state.fields_cache
    for key in columns.keys if given else ():
        if getattr(row, key.attname) is None and given.get(key.name) is not None:
            # Its row got a number after it was given to this one.
            setattr(row, key.attname, getattr(given[key.name], key.target_field.attname))
    values = list(columns.values_of(row))
    for place, field in columns.made:
        values[place] = field.pre_save(row, new)
    for place, field in columns.times:
        if (value := values[place]) is not None:
            plain = type(value) is datetime and value.tzinfo is not None
            values[place] = _time(value) if plain else field.get_db_prep_save(value, connection)
    for place, field in columns.others:
        if (value := values[place]) is not None:
            values[place] = field.get_db_prep_save(value, connection)
    return values


@cache
def _inserting(model: type[models.Model], count: int) -> str:
    own, names = model._meta, _columns(model, None).names
    rows = ", ".join([f"({', '.join(['%s'] * len(names))})"] * count)
    sql = f"INSERT INTO {_quoted(own.db_table)} ({', '.join(names)}) VALUES {rows}"
    return f"{sql} RETURNING {_quoted(own.auto_field.column)}" if own.auto_field else sql


@cache
def _updating(model: type[models.Model], columns: Columns) -> str:
    own = model._meta
    set_to = ", ".join(f"{name} = %s" for name in columns.names)
    return f"UPDATE {_quoted(own.db_table)} SET {set_to} WHERE {_quoted(own.pk.column)} = %s"


@cache
def _columns(model: type[models.Model], names: tuple[str, ...] | None) -> Columns:
    """Those of these fields; None: all but the number that the database gives."""
    own = model._meta
    fields: list[Any] = [field for field in own.concrete_fields if field is not own.auto_field]
    if own.parents or any(field.generated or field.has_db_default() for field in fields):
        raise TypeError(f"{own.label} has columns that the database fills in.")
    if names is not None:
        fields = [own.get_field(name) for name in names]
    numbered = list(enumerate(fields))
    get = attrgetter(*(field.attname for field in fields))
    return Columns(
        names=[_quoted(field.column) for field in fields],
        values_of=get if len(fields) > 1 else lambda row: (get(row),),
        made=[(place, field) for place, field in numbered if _makes_up(field)],
        times=[(place, field) for place, field in numbered if type(field) in TIMES],
        others=[(place, field) for place, field in numbered if not _goes_as_it_is(field)],
        keys=[field for field in fields if field.is_relation],
    )


def _quoted(name: Any) -> str:
    return connection.ops.quote_name(name)


def _makes_up(field: Any) -> bool:
    if isinstance(field, models.DateField):
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not models.Field.pre_save


def _goes_as_it_is(field: Any) -> bool:
    own = type(connection.ops).adapt_integerfield_value
    plain_numbers = own is BaseDatabaseOperations.adapt_integerfield_value
    kind = type(field)
    return kind in TEXTS or kind in TIMES or (kind in NUMBERS and plain_numbers)


@lru_cache(maxsize=64)  # what came together has most of its times in common
def _time(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
