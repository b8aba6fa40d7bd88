"""Bring database and static files up to date before serving; a second start finds nothing to do."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from eventhub import packs

STAMP = "prepared"


def prepare(say: Callable[[str], None], *, migrate: bool) -> bool:
    """Migrate (if `migrate`) and collect static files, unless that was done for this very code.

    False if nothing had to be done. `say` hears in the operator's words what is going on.
    """
    from django.utils.translation import gettext as _

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    stamp = settings.DATA_DIR / STAMP
    now = f"{fingerprint()}\n{connection.settings_dict['NAME']}"
    if stamp.exists() and stamp.read_text() == now and _database_is_there():
        return False
    if migrate:
        say(_("Preparing the database …"))
        call_command("migrate", verbosity=0, interactive=False)
    say(_("Preparing the pages …"))
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    stamp.write_text(now)
    return True


def unapplied_migrations() -> list[str]:
    """Names of the migrations that this database still lacks."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def fingerprint() -> str:
    """Changes whenever a migration, a static file, how they are packed, or Django changes."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(django.__version__.encode())
    digest.update(Path(packs.__file__).read_bytes())
    for config in apps.get_app_configs():
        for folder in ("migrations", "static"):
            for path, stat in _files(Path(config.path) / folder):
                digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    for root, directories, names in os.walk(folder):
        directories[:] = sorted(name for name in directories if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(root, name)
            yield path, os.stat(path)


def _database_is_there() -> bool:
    if connection.vendor != "sqlite":
        return True
    return Path(connection.settings_dict["NAME"]).exists()
