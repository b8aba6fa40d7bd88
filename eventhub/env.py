"""Read settings from the environment, typed and loud; owns no setting itself."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_str(key: str, default: str = "") -> str:
    return os.environ.get(key, default).strip()


def env_int(key: str, default: int, *, least: int = 0) -> int:
    """An integer of at least `least`; anything else stops the start with the key's name."""
    raw = env_str(key)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{key} must be a whole number, not {raw!r}.") from None
    if value < least:
        raise ImproperlyConfigured(f"{key} must be at least {least}, not {value}.")
    return value


def env_bool(key: str, default: bool = False) -> bool:
    raw = env_str(key).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{key} must be 1 or 0, not {raw!r}.")


def env_list(key: str) -> list[str]:
    """A comma-separated list without empty entries."""
    return [part.strip() for part in env_str(key).split(",") if part.strip()]


def env_path(key: str, default: Path) -> Path:
    raw = env_str(key)
    return Path(raw).expanduser().absolute() if raw else default


def database(url: str, *, data_dir: Path, pool_size: int) -> dict[str, Any]:
    """The entry for DATABASES["default"] that `url` names.

    "" means SQLite in the data directory; sqlite:///PATH and postgresql://user:pw@host:port/name
    are understood, `?host=/socket/dir` as well. ImproperlyConfigured for anything else.
    """
    if not url:
        return _sqlite(data_dir / "eventhub.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/") or "eventhub.sqlite3")).absolute())
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url, pool_size)
    raise ImproperlyConfigured("EVENTHUB_DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,  # the threads stay, and each keeps its connection
        "OPTIONS": {
            # A deferred transaction that reads and then writes fails at once with BUSY_SNAPSHOT.
            "transaction_mode": "IMMEDIATE",
            "timeout": 4,  # seconds
            # What is deleted is overwritten at once, not some day.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA secure_delete=ON;",
        },
        # Threads and a second process cannot share an in-memory database.
        "TEST": {"NAME": path.with_name("test.sqlite3")},
    }


def _postgresql(url: str, pool_size: int) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    name = parts.path.removeprefix("/")
    if not name:
        raise ImproperlyConfigured("EVENTHUB_DATABASE_URL names no database.")
    limits = (
        "lock_timeout=2000",
        "statement_timeout=3000",
        "idle_in_transaction_session_timeout=5000",
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **query,
            "options": " ".join(f"-c {limit}" for limit in limits),
            "connect_timeout": 3,
            # Django opens a thread and a connection per request: the pool is the cap.
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 4, "max_lifetime": 1800},
        },
    }
