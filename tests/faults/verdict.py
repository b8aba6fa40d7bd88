"""What a check found; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

INVARIANTS = {
    "I1": "every accepted command is in the database",
    "I2": "at most one object per idempotency key",
    "I3": "every client ends with the visible set",
    "I4": "the order is the order of first showing",
    "I5": "what was removed does not come back",
    "I6": "nothing of one event reaches another",
    "I7": "the log is dense and tells the truth",
    "I8": "a cursor never falls without a reset",
}


@dataclass(frozen=True)
class Violation:
    """One counter-example; `at` is monotonic, None where only the database shows it."""

    invariant: str
    what: str
    client: str = ""
    seq: int | None = None
    at: float | None = None

    @property
    def size(self) -> tuple[float, int]:
        """Earlier is smaller: what follows may be a consequence."""
        return (
            self.at if self.at is not None else float("inf"),
            self.seq if self.seq is not None else 1 << 62,
        )


@dataclass
class Verdict:
    """Per invariant: how much was looked at, and what was found wrong."""

    begun_at: float
    looked_at: dict[str, str] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.violations

    def of(self, invariant: str) -> list[Violation]:
        found = [violation for violation in self.violations if violation.invariant == invariant]
        return sorted(found, key=lambda violation: violation.size)

    def lines(self) -> list[str]:
        lines = []
        for name, claim in INVARIANTS.items():
            found = self.of(name)
            if not found:
                lines.append(f"{name} ok ({self.looked_at[name]})")
                continue
            first = found[0]
            where = [f"client {first.client}"] if first.client else []
            where += [f"seq {first.seq}"] if first.seq is not None else []
            where += [f"{first.at - self.begun_at:.3f} s"] if first.at is not None else []
            lines.append(
                f"{name} BROKEN, {claim}: {len(found)} times; "
                f"first [{', '.join(where) or 'database'}]: {first.what}"
            )
        return lines

    def as_json(self) -> dict[str, Any]:
        return {
            name: {
                "ok": not self.of(name),
                "claim": claim,
                "looked_at": self.looked_at[name],
                "violations": [
                    {"client": v.client, "seq": v.seq, "at": v.at, "what": v.what}
                    for v in self.of(name)[:20]
                ],
            }
            for name, claim in INVARIANTS.items()
        }
