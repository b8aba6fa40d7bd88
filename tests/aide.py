"""What tests want done in other processes: in copies of one in which Django is set up already.

Setting Django up takes longer than most of it. So a run's worker has a nest (tests/nest.py), and
each piece of work and each server is a copy of that, with the database and the data directory of
its installation: none finds what another left in memory. What modules read of the settings when
they are imported must not change between copies, so other settings have a nest of their own.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from tests.processes import COMMAND_SECONDS, ROOT, Installation, Served


class Nest:
    """The process that is copied, with `settings` in all copies; started when it is first asked."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()
        self._home = TemporaryDirectory(prefix="eventhub-nest-")
        self._hatched = 0

    def ask(self, wish: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(wish) + "\n")
            process.stdin.flush()
            said = process.stdout.readline()
        answer: dict[str, Any] = json.loads(said or '{"status": 1, "said": "the nest ended"}')
        return answer

    def hatch(self, command: list[str], environ: Mapping[str, str], log: Path) -> "Hatched":
        """A copy that goes on by itself as `manage.py command`; it writes to `log`."""
        self._hatched += 1
        end = Path(self._home.name) / f"end-{self._hatched}"
        wish = {"command": command, "environ": dict(environ), "log": str(log), "end": str(end)}
        return Hatched(self.ask(wish)["pid"], end)

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()  # its input ends, and so does it
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.nest"],
                cwd=ROOT,
                env=Installation(Path(self._home.name), settings=self._settings).environ(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        return self._process


@cache
def nest(**settings: str) -> Nest:
    """The nest of this process for copies with these settings."""
    made = Nest(settings)
    atexit.register(made.close)
    return made


class Hatched:
    """What a Popen tells of a child, for a copy: how it ends is written by the nest, its parent."""

    def __init__(self, pid: int, end: Path) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._end = end

    def poll(self) -> int | None:
        if self.returncode is None and self._end.exists():
            self.returncode = int(self._end.read_text())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (COMMAND_SECONDS if timeout is None else timeout)
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or COMMAND_SECONDS)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # the nest is just about to write it down
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Aide:
    """Runs Python within one installation, again and again. Starts no server."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def run(self, code: str) -> str:
        """What `code` prints; CalledProcessError with its last words."""
        return self._ask({"code": code})

    def module(self, name: str, *arguments: str) -> str:
        """The output of `python -m name ...`."""
        return self._ask({"module": name, "arguments": arguments})

    def _ask(self, wish: dict[str, Any]) -> str:
        own = nest(**self._installation.settings)
        answer = own.ask(wish | {"environ": self._installation.environ()})
        if answer["status"]:
            raise subprocess.CalledProcessError(answer["status"], str(wish), answer["said"][-4000:])
        return str(answer["said"])


class Copied(Served):
    """The same server as a copy of the nest, without the second and a half that a start takes.

    For tests of what is on its pages; how a process starts and ends is tested with a real one.
    """

    def spawn(self) -> "Hatched":  # type: ignore[override]  # all that a Server asks of a Popen
        environ = self.installation.environ() | {"EVENTHUB_PORT": str(self.port)}
        own = nest(**self.installation.settings)
        return own.hatch(self.command()[1:], environ, self.log)
