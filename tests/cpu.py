"""How much CPU processes have spent, as the kernel counts it in steps of 10 ms. Linux only."""

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def spent_s(pid: int) -> float:
    """Of one process and its children that have ended; 0.0 if it is gone."""
    with suppress(OSError):
        return sum(int(ticks) for ticks in _stat(pid)[11:15]) / TICKS
    return 0.0


def browsers() -> list[int]:
    """Every process of the Chromiums that this one has started, by its marks on the way down."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    return [pid for pid in parents if _is_ours(pid, parents) and _is_browser(pid)]


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _is_ours(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def _is_browser(pid: int) -> bool:
    with suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"--type=" in line or b"--remote-debugging" in line
    return False
