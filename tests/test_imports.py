"""Imports go one way: eventhub on top, then wall, agenda, the live spine, Django. Never back."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("eventhub", "agenda", "wall")

# Who may be imported by whom, highest first. A layer may import itself and everything below it.
LAYERS = ["top", "wall", "agenda", "live", "leaf"]
LEAVES = {
    "eventhub",
    "eventhub.addresses",
    "eventhub.gate",
    "eventhub.http",
    "eventhub.keeping",
    "eventhub.limits",
    "eventhub.packs",
    "eventhub.pace",
    "eventhub.reach",
    "eventhub.static_files",
    "eventhub.zones",
}
# In an app: what meets requests, then what decides, then what is stored.
ENTRY = {"views", "urls", "admin", "forms", "api", "middleware", "management", "apps", "login"}
CHANNELS_ALLOWED = ("eventhub.asgi", "eventhub.live")
HTTP_ALLOWED = ENTRY | {
    *("access", "scoping", "topics", "http", "policy", "pages", "reach", "keeping"),
}


def layer_of(module: str) -> str:
    if module in LEAVES:
        return "leaf"
    if module == "eventhub.live" or module.startswith("eventhub.live."):
        return "live"
    head = module.partition(".")[0]
    return head if head in {"wall", "agenda"} else "top"


@cache
def modules() -> dict[str, tuple[str, ...]]:
    """Every module of ours and what it imports; no test reads them a second time."""
    return {name: tuple(imports_of(tree)) for name, tree in parsed()}


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports_of(tree: ast.Module) -> Iterator[str]:
    """Every module named in an import, also inside functions; `from a import b` gives a.b too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def known(names: Iterable[str], all_modules: set[str]) -> set[str]:
    return {name for name in names if name in all_modules}


def wrong_directions(graph: dict[str, set[str]]) -> list[str]:
    return [
        f"{importer} ({layer_of(importer)}) imports {imported} ({layer_of(imported)})"
        for importer, targets in sorted(graph.items())
        for imported in sorted(targets)
        if LAYERS.index(layer_of(imported)) < LAYERS.index(layer_of(importer))
    ]


def test_imports_go_one_way() -> None:
    graph = {name: known(imports, set(modules())) for name, imports in modules().items()}

    assert wrong_directions(graph) == []


def test_an_import_that_goes_back_is_found() -> None:
    graph = {"agenda.programme": {"wall.models"}, "eventhub.live.log": {"agenda.models"}}

    assert len(wrong_directions(graph)) == 2


@pytest.mark.parametrize("app", ["agenda", "wall"])
def test_domain_does_not_import_its_entries(app: str) -> None:
    found = []
    for name, imports in modules().items():
        parts = name.split(".")
        if parts[0] != app or len(parts) < 2 or parts[1] in ENTRY | {"scoping", "admin"}:
            continue
        for imported in known(imports, set(modules())):
            target = imported.split(".")
            if len(target) > 1 and target[0] == app and target[1] in ENTRY:
                found.append(f"{name} imports {imported}")

    assert found == []


def test_channels_stays_in_its_corner() -> None:
    found = [
        name
        for name, imports in modules().items()
        if any(target.partition(".")[0] == "channels" for target in imports)
        and not name.startswith(CHANNELS_ALLOWED)
    ]

    assert found == []


def test_requests_appear_only_where_people_come_in() -> None:
    found = []
    for name, imports in modules().items():
        if any(part in HTTP_ALLOWED for part in name.split(".")):
            continue
        if name in {"eventhub.health", "eventhub.views", "eventhub.live.admin"}:
            continue
        if any(target.startswith("django.http") for target in imports):
            found.append(name)

    assert found == []


def test_live_knows_neither_posts_nor_sessions() -> None:
    found = [
        f"{name} imports {target}"
        for name, imports in modules().items()
        if layer_of(name) == "live"
        for target in imports
        if target.partition(".")[0] in {"agenda", "wall"}
    ]

    assert found == []


def test_no_text_is_declared_harmless() -> None:
    """`safe` and `mark_safe` would let foreign markup through."""
    found = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.suffix not in {".html", ".py"} or "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            if "mark_safe" in text or "|safe" in text or "autoescape off" in text:
                found.append(str(path.relative_to(ROOT)))

    assert found == []
