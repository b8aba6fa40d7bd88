"""Modules in a pack do what they do by themselves, and every page gets its own in a few files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

from eventhub.packs import IMPORT, SHEET, PackError, Packing, exported, imported, stacked
from eventhub.static_files import HashedStorage, module_texts
from eventhub.templatetags import eventhub as tags

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = re.compile(r'<script type="module" src="{% static "([^"]+)\.js" %}"')
MOST_FILES = 8  # of one template; a module of its own asks for a request of its own


def pack(*modules: str) -> str:
    return "".join(f'import "{module}"\n' for module in modules)


# --- what is written into a pack


def test_module_keeps_its_own_names_and_hands_on_what_it_exports() -> None:
    packing = Packing(
        {
            "a/all.pack": pack("a/two", "a/one"),
            "a/one": "const own = 1\nexport function one() {\n  return own\n}\n",
            "a/two": 'import { one as first } from "a/one"\n\nexport const two = first() + 1\n',
            "a/page": 'import { two } from "a/two"\nimport { out } from "b/out"\n',
            "b/out": "export const out = 1\n",
        }
    )

    [made] = packing.packs
    assert made.modules == ("a/one", "a/two")
    assert made.text.splitlines() == [
        "const packed = {}",
        "{ // a/one.js",
        "const own = 1",
        "function one() {",
        "  return own",
        "}",
        'packed["a/one"] = { one }',
        "}",
        "{ // a/two.js",
        'const { one: first } = packed["a/one"]',
        "",
        "const two = first() + 1",
        'packed["a/two"] = { two }',
        "}",
        'export const two = packed["a/two"].two',
    ]
    assert packing.asked_for == {"a/two", "b/out"}


def test_what_lies_outside_is_imported_once_for_all() -> None:
    texts = {
        "a/all.pack": pack("a/one", "a/two"),
        "a/one": 'import { x, y } from "b/out"\n',
        "a/two": 'import "b/out"\nimport { x } from "b/out"\n',
        "b/out": "export const x = 1\nexport const y = 2\n",
    }

    [made] = Packing(texts).packs

    assert made.text.count("import ") == 1
    assert made.text.startswith('import * as outer0 from "b/out"\n')
    assert made.text.count("} = outer0") == 2


@pytest.mark.parametrize(
    ("why", "texts"),
    [
        ("a/one is in a/p.pack and in a/q.pack", {"a/q.pack": pack("a/one")}),
        ("a/p.pack: there is no a/gone", {"a/p.pack": pack("a/one", "a/gone")}),
        ("a/one: there is no a/gone", {"a/one": 'import { x } from "a/gone"\n'}),
        ("each waits for the other", {"a/one": 'import "a/two"\n', "a/two": 'import "a/one"\n'}),
        # Not one of them needs itself, but the files do: out needs the pack, the pack needs out.
        ("each waits for the other", {"a/one": 'import "out"\n', "out": 'import "a/two"\n'}),
        (
            "a/p.pack: x of a/one and of a/two",
            {
                "a/one": "export const x = 1\n",
                "a/two": "export const x = 2\n",
                "out": 'import { x } from "a/one"\nimport { x as z } from "a/two"\n',
            },
        ),
    ],
)
def test_pack_that_would_do_something_else_is_refused(why: str, texts: dict[str, str]) -> None:
    plain = {"a/p.pack": pack("a/one", "a/two"), "a/one": "", "a/two": ""}

    with pytest.raises(PackError, match=re.escape(why)):
        Packing(plain | texts)


def test_name_that_two_modules_export_for_their_own_pack_is_no_matter() -> None:
    texts = {"a/p.pack": pack("a/one", "a/two"), "a/one": "export const x = 1\n"}

    [made] = Packing(texts | {"a/two": "export const x = 2\n"}).packs

    assert "export" not in made.text


def test_sheets_lie_in_their_pack_as_they_were_listed() -> None:
    sheets = {"a/all.pack.css": '/* All. */\n@import "two.css";\n@import "one.css";\n'}
    sheets |= {"a/one.css": "b {}\n", "a/two.css": "i {}\n"}

    made = stacked("a/all.pack.css", sheets)

    assert made == "/* All. */\n/* a/two.css */\ni {}\n\n/* a/one.css */\nb {}\n\n"
    with pytest.raises(PackError, match=r"all\.pack\.css: there is no a/one\.css"):
        stacked("a/all.pack.css", {name: sheets[name] for name in sheets if "one" not in name})


# --- our own


def test_modules_are_written_so_that_they_can_be_packed() -> None:
    """Imports and exports in the forms that are read, imports first, no name of the packing's."""
    wrong = []
    for name, text in module_texts().items():
        lines = text.splitlines()
        said = [line for line in lines if re.match(r"(import|export)\b", line)]
        understood = len(imported(text)) + len(exported(text))
        code = [line for line in lines if line and not line.startswith("//")]
        first = code[: len(imported(text))]
        if len(said) != understood or not all(map(IMPORT.fullmatch, first)):
            wrong.append(name)
        if re.search(r"\b(packed|outer\d+|import\.meta)\b|\bimport\(", text):
            wrong.append(name)

    assert wrong == []


def test_packs_only_list_and_are_no_modules_of_their_own() -> None:
    for name, text in module_texts().items():
        if name.endswith(".pack"):
            comment, empty, *lines = text.splitlines()
            assert (comment[:3], empty) == ("// ", "")
            assert lines == sorted(f'import "{module}"' for module in imported(text))
    for path in ROOT.glob("*/static/*/*.pack.css"):
        comment, *lines = path.read_text("utf-8").splitlines()
        assert comment.startswith("/* ")
        assert all(map(SHEET.fullmatch, lines))


def test_no_page_asks_for_many_files() -> None:
    home = {module: made.name for made in Packing(module_texts()).packs for module in made.modules}

    many = {}
    for path in ROOT.glob("*/templates/**/*.html"):
        files = {home.get(name, name) for name in SCRIPT.findall(path.read_text("utf-8"))}
        if len(files) > MOST_FILES:
            many[path.name] = files

    assert home
    assert many == {}


@pytest.fixture
def collected(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HashedStorage]:
    settings.STATIC_ROOT = tmp_path
    storage = HashedStorage()
    monkeypatch.setattr(staticfiles_storage, "_wrapped", storage)
    tags.map_text.cache_clear()
    call_command("collectstatic", verbosity=0, interactive=False)
    yield HashedStorage()
    tags.map_text.cache_clear()


def test_collected_modules_have_the_address_of_their_pack(
    collected: HashedStorage, tmp_path: Path
) -> None:
    stream, dot = (collected.url(f"live/{name}.js") for name in ("stream", "live-dot"))

    assert stream == dot == collected.url("eventhub/page.pack.js")
    text = (tmp_path / stream.removeprefix("/static/")).read_text("utf-8")
    assert 'customElements.define("live-dot"' in text
    assert "class Stream extends EventTarget" in text
    assert collected.url("live/stream.js") != collected.url("wall/photo-again.js")


def test_map_of_collected_modules_names_what_one_file_asks_another_for(
    collected: HashedStorage,
) -> None:
    texts = module_texts()
    packing = Packing(texts)
    home = {module: made.name for made in packing.packs for module in made.modules}
    files = {made.name: made.text for made in packing.packs}
    files |= {name: text for name, text in texts.items() if name not in home and name not in files}
    asked_for = {
        name
        for text in files.values()
        for name in re.findall(r' from "(.+)"$|^import "(.+)"$', text, re.M)
    }

    named = json.loads(tags.map_text())["imports"]

    assert set(named) == {one or other for one, other in asked_for}
    assert named["live/press"] == collected.url("eventhub/page.pack.js")
    assert "live/stream" not in named


def test_collected_sheet_has_those_that_it_imports(
    collected: HashedStorage, tmp_path: Path
) -> None:
    address = collected.url("eventhub/base.pack.css")

    text = (tmp_path / address.removeprefix("/static/")).read_text("utf-8")

    assert "@import" not in text
    assert "--paper: #fbfaf5" in text
    font = re.search(r'url\("(fonts/text\.[0-9a-f]{12}\.woff2)"\)', text)
    assert font
    assert (tmp_path / "eventhub" / font[1]).is_file()


def test_second_collect_changes_nothing(collected: HashedStorage, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    call_command("collectstatic", verbosity=0, interactive=False)

    assert {
        path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    } == before
