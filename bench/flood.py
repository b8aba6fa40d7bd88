"""How long a moderator's hide takes while posts pour in: one process, a fresh database.

    python -m bench.flood SECONDS

prints one JSON object: milliseconds of each hide, in peace and in the flood, and posts a second
that came in. The flood is taken in by a thread of its own, as the collector does it.
"""

import json
import sys
import threading
import time
from typing import Any

PER_SECOND, AT_ONCE = 500, 50
HIDE_EVERY_S = 0.1


def main() -> None:
    from bench import event, taking

    event.make()
    seconds = float(sys.argv[1])
    source = taking.source_of_a_flood()
    taking.take(source, [taking.item(0, index) for index in range(AT_ONCE)])
    calm_ms = _hides(seconds / 2)
    stop, taken = threading.Event(), [0]
    flood = threading.Thread(target=_pour, args=(source, stop, taken))
    flood.start()
    begun_s = time.monotonic()
    flooded_ms = _hides(seconds)
    stop.set()
    passed_s = time.monotonic() - begun_s
    flood.join()
    told = {"calm_ms": calm_ms, "flooded_ms": flooded_ms, "per_second": taken[0] / passed_s}
    print(json.dumps(told), flush=True)


def _pour(source: Any, stop: threading.Event, taken: list[int]) -> None:
    from django.db import connection

    from bench import taking

    begun_s, number = time.monotonic(), 1
    while not stop.is_set():
        taking.take(source, [taking.item(number, index) for index in range(AT_ONCE)])
        taken[0] += AT_ONCE
        stop.wait(max(0.0, begun_s + number * AT_ONCE / PER_SECOND - time.monotonic()))
        number += 1
    connection.close()


def _hides(seconds: float) -> list[float]:
    """Hide and show one post again and again; the milliseconds of each hide."""
    from wall import moderation
    from wall.models import Post

    post = Post.objects.shown().select_related("event").order_by("pk")[0]
    found, end_s = [], time.monotonic() + seconds
    while time.monotonic() < end_s:
        began_s = time.perf_counter()
        moderation.hide(post, by=None)
        found.append((time.perf_counter() - began_s) * 1000)
        moderation.show(post, by=None)
        time.sleep(HIDE_EVERY_S)
    return found


if __name__ == "__main__":
    main()
