"""The columns of a programme as a table: names in German and English, and how cells hold lists.

One row is a session at its place; a session that happens twice has two rows with the same ID. Used
by the reader, the writer and the template alike; knows no file and no database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`also` are further headings that are understood. Not every column is `written`."""

    key: str
    german: str
    english: str
    also: tuple[str, ...] = ()
    written: bool = True

    def heading(self, language: str) -> str:
        """For "de", "de-formal" or anything else, which is English."""
        return self.german if language.startswith("de") else self.english


COLUMNS = (
    # A session's guid if we write it; whatever stays the same from file to file if others do.
    Column("id", "ID", "ID", ("Kennung", "Nr.", "Nr", "Nummer", "Number", "Code", "GUID", "UID")),
    # The calendar's date on which it starts: 2026-10-07, 07.10.2026 or a date cell.
    Column("day", "Tag", "Day", ("Datum", "Date", "Start date", "Startdatum")),
    Column("start", "Beginn", "Start", ("Anfang", "Startzeit", "Start time", "Von", "From")),
    Column("end", "Ende", "End", ("Endzeit", "End time", "Bis", "To", "Until")),
    Column(
        "minutes",
        "Minuten",
        "Minutes",
        ("Dauer", "Duration", "Länge", "Length", "Dauer (Minuten)", "Duration (minutes)"),
        written=False,
    ),
    Column("room", "Raum", "Room", ("Ort", "Saal", "Bühne", "Place", "Location", "Stage")),
    Column("title", "Titel", "Title", ("Programmpunkt", "Thema", "Name", "Session", "Talk")),
    Column("subtitle", "Untertitel", "Subtitle"),
    Column("kind", "Art", "Kind", ("Typ", "Format", "Type", "Session type")),
    Column("track", "Themenreihe", "Track", ("Thread", "Strang", "Reihe", "Category", "Kategorie")),
    Column(
        "speakers",
        "Vortragende",
        "Speakers",
        (
            "Speaker",
            "Sprecher",
            "Sprecherin",
            "Referent",
            "Referentin",
            "Referierende",
            "Person",
            "Personen",
            "Referenten",
            "Names",
            "Namen",
            "Presenter",
            "Presenters",
        ),
    ),
    # Names that are no persons of the programme: a team, a project, "everybody".
    Column("host", "Gastgeber", "Host", ("Gastgebende", "Hosts", "Moderation", "Leitung")),
    Column("language", "Sprache", "Language"),
    Column("abstract", "Kurztext", "Abstract", ("Zusammenfassung", "Teaser", "Summary")),
    Column("description", "Beschreibung", "Description", ("Text", "Details")),
    Column("hashtag", "Hashtag", "Hashtag", ("Tag der Session",)),
    Column("links", "Links", "Links", ("Link", "URL", "Website")),
    Column("cancelled", "Fällt aus", "Cancelled", ("Abgesagt", "Canceled", "Entfällt")),
    Column("fixed", "Steht fest", "Fixed", ("Fest", "Fix")),
)
WRITTEN = tuple(column for column in COLUMNS if column.written)

# What the cell of a kind says, German and English; Session.Kind by value.
KINDS = {
    "talk": ("Vortrag", "Talk"),
    "panel": ("Podium", "Panel"),
    "workshop": ("Workshop", "Workshop"),
    "break": ("Pause", "Break"),
    "barcamp": ("Barcamp", "Barcamp"),
}
YES = ("ja", "yes")  # a cell that is not checked stays empty

_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def plain(heading: str) -> str:
    """A heading as it is compared: case, spaces, underscores and a trailing mark do not count."""
    return re.sub(r"[\s_\-]+", " ", heading).strip(" *:#").casefold()


BY_HEADING = {
    plain(name): column
    for column in reversed(COLUMNS)
    for name in (*column.also, column.german, column.english, column.key)
}


def kind_cell(kind: str, language: str) -> str:
    german, english = KINDS.get(kind, KINDS["talk"])
    return german if language.startswith("de") else english


def names_cell(names: Iterable[str]) -> str:
    """Several names in one cell. `split_names` reads them back, whatever commas they hold."""
    listed = [name.replace(";", ",") for name in names]
    mark = ";" if len(listed) == 1 and _has_separator(listed[0]) else ""
    return "; ".join(listed) + mark


def split_names(cell: str) -> list[str]:
    """By semicolons or lines; by commas and ampersands only where there are neither."""
    separator = r"[;\n\r|]+" if re.search(r"[;\n\r|]", cell) else r",| & "
    names = (" ".join(name.split()) for name in re.split(separator, cell))
    return [*dict.fromkeys(name for name in names if name)]


def _has_separator(name: str) -> bool:
    return "," in name or " & " in name


def links_cell(links: Iterable[dict[str, str]]) -> str:
    """One link a line: the address, a space, its title."""
    return "\n".join(f"{link['url']} {link.get('title', '')}".strip() for link in links)


def split_links(cell: str) -> list[dict[str, str]]:
    """[{title, url}], one a line as `links_cell` writes them; several in a line have no titles."""
    links = []
    for line in cell.splitlines():
        found = [match.group().rstrip(",;") for match in _WEB.finditer(line)]
        title = " ".join(_WEB.sub(" ", line).split()) if len(found) == 1 else ""
        links += [{"title": title, "url": url} for url in found]
    return links
