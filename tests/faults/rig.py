"""Everything of a round that has a process id: database, Redis, web processes, collector."""

from __future__ import annotations

import json
import random
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.processes import Collector, Installation, Process, Served
from tests.servers import PostgresServer, RedisServer
from tests.tcp_proxy import TcpProxy

BACKENDS = (
    "select pid from pg_stat_activity where datname = current_database()"
    " and backend_type = 'client backend' and pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Plan:
    """One round. Everything random follows from `seed`.

    `notes` bounds what is written to event A: below the wall's window every page is comparable
    with the whole. `settle_s`: how long after the last fault all pages may differ.
    """

    seed: int
    database: str = "sqlite"
    redis: bool = False
    seconds: float = 45.0
    gap_s: tuple[float, float] = (2.0, 10.0)
    listeners: int = 10
    posters: int = 4
    moderators: int = 2
    notes: int = 40
    toots: int = 15
    settle_s: float = 5.0

    def __str__(self) -> str:
        redis = " with Redis" if self.redis else ""
        return f"seed {self.seed}, {self.database}{redis}, {self.seconds:.0f} s"


class Rig:
    """Starts the parts of `plan` below `directory`, stops them at the end.

    SQLite: one embedded process. PostgreSQL: two web processes and a collector of their own.
    """

    def __init__(self, plan: Plan, directory: Path, *, source: str = "") -> None:
        self.plan = plan
        self.directory = directory
        self.source = source
        self.postgres: PostgresServer | None = None
        self.redis: RedisServer | None = None
        self.webs: list[Served] = []
        self.collector: Collector | None = None
        self.proxies: list[TcpProxy] = []
        self.events: dict[str, Any] = {}
        self.installation: Installation
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack as stack:
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self, stack: ExitStack) -> None:
        database_url = redis_url = ""
        if self.plan.database == "postgresql":
            self.postgres = stack.enter_context(PostgresServer(self.directory, fsync=True))
            database_url = self.postgres.url
        if self.plan.redis:
            self.redis = stack.enter_context(RedisServer(self.directory))
            redis_url = self.redis.url
        allow = self.source.removeprefix("http://")
        hub = self.directory / "hub"
        hub.mkdir()
        self.installation = Installation(
            hub, database_url, redis_url, {"EVENTHUB_EGRESS_ALLOW": allow}
        )
        made = self.installation.module(
            "tests.faults.setup_events",
            f"--moderators={self.plan.moderators}",
            f"--source={self.source}",
        )
        self.events = json.loads(made)
        alone = self.postgres is None
        names = ["web-1"] if alone else ["web-1", "web-2"]
        self.webs = [Served(self.installation, name=name, web_only=not alone) for name in names]
        for web in self.webs:
            stack.enter_context(web)
            self.proxies.append(stack.enter_context(TcpProxy(web.port)))
        if not alone:
            self.collector = stack.enter_context(Collector(self.installation))

    def processes(self) -> list[Process]:
        return [*self.webs, *([self.collector] if self.collector else [])]

    def terminate_backends(self, source: random.Random, *, everyone: bool = False) -> int:
        """Let PostgreSQL end one connection, or all; how many. The database is away: 0."""
        assert self.postgres is not None
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            pids = [row[0] for row in connection.execute(BACKENDS)]
            if not everyone:
                pids = source.sample(pids, min(1, len(pids)))
            for pid in pids:
                connection.execute("select pg_terminate_backend(%s)", [pid])
            return len(pids)

    def export(self) -> None:
        """The database's last state as `final.json`."""
        pairs = [f"{name}={event['slug']}" for name, event in self.events.items()]
        self.installation.module("tests.faults.export", str(self.directory / "final.json"), *pairs)
