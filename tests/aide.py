"""Runs Python within one installation, again and again: `python -m tests.aide`. Starts no server.

Setting Django up takes longer than what most tests want done in another process. So it is set up
once, and each piece runs in a copy of that process: none finds what another left in memory.
"""

import json
import os
import runpy
import subprocess
import sys
import traceback
from contextlib import suppress
from typing import Any, Self

from tests.processes import ROOT, Installation


class Aide:
    """A process of `installation`, started when it is first asked; `close` it, or use `with`."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._process: subprocess.Popen[str] | None = None

    def run(self, code: str) -> str:
        """What `code` prints; CalledProcessError with its last words."""
        return self._ask({"code": code})

    def module(self, name: str, *arguments: str) -> str:
        """The output of `python -m name ...`."""
        return self._ask({"module": name, "arguments": arguments})

    def _ask(self, wish: dict[str, Any]) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.aide"],
                cwd=ROOT,
                env=self._installation.environ(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"status": 1, "said": "it ended"}')
        if answer["status"]:
            raise subprocess.CalledProcessError(answer["status"], str(wish), answer["said"][-4000:])
        return str(answer["said"])

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()  # its input ends, and so does it
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def grant(wish: dict[str, Any]) -> dict[str, Any]:
    """Let a copy of this process do it."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.close(reading)
        os.close(writing)
        _do_and_end(wish)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as said:
        words = said.read()
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "said": words}


def _do_and_end(wish: dict[str, Any]) -> None:
    status = 1
    try:
        if "module" in wish:
            sys.argv = [wish["module"], *wish["arguments"]]
            runpy.run_module(wish["module"], run_name="__main__", alter_sys=True)
        else:
            exec(wish["code"], {"__name__": "aide"})
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def main() -> None:
    import django

    django.setup()
    from tests import factories, guests

    assert factories
    assert guests
    for line in sys.stdin:
        print(json.dumps(grant(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
