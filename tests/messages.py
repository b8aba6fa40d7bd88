"""Keep the message catalogues in step with the code: extract, update, compile. Translates nothing.

    python -m tests.messages          what `make messages` calls

Every msgid stands in every catalogue, in English too and also where Sie says the same as du:
what is missing would be spoken in another language, and nobody would be told.
"""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Node
from django.template.engine import Engine
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "eventhub" / "locale"
LOCALES = ("de", "de_Formal", "en")
PACKAGES = ("agenda", "eventhub", "wall")
# Django's own words that we say differently: on its pages "Save" would be "Sichern".
OVERRULED = (
    "Please enter a correct %(username)s and password. "
    "Note that both fields may be case-sensitive.",
    "Save and add another",
    "Save and continue editing",
    "Save and view",
    "Save as new",
)
FUNCTIONS = {"gettext", "ngettext", "pgettext", "npgettext"}  # each also with _lazy and _noop
TRANSLATING = ("django.utils.translation", "agenda.exchange.words")
Words = str | tuple[str, ...]  # a tuple: one for each plural form
COMMENT = """\
# The words of Eventhub. `make messages` keeps this file in step with the code; a new message
# arrives with an empty msgstr. Translate it and run `make messages` once more."""


@dataclass(frozen=True, order=True, slots=True)
class Msgid:
    """What the code says, and a catalogue translates."""

    text: str
    plural: str = ""
    context: str = ""


Messages = dict[Msgid, Words]


class UnreadableError(Exception):
    """Something is to be translated that no catalogue can know. Says where."""


# --- what the code says


def msgids() -> dict[Msgid, set[str]]:
    """Every msgid of the product, each with the files it stands in."""
    found = {Msgid(text): {"django"} for text in OVERRULED}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        extract = in_python if path.suffix == ".py" else in_template
        for msgid in extract(path.read_text(encoding="utf-8"), name):
            found.setdefault(msgid, set()).add(name)
    return found


def sources() -> list[Path]:
    """The modules and templates of the product."""
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in {".py", ".html"} and "migrations" not in path.parts
    ]


def in_python(source: str, name: str = "") -> Iterator[Msgid]:
    """The msgids of a module, whatever names it gives to Django's functions."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in TRANSLATING
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(called):
                function = names.get(called, "")
            case ast.Attribute(ast.Name("translation"), attribute):
                function = attribute
            case _:
                continue
        function = function.removesuffix("_lazy").removesuffix("_noop")
        if function in FUNCTIONS:
            yield _called(function, node, name)


def _called(function: str, call: ast.Call, name: str) -> Msgid:
    has_context, has_plural = "pget" in function, function.startswith("n")
    words = []
    for argument in call.args[: 1 + has_context + has_plural]:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise UnreadableError(f"{name}:{call.lineno}: only a literal can be translated")
        words.append(argument.value)
    context = words.pop(0) if has_context else ""
    return Msgid(words[0], words[1] if has_plural else "", context)


def in_template(source: str, name: str = "") -> Iterator[Msgid]:
    """The msgids of a template, as Django itself takes it apart."""
    if re.search(r"{[{%][^}]*\b_\([\"']", source):
        raise UnreadableError(f'{name}: _("…") is not read here, use {{% translate … as … %}}')
    nodes = Engine.get_default().from_string(source).nodelist
    for node in nodes.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            text = node.filter_expression.var.literal
            if not isinstance(text, str):
                raise UnreadableError(f"{name}: only a literal can be translated")
            yield Msgid(text.replace("%", "%%"), context=_context(node))
        elif isinstance(node, BlockTranslateNode):
            singular, _ = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Msgid(singular, plural, _context(node))


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.var) if node.message_context else ""


# --- what the catalogues say


class PlainCatalog(Catalog):
    """A catalogue whose header holds what readers need, and neither dates nor people."""

    mime_headers = property(
        lambda self: [
            ("Language", self.locale_identifier),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);\n"),
        ]
    )


def path_of(locale: str, suffix: str) -> Path:
    return LOCALE / locale / "LC_MESSAGES" / f"django.{suffix}"


def read(locale: str) -> Messages:
    """The translations in a .po file, as they stand there; a doubtful one counts as none."""
    with path_of(locale, "po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    return dict(_pair(message) for message in catalog if message.id)


def _pair(message: Message) -> tuple[Msgid, Words]:
    text, plural = (message.id, "") if isinstance(message.id, str) else message.id
    words = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return Msgid(text, plural, message.context or ""), "" if message.fuzzy else words


def catalogue(
    locale: str,
    messages: Messages,
    places: dict[Msgid, set[str]] | None = None,
) -> Catalog:
    catalog = PlainCatalog(locale=locale, header_comment=COMMENT, fuzzy=False)
    for msgid, words in sorted(messages.items(), key=lambda pair: pair[0]):
        catalog.add(
            (msgid.text, msgid.plural) if msgid.plural else msgid.text,
            words,
            locations=[(name, 0) for name in sorted((places or {}).get(msgid, ()))],
            context=msgid.context or None,
        )
    return catalog


def compiled(locale: str, messages: Messages) -> bytes:
    """The .mo file of these messages; the same messages give the same bytes."""
    file = BytesIO()
    write_mo(file, catalogue(locale, messages))
    return file.getvalue()


def updated(known: Messages, wanted: Iterable[Msgid], locale: str) -> Messages:
    """`known` with what is new and without what is gone. English says what the msgid says."""
    return {msgid: known.get(msgid) or _unsaid(msgid, locale) for msgid in wanted}


def _unsaid(msgid: Msgid, locale: str) -> Words:
    text, plural = (msgid.text, msgid.plural) if locale == "en" else ("", "")
    return (text, plural) if msgid.plural else text


def main() -> None:
    places = msgids()
    for locale in LOCALES:
        known = read(locale) if path_of(locale, "po").exists() else {}
        messages = updated(known, places, locale)
        file = BytesIO()
        write_po(file, catalogue(locale, messages, places), width=100, include_lineno=False)
        path_of(locale, "po").parent.mkdir(parents=True, exist_ok=True)
        path_of(locale, "po").write_bytes(file.getvalue().rstrip() + b"\n")
        path_of(locale, "mo").write_bytes(compiled(locale, messages))
        open_ = [msgid.text for msgid, words in sorted(messages.items()) if not any(words)]
        gone = len(set(known) - set(places))
        print(f"{locale}: {len(messages)} messages, {gone} dropped, {len(open_)} to translate")
        for text in open_:
            print(f"    {text}")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventhub.settings")
    os.environ.setdefault("EVENTHUB_SECRET_KEY", "only to read templates")
    django.setup()
    try:
        main()
    except UnreadableError as error:
        sys.exit(str(error))
