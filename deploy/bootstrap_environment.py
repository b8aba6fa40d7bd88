"""The environment in .venv: whether it is complete, and how it becomes so. Starts nothing in it.

Locked packages with hashes, by uv or else by pip. A stamp, written last, says that it is complete;
without it a start begins anew, so that an interrupted one leaves nothing half-made behind.
"""

import os
import sys

from bootstrap_texts import Refusal, say, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

OLDEST = (3, 11)
OTHER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCRIPT = os.path.join(ROOT, "deploy", "bootstrap.py")
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
UV = os.path.join(VENV, "bin", "uv")
STAMP = os.path.join(VENV, "eventhub-stamp")
UNFINISHED = os.path.join(VENV, "eventhub-unfinished")
LOG = os.path.join(VENV, "bootstrap.log")

BOOT = os.path.join(ROOT, "requirements-boot.txt")
LISTS = {
    "runtime": os.path.join(ROOT, "requirements.txt"),
    "dev": os.path.join(ROOT, "requirements-dev.txt"),
}

# What pip prints when ..., and what we say then.
COMPLAINTS = (
    ("disk_full", ("No space left on device", "os error 28", "Disk quota exceeded")),
    (
        "no_network",
        (
            "Failed to establish a new connection",
            "NewConnectionError",
            "ConnectTimeoutError",
            "Read timed out",
            "ProxyError",
            "Temporary failure in name resolution",
            "Name or service not known",
            "(from versions: none)",
        ),
    ),
    ("wrong_hash", ("DO NOT MATCH THE HASHES",)),
)


def about(error: OSError, path: str) -> Refusal:
    """The refusal for `path`, or the file that `error` names, being unusable."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal("disk_full")
    path = error.filename or path
    missing = error.errno == errno.ENOENT and path in [BOOT] + list(LISTS.values())
    return Refusal("incomplete" if missing else "unwritable", path, error.strerror or error)


def has_venv() -> bool:
    try:
        import ensurepip  # noqa: F401 - Debian ships venv without it, and venv then fails half-way
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def continue_with_another(refusal: Refusal, arguments: "list[str]") -> "NoReturn":
    """Become the first Python on the path that is new enough and can make environments."""
    import shutil
    import subprocess

    probe = "import sys, venv, ensurepip; sys.exit(sys.version_info < %r)" % (OLDEST,)
    for name in OTHER_PYTHONS:
        python = shutil.which(name)
        if python is None:
            continue
        quiet = subprocess.DEVNULL
        if subprocess.call([python, "-c", probe], stdout=quiet, stderr=quiet) == 0:
            os.execv(python, [python, SCRIPT] + arguments)
    raise refusal


def stamp_for(kind: str) -> str:
    """What the stamp says when the environment of this kind is complete.

    The real path of the interpreter carries its version, and changes when the system replaces it.
    """
    import hashlib

    digest = hashlib.sha256()
    for path in [BOOT, LISTS["runtime"]] + [LISTS["dev"]] * (kind == "dev"):
        with open(path, "rb") as file:
            digest.update(file.read())
    return "%s\n%s\n%s\n" % (kind, digest.hexdigest(), os.path.realpath(PYTHON))


def stamped() -> "list[str]":
    """Kind, digest and interpreter of the last complete installation; thrice "" without one."""
    try:
        with open(STAMP) as file:
            kind, digest, python = file.read().splitlines()
    except (OSError, ValueError):
        return ["", "", ""]
    return [kind, digest, python]


def is_ready(kind: str) -> bool:
    """Whether nothing is to be done. A developer's environment serves the server as well."""
    found = stamped()
    if found[0] not in LISTS or (kind == "dev" and found[0] != "dev"):
        return False
    return os.access(PYTHON, os.X_OK) and found == stamp_for(found[0]).splitlines()


def install(kind: str, arguments: "list[str]") -> None:
    if is_ready(kind):
        return
    if not has_venv():
        continue_with_another(Refusal("no_venv", *sys.version_info[:2]), arguments)
    with open(BOOT, "rb") as door:
        wait_for_others(door.fileno())
        if not is_ready(kind):
            build("dev" if stamped()[0] == "dev" else kind)


def wait_for_others(descriptor: int) -> None:
    """Let only one start install at a time. The lock goes with the process, whatever ends it."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(text("waiting"))
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        pass  # some network file systems know no locks; two first starts at once are rarer still


def build(kind: str) -> None:
    say(text("preparing"))
    if os.access(PYTHON, os.X_OK) and stamped()[2] == os.path.realpath(PYTHON):
        os.remove(STAMP)  # from here on it is incomplete, and an interrupted start begins anew
    else:
        make_venv()

    say(text("installer"))
    output = pip("--retries", "2", "-r", BOOT)
    if complaint(output) != "failed":
        raise Refusal(complaint(output))

    say(text("packages"))
    if not os.path.exists(UV) or step(
        [UV, "pip", "sync", "--require-hashes", "--python", PYTHON, LISTS[kind]]
    ):
        # No uv for this machine, or it does not know the mirror that pip is configured for.
        say(text("with_pip"))
        output = pip("-r", LISTS[kind])
        if output:
            raise Refusal(complaint(output))

    with open(STAMP + ".new", "w") as file:
        file.write(stamp_for(kind))
    os.replace(STAMP + ".new", STAMP)
    if os.path.exists(UNFINISHED):
        os.remove(UNFINISHED)
    say(text("ready"))


def make_venv() -> None:
    """An empty environment, in place of whatever an interrupted start or another Python left."""
    import shutil

    if os.path.lexists(VENV):
        signs = (UNFINISHED, os.path.join(VENV, "pyvenv.cfg"))
        ours = any(os.path.exists(sign) for sign in signs)
        if not ours and (not os.path.isdir(VENV) or os.listdir(VENV)):
            raise Refusal("in_the_way", VENV)
        shutil.rmtree(VENV)
    os.mkdir(VENV)
    open(UNFINISHED, "w").close()
    # The interpreter behind an activated environment: that may be the very .venv just removed.
    python = getattr(sys, "_base_executable", None) or sys.executable
    output = step([python, "-m", "venv", VENV])
    if output:
        raise Refusal(complaint(output))


def pip(*arguments: str) -> str:
    return step([PYTHON, "-m", "pip", "install", "--require-hashes"] + list(arguments))


def step(command: "list[str]") -> str:
    """Run `command` silently. Returns "" when it went well, else what it printed (never empty)."""
    import subprocess

    environ = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_USER="0")
    environ["UV_SYSTEM_CERTS"] = "1"  # as pip does: a company's own certificate lives there
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environ.setdefault("UV_NO_CACHE", "1")  # a service's account has no home, and uv would stop
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"):
        environ.pop(name, None)
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with open(LOG, "ab") as log:
        log.write(("$ %s\n" % " ".join(command)).encode() + result.stdout + b"\n")
    if result.returncode == 0:
        return ""
    return result.stdout.decode("utf-8", "replace") or "failed"


def complaint(output: str) -> str:
    """The text that fits what pip or venv printed."""
    for name, marks in COMPLAINTS:
        if any(mark in output for mark in marks):
            return name
    return "failed"
