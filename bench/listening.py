"""One listener to a Jetstream, bare or ours, against a server that `bench.streaming` runs.

    python -m bench.listening bare|ours PORT SECONDS

prints one JSON object: CPU seconds, messages or posts, and memory before and after. Bare reads the
same socket with the same library, decodes and drops.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import aclosing
from pathlib import Path

from bench.streaming import TAG, WARM_S


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventhub.settings")
    django.setup()
    who, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    listen = {"bare": _bare, "ours": _ours}[who]
    print(json.dumps(asyncio.run(listen(port, seconds))), flush=True)


class _Clock:
    """CPU and memory from WARM_S after the start on."""

    def __init__(self, seconds: float) -> None:
        self._warm = time.monotonic() + WARM_S
        self.end = self._warm + seconds
        self._cpu_s: float | None = None
        self._kib = 0

    def look(self) -> bool:
        """Whether time is over."""
        now = time.monotonic()
        if self._cpu_s is None and now >= self._warm:
            self._cpu_s, self._kib = time.process_time(), _resident_kib()
        return now >= self.end

    def told(self, count: int) -> dict[str, float]:
        cpu_s = time.process_time() - (self._cpu_s or 0.0)
        grown = float(_resident_kib() - self._kib)
        return {"cpu_s": cpu_s, "count": float(count), "grown_kib": grown}


async def _bare(port: int, seconds: float) -> dict[str, float]:
    import msgspec

    from wall.egress import Egress

    clock, count = _Clock(seconds), 0
    async with Egress(allow=[("127.0.0.1", port)]).websocket(
        f"http://127.0.0.1:{port}/subscribe"
    ) as socket:
        async for message in socket:
            msgspec.json.decode(message)
            count += 1
            if clock.look():
                break
    return clock.told(count)


async def _ours(port: int, seconds: float) -> dict[str, float]:
    from wall.egress import Egress
    from wall.sources.jetstream import Jetstream

    base = f"http://127.0.0.1:{port}"
    config = {"tag": TAG, "host": base, "appview": f"http://127.0.0.1:{port + 1}"}
    egress = Egress(allow=[("127.0.0.1", port), ("127.0.0.1", port + 1)])
    clock, keys = _Clock(seconds), set[str]()
    async with aclosing(Jetstream().stream(config, "", "", egress)) as told:
        async for batch in told:
            keys.update(item.key for item in batch.items)
            if clock.look():
                break
    return clock.told(len(keys)) | {"highest": max((_number(key) for key in keys), default=0)}


def _number(key: str) -> float:
    return float(int(key.rpartition("/k")[2]))


def _resident_kib() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


if __name__ == "__main__":
    main()
