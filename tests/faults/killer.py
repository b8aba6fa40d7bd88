"""Faults at random moments, one after the other, each in the journal; judges nothing."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import psycopg

from tests.faults.journal import Journal
from tests.faults.people import Field
from tests.faults.rig import Rig
from tests.processes import Process
from tests.servers import RedisServer
from tests.tcp_proxy import TcpProxy

LONG_ROUND_SECONDS = 60.0
SILENT_SECONDS = 30.0  # longer than a client may take to notice a dead connection

Fault = Callable[[], Awaitable[None]]


class Killer:
    """Knows the parts of `rig` and what can happen to each."""

    def __init__(self, rig: Rig, shared: Field, source: random.Random) -> None:
        self.rig = rig
        self.field = shared
        self.journal: Journal = shared.journal
        self.random = source
        self.counts: Counter[str] = Counter()
        self.complaints: list[str] = []  # of parts that did not do as they were told
        self.quiet_until = 0.0
        self.faults = self._possible()

    async def run(self) -> None:
        """Faults for the plan's seconds; at the end every part is up again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.rig.plan.seconds
        while True:
            pause = self.random.uniform(*self.rig.plan.gap_s)
            if loop.time() + pause >= end:
                await asyncio.sleep(max(0.0, max(end, self.quiet_until) - loop.time()))
                return
            await asyncio.sleep(pause)
            name = self.random.choice(list(self.faults))
            self.counts[name] += 1
            number = self.journal.begin("killer", "", name)
            await self.faults[name]()
            self.journal.answered(number, 200, {})

    def _possible(self) -> dict[str, Fault]:
        faults: dict[str, Fault] = {}
        for process in self.rig.processes():
            faults[f"kill {process.name}"] = partial(self._kill, process)
        for web in self.rig.webs:
            faults[f"kill {web.name} amid a command"] = partial(self._kill_amid, web)
            faults[f"restart {web.name}"] = partial(self._restart, web)
        faults["cut the network"] = self._cut
        if self.rig.postgres is not None:
            faults["end a database connection"] = partial(self._terminate, everyone=False)
            faults["end all database connections"] = partial(self._terminate, everyone=True)
            faults["kill postgresql"] = self._kill_postgres
        if (redis := self.rig.redis) is not None:
            faults["kill redis"] = partial(self._kill_redis, redis)
            faults["freeze redis"] = partial(self._freeze_redis, redis)
        if self.rig.plan.seconds >= LONG_ROUND_SECONDS:
            faults["lose the route"] = self._lose_route
        return faults

    async def _kill(self, process: Process) -> None:
        process.kill9()
        await asyncio.sleep(self.random.uniform(0, 1.5))
        await asyncio.to_thread(process.restart)

    async def _kill_amid(self, process: Process) -> None:
        """At the instant between the arrival of a command, its commit and its answer."""
        self.field.sent.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.field.sent.wait()
        await asyncio.sleep(self.random.uniform(0, 0.04))
        await self._kill(process)

    async def _restart(self, process: Process) -> None:
        """As for an update: asked to end, with all its sockets open."""
        await asyncio.to_thread(process.stop)
        if process.process.returncode != 0:
            self.complaints.append(f"{process.name} ended with {process.process.returncode}")
        await asyncio.to_thread(process.restart)

    async def _cut(self) -> None:
        proxy = self._proxy()
        proxy.cut()
        await asyncio.sleep(self.random.uniform(0.2, 3))
        proxy.heal()

    async def _lose_route(self) -> None:
        proxy = self._proxy()
        proxy.half_open()
        await asyncio.sleep(self.random.uniform(1, 4))
        proxy.heal()
        # The dead connections are found out by their silence: no verdict before that.
        self.quiet_until = asyncio.get_running_loop().time() + SILENT_SECONDS

    def _proxy(self) -> TcpProxy:
        return self.random.choice(self.rig.proxies)

    async def _terminate(self, *, everyone: bool) -> None:
        with suppress(psycopg.OperationalError):
            await asyncio.to_thread(self.rig.terminate_backends, self.random, everyone=everyone)

    async def _kill_postgres(self) -> None:
        assert self.rig.postgres is not None
        self.rig.postgres.kill()
        await asyncio.sleep(self.random.uniform(0, 1))
        await asyncio.to_thread(self.rig.postgres.restart)

    async def _kill_redis(self, redis: RedisServer) -> None:
        redis.kill()
        await asyncio.sleep(self.random.uniform(0, 2))
        await asyncio.to_thread(redis.restart)

    async def _freeze_redis(self, redis: RedisServer) -> None:
        """It accepts and never answers."""
        redis.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(self.random.uniform(0.5, 3))
        redis.process.send_signal(signal.SIGCONT)
