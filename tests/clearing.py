"""Empty the database after a test that commits. Refuses to do more than that test has filled.

Django's own way truncates all tables and then writes every content type and permission anew: more
work than most of these tests are. Those two tables say what the code says; they stay as they are.
"""

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

STANDING = ("django_content_type", "auth_permission")

_everything = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
_stood: dict[str, list[tuple[int, int]]] = {}


def install() -> None:
    """For all tests of this process, as soon as there is a database with tables."""
    for alias in connections:
        _stood[alias] = _standing(connections[alias])
    TransactionTestCase._fixture_teardown = _clear  # type: ignore[attr-defined]


def _clear(test: TransactionTestCase) -> None:
    names = test._databases_names(include_mirrors=False)  # type: ignore[attr-defined]
    if any(_standing(connections[alias]) != _stood[alias] for alias in names):
        _everything(test)  # who changes what stands pays for it
        for alias in names:
            _stood[alias] = _standing(connections[alias])
        return
    for alias in names:
        with transaction.atomic(alias), connections[alias].cursor() as cursor:
            for table in _filled(connections[alias]):
                cursor.execute(f'DELETE FROM "{table}"')


def _standing(connection: BaseDatabaseWrapper) -> list[tuple[int, int]]:
    """How many rows each of them has, and the last one's number."""
    found = []
    with connection.cursor() as cursor:
        for table in STANDING:
            cursor.execute(f'SELECT count(*), max(id) FROM "{table}"')
            found.append(cursor.fetchone())
    return found


def _filled(connection: BaseDatabaseWrapper) -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")"
        for table in sorted(set(tables) - set(STANDING))
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]
