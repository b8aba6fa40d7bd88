"""What a test commits is gone for the next one; the code's own rows stand."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase

from tests import clearing, factories

pytestmark = pytest.mark.django_db(transaction=True)


def clear() -> None:
    TransactionTestCase("__init__")._fixture_teardown()  # type: ignore[attr-defined]


def rows() -> dict[str, int]:
    models = apps.get_models(include_auto_created=True)
    found = {model._meta.db_table: model._base_manager.count() for model in models}
    return {table: count for table, count in found.items() if count}


def test_every_table_is_emptied_but_what_the_code_says() -> None:
    factories.make_note(factories.make_event())
    factories.make_moderator(factories.make_event())
    assert len(rows()) > 5

    clear()

    assert set(rows()) == set(clearing.STANDING)


def test_permission_that_a_test_takes_away_comes_back() -> None:
    expected = {model: model.objects.count() for model in (ContentType, Permission)}
    Permission.objects.filter(codename="add_event").delete()

    clear()

    assert {model: model.objects.count() for model in expected} == expected
    clear()
    assert {model: model.objects.count() for model in expected} == expected
