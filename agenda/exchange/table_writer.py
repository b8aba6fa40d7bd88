"""Write the programme as a table, CSV or XLSX: what `agenda.exchange.tables` reads back.

No cell starts a formula, and every one is text. One row is a slot; sessions without one come last.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from agenda.exchange import columns
from agenda.exchange.cells import harmless
from agenda.models import Event, Session, Slot

MAX_CELL_CHARS = 32_767  # in a spreadsheet
NEXT_DAY_WITHIN = timedelta(hours=12)  # an end that is earlier than the start is on the next day
WIDTHS = {"title": 40, "abstract": 60, "description": 60, "speakers": 30, "room": 20, "links": 40}

_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000)], None)
_CONTROLS |= dict.fromkeys([0xFFFE, 0xFFFF], None)


def headings(language: str) -> list[str]:
    return [column.heading(language) for column in columns.WRITTEN]


def rows(event: Event, *, language: str) -> Iterator[list[str]]:
    """The cells of every slot by time, then of every session that has none. Six questions."""
    keys = [column.key for column in columns.WRITTEN]
    placed = set()
    for slot in Slot.objects.of(event).in_order():
        placed.add(slot.session_id)
        cells = _of_session(slot.session, language) | _of_slot(event, slot)
        yield [cells.get(key, "") for key in keys]
    others = event.sessions.exclude(pk__in=placed) if len(placed) < 500 else event.sessions.all()
    for session in others.select_related("track").prefetch_related("appearances__speaker"):
        if session.pk not in placed:
            cells = _of_session(session, language)
            yield [cells.get(key, "") for key in keys]


def write_csv(event: Event, *, language: str = "") -> bytes:
    language = language or event.language
    return as_csv([headings(language), *rows(event, language=language)], language=language)


def write_xlsx(event: Event, *, language: str = "") -> bytes:
    language = language or event.language
    return as_xlsx([headings(language), *rows(event, language=language)], title=event.slug)


def as_csv(table: Iterable[Iterable[str]], *, language: str) -> bytes:
    """With a byte order mark; a German spreadsheet reads semicolons as columns."""
    file = io.StringIO()
    separator = ";" if language.startswith("de") else ","
    writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
    for row in table:
        writer.writerow([_proper(cell) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_xlsx(table: Iterable[Iterable[str]], *, title: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns.WRITTEN, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column.key, 12)

    def as_text(cell: str) -> Any:
        made = WriteOnlyCell(sheet, _proper(cell)[:MAX_CELL_CHARS])
        made.data_type = "s"  # or "#N/A" would be an error instead of a word
        return made

    for row in table:
        sheet.append([as_text(cell) if cell else None for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _of_session(session: Session, language: str) -> dict[str, str]:
    names = [appearance.speaker.name for appearance in session.appearances.all()]
    return {
        "id": str(session.guid),
        "title": session.title,
        "subtitle": session.subtitle,
        "kind": columns.kind_cell(session.kind, language),
        "track": session.track.name if session.track else "",
        "speakers": columns.names_cell(names),
        "host": session.host,
        "language": session.language,
        "abstract": session.abstract,
        "description": session.description,
        "hashtag": session.hashtag,
        "links": columns.links_cell(session.links),
    }


def _of_slot(event: Event, slot: Slot) -> dict[str, str]:
    starts, ends = slot.starts_at.astimezone(event.tz), slot.ends_at.astimezone(event.tz)
    yes = columns.YES[0 if event.language.startswith("de") else 1]
    return {
        "day": starts.date().isoformat(),
        "start": _clock(starts),
        "end": _end(starts, ends),
        "room": slot.room.name if slot.room else "",
        "cancelled": yes if slot.cancelled else "",
        "fixed": yes if slot.fixed else "",
    }


def _end(starts: datetime, ends: datetime) -> str:
    """With its day where the hour alone would be taken for another one."""
    begin, end = starts.replace(tzinfo=None), ends.replace(tzinfo=None)
    same_day = begin.date() == end.date()
    next_day = timedelta(0) < end - begin <= NEXT_DAY_WITHIN and end.time() <= begin.time()
    return _clock(ends) if same_day or next_day else f"{end.date().isoformat()} {_clock(ends)}"


def _clock(at: datetime) -> str:
    """With its offset if the clock says this hour a second time, in autumn."""
    seconds = f":{at:%S}" if at.second else ""
    offset = f"{at:%z}" if at.fold else ""
    return f"{at:%H:%M}{seconds}{offset}"


def _proper(cell: str) -> str:
    return harmless(cell.translate(_CONTROLS))
