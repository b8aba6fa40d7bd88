"""Read a programme from a table, CSV or XLSX: one row is a session at its place.

Columns are found by their headings (`agenda.exchange.columns`), in any order and either language;
what a cell holds is taken as people write it, and what cannot be understood is told with its line.
"""

from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from agenda.exchange import columns, table_times
from agenda.exchange.cells import as_meant
from agenda.exchange.plan import (
    Oddity,
    Plan,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    UnreadableError,
)
from agenda.exchange.table_places import Places
from agenda.exchange.table_rows import OLD_EXCEL, Sheet, decoded, sheets
from agenda.exchange.table_times import Cell
from agenda.exchange.words import gettext as _

NAME = "table"
ALSO_KINDS = {
    "talk": ("Keynote", "Lecture", "Presentation", "Lightning Talk", "Impuls", "Lesung", "Session"),
    "panel": ("Diskussion", "Discussion", "Podiumsdiskussion", "Panel discussion", "Gespräch"),
    "workshop": ("Tutorial", "Kurs", "Hands-on"),
    "break": ("Mittagspause", "Kaffeepause", "Lunch", "Coffee break", "Essen", "Meal"),
    "barcamp": ("Barcamp-Session", "Barcamp session", "BoF", "Open Space", "Unconference"),
}
HEADING_ROWS = 20  # above the headings there may be a title
OTHER_FORMATS = (b"<", b"{", b"[", b"BEGIN:V")
# No table of ours says these; what it has no column for is added to them.
SILENT = (
    *("room.where", "room.capacity", "track.colour"),
    *("speaker.organisation", "speaker.bio", "speaker.link"),
)
PLAIN = ("subtitle", "track", "host", "language", "abstract", "description", "hashtag")
SESSION_COLUMNS = {*PLAIN, "kind", "speakers", "links"}
DAY_CELLS = ("day", "start")
YES = {*columns.YES, "x", "1", "true", "wahr", "y", "j", "✓", "✔"}
KINDS = {
    columns.plain(word): kind
    for kind, words in columns.KINDS.items()
    for word in (*words, kind, *ALSO_KINDS.get(kind, ()))
}


def recognises(data: bytes, name: str) -> bool:
    if data.startswith((b"PK", OLD_EXCEL)):
        return True
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if head.replace(b"\0", b"").startswith(OTHER_FORMATS):
        return False
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        return True
    lines = decoded(data[:20_000], []).splitlines()[:HEADING_ROWS]
    return any(_known(line.replace(";", "\t").replace(",", "\t").split("\t")) for line in lines)


def read(data: bytes, *, zone: str) -> Plan:
    plan = Plan(NAME, silent=set(SILENT))
    tables = [table for sheet in sheets(data, plan.oddities) if (table := _table(sheet))]
    if not tables:
        raise UnreadableError(
            _(
                "There is no line with headings. The table needs at least the column Title; "
                "with Day, Start, End and Room its sessions have a place."
            )
        )
    present = {key for table in tables for key in table.columns.values()}
    plan.silent |= {f"session.{key}" for key in SESSION_COLUMNS - present}
    plan.silent |= {f"slot.{key}" for key in {"cancelled", "fixed"} - present}
    places = Places(ZoneInfo(zone), _month_first(tables, plan), plan.oddities)
    maker = _Maker(plan, places)
    for table in tables:
        for line, row in table.rows:
            maker.take(line, row)
    return plan


@dataclass(slots=True)
class _Table:
    columns: dict[int, str]  # position: key
    rows: list[tuple[str, dict[str, Cell]]]  # where, by key


def _table(sheet: Sheet) -> _Table | None:
    """What stands below the headings, or None where there are none."""
    for at, (_number, cells) in enumerate(sheet.rows[:HEADING_ROWS]):
        if known := _known(cells):
            rows = []
            for number, row in sheet.rows[at + 1 :]:
                where = _("line {number}").format(number=number)
                # The first of two columns with the same heading counts.
                values = {key: row[i] for i, key in reversed(known.items()) if i < len(row)}
                rows.append((f"{sheet.name} {where}".strip(), values))
            return _Table(known, rows)
    return None


def _known(cells: list[Cell] | list[str]) -> dict[int, str]:
    """Which column stands where, if these are headings: a title and one thing more."""
    found = {
        at: columns.BY_HEADING[plain].key
        for at, cell in enumerate(cells)
        if isinstance(cell, str) and (plain := columns.plain(cell.strip('"'))) in columns.BY_HEADING
    }
    return found if "title" in found.values() and len(set(found.values())) > 1 else {}


def _month_first(tables: list[_Table], plan: Plan) -> bool:
    cells = [row.get(key) for table in tables for _line, row in table.rows for key in DAY_CELLS]
    slashed = [cell for cell in cells if table_times.is_slashed(cell)]
    month_first = table_times.puts_month_first(slashed)
    if month_first is None and slashed:
        words = _("Days such as {day} were read with the day before the month.")
        plan.oddities.append(Oddity("", words.format(day=slashed[0])))
    return bool(month_first)


@dataclass
class _Maker:
    """Turns rows into sessions and slots, one after the other."""

    plan: Plan
    places: Places
    sessions: dict[str, PlannedSession] = field(default_factory=dict)
    speakers: set[str] = field(default_factory=set)

    def take(self, line: str, row: dict[str, Cell]) -> None:
        title = _words(row.get("title"))
        if not title:
            if any(row.get(key) not in (None, "") for key in ("start", "speakers", "abstract")):
                self.odd(line, _("A session without a title was left out."))
            return
        times = self.places.find(line, row)
        room = _words(row.get("room"))
        session = self.session(line, row, title, f"{times[0]:%Y-%m-%d %H:%M}" if times else "")
        if times:
            self.plan.slots.append(
                PlannedSlot(
                    origin="",
                    session=session.origin,
                    room=room,
                    starts_at=times[0],
                    ends_at=times[1],
                    cancelled=_is_yes(row.get("cancelled")),
                    fixed=_is_yes(row.get("fixed")),
                )
            )

    def odd(self, line: str, words: str) -> None:
        self.plan.oddities.append(Oddity(line, words))

    # --- the session

    def session(self, line: str, row: dict[str, Cell], title: str, start: str) -> PlannedSession:
        """The row's session: a new one, or that of a row above with the same ID and title."""
        given = _words(row.get("id"))
        # Without an ID a row is known by what it says; the same rows next time are the same.
        origin = given or " | ".join(filter(None, [title, start, _words(row.get("room"))]))
        known = self.sessions.get(origin)
        if given and known and known.title == title:
            return known
        count = 1
        while origin in self.sessions:
            count += 1
            origin = f"{given or title}#{count}"
        if given and known:
            self.odd(line, _("The ID {id} stands in the table twice.").format(id=given))
        session = PlannedSession(
            origin,
            title,
            guid=given if given == origin and _is_guid(given) else "",
            speakers=self.named(row.get("speakers")),
            kind=self.kind(line, row),
            links=columns.split_links(_words(row.get("links"))),
            **{key: _words(row.get(key)) for key in PLAIN},
        )
        self.sessions[origin] = session
        self.plan.sessions.append(session)
        return session

    def named(self, cell: Cell) -> list[str]:
        names = columns.split_names(_words(cell))
        new = [name for name in names if name not in self.speakers]
        self.speakers.update(new)
        self.plan.speakers += [PlannedSpeaker(name, name) for name in new]
        return names

    def kind(self, line: str, row: dict[str, Cell]) -> str:
        word = columns.plain(_words(row.get("kind")))
        if word and word not in KINDS:
            self.odd(line, _("The kind “{kind}” is not known; it became a talk.").format(kind=word))
        return KINDS.get(word, "talk")


def _words(cell: Cell) -> str:
    """A cell as it reads: numbers without .0, days and hours as they are written."""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else columns.YES[1] if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return as_meant(str(cell)).strip()


def _is_yes(cell: Cell) -> bool:
    word = _words(cell).casefold()
    return word in YES


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
