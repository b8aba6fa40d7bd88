"""The cells of a table as it lies in a file, CSV or XLSX. Knows no columns; executes no formula."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from agenda.exchange.plan import Oddity, UnreadableError
from agenda.exchange.table_times import Cell
from agenda.exchange.words import gettext as _

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MIB = 1024 * 1024
MAX_UNPACKED_BYTES = 120 * MIB
MAX_RATIO = 150  # unpacked to packed; what people write is at 5 to 20
MAX_MEMBERS = 2000
MAX_COLUMNS = 100
MAX_ROWS = 50_000
MAX_EMPTY_ROWS = 2000  # in a row; below that nobody has written anything
MAX_CELL_CHARS = 200_000
SEPARATORS = (";", ",", "\t")
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class Sheet:
    """`rows`: (line in the file from 1, cells). A formula's cell is empty, and told of."""

    name: str
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)


def sheets(data: bytes, oddities: list[Oddity]) -> list[Sheet]:
    """Every visible sheet; a CSV is one. UnreadableError names the line that cannot be read."""
    if data.startswith(OLD_EXCEL):
        raise UnreadableError(
            _("This is an old or locked Excel file. Please save it as XLSX, without a password.")
        )
    if data.startswith(b"PK"):
        check_archive(data)
        return [*_workbook(data, oddities)]
    return [_csv(decoded(data, oddities), oddities)]


# --- CSV


def decoded(data: bytes, oddities: list[Oddity]) -> str:
    """The text, in whatever a spreadsheet wrote it: UTF-8, UTF-16 or Windows' own."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16")
    if b"\0" in data[:200]:
        return _utf16(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        oddities.append(Oddity("", _("The file is not in UTF-8; it was read as Windows text.")))
        return data.decode("cp1252", errors="replace")


def _utf16(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise UnreadableError(_("The file is broken and cannot be read.")) from None


def _csv(text: str, oddities: list[Oddity]) -> Sheet:
    first, _newline, rest = text.partition("\n")
    skipped = first.strip().lower().startswith("sep=")
    separator = first.strip()[4:5] if skipped else ""
    if skipped:
        text = rest
    csv.field_size_limit(MAX_CELL_CHARS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text))
    sheet, line = Sheet(""), 1 + skipped
    try:
        for row in reader:
            if len(sheet.rows) >= MAX_ROWS:
                raise UnreadableError(_("The table has too many lines."))
            cells: list[Cell] = [
                _text_cell(cell, _line(line), oddities) for cell in row[:MAX_COLUMNS]
            ]
            if any(cells):
                sheet.rows.append((line, cells))
            line = reader.line_num + 1 + skipped
    except csv.Error:
        raise UnreadableError(
            _("Line {line} cannot be read: a quotation mark may be missing.").format(line=line)
        ) from None
    return sheet


def _separator(text: str) -> str:
    """What splits the first lines most often, outside of quotes."""
    head = "".join(text.splitlines(keepends=True)[:20])[:20_000]
    outside = "".join(head.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _text_cell(cell: str, where: str, oddities: list[Oddity]) -> str:
    cell = cell.strip()
    if cell.startswith("="):
        oddities.append(Oddity(where, _("A formula was left out. Please write its result.")))
        return ""
    return unquoted(cell)


def unquoted(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from taking a text for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell


def _line(number: int) -> str:
    return _("line {number}").format(number=number)


# --- XLSX


def check_archive(data: bytes) -> None:
    """Refuse what unpacks to more than a table can be, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names:
                raise UnreadableError(_("This archive is no table. Please save it as XLSX or CSV."))
            if any(member.flag_bits & 1 for member in members):
                raise UnreadableError(_("This table is locked by a password."))
            size = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            if (
                len(members) > MAX_MEMBERS
                or size > MAX_UNPACKED_BYTES
                or size > MIB + MAX_RATIO * packed
                or packed > len(data)  # members that lie in each other
            ):
                raise UnreadableError(_("This table unpacks to more than can be read."))
            _check_declarations(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError):
        raise UnreadableError(_("The file is broken and cannot be read.")) from None


def _check_declarations(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """No table declares entities; whoever does means harm."""
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as file:
                head = file.read(4096).replace(b"\0", b"")
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise UnreadableError(_("The file is broken and cannot be read."))


def _workbook(data: bytes, oddities: list[Oddity]) -> Iterator[Sheet]:
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # first use, as all of openpyxl

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        for page in book.worksheets:
            if isinstance(page, ReadOnlyWorksheet) and page.sheet_state == "visible":
                page.reset_dimensions()  # what a file says of its own size may be wrong
                yield _sheet(page, oddities)
    except (UnreadableError, MemoryError, RecursionError):
        raise
    except Exception:
        # openpyxl answers a stranger's file with whatever it stumbles over.
        raise UnreadableError(_("The file is broken and cannot be read.")) from None


def _sheet(page: "ReadOnlyWorksheet", oddities: list[Oddity]) -> Sheet:
    sheet, empty = Sheet(page.title), 0
    found = cast(Any, page).iter_rows(max_col=MAX_COLUMNS)  # the stubs know the other kind only
    for number, row in enumerate(found, 1):
        cells: list[Cell] = []
        for cell in row:
            value = cell.value
            if cell.data_type == "f":
                where = f"{page.title} {getattr(cell, 'coordinate', number)}"
                oddities.append(
                    Oddity(where, _("A formula was left out. Please write its result."))
                )
                value = None
            elif cell.data_type == "e":
                value = None
            elif isinstance(value, str):
                value = unquoted(value.strip())[:MAX_CELL_CHARS]
            cells.append(value)
        empty = 0 if any(cell not in (None, "") for cell in cells) else empty + 1
        if not empty:
            sheet.rows.append((number, cells))
        if empty > MAX_EMPTY_ROWS:
            break
        if len(sheet.rows) > MAX_ROWS:
            raise UnreadableError(_("The table has too many lines."))
    return sheet
