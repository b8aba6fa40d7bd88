"""The first start on a fresh machine. The interpreter that would build the environment is an actor.

It notes what it is asked for and builds a make-believe .venv, so that nothing is downloaded here;
`make test` itself has done the real thing before these tests run.
"""

import ast
import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parent.parent / "deploy"
LISTS = ("requirements-boot.txt", "requirements.txt", "requirements-dev.txt")

ACTOR = """#!/bin/sh
echo "$@" >> "$JOURNAL"
case "$2" in
  venv)
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && touch "$3/pyvenv.cfg" ;;
  pip)
    if [ -n "$PIP_HANGS" ]; then exec sleep 600; fi
    if [ -n "$PIP_SAYS" ]; then echo "$PIP_SAYS"; exit 1; fi ;;
  serve)
    exec "$REAL_PYTHON" "$@" ;;
esac
"""

MANAGE = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "environ": dict(os.environ), "pid": os.getpid()}))
"""

# Runs bootstrap.py after `prepare` has changed the interpreter's idea of itself.
START = """
import os, runpy, sys
sys._base_executable = os.environ["ACTOR"]
{prepare}
sys.argv = ["bootstrap.py", *sys.argv[1:]]
sys.path.insert(0, "deploy")
runpy.run_path("deploy/bootstrap.py", run_name="__main__")
"""


@dataclass
class Tree:
    """A checkout as far as bootstrap.py sees it."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)

    def command(self, arguments: tuple[str, ...], prepare: str) -> list[str]:
        return [sys.executable, "-c", START.format(prepare=prepare), *arguments]

    def start(
        self, *arguments: str, prepare: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(arguments, prepare),
            cwd=self.root,
            env=self.environ | environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> list[str]:
        """What the actor was asked for, in order."""
        journal = self.root / "journal"
        return journal.read_text().splitlines() if journal.exists() else []

    def forget(self) -> None:
        (self.root / "journal").unlink()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    for name in LISTS:
        (tmp_path / name).write_text("")
    (tmp_path / "manage.py").write_text(MANAGE)
    actor = tmp_path / "actor"
    actor.write_text(ACTOR)
    actor.chmod(0o755)
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "ACTOR": str(actor),
        "JOURNAL": str(tmp_path / "journal"),
        "REAL_PYTHON": sys.executable,
    }
    return Tree(tmp_path, environ)


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on standard error."""
    lines = result.stderr.strip().splitlines()
    assert result.returncode == 1
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_bootstrap_is_readable_for_an_old_python() -> None:
    for path in sorted(DEPLOY.glob("bootstrap*.py")):
        ast.parse(path.read_text(), feature_version=(3, 6))


def test_first_start_installs_in_order_and_becomes_the_server(tree: Tree) -> None:
    result = tree.start("run")

    venv = tree.root / ".venv"
    pip = "-m pip install --require-hashes"
    assert tree.asked() == [
        f"-m venv {venv}",
        f"{pip} --retries 2 -r {tree.root}/requirements-boot.txt",
        f"{pip} -r {tree.root}/requirements.txt",
        f"{tree.root}/manage.py serve --demo",
    ]
    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[0].startswith("Richte die Umgebung in .venv ein")


def test_server_takes_the_place_of_bootstrap(tree: Tree) -> None:
    tree.start("install")

    command = tree.command(("run",), "")
    with subprocess.Popen(command, cwd=tree.root, env=tree.environ, stdout=subprocess.PIPE) as run:
        output, _ = run.communicate()

    assert json.loads(output)["pid"] == run.pid


def test_second_start_begins_no_other_process(tree: Tree) -> None:
    tree.start("install")
    tree.forget()
    spy = (
        "sys.addaudithook(lambda event, values: event in ('subprocess.Popen', 'os.fork', "
        "'os.posix_spawn', 'os.system') and print('STARTED', values))"
    )

    result = tree.start("install", prepare=spy)

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert tree.asked() == []


@pytest.mark.parametrize("name", LISTS[:2])
def test_changed_list_is_installed_again_without_a_new_environment(tree: Tree, name: str) -> None:
    tree.start("install")
    tree.forget()
    (tree.root / name).write_text("# another version\n")

    tree.start("install")

    assert [line.split()[1] for line in tree.asked()] == ["pip", "pip"]


def test_environment_for_tests_serves_the_server_as_well(tree: Tree) -> None:
    tree.start("install", "--dev")
    tree.forget()

    tree.start("run")

    assert tree.asked() == [f"{tree.root}/manage.py serve --demo"]


def test_environment_of_the_server_does_not_do_for_tests(tree: Tree) -> None:
    tree.start("install")
    tree.forget()

    tree.start("install", "--dev")

    assert tree.asked()[-1].endswith("requirements-dev.txt")


def test_vanished_interpreter_gets_a_new_environment(tree: Tree) -> None:
    tree.start("install")
    tree.forget()
    (tree.root / ".venv/bin/python").unlink()

    tree.start("install")

    assert tree.asked()[0] == f"-m venv {tree.root}/.venv"


def test_interrupted_start_says_so_and_the_next_one_repairs(tree: Tree) -> None:
    process = subprocess.Popen(
        tree.command(("install",), ""),
        cwd=tree.root,
        env=tree.environ | {"PIP_HANGS": "yes"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(tree.asked()) < 2 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate()
    tree.forget()

    result = tree.start("install")

    assert (process.returncode, complaint.strip()) == (
        1,
        "Abgebrochen. Der nächste Start macht es fertig.",
    )
    assert tree.asked()[0] == f"-m venv {tree.root}/.venv"
    assert result.returncode == 0


def test_two_first_starts_at_once_install_once(tree: Tree) -> None:
    starts = [
        subprocess.Popen(
            tree.command(("install",), ""),
            cwd=tree.root,
            env=tree.environ,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]

    codes = [start.wait() for start in starts]

    assert codes == [0, 0]
    assert len(tree.asked()) == 3


def test_makes_variables_become_settings_and_arguments(tree: Tree) -> None:
    tree.start("install")

    result = tree.start(
        "run", PORT="8123", DATA="my data", HASHTAG="indieweb", SERVER="mastodon.example", TOKEN="x"
    )

    answer = json.loads(result.stdout)
    environ = answer["environ"]
    options = ["--hashtag", "indieweb", "--server", "mastodon.example"]
    assert answer["arguments"] == ["serve", "--demo", *options]
    assert environ["EVENTHUB_PORT"] == "8123"
    assert environ["EVENTHUB_DATA_DIR"] == str(tree.root / "my data")
    assert environ["EVENTHUB_SOURCE_TOKEN"] == "x"
    assert {"PORT", "DATA", "HASHTAG", "SERVER", "TOKEN"} & set(environ) == set()


def test_settings_of_the_environment_hold_without_makes_variables(tree: Tree) -> None:
    tree.start("install")

    result = tree.start(
        "run", EVENTHUB_PORT="9000", EVENTHUB_DATA_DIR="elsewhere", PORT="", DATA=""
    )

    environ = json.loads(result.stdout)["environ"]
    assert environ["EVENTHUB_PORT"] == "9000"
    assert environ["EVENTHUB_DATA_DIR"] == str(tree.root / "elsewhere")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_impossible_port_is_refused(tree: Tree, port: str) -> None:
    assert refused(tree.start("run", PORT=port)).startswith(f"PORT={port} ist kein Port: Bitte ")


def test_hashtag_without_server_is_refused(tree: Tree) -> None:
    assert refused(tree.start("run", HASHTAG="x")).startswith("HASHTAG und SERVER gehören zusammen")


def test_old_python_is_told_what_is_needed(tree: Tree) -> None:
    old = "sys.version_info = (3, 9, 2); sys.version = '3.9.2 (default)'"

    german = refused(tree.start("run", prepare=old, PATH="/nowhere"))
    english = refused(tree.start("run", prepare=old, PATH="/nowhere", LANG="en_GB.UTF-8"))

    assert german.startswith("Gebraucht wird Python 3.11 oder neuer, hier läuft 3.9.2: Bitte ")
    assert english.startswith("Python 3.11 or newer is needed, this is 3.9.2: please ")


def test_old_python_hands_over_to_a_newer_one_on_the_path(tree: Tree) -> None:
    newer = tree.root / "bin" / "python3.12"
    newer.parent.mkdir()
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "took over: $*"\n')
    newer.chmod(0o755)

    result = tree.start("run", prepare="sys.version_info = (3, 9, 2)", PATH=str(newer.parent))

    assert result.stdout == f"took over: {tree.root}/deploy/bootstrap.py run\n"


def test_missing_venv_names_the_package(tree: Tree) -> None:
    without = "sys.modules['ensurepip'] = None"

    sentence = refused(tree.start("run", prepare=without, PATH="/nowhere"))

    major, minor = sys.version_info[:2]
    assert f"sudo apt install python{major}.{minor}-venv" in sentence
    assert tree.asked() == []


def test_data_that_cannot_be_written_is_named(tree: Tree) -> None:
    # Permission bits do not bind root, a file where a directory should be binds everybody.
    (tree.root / "file").write_text("")

    sentence = refused(tree.start("run", DATA="file/data"))

    assert sentence.startswith(f"In {tree.root}/file/data kann ich nicht schreiben")
    assert "make run DATA=" in sentence


def test_checkout_without_write_permission_is_named(tree: Tree) -> None:
    # Made up, so that it holds for root too: the refusal of the system, not the permission bits.
    closed = (
        "def refuse(path, mode=0o777): raise PermissionError(13, 'Permission denied', path)\n"
        "os.mkdir = refuse"
    )

    sentence = refused(tree.start("install", prepare=closed))

    assert sentence.startswith(f"In {tree.root}/.venv kann ich nicht schreiben (Permission denied)")


def test_foreign_directory_named_venv_is_left_alone(tree: Tree) -> None:
    mine = tree.root / ".venv" / "mine"
    mine.parent.mkdir()
    mine.write_text("precious")

    result = tree.start("install")

    assert refused(result).startswith(f"{tree.root}/.venv ist keine Python-Umgebung")
    assert mine.read_text() == "precious"


@pytest.mark.parametrize(
    ("output", "beginning"),
    [
        ("NewConnectionError: refused", "Die Pakete sind nicht erreichbar: Bitte "),
        ("OSError: [Errno 28] No space left on device", "Der Datenträger ist voll: Bitte "),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "Ein Paket hat nicht die erwartete Prüfsumme"),
        ("something new", "Die Einrichtung ist gescheitert: Die Ursache steht am Ende von "),
    ],
)
def test_failed_installation_is_one_sentence_and_repaired_next_time(
    tree: Tree, output: str, beginning: str
) -> None:
    sentence = refused(tree.start("install", PIP_SAYS=output))
    log = (tree.root / ".venv/bootstrap.log").read_text()
    repaired = tree.start("install")

    assert sentence.startswith(beginning)
    assert output in log
    assert (repaired.returncode, repaired.stderr) == (0, "")


def test_incomplete_checkout_is_named(tree: Tree) -> None:
    (tree.root / "requirements.txt").unlink()

    sentence = refused(tree.start("install"))

    assert sentence.startswith(f"{tree.root}/requirements.txt ist nicht lesbar")


@pytest.mark.parametrize("offered", ["chromium-headless-shell", "chromium"])
def test_browser_is_installed_when_root_may(tree: Tree, offered: str) -> None:
    """The one without a window if the system has it, else the whole one."""
    path = tree.root / "bin"
    path.mkdir()
    apt = path / "apt-get"
    apt.write_text(
        '#!/bin/sh\necho "$@" >> "$JOURNAL"\nfor last; do :; done\n'
        f"[ $last != {offered} ] || {{ echo > {path}/$last; /bin/chmod +x {path}/$last; }}\n"
    )
    apt.chmod(0o755)

    result = tree.start("browser", prepare="os.geteuid = lambda: 0", PATH=str(path))
    again = tree.start("browser", prepare="os.geteuid = lambda: 0", PATH=str(path))

    tried = ["chromium-headless-shell", "chromium"]
    assert (result.returncode, result.stderr) == (0, "")
    assert tree.asked() == [
        "-q update",
        *(
            f"-q install -y --no-install-recommends fonts-noto-core {name}"
            for name in tried[: tried.index(offered) + 1]
        ),
    ]
    assert (again.returncode, again.stdout) == (0, "")


def test_missing_browser_is_named_when_only_root_could_install_it(tree: Tree) -> None:
    sentence = refused(tree.start("browser", prepare="os.geteuid = lambda: 1000", PATH="/nowhere"))

    assert sentence.startswith("Für die Tests fehlt Chromium: Bitte installiere es")
