"""Modules that a page needs together, delivered as one file; what is written stays as it is.

A pack is a module `NAME.pack.js` that only imports what shall travel together. When static files
are collected, these modules are written into it one after the other, and the address of each is the
address of the pack. Uncollected, nothing is packed (docs/decisions/0023-packs-of-modules.md). A
style sheet `NAME.pack.css` is written likewise of those beside it.

Knows texts and names; reads and writes no file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

SUFFIX = ".pack"
IMPORT = re.compile(r'^import (?:\{ (?P<names>[\w$, ]+) \} from )?"(?P<module>[\w/.-]+)"$', re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (?P<name>[\w$]+))", re.M)

SHEET = re.compile(r'^@import "(?P<name>[\w.-]+\.css)";$', re.M)


class PackError(Exception):
    """A pack that would not do what its modules do by themselves; says which, and why."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One file: its name ("wall/screen.pack"), its modules as they run, and their linked text."""

    name: str
    modules: tuple[str, ...]
    text: str


class Packing:
    """What `texts`, each module by its bare name, becomes. Raises PackError."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._imports = {name: imported(text) for name, text in texts.items()}
        listed = [name for name in texts if name.endswith(SUFFIX)]
        self._home = self._homes(listed)
        # Modules that another file asks for by their names: a page has to know where they are.
        self.asked_for = self._asked_for_by_others()
        order = self._in_order()
        self.packs = [
            self._linked(pack, [name for name in order if self._home.get(name) == pack], texts)
            for pack in listed
        ]

    def _homes(self, listed: Sequence[str]) -> dict[str, str]:
        home: dict[str, str] = {}
        for pack in listed:
            for name in self._imports[pack]:
                if home.setdefault(name, pack) != pack:
                    raise PackError(f"{name} is in {home[name]} and in {pack}")
        return home

    def _asked_for_by_others(self) -> set[str]:
        return {
            name
            for importer, names in self._imports.items()
            for name in names
            if not importer.endswith(SUFFIX) and self._file(importer) != self._file(name)
        }

    def _in_order(self) -> list[str]:
        """Every module after what it imports, and every pack after what its modules import."""
        files: dict[str, set[str]] = {}
        for importer, names in self._imports.items():
            for name in names:
                if name not in self._imports:
                    raise PackError(f"{importer}: there is no {name}")
                if (file := self._file(importer)) != self._file(name):
                    files.setdefault(file, set()).add(self._file(name))
        try:
            TopologicalSorter(files).prepare()
            return list(TopologicalSorter(self._imports).static_order())
        except CycleError as error:
            raise PackError(f"each waits for the other: {' '.join(error.args[1])}") from error

    def _file(self, name: str) -> str:
        return self._home.get(name, name)

    def _linked(self, pack: str, modules: Sequence[str], texts: Mapping[str, str]) -> Pack:
        """Each module within braces of its own: what it does not export is nobody else's."""
        needed = {name for module in modules for name in self._imports[module]}
        outer = {name: f"outer{at}" for at, name in enumerate(sorted(needed - {*modules}))}
        lines = [f'import * as {alias} from "{name}"' for name, alias in outer.items()]
        lines.append("const packed = {}")
        lines += [_block(module, texts[module], outer) for module in modules]
        given: dict[str, str] = {}
        for module in modules:
            for name in exported(texts[module]) if module in self.asked_for else ():
                if given.setdefault(name, module) != module:
                    raise PackError(f"{pack}: {name} of {given[name]} and of {module}")
        lines += [
            f'export const {name} = packed["{module}"].{name}' for name, module in given.items()
        ]
        return Pack(pack, tuple(modules), "\n".join(lines) + "\n")


def stacked(name: str, sheets: Mapping[str, str]) -> str:
    """The style sheet `name` with those that it imports, from the same folder, instead of imports.

    `sheets`: every text by its path, e.g. "wall/screen.pack.css". Raises PackError.
    """

    def put(found: re.Match[str]) -> str:
        path = f"{name.rpartition('/')[0]}/{found['name']}"
        if path not in sheets:
            raise PackError(f"{name}: there is no {path}")
        return f"/* {path} */\n{sheets[path]}"

    return SHEET.sub(put, sheets[name])


def imported(text: str) -> list[str]:
    """The bare names of the modules that a module imports, as they stand there."""
    return [found["module"] for found in IMPORT.finditer(text)]


def exported(text: str) -> list[str]:
    """The names that a module exports, as they stand there."""
    return [found["name"] for found in EXPORT.finditer(text)]


def _block(module: str, text: str, outer: Mapping[str, str]) -> str:
    def bind(found: re.Match[str]) -> str:
        source = outer.get(found["module"], f'packed["{found["module"]}"]')
        names = (found["names"] or "").replace(" as ", ": ")
        return f"const {{ {names} }} = {source}" if names else ""

    body = EXPORT.sub("", IMPORT.sub(bind, text)).rstrip()
    given = ", ".join(exported(text))
    return f'{{ // {module}.js\n{body}\npacked["{module}"] = {{ {given} }}\n}}'
