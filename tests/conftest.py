"""What all tests share: which run a test belongs to, and that nothing leaves this machine."""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from agenda.models import Event

BACKEND = os.environ.get("EVENTHUB_TEST_BACKEND", "sqlite")
PRESENT = {BACKEND, *(["redis"] if os.environ.get("EVENTHUB_REDIS_URL") else [])}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that need another database, or Redis, to the other run: never "skipped"."""
    here: list[pytest.Item] = []
    elsewhere: list[pytest.Item] = []
    for item in items:
        needs = {
            name for name in ("sqlite", "postgresql", "redis") if item.get_closest_marker(name)
        }
        if "sqlite" in needs and len(needs) > 1:
            raise pytest.UsageError(
                f"{item.nodeid} is marked {sorted(needs)}: no run has all of it"
            )
        (here if needs <= PRESENT else elsewhere).append(item)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = here


def refuse_to_leave(event: str, arguments: Sequence[object]) -> None:
    """Raise when a test opens a connection to another machine.

    Datagram sockets may "connect": that only asks the kernel for a route, and sends nothing.
    """
    if event != "socket.connect":
        return
    connection, address = arguments
    if not isinstance(connection, socket.socket) or connection.type == socket.SOCK_DGRAM:
        return
    host = address[0] if isinstance(address, tuple) else ""
    if host not in ("", "::1", "localhost") and not host.startswith("127."):
        raise RuntimeError(f"a test tried to reach {host!r}; tests speak with loopback only")


sys.addaudithook(refuse_to_leave)


@pytest.fixture
def event(db: None) -> "Event":
    """An event without posts, rule or programme."""
    from tests.factories import make_event

    return make_event()


@pytest.fixture
def committed(
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> Callable[[], AbstractContextManager[object]]:
    """`with committed(): ...` runs what waits for a commit; a test's own is never committed."""
    return partial(django_capture_on_commit_callbacks, execute=True)
