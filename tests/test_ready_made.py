"""What tests copy instead of preparing it is as good as prepared, and nobody shares it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BACKEND
from tests.processes import Installation
from tests.ready_made import own_database, prepared

pytestmark = pytest.mark.processes

COUNT = "from agenda.models import User; print(User.objects.count())"
ADD = "from agenda.models import User; User.objects.create(username='ada')"


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Two databases with tables; "" for the file in the data directory."""
    if BACKEND == "sqlite":
        yield ["", ""]
        return
    server = os.environ["EVENTHUB_DATABASE_URL"]
    with own_database(server) as one, own_database(server) as other:
        yield [one, other]


def asked(installation: Installation, code: str) -> str:
    return installation.manage("shell", "--no-imports", "-c", code).strip()


def test_copy_has_nothing_left_to_prepare(tmp_path: Path, databases: list[str]) -> None:
    installation = prepared(tmp_path / "hub", database_url=databases[0])

    assert installation.module("tests.ready_made") == ""


def test_copies_do_not_see_each_other(tmp_path: Path, databases: list[str]) -> None:
    one, other = (
        prepared(tmp_path / str(number), database_url=url) for number, url in enumerate(databases)
    )

    asked(one, ADD)

    assert (asked(one, COUNT), asked(other, COUNT)) == ("1", "0")
