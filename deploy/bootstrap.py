"""Make the Python environment ready and start things in it. Refuses to know Django.

    python3 deploy/bootstrap.py run                what `make run` calls
    python3 deploy/bootstrap.py install [--dev]    the environment (with what tests need)
    python3 deploy/bootstrap.py browser            a Chromium for the tests

Standard library only, and readable for Python 3.6: an old interpreter must get as far as saying
that it is too old. Modules are imported where they are needed: a second start should not feel this.
"""

import os
import sys

from bootstrap_environment import (
    OLDEST,
    PYTHON,
    ROOT,
    VENV,
    about,
    continue_with_another,
    install,
)
from bootstrap_texts import Refusal, say, text

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def run(arguments: "list[str]") -> None:
    """Become the server, on the port and with the data the person chose.

    It takes the place of this process, so that Ctrl-C and SIGTERM reach it directly.
    """
    hashtag, server = serve_options()
    install("runtime", arguments)
    for name in ("HASHTAG", "SERVER", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)

    command = [PYTHON, os.path.join(ROOT, "manage.py"), "serve", "--demo"]
    if hashtag:
        command += ["--hashtag", hashtag, "--server", server]
    os.chdir(ROOT)
    os.execv(PYTHON, command)


def serve_options() -> "tuple[str, str]":
    """Check make's variables and hand them on as settings. Returns what becomes an argument.

    Another interpreter may take over and read the variables again, so this can be repeated.
    """
    environ = os.environ
    port, data, token = (environ.pop(name, "").strip() for name in ("PORT", "DATA", "TOKEN"))
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise Refusal("port", port)
    if port:
        environ["EVENTHUB_PORT"] = port
    public_url(environ.pop("PUBLIC_URL", "").strip())
    if token:
        environ["EVENTHUB_SOURCE_TOKEN"] = token  # no argument: those are visible to everybody here
    data = os.path.abspath(data or environ.get("EVENTHUB_DATA_DIR") or os.path.join(ROOT, "var"))
    environ["EVENTHUB_DATA_DIR"] = data
    check_writable(data)

    hashtag, server = (environ.get(name, "").strip() for name in ("HASHTAG", "SERVER"))
    if bool(hashtag) != bool(server):
        raise Refusal("hashtag_and_server")
    return hashtag, server


def public_url(url: str) -> None:
    """Serve under a public address: that is what codes and screens then say."""
    if not url:
        return
    scheme, _, rest = url.rstrip("/").partition("://")
    if scheme not in ("http", "https") or not rest or any(sign in rest for sign in "/?#@ ,"):
        raise Refusal("public_url", url)
    os.environ["EVENTHUB_PUBLIC_URL"] = url.rstrip("/")
    if scheme == "https":
        # We speak plain http, so something in front of us has the certificate, most likely here;
        # it says who asks, and nobody else may reach us to say so.
        os.environ.setdefault("EVENTHUB_TRUSTED_PROXIES", "1")
        os.environ.setdefault("EVENTHUB_BIND", "127.0.0.1")


def check_writable(directory: str) -> None:
    probe = os.path.join(directory, ".write-test-%d" % os.getpid())
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        with open(probe, "wb") as file:
            file.write(b"x")
        os.remove(probe)
    except OSError as error:
        raise about(error, directory)


def browser() -> None:
    """Chromium for the tests: there already, or by apt when we may."""
    import shutil
    import subprocess

    def found() -> bool:
        return any(shutil.which(name) for name in BROWSERS)

    if found():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(text("apt"))
        environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        install_it = ["install", "-y", "--no-install-recommends", "fonts-noto-core"]
        # The shell draws without a window, for two thirds of the CPU; not every Debian has it.
        shell, whole = install_it + [BROWSERS[0]], install_it + [BROWSERS[1]]
        for command in (["update"], shell, whole):
            if not found():
                subprocess.call(["apt-get", "-q"] + command, env=environ, stdout=subprocess.DEVNULL)
    if not found():
        raise Refusal("no_browser")


def main(arguments: "list[str]") -> int:
    try:
        if sys.version_info < OLDEST:
            refusal = Refusal("too_old", sys.version.split()[0])
            continue_with_another(refusal, arguments)
        if arguments == ["run"]:
            run(arguments)
        elif arguments == ["install"]:
            install("runtime", arguments)
        elif arguments == ["install", "--dev"]:
            install("dev", arguments)
        elif arguments == ["browser"]:
            browser()
        else:
            raise Refusal("usage")
    except Refusal as refusal:
        say(str(refusal), error=True)
        return 1
    except OSError as error:
        say(str(about(error, VENV)), error=True)
        return 1
    except KeyboardInterrupt:
        say("\n" + text("interrupted"), error=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
