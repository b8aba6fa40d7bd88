"""What all tests share: which run a test belongs to, and that nothing leaves this machine."""

import os
import re
import socket
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django import DjangoCaptureOnCommitCallbacks, DjangoDbBlocker

    from agenda.models import Event

BACKEND = os.environ.get("EVENTHUB_TEST_BACKEND", "sqlite")
SWEEP = os.environ.get("EVENTHUB_TEST_SWEEP", "")
PRESENT = {BACKEND, *(["redis"] if os.environ.get("EVENTHUB_REDIS_URL") else [])}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that need another database, or Redis, to the run that has it: never "skipped".

    Those that start servers come first: they take longest, and wait most. At the end of a run they
    would leave the cores idle.
    """
    here: list[pytest.Item] = []
    elsewhere: list[pytest.Item] = []
    asked: set[str] = set()
    for item in items:
        needs = {
            name for name in ("sqlite", "postgresql", "redis") if item.get_closest_marker(name)
        }
        if "sqlite" in needs and len(needs) > 1:
            raise pytest.UsageError(
                f"{item.nodeid} is marked {sorted(needs)}: no run has all of it"
            )
        once = BACKEND != "sqlite" and (not asks_a_database(item) or further_case(item, asked))
        long = item.get_closest_marker("sweep") and not SWEEP
        (here if needs <= PRESENT and not once and not long else elsewhere).append(item)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
    items[:] = sorted(here, key=lambda item: item.get_closest_marker("processes") is None)


def pytest_configure(config: pytest.Config) -> None:
    config.add_cleanup(let_chromium_go)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """One Chromium for all tests in a row that drive one; gone before any other test, and before
    the last test's fixtures take the database down.
    """
    stays = nextitem is not None and nextitem.get_closest_marker("browser") is not None
    if item.get_closest_marker("browser"):
        from tests.chromium import HOUSEHOLD

        HOUSEHOLD.stays = stays
    if not stays:
        let_chromium_go()
    done = yield
    if not stays:
        let_chromium_go()
    return done


def let_chromium_go() -> None:
    if "tests.chromium" in sys.modules:
        from tests.chromium import HOUSEHOLD

        HOUSEHOLD.let_go()


ALL_ON_SQLITE = re.compile(r"^pytestmark = .*\bpytest\.mark\.sqlite\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whole modules that belong to the other run are not even read, unless they were asked for."""
    module = collection_path.suffix == ".py" and collection_path.name.startswith("test_")
    asked_for = any(collection_path.name in argument for argument in config.args)
    if BACKEND == "sqlite" or not module or asked_for:
        return None
    return bool(ALL_ON_SQLITE.search(collection_path.read_text(encoding="utf-8"))) or None


def asks_a_database(item: pytest.Item) -> bool:
    """Whether the test could end differently on another database; the others run once."""
    fixtures = set(getattr(item, "fixturenames", ()))
    own_servers = item.get_closest_marker("processes") or item.get_closest_marker("postgresql")
    asks = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}
    return bool(own_servers or asks)


def further_case(item: pytest.Item, asked: set[str]) -> bool:
    """Whether another case of the same test asks the same of this database.

    What PostgreSQL alone refuses is asked of it in every case, and so is `each_case`.
    """
    call = getattr(item, "callspec", None)
    if call is None or item.get_closest_marker("sqlite") or item.get_closest_marker("each_case"):
        return False
    if "live" in item.path.parts or any(map(postgresql_refuses, call.params.values())):
        return False
    test = item.nodeid.partition("[")[0]
    first = test not in asked
    asked.add(test)
    return not first


def postgresql_refuses(value: object) -> bool:
    """Whether a NUL, a line longer than its column or a number too large is in it."""
    match value:
        case bool():
            return False
        case int():
            return abs(value) >= 2**31
        case str():
            return len(value) > 60 or bool(re.search(r"\x00|%00|\d{10}", value))
        case bytes():
            return postgresql_refuses(value.decode("latin-1"))
        case dict():
            return any(map(postgresql_refuses, value.values()))
        case list() | tuple():
            return any(map(postgresql_refuses, value))
    return False


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


def as_a_test_needs_it(connection: "BaseDatabaseWrapper", **_: object) -> None:
    """What is asked for without an order comes backwards, or however long a test takes.

    PostgreSQL may give such rows in any order, and does so on the day when nobody looks. A test
    is a single transaction there, which a person's request of five seconds is not.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA reverse_unordered_selects = ON")
        else:
            cursor.execute("SET idle_in_transaction_session_timeout = 0")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Making and dropping the test database may take longer than a guest would wait for a page."""
    from django.db.backends.signals import connection_created

    connection_created.connect(as_a_test_needs_it)
    if BACKEND != "postgresql":
        return
    from django.db.backends.postgresql.base import DatabaseWrapper

    original = DatabaseWrapper._nodb_cursor

    @contextmanager
    def patient(self: DatabaseWrapper) -> Iterator[Any]:
        with original(self) as cursor:
            cursor.execute("SET statement_timeout = 0")
            yield cursor

    DatabaseWrapper._nodb_cursor = patient  # type: ignore[assignment,method-assign]


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool, django_db_modify_db_settings: None, django_db_blocker: "DjangoDbBlocker"
) -> bool:
    """Whether there is one already: the workers of a run copy what was migrated once."""
    from django.db import connection

    from tests import ready_made

    if "PYTEST_XDIST_WORKER" not in os.environ:
        return django_db_keepdb
    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    return ready_made.copied(name) or django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[None]:
    from django.db import connections

    from tests import clearing

    with django_db_blocker.unblock():
        clearing.install()
    yield
    if django_db_keepdb:
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(autouse=True)
def posts_show_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule of a test's event lets everything in, unless the test says otherwise."""
    from wall.models import Rule

    for name, value in {"mode": Rule.Mode.FREE, "fallback": Rule.Fallback.GO_ON}.items():
        monkeypatch.setattr(Rule._meta.get_field(name), "_get_default", lambda value=value: value)


_long_after = count(1_000_000, 1_000_000)


@pytest.fixture(autouse=True)
def nobody_has_asked_for_anything_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a test no time passes for whoever asks too often, and much between two tests.

    How many requests fit into a second is this machine's affair.
    """
    from eventhub.http import Buckets

    take, this_moment = Buckets.take, next(_long_after)

    def still(self: Buckets, key: str, costs: float = 1.0, *, now: float | None = None) -> float:
        return take(self, key, costs, now=this_moment if now is None else now)

    monkeypatch.setattr(Buckets, "take", still)


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
