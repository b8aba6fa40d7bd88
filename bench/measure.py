"""Start a server process and read what it costs from the kernel. Knows no protocol."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 10.0


class Process:
    """A server on a free loopback port, in a directory of its own; gone when the block ends."""

    def __init__(self, command: list[str], environment: Mapping[str, str], port: int) -> None:
        self.port = port
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def wait_until_up(self) -> None:
        """Return when the port answers HTTP. RuntimeError with the log's end if it never does."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/health")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
            finally:
                connection.close()
        raise RuntimeError("the server did not start:\n" + self.log_end())

    def log_end(self, size: int = 4000) -> str:
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - size))
        return self._log.read().decode(errors="replace")

    def cpu_s(self) -> float:
        """CPU seconds, user and system, of all its threads, ended ones too.

        Linux offers every process's CPU clock to others, in nanoseconds: clock_getcpuclockid(3).
        /proc/PID/stat has the same number in steps of 10 ms, too coarse for 20 messages.
        """
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def resident_kib(self) -> int:
        """RSS in KiB. Kernel memory of its sockets is not in it."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self._process.pid}/task"))


def free_port() -> int:
    """A port nobody holds at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def raise_file_limit(wanted: int = 8192) -> None:
    """Room for the sockets of one run, here and in the processes started from here."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))
