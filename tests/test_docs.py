"""What the documentation names exists, and what exists is documented. Starts nothing."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

import eventhub

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("eventhub", "agenda", "wall", "deploy")
FOR_TESTS = re.compile(r"EVENTHUB_TEST_\w*")
KEY = re.compile(r"\bEVENTHUB_[A-Z]+(?:_[A-Z]+)*\b")
ROW = re.compile(r"^\| `(EVENTHUB_[A-Z_]+)`(?: ●)? \| (\S+|`[^`]+`) \|", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|js|css|html|toml|md|txt|in|service|conf))`")
CODE_BLOCK = re.compile(r"^```.*?^```|^(?: {4}|\t)[^\n]*$", re.MULTILINE | re.DOTALL)
BINARY = {".png", ".pyc", ".woff2"}
MAKE = re.compile(r"(?:^\s*|`)make ([a-z]+)", re.MULTILINE)
MANAGE = re.compile(r"(?:manage\.py|^ +eventhub|`eventhub) ([a-z_]+)", re.MULTILINE)
READERS = {"env_str", "env_int", "env_bool", "env_list", "env_path"}


def markdown() -> list[Path]:
    found = [*ROOT.glob("*.md")]
    for folder in ("docs", "bench", "deploy", "tests", *PRODUCT):
        found += (ROOT / folder).rglob("*.md")
    return sorted(set(found))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def each_file() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", markdown(), ids=name_of)


@cache
def sources() -> tuple[set[str], list[ast.Call]]:
    """Every string of the product that is a key as a whole, and every call that reads one.

    Read once: the trees of all modules are much to walk, and more to keep.
    """
    keys: set[str] = set()
    calls: list[ast.Call] = []
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Constant(str(word)) if KEY.fullmatch(word):
                        keys.add(word)
                    case ast.Call(ast.Name(name), [ast.Constant(), *_]) if name in READERS:
                        calls.append(node)
    return keys, calls


def keys_in_code() -> set[str]:
    """Somebody reads or sets them."""
    return sources()[0]


def defaults_in_code() -> dict[str, str]:
    """Key -> what the table says for the default that the reader's call names."""
    found: dict[str, str] = {}
    for call in sources()[1]:
        name, key, *rest = call.func, *call.args
        assert isinstance(name, ast.Name)
        assert isinstance(key, ast.Constant)
        default: object = "" if name.id in {"env_str", "env_list"} else False
        if rest:
            # A path is computed from where the code lies: the table says it in words.
            default = ast.literal_eval(rest[0]) if isinstance(rest[0], ast.Constant) else None
        if default is not None:
            words = str(int(default) if isinstance(default, bool) else default)
            found[str(key.value)] = f"`{words}`" if words else "(empty)"
    return found


def table() -> dict[str, str]:
    rows = ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    assert len(rows) == len(dict(rows)), "a key stands there twice"
    return dict(rows)


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    assert set(table()) == keys_in_code()


def test_settings_are_documented_with_their_defaults() -> None:
    told = table()
    told["EVENTHUB_SECRET_KEY"] = told["EVENTHUB_SECRET_KEY"].replace("(generated)", "(empty)")

    assert {key: told[key] for key in defaults_in_code()} == defaults_in_code()


@pytest.mark.parametrize("folder", ["docs", "deploy", "README.md", "CONTRIBUTING.md", "Makefile"])
def test_settings_are_spelled_as_they_are_read(folder: str) -> None:
    path = ROOT / folder
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    texts = [each.read_text(encoding="utf-8") for each in files if each.suffix not in BINARY]

    named = {key for text in texts for key in KEY.findall(FOR_TESTS.sub("", text))}

    assert named - keys_in_code() == set()


@each_file()
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in LINK.findall(CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(link)

    assert broken == []


def anchors(path: Path) -> set[str]:
    """The names that a heading gets on the page of the repository."""
    text = CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_file()
def test_files_that_are_named_exist(path: Path) -> None:
    named = FILE.findall(path.read_text(encoding="utf-8"))

    missing = [name for name in named if not (ROOT / name).exists()]

    # Also from where the text itself lies; and what a first start makes is not there yet.
    missing = [name for name in missing if not (path.parent / name).exists()]
    assert [name for name in missing if not name.startswith((".venv/", "bench/results/"))] == []


@each_file()
def test_make_targets_that_are_named_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    assert set(MAKE.findall(path.read_text(encoding="utf-8"))) - targets == set()


@each_file()
def test_commands_that_are_named_exist(path: Path) -> None:
    named = set(MANAGE.findall(path.read_text(encoding="utf-8")))

    assert named - set(get_commands()) == set()


def test_every_command_of_our_own_is_named_in_the_documentation() -> None:
    named = {
        name for path in markdown() for name in MANAGE.findall(path.read_text(encoding="utf-8"))
    }
    ours = {name for name, app in get_commands().items() if not app.startswith("django.")}

    assert ours - named <= {"runworker", "daphne"}  # Channels' and Daphne's, which nobody needs


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_has_its_sentence(name: str) -> None:
    bare, reason = [], ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason = line
        elif not line.strip() or line.startswith("-r "):
            reason = ""  # what stands above the blank line is about the file
        elif not reason.endswith("."):
            bare.append(line)

    assert bare == []


def test_a_dependency_without_a_sentence_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some.in").write_text("# About the file.\n\nquick-package>=1\n", encoding="utf-8")
    monkeypatch.setattr("tests.test_docs.ROOT", tmp_path)

    with pytest.raises(AssertionError, match="quick-package"):
        test_every_dependency_has_its_sentence("some.in")


def decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "decisions").glob("*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:5] for path in decisions()] == [
        f"{number:04}-" for number in range(1, len(decisions()) + 1)
    ]


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_decision_has_its_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    title, status, *_ = text.splitlines()
    assert title.startswith(f"# {path.name[:4]} ")
    assert re.fullmatch(r"Status: (accepted|superseded by \d{4}), \d{4}-\d\d-\d\d", status)
    for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
        assert part in text
    assert f"(decisions/{path.name})" in (ROOT / "docs" / "architecture.md").read_text()


def test_code_refers_to_decisions_that_exist() -> None:
    numbers = {path.name[:4] for path in decisions()}
    folders = (*PRODUCT, "bench", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in files]

    named = {number for text in texts for number in re.findall(r"docs/decisions/(\d{4})", text)}

    assert named <= numbers


def test_top_of_the_changelog_is_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    heading = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    declared = re.search(r'^version = "(.+)"', project, re.MULTILINE)

    assert heading is not None
    assert declared is not None
    assert heading[1] == declared[1] == eventhub.__version__
