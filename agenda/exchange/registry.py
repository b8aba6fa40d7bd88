"""Which formats there are, told apart by their content. Imports a reader when it is first asked."""

from collections.abc import Iterator
from importlib import import_module
from typing import cast

from agenda.exchange.plan import Reader, UnreadableError
from agenda.exchange.words import gettext as _

# Asked in this order; tables last, for any text may be one. A new format is a line here.
MODULES: tuple[str, ...] = (
    "agenda.exchange.schedule_xml",
    "agenda.exchange.schedule_json",
    "agenda.exchange.pretalx",
    "agenda.exchange.sessionize",
    "agenda.exchange.ical",
    "agenda.exchange.tables",
)


def readers() -> Iterator[Reader]:
    for name in MODULES:
        yield cast(Reader, import_module(name))


def recognise(data: bytes, name: str) -> Reader:
    """The format of `data`; `name` of the file is a hint. UnreadableError if it is none of ours."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError(_("The file is empty."))
    for reader in readers():
        if reader.recognises(data, name):
            return reader
    raise UnreadableError(
        _("This is no programme that can be read here: neither a table nor a known schedule.")
    )
