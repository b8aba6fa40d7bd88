"""The process whose copies do the work of tests/aide.py: `python -m tests.nest`.

Django is set up in it, and what every copy needs is read. It asks no database, opens no loop and
starts no thread, so that a copy begins like a process of its own. Wishes come as lines of JSON.
"""

import gc
import json
import os
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.processes import ROOT

ALSO = (
    "eventhub.application",
    "eventhub.prepare",
    "twisted.internet.endpoints",
    "twisted.web.http",
    "autobahn.twisted.websocket",
    "wall.collector",
    "wall.egress",
    "wall.trial",
    "tests.factories",
    "tests.guests",
)


def copy(wish: dict[str, Any], servers: dict[int, str]) -> dict[str, Any]:
    """Let a copy of this process do it; a server is only begun."""
    sys.stdout.flush()
    if "command" in wish:
        child = os.fork()
        if child == 0:
            log = os.open(wish["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            os.setsid()
            _become(wish, log)
        servers[child] = wish["end"]
        return {"pid": child}
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _become(wish, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as said:
        words = said.read()
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "said": words}


def _become(wish: dict[str, Any], out: int) -> None:
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.close(out)
        os.environ.clear()
        os.environ.update(wish["environ"])
        read_settings_anew()
        _do(wish)
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


def _do(wish: dict[str, Any]) -> None:
    if "command" in wish:
        sys.argv = wish["command"]
        runpy.run_path(wish["command"][0], run_name="__main__")
    elif "module" in wish:
        sys.argv = [wish["module"], *wish["arguments"]]
        runpy.run_module(wish["module"], run_name="__main__", alter_sys=True)
    else:
        exec(wish["code"], {"__name__": "aide"})


def read_settings_anew() -> None:
    """As if Django were set up only now; nothing has been asked of database or cache before."""
    import django
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.cache import caches
    from django.core.files.storage import default_storage, storages
    from django.db import connections
    from django.utils.functional import empty

    sys.modules.pop("eventhub.settings")
    settings._wrapped = empty  # and forgets what it was asked before
    for lazy in (default_storage, staticfiles_storage):
        vars(lazy)["_wrapped"] = empty
    for handler in (connections, caches, storages):
        for read in ("settings", "backends"):
            vars(handler).pop(read, None)
        handler.__init__()  # type: ignore[misc]  # the one way to empty it that Django keeps up
    django.setup()


def warm() -> None:
    """Read what every copy reads; not the reactor, of which each server has its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    assert get_resolver().url_patterns
    for name in ALSO:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Guest")
    for app in ("agenda", "wall", "eventhub"):
        templates = ROOT / app / "templates"
        for path in templates.rglob("*.html"):
            get_template(str(path.relative_to(templates)))
    gc.collect()
    gc.freeze()  # shared with all copies, as long as nobody counts through it


def main() -> None:
    warm()
    servers: dict[int, str] = {}

    def tell_ends(*_: object) -> None:
        for pid, end in list(servers.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del servers[pid]
                written = Path(f"{end}.new")
                written.write_text(str(os.waitstatus_to_exitcode(status)))
                written.rename(end)

    signal.signal(signal.SIGCHLD, tell_ends)
    for line in sys.stdin:
        print(json.dumps(copy(json.loads(line), servers)), flush=True)
        tell_ends()  # one may have ended before it was known


if __name__ == "__main__":
    main()
