"""What is done to one server, in which order, and which raw numbers come out. Judges nothing."""

import sys
import time
from dataclasses import dataclass
from typing import Any

from bench.driver import LoadClient
from bench.measure import raise_file_limit
from bench.publish import Publisher
from bench.subjects import Running, Subject, started

Figures = dict[str, float]

LIVELY_PER_SECOND = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """How hard a run is. `per_second` must be below what the slowest rival can deliver.

    `idle_s` and texts / per_second are multiples of 4 s: our beat. Otherwise what is taken off
    for idling would hold a beat too many or too few.
    """

    sockets: int
    texts: int
    per_second: float
    idle_s: float = 8.0
    burst: int = 100
    missed: int = 20
    stall_s: float = 30.0
    storm: bool = True
    lively: int = 0


class Run:
    """One server's life under one load client."""

    def __init__(self, running: Running, client: LoadClient, load: Load) -> None:
        self._running = running
        self._client = client
        self._load = load
        self._publisher = Publisher(running.process.port, running.make_request, running.chars)
        self.figures: Figures = {}
        self._idle = 0.0
        self._wrong = {"lost": 0.0, "doubled": 0.0, "misordered": 0.0, "cut_off": 0.0}
        client.ask("target", **running.target)

    def everything(self) -> Figures:
        self._warm_up()
        # Asking once a second would take too long; five a second are cheaper, if anything.
        paces = (max(5.0, self._load.per_second), LIVELY_PER_SECOND)
        post_cpu_s, lively_post_cpu_s = self._cost_of_posts(*paces)
        resident_kib = self._running.process.resident_kib()
        self._open(self._load.sockets, stallable=0)
        grown = self._running.process.resident_kib() - resident_kib
        self.figures["kib_per_socket"] = grown / self._load.sockets
        self._steady(post_cpu_s)
        if self._load.lively:
            self._lively(lively_post_cpu_s)
        if self._load.burst:
            self._burst()
        if self._load.storm:
            self._storm()
        return {**self.figures, **self._wrong, "refused": float(self._publisher.refused)}

    def with_stalled(self, share: float) -> Figures:
        """The same stream of texts undisturbed and then with `share` of the readers stalled."""
        stalled = round(self._load.sockets * share)
        self._warm_up()
        self._open(self._load.sockets, stallable=stalled)
        texts = round(self._load.stall_s * self._load.per_second)
        calm = self._stream(texts)
        resident_kib = self._running.process.resident_kib()
        self._client.ask("stall")
        disturbed = self._stream(texts)
        dropped = self._client.ask("stalled", timeout_s=0)
        grown = self._running.process.resident_kib() - resident_kib
        for name, value in (("calm", calm), ("stalled", disturbed)):
            self.figures[f"{name}_delivery_p99_ms"] = value["delivery_ms"].get("p99", 0)
            self.figures[f"{name}_last_p99_ms"] = value["last_socket_ms"].get("p99", 0)
        self.figures["stalled_grown_kib"] = grown
        self.figures["stalled_kept"] = dropped["stalled"] - dropped["dropped"]
        self.figures["stalled_dropped_after_s"] = dropped["after_s"].get("max", float("inf"))
        return {**self.figures, **self._wrong, "refused": float(self._publisher.refused)}

    # --- steps

    def _warm_up(self) -> None:
        """Let imports, templates and thread pools happen before anything is measured."""
        self._open(20, stallable=0)
        self._stream(5, per_second=20)
        self._client.ask("drop")
        time.sleep(1)

    def _open(self, sockets: int, *, stallable: int) -> None:
        answer = self._client.ask(
            "connect", sockets=sockets, at_once=16, cursor=self._cursor(), stallable=stallable,
            timeout_s=120,
        )  # fmt: skip
        if answer["connected"] < sockets:
            raise RuntimeError(f"{answer['connected']} of {sockets} connected: {answer['failed']}")
        time.sleep(1)

    def _cursor(self) -> str:
        return self._running.cursor() if self._running.cursor else ""

    def _stream(self, texts: int, per_second: float = 0) -> dict[str, Any]:
        first, last = self._publisher.span(texts)
        rate = per_second or self._load.per_second
        self._client.begin(
            "collect", first=first, last=last, ordered=True, timeout_s=60 + texts / rate
        )
        self._publisher.steadily(texts, rate)
        answer = self._client.answer()
        self._note(answer)
        return answer

    def _note(self, answer: dict[str, Any]) -> None:
        if answer.get("cut_off"):
            print("sockets cut off:", answer["reasons"], file=sys.stderr, flush=True)
        for name in self._wrong:
            self._wrong[name] += answer.get(name, 0)

    def _cost_of_posts(self, *paces: float) -> list[float]:
        """CPU seconds of one text with a single socket listening, idle time taken off.

        For each pace: a server that is asked more often answers from a warmer cache.
        """
        self._open(1, stallable=0)
        idle = self._idle_share(4.0)
        costs = []
        for per_second in paces:
            cpu_s, begun_s = self._running.process.cpu_s(), time.monotonic()
            self._stream(self._load.texts, per_second)
            spent_s = self._running.process.cpu_s() - cpu_s
            costs.append((spent_s - idle * (time.monotonic() - begun_s)) / self._load.texts)
        self._client.ask("drop")
        time.sleep(1)
        return costs

    def _idle_share(self, seconds: float) -> float:
        """CPU seconds per second while nothing is said."""
        cpu_s, begun_s = self._running.process.cpu_s(), time.monotonic()
        time.sleep(seconds)
        return (self._running.process.cpu_s() - cpu_s) / (time.monotonic() - begun_s)

    def _steady(self, post_cpu_s: float) -> None:
        self._idle = self._idle_share(self._load.idle_s)
        net_us, gross_us, answer = self._costs(self._load.texts, self._load.per_second, post_cpu_s)
        self.figures |= {
            "cpu_us": net_us,
            "cpu_gross_us": gross_us,
            "post_cpu_ms": post_cpu_s * 1e3,
            "idle_percent": self._idle * 100,
            "last_p50_ms": answer["last_socket_ms"].get("p50", 0),
            "last_p99_ms": answer["last_socket_ms"].get("p99", 0),
            "delivery_p50_ms": answer["delivery_ms"].get("p50", 0),
            "delivery_p99_ms": answer["delivery_ms"].get("p99", 0),
            "bytes": answer["bytes"] / max(1, answer["deliveries"]),
            "client_us": answer["client_cpu_s"] / max(1, answer["deliveries"]) * 1e6,
            "client_idle": answer["client_idle"] * 100,
        }

    def _lively(self, post_cpu_s: float) -> None:
        """A wall in a good moment: so many texts that acknowledgements no longer count."""
        net_us, gross_us, answer = self._costs(self._load.lively, LIVELY_PER_SECOND, post_cpu_s)
        self.figures |= {
            "lively_cpu_us": net_us,
            "lively_cpu_gross_us": gross_us,
            "lively_last_p50_ms": answer["last_socket_ms"].get("p50", 0),
            "lively_last_p99_ms": answer["last_socket_ms"].get("p99", 0),
        }

    def _costs(
        self, texts: int, per_second: float, post_cpu_s: float
    ) -> tuple[float, float, dict[str, Any]]:
        """CPU us per delivery, without and with idling and POSTs; and what the client says."""
        cpu_s, begun_s = self._running.process.cpu_s(), time.monotonic()
        answer = self._stream(texts, per_second)
        time.sleep(max(0, begun_s + texts / per_second - time.monotonic()))
        spent_s = self._running.process.cpu_s() - cpu_s
        idle_s = self._idle * (time.monotonic() - begun_s)
        each_us = 1e6 / (self._load.sockets * texts)
        net_s = spent_s - idle_s - post_cpu_s * texts
        return net_s * each_us, spent_s * each_us, answer

    def _burst(self) -> None:
        cpu_s = self._running.process.cpu_s()
        first, last = self._publisher.span(self._load.burst)
        self._client.begin("collect", first=first, last=last, ordered=False, timeout_s=180)
        self._publisher.at_once(self._load.burst)
        answer = self._client.answer()
        spent_s = self._running.process.cpu_s() - cpu_s
        self._note(answer)
        deliveries = max(1, answer["deliveries"])
        self.figures |= {
            "burst_ms": answer["span_ms"],
            "burst_per_s": answer["deliveries"] / max(1e-3, answer["span_ms"] / 1e3),
            "burst_cpu_gross_us": spent_s / deliveries * 1e6,
            "burst_client_us": answer["client_cpu_s"] / deliveries * 1e6,
            "burst_client_idle": answer["client_idle"] * 100,
        }

    def _storm(self) -> None:
        """Everybody leaves, some texts are missed, everybody is back in the same moment."""
        self._client.ask("drop")
        first, last = self._publisher.span(self._load.missed)
        self._publisher.steadily(self._load.missed, 20)
        time.sleep(1)
        # What a plain broadcast said meanwhile is gone; it can only be asked to connect.
        wanted = (first, last) if self._running.catch_ups else (0, -1)
        before = self._running.catch_ups() if self._running.catch_ups else 0
        cpu_s = self._running.process.cpu_s()
        answer = self._client.ask(
            "reconnect", at_once=self._load.sockets, first=wanted[0], last=wanted[1], timeout_s=90
        )
        self._note(answer)
        self.figures |= {
            "storm_s": answer["wall_s"],
            "storm_failed": self._load.sockets - answer["connected"],
            "storm_open_p99_ms": answer["open_ms"].get("p99", 0),
            "storm_cpu_ms": (self._running.process.cpu_s() - cpu_s) / self._load.sockets * 1e3,
            "storm_missed": self._load.sockets * self._load.missed,
        }
        if self._running.catch_ups:
            self.figures["storm_missed"] = answer["lost"]
            self.figures["storm_statements"] = self._running.catch_ups() - before
        # Nothing that was said before may come twice, and what follows must come to all.
        self._stream(5)


def run(subject: Subject, load: Load, frame_bytes: int, *, stalled: float = 0) -> Figures:
    """One server, started for this run alone; the raw figures of `load`."""
    raise_file_limit()
    with started(subject, frame_bytes) as running, LoadClient() as client:
        one = Run(running, client, load)
        return one.with_stalled(stalled) if stalled else one.everything()
