"""One installation is prepared for a whole run of tests; every other one copies what it made.

Making the tables and the pages takes a server that a test starts longer than all that is tested
on it. `EVENTHUB_TEST_READY` names the directory that the processes of a run share; without it each
installation is prepared for itself. The database of each worker is such a copy, too. What preparing
is remains tested where servers start from nothing: tests/test_installations.py.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

import psycopg

from tests.aide import Aide
from tests.processes import Installation

READY_DATABASE = "eventhub_ready"
SQLITE_FILE = "eventhub.sqlite3"
STAMP = "prepared"  # what eventhub/prepare.py leaves behind: the code's mark, then the database
PAGES = "static"


def prepared(
    directory: Path, *, database_url: str = "", redis_url: str = "", **settings: str
) -> Installation:
    """An installation with tables and pages; `directory` is made if it is missing."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)
    return prepare(Installation(directory, database_url, redis_url, settings))


def prepare(installation: Installation) -> Installation:
    """Give it tables and pages. Its PostgreSQL database may be empty, or be of `own_database`."""
    ready = _ready(urlsplit(installation.database_url))
    if ready is None:
        installation.manage("migrate", "--verbosity", "0")
        return installation
    if installation.database_url and not _has_tables(installation.database_url):
        installation.manage("migrate", "--verbosity", "0")
    _copy(ready, installation)
    return installation


def furnish(installation: Installation, module: str, *options: str) -> Any:
    """Prepare it and have `module` write its rows; what it printed as JSON.

    In a run, what the same module wrote for the same options before is copied. Not if an option
    is an address, which no second test has.
    """
    shared = os.environ.get("EVENTHUB_TEST_READY")
    if not shared or installation.database_url or any("://" in option for option in options):
        return json.loads(prepare(installation).module(module, *options))
    name = hashlib.sha256(" ".join([module, *options]).encode()).hexdigest()[:16]
    furnished = Path(shared) / "sqlite" / name
    said = furnished / "said.json"
    with _alone(furnished):
        if not said.exists():
            stage = _stage(shared)
            said.write_text(stage.aide.module(module, *options))
            (stage.installation.directory / "data").rename(furnished / "data")
    _copy(furnished / "data", installation)
    return json.loads(said.read_text())


@dataclass(frozen=True)
class Stage:
    """Where one process furnishes; what is done is carried away, and it begins with the tables."""

    installation: Installation
    aide: Aide


def _stage(shared: str) -> Stage:
    stage = _make_stage(shared)
    shutil.rmtree(stage.installation.directory / "data", ignore_errors=True)  # what failed there
    prepare(stage.installation)
    return stage


@cache
def _make_stage(shared: str) -> Stage:
    directory = Path(shared) / "sqlite" / f"stage-{os.getpid()}"
    directory.mkdir(parents=True)
    installation = Installation(directory)
    return Stage(installation, Aide(installation))


def copied(name: str) -> bool:
    """Make a run's own database, a file or one of its PostgreSQL; False outside of a run."""
    server = os.environ.get("EVENTHUB_DATABASE_URL", "")
    ready = _ready(urlsplit(server))
    if ready is None:
        return False
    if server:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{READY_DATABASE}"')
    else:
        shutil.copyfile(ready / SQLITE_FILE, name)
    return True


def _copy(ready: Path, installation: Installation) -> None:
    data = installation.directory / "data"
    shutil.copytree(ready, data, ignore=_pages_only_linked, dirs_exist_ok=True)
    shutil.copytree(ready / PAGES, data / PAGES, copy_function=os.link)
    name = urlsplit(installation.database_url).path.lstrip("/") or str(data / SQLITE_FILE)
    mark, _ = (ready / STAMP).read_text().split("\n")
    (data / STAMP).write_text(f"{mark}\n{name}")


def _pages_only_linked(_directory: str, names: list[str]) -> set[str]:
    return {PAGES} & set(names)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process of the run at a time."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def own_database(server: str, *, empty: bool = False) -> Iterator[str]:
    """The URL of a new database on the PostgreSQL of this URL, with all tables or `empty`."""
    parts = urlsplit(server)
    template = "template1" if empty or _ready(parts) is None else READY_DATABASE
    name = f"own_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _ready(server: SplitResult) -> Path | None:
    """The data directory to copy from, made by whoever asks first; None outside of a run."""
    shared = os.environ.get("EVENTHUB_TEST_READY")
    if not shared:
        return None
    kind = "postgresql" if server.scheme else "sqlite"
    directory = Path(shared) / kind
    with _alone(directory):
        if not (directory / "data" / STAMP).exists():
            _make(Installation(directory, _ready_database(server)))
    return directory / "data"


def _ready_database(server: SplitResult) -> str:
    if not server.scheme:
        return ""
    with psycopg.connect(urlunsplit(server), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{READY_DATABASE}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{READY_DATABASE}"')
    return urlunsplit(server._replace(path=f"/{READY_DATABASE}"))


def _make(installation: Installation) -> None:
    installation.module("tests.ready_made")


def _has_tables(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    return found is not None and found[0] is not None


def main() -> None:
    """Prepare the installation of these settings, as a server's first start does."""
    import django

    django.setup()
    from eventhub import prepare as first_start

    first_start.prepare(print, migrate=True)


if __name__ == "__main__":
    main()
