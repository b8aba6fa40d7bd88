"""Start the product's own processes as a person would, on a free port with their own data.

Knows the command line and the environment; refuses to know Django.
"""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers import Server
from tests.services import clean_environment

if TYPE_CHECKING:
    from tests.aide import Aide

ROOT = Path(__file__).resolve().parent.parent
COMMAND_SECONDS = 600.0  # longest a management command may take


@dataclass(frozen=True)
class Installation:
    """One installation: its directory (must exist), database and Redis; "" is the embedded default.

    Everything it writes lies in `directory`. `settings` are further EVENTHUB_ variables.
    """

    directory: Path
    database_url: str = ""
    redis_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, str]:
        values = {
            "EVENTHUB_DATA_DIR": str(self.directory / "data"),
            "EVENTHUB_DATABASE_URL": self.database_url,
            "EVENTHUB_REDIS_URL": self.redis_url,
            "EVENTHUB_BIND": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "eventhub.settings",
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }
        return clean_environment() | {name: value for name, value in values.items() if value}

    def manage(self, *arguments: str) -> str:
        """The output of one management command; CalledProcessError with its last words."""
        return self._run(str(ROOT / "manage.py"), *arguments)

    def module(self, name: str, *arguments: str) -> str:
        """The output of `python -m name ...` with this installation's settings."""
        return self._run("-m", name, *arguments)

    def _run(self, *arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if result.returncode:
            said = (result.stdout + result.stderr)[-4000:]
            raise subprocess.CalledProcessError(result.returncode, arguments, said)
        return result.stdout


class Process(Server):
    """One process of an installation: `start`, `stop`, `kill9`, `restart`; a context manager."""

    def __init__(self, installation: Installation, port: int | None = None) -> None:
        super().__init__(installation.directory, port)
        self.installation = installation

    def kill9(self) -> None:
        """SIGKILL, by its own process id: nothing gets the chance to tidy up."""
        self.kill()

    def said(self) -> str:
        """Everything written to standard output and error so far, over all its lives."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command(),
                cwd=ROOT,
                env=self.installation.environ() | {"EVENTHUB_PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


class Served(Process):
    """`manage.py serve`: ready when /health answers 200. Keeps its port over its lives."""

    def __init__(
        self,
        installation: Installation,
        port: int | None = None,
        *,
        name: str = "serve",
        web_only: bool = False,
    ) -> None:
        self.name = name
        self.web_only = web_only
        super().__init__(installation, port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def aide(self) -> "Aide":
        """Does what other processes do here, such as the admin's."""
        from tests.aide import Aide

        return Aide(self.installation)

    def command(self) -> list[str]:
        options = ["--web-only"] if self.web_only else []
        serve = [str(ROOT / "manage.py"), "serve", "--port", str(self.port), *options]
        return [sys.executable, *serve]

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class Collector(Process):
    """`manage.py collect`: ready when it has said whether it reads the sources or waits."""

    name = "collect"
    _said_before = 0

    @property
    def url(self) -> str:
        raise NotImplementedError("a collector has no address")

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), "collect"]

    def spawn(self) -> subprocess.Popen[bytes]:
        self._said_before = len(self.said())
        return super().spawn()

    def is_ready(self) -> bool:
        return len(self.said()) > self._said_before
