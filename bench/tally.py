"""Count what arrives at each socket and how late. Knows messages; opens and reads no socket."""

import math
import re
import statistics
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.marks import LENGTH, MARK, NUMBER, SENT

# Our messages open with their type, group and range; a beat and a reset look alike.
_HEAD = re.compile(
    rb'\{"t":\s?"(frame|beat|reset)",\s?"g":\s?"shared",\s?(?:"from":\s?(\d+),\s?)?'
    rb'"upto":\s?"(\d+)\.([0-9a-f]+)"'
)
_KEY = b'"key":"'


@dataclass(slots=True)
class Reader:
    """What one socket has seen. `seen` has bit n set once mark n has arrived."""

    seen: int = 0
    last: int = -1
    seq: int = 0
    cursor: str = ""
    messages: int = 0
    size: int = 0


@dataclass(slots=True)
class Tally:
    """What all sockets have seen since the last `restart`."""

    ours: bool
    ordered: bool = True
    deliveries: int = 0
    messages: int = 0
    size: int = 0
    doubled: int = 0
    misordered: int = 0
    resets: int = 0
    sent_ns: dict[int, int] = field(default_factory=dict)
    last_ns: dict[int, int] = field(default_factory=dict)
    count: dict[int, int] = field(default_factory=dict)
    keys: dict[int, bytes] = field(default_factory=dict)
    late_ns: "array[int]" = field(default_factory=lambda: array("q"))

    def restart(self, *, ordered: bool) -> None:
        """Forget latencies and counts, keep what each socket has seen.

        `ordered`: the marks to come are sent one after the other, so their order counts.
        """
        self.ordered = ordered
        self.deliveries = self.messages = self.size = 0
        self.doubled = self.misordered = self.resets = 0
        self.sent_ns.clear()
        self.last_ns.clear()
        self.count.clear()
        self.late_ns = array("q")

    def take(self, reader: Reader, data: bytearray, start: int, end: int, now_ns: int) -> None:
        """One text message, lying in data[start:end], has come for `reader`."""
        reader.messages += 1
        reader.size += end - start
        self.messages += 1
        self.size += end - start
        replaces = False
        if self.ours:
            head = _HEAD.match(data, start, end)
            if head is None:
                return
            kind, since, seq, tag = head.groups()
            replaces = kind == b"reset"
            if replaces:
                self.resets += 1
            else:
                # The client's rule: what begins behind the cursor left a hole, what ends
                # before it changes nothing.
                if int(since) > reader.seq:
                    self.misordered += 1
                if int(seq) <= reader.seq:
                    return
            reader.seq = int(seq)
            reader.cursor = f"{reader.seq}.{tag.decode()}"
        at = data.find(MARK, start, end)
        while at >= 0:
            self._mark(reader, data, at, now_ns, replaces=replaces)
            at = data.find(MARK, at + LENGTH, end)

    def _mark(
        self, reader: Reader, data: bytearray, at: int, now_ns: int, *, replaces: bool
    ) -> None:
        mark = data[at : at + LENGTH]
        number = int(mark[NUMBER])
        if reader.seen >> number & 1:
            # Replacing an object by itself is no doubling: what counts is a second card.
            same_card = self.ours and self.keys[number] == _key_before(data, at)
            self.doubled += not (replaces or same_card)
            return
        reader.seen |= 1 << number
        if self.ordered and number < reader.last:
            self.misordered += 1
        reader.last = number
        sent_ns = self.sent_ns.get(number)
        if sent_ns is None:
            sent_ns = self.sent_ns[number] = int(mark[SENT])
            self.count[number] = 0
            self.keys.setdefault(number, _key_before(data, at))
        self.deliveries += 1
        self.count[number] += 1
        self.last_ns[number] = now_ns
        self.late_ns.append(now_ns - sent_ns)

    def lost(self, readers: Iterable[Reader], first: int, last: int) -> int:
        """How many of the marks first ... last are missing, summed over `readers`."""
        wanted = (1 << last + 1) - (1 << first) if last >= first else 0
        return sum((wanted & ~reader.seen).bit_count() for reader in readers)

    def report(self, audience: int) -> dict[str, object]:
        """Latencies in ms: of each delivery, and until the last of `audience` sockets had it."""
        complete = [
            (self.last_ns[number] - self.sent_ns[number]) / 1e6
            for number, count in self.count.items()
            if count >= audience
        ]
        span_ns = max(self.last_ns.values()) - min(self.sent_ns.values()) if self.sent_ns else 0
        return {
            "deliveries": self.deliveries,
            "messages": self.messages,
            "bytes": self.size,
            "doubled": self.doubled,
            "misordered": self.misordered,
            "resets": self.resets,
            "span_ms": span_ns / 1e6,
            "delivery_ms": quantiles([late / 1e6 for late in self.late_ns]),
            "last_socket_ms": quantiles(complete),
            "complete": len(complete),
        }


def _key_before(data: bytearray, at: int) -> bytes:
    """The key of the item whose text stands at `at`, in our own messages."""
    begin = data.rfind(_KEY, 0, at) + len(_KEY)
    return bytes(data[begin : data.find(b'"', begin)])


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the largest; empty for no values. Nearest rank: p99 of 20 is the largest."""
    if not values:
        return {}
    ranked = sorted(values)
    return {
        "p50": statistics.median_low(ranked),
        "p99": ranked[math.ceil(0.99 * len(ranked)) - 1],
        "max": ranked[-1],
    }
