"""The load client: one process, one thread, one epoll. Obeys JSON lines; decides no scenario.

Each line on stdin is one command, {"do": name, ...}; each is answered by one JSON line on
stdout as soon as its goal is reached or its time is up.
"""

import json
import os
import select
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench import frames
from bench.links import Acks, Intake, Link, State, Target, hello
from bench.tally import Reader, Tally, quantiles

Answer = dict[str, Any]


class Load:
    def __init__(self) -> None:
        self._poll = select.epoll()
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)
        self._links: list[Link] = []
        self._by_fd: dict[int, Link] = {}
        self._target = Target("", 0, b"")
        self._tally = Tally(ours=False)
        self._acks = Acks()
        self._intake = Intake(self._tally, None)
        self._waiting: list[Link] = []
        self._under_way: set[Link] = set()
        self._at_once = 0
        self._goal: Callable[[], bool] | None = None
        self._answer: Callable[[], Answer] = dict
        self._deadline = 0.0
        self._begun_s = self._begun_cpu_s = 0.0
        self._commands = b""

    # --- the loop

    def run(self) -> None:
        while True:
            self._step()
            if self._goal is not None and (self._goal() or time.monotonic() >= self._deadline):
                self._goal = None
                print(json.dumps(self._answer()), flush=True)

    def _step(self) -> None:
        for fd, mask in self._poll.poll(0.05, 1024):
            link = self._by_fd.get(fd)
            if link is None:
                self._listen()
            elif link.sock is None or link.sock.fileno() != fd:
                continue  # closed earlier in this round
            elif mask & select.EPOLLIN:
                self._intake.read(link, self._target)
            elif mask & select.EPOLLOUT:
                link.connected(self._target, self._poll)
            else:  # RDHUP, HUP or ERR on a socket that is not read, or a failed connect
                link.close("dropped" if link.state is State.STALLED else "refused")
        self._acks.send_due()
        if self._under_way or self._waiting:
            self._under_way = {x for x in self._under_way if x.state is State.CONNECTING}
            while self._waiting and len(self._under_way) < self._at_once:
                link = self._waiting.pop()
                self._by_fd[link.connect(self._target, self._poll)] = link
                self._under_way.add(link)

    def _listen(self) -> None:
        chunk = os.read(sys.stdin.fileno(), 65536)
        if not chunk:
            sys.exit(0)
        self._commands += chunk
        *lines, self._commands = self._commands.split(b"\n")
        for line in lines:
            command = json.loads(line)
            getattr(self, "do_" + command.pop("do").replace("-", "_"))(**command)

    def _until(
        self, goal: Callable[[], bool], answer: Callable[[], Answer], timeout_s: float
    ) -> None:
        self._goal, self._answer = goal, answer
        self._deadline = time.monotonic() + timeout_s
        self._begun_s, self._begun_cpu_s = time.monotonic(), time.process_time()

    def _effort(self) -> Answer:
        """How busy this process was since the command came."""
        wall_s = time.monotonic() - self._begun_s
        cpu_s = time.process_time() - self._begun_cpu_s
        return {"wall_s": wall_s, "client_cpu_s": cpu_s, "client_idle": 1 - cpu_s / wall_s}

    def _readers(self) -> list[Reader]:
        return [link.reader for link in self._links if link.state is State.OPEN]

    # --- the commands

    def do_target(
        self,
        *,
        host: str,
        port: int,
        path: str,
        headers: dict[str, str],
        topics: list[str] | None,
        language: str = "en",
    ) -> None:
        """Where to connect. `topics` makes us speak our own protocol; None: just listen."""
        request = frames.upgrade(f"{host}:{port}", path, headers)
        ours = topics is not None
        self._target = Target(host, port, request, hello(topics, language) if topics else "")
        self._tally = Tally(ours=ours)
        self._intake = Intake(self._tally, self._acks.later if ours else None)
        self._until(lambda: True, dict, 0)

    def do_connect(
        self, *, sockets: int, at_once: int, cursor: str, stallable: int, timeout_s: float
    ) -> None:
        """Open `sockets` new connections, at most `at_once` under way."""
        seq = int(cursor.partition(".")[0] or 0)
        self._links = [
            Link(Reader(seq=seq, cursor=cursor), may_stall=index < stallable)
            for index in range(sockets)
        ]
        self._connect(at_once, timeout_s)

    def do_reconnect(self, *, at_once: int, first: int, last: int, timeout_s: float) -> None:
        """All links again, each with its own cursor; done when all have marks first ... last."""
        self._connect(at_once, timeout_s, first=first, last=last)

    def _connect(self, at_once: int, timeout_s: float, *, first: int = 0, last: int = -1) -> None:
        self._by_fd.clear()
        self._waiting, self._at_once = self._links[::-1], at_once
        self._tally.restart(ordered=False)

        def settled() -> bool:
            if self._waiting or self._under_way:
                return False
            return last < first or not self._tally.lost(self._readers(), first, last)

        def answer() -> Answer:
            opened = [link for link in self._links if link.opened_ns]
            return {
                "connected": len(self._readers()),
                "failed": dict(Counter(x.reason or "timeout" for x in self._links
                                       if x.state is not State.OPEN)),
                "open_ms": quantiles([(x.opened_ns - x.begun_ns) / 1e6 for x in opened]),
                "lost": self._tally.lost(self._readers(), first, last),
                "doubled": self._tally.doubled,
                "misordered": self._tally.misordered,
                "resets": self._tally.resets,
                **self._effort(),
            }  # fmt: skip

        self._until(settled, answer, timeout_s)

    def do_collect(self, *, first: int, last: int, ordered: bool, timeout_s: float) -> None:
        """Wait until every open socket has marks first ... last, then tell how late they were."""
        self._tally.restart(ordered=ordered)
        audience = len(self._readers())
        wanted = audience * (last - first + 1)

        def answer() -> Answer:
            readers = self._readers()
            lost = self._tally.lost(readers, first, last)
            gone = [x for x in self._links if x.state is State.GONE and not x.may_stall]
            return {
                **self._tally.report(len(readers)),
                "lost": lost,
                "cut_off": len(gone),
                "reasons": dict(Counter(x.reason for x in gone)),
                **self._effort(),
            }

        self._until(lambda: self._tally.deliveries >= wanted, answer, timeout_s)

    def do_stall(self) -> None:
        """The stallable links stop reading; they only notice being cut off."""
        for link in self._links:
            if link.may_stall and link.sock is not None:
                link.state = State.STALLED
                link.begun_ns = time.monotonic_ns()
                self._poll.modify(link.sock, select.EPOLLRDHUP)
        self._until(lambda: True, dict, 0)

    def do_stalled(self, *, timeout_s: float) -> None:
        """When the stalled links were cut off, in s since they stopped reading."""
        links = [link for link in self._links if link.may_stall]

        def answer() -> Answer:
            dropped = [(x.gone_ns - x.begun_ns) / 1e9 for x in links if x.state is State.GONE]
            return {"stalled": len(links), "dropped": len(dropped), "after_s": quantiles(dropped)}

        self._until(lambda: all(x.state is State.GONE for x in links), answer, timeout_s)

    def do_drop(self) -> None:
        """Leave with every socket at once."""
        for link in self._links:
            link.close("left")
        self._by_fd.clear()
        self._until(lambda: True, dict, 0)


if __name__ == "__main__":
    Load().run()
