"""Judge a run of hides: each left every client in time, for good, and took its picture along.

Pure: what clients saw and what addresses answered in, delays and lines of what is wrong out.
Times are seconds of one clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SEEN, GONE = 200, 410


@dataclass(frozen=True, slots=True)
class Hide:
    """One post taken down: when somebody tapped, and when the server had answered."""

    key: str
    picture: str
    tapped: float
    answered: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a picture answered to somebody who asked at `at`."""

    picture: str
    at: float
    status: int


@dataclass(slots=True)
class Seen:
    """What one client showed from when to when, and when it had a connection."""

    name: str
    _closed_at: float | None = None
    _shown: dict[str, list[list[float]]] = field(default_factory=dict)  # [from] or [from, until]
    _online: list[list[float]] = field(default_factory=list)

    def connected(self, at: float) -> None:
        self.cut(at)
        self._online.append([at])

    def cut(self, at: float) -> None:
        if self._online and len(self._online[-1]) == 1:
            self._online[-1].append(at)

    def close(self, at: float) -> None:
        """Its page is left: from now on it shows nothing, whatever it would have shown."""
        self.cut(at)
        self.has_only((), at)
        self._closed_at = at

    def shows(self, key: str, at: float) -> None:
        spans = self._shown.setdefault(key, [])
        if not spans or len(spans[-1]) == 2:
            spans.append([at])

    def lost(self, key: str, at: float) -> None:
        if self.is_showing(key):
            self._shown[key][-1].append(at)

    def has_only(self, keys: Iterable[str], at: float) -> None:
        """The list anew: what does not stand in it is gone."""
        keys = set(keys)
        for key in self._shown.keys() - keys:
            self.lost(key, at)
        for key in keys:
            self.shows(key, at)

    def is_showing(self, key: str) -> bool:
        spans = self._shown.get(key)
        return spans is not None and len(spans[-1]) == 1

    def spans_after(self, key: str, at: float) -> list[list[float]]:
        """When it was on show, of the times that were not over at `at`."""
        return [span for span in self._shown.get(key, ()) if len(span) == 1 or span[1] >= at]

    def learned(self, span: list[float]) -> bool:
        """Whether it was told that this time is over; else its page was left before."""
        return len(span) == 2 and span[1] != self._closed_at

    def was_back_since(self, at: float, before: float) -> bool:
        """Whether what it was given at `before` was asked for by a connection begun after `at`."""
        return any(at < span[0] <= before for span in self._online)

    def connected_s(self, start: float, end: float) -> float:
        """For how long of this time it had a connection: a phone without one learns nothing."""
        spans = ((span[0], span[1] if len(span) == 2 else end) for span in self._online)
        return sum(max(0.0, min(end, until) - max(start, since)) for since, until in spans)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wrong` must never be; `late` is what took longer than it may.

    `delays`: by client, connected seconds from the tap until each post had gone.
    """

    wrong: list[str]
    late: list[str]
    delays: Mapping[str, list[float]]


def judge(
    hides: Sequence[Hide], clients: Sequence[Seen], asked: Iterable[Asked], *, most_s: float
) -> Verdict:
    wrong: list[str] = []
    late: list[str] = []
    delays: dict[str, list[float]] = {client.name: [] for client in clients}
    for hide in hides:
        seen_by = 0
        for client in clients:
            spans = client.spans_after(hide.key, hide.tapped)
            if not spans:
                continue
            seen_by += 1
            if len(spans[-1]) == 1:
                wrong.append(f"{client.name} still shows {hide.key}")
            if client.was_back_since(hide.answered, spans[0][0]):
                wrong.append(f"{client.name} was given {hide.key} after the hide")
            if len(spans) > 1:
                wrong.append(f"{client.name} shows {hide.key} again")
            if len(spans[0]) == 2:
                took_s = client.connected_s(hide.tapped, spans[0][1])
                if client.learned(spans[0]):
                    delays[client.name].append(took_s)
                if took_s > most_s:
                    late.append(f"{client.name} shows {hide.key} for {took_s:.2f} s more")
        if not seen_by:
            wrong.append(f"nobody had {hide.key} when it was hidden")
    return Verdict(wrong + _pictures(hides, asked), late, delays)


def _pictures(hides: Sequence[Hide], asked: Iterable[Asked]) -> list[str]:
    answers: dict[str, list[Asked]] = {}
    for one in asked:
        answers.setdefault(one.picture, []).append(one)
    wrong = []
    for hide in hides:
        told = answers.get(hide.picture, [])
        before = {one.status for one in told if one.at < hide.tapped}
        after = {one.status for one in told if one.at >= hide.answered}
        if before != {SEEN}:
            wrong.append(f"picture {hide.picture} was answered {sorted(before)} while it was shown")
        if after != {GONE}:
            wrong.append(f"picture {hide.picture} is answered {sorted(after)} after the hide")
    return wrong


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
