"""The table to fill in: our headings and three rows that show how cells are written."""

from datetime import time, timedelta

from django.utils import timezone

from agenda.exchange import columns, table_writer
from agenda.models import Event

FIRST = time(10)
MINUTES = (30, 60, 45)
# German and English; what people write instead of them.
EXAMPLES: tuple[dict[str, tuple[str, str]], ...] = (
    {
        "title": ("Begrüßung", "Welcome"),
        "room": ("Großer Saal", "Main hall"),
        "speakers": ("Mira Beispiel", "Mira Example"),
        "kind": ("Vortrag", "Talk"),
    },
    {
        "title": ("Was wir brauchen", "What we need"),
        "room": ("Großer Saal", "Main hall"),
        "speakers": ("Mira Beispiel; Jo Muster", "Mira Example; Jo Sample"),
        "kind": ("Podium", "Panel"),
        "abstract": ("Worum es geht, in zwei Sätzen.", "What it is about, in two sentences."),
        "links": ("https://example.org/ Folien", "https://example.org/ Slides"),
    },
    {
        "title": ("Mittagspause", "Lunch"),
        "kind": ("Pause", "Break"),
    },
)


def table(event: Event, *, language: str) -> list[list[str]]:
    """Headings and examples on the event's first day; read back, they are three sessions."""
    day = timezone.localtime(event.starts_at, event.tz).date()
    clock = timedelta(hours=FIRST.hour, minutes=FIRST.minute)
    made = [table_writer.headings(language)]
    for example, minutes in zip(EXAMPLES, MINUTES, strict=True):
        cells = {key: words[not language.startswith("de")] for key, words in example.items()}
        end = clock + timedelta(minutes=minutes)
        cells |= {"day": day.isoformat(), "start": _clock(clock), "end": _clock(end)}
        made.append([cells.get(column.key, "") for column in columns.WRITTEN])
        clock = end
    return made


def write(event: Event, kind: str, *, language: str) -> bytes:
    """`kind` is "csv" or "xlsx"."""
    rows = table(event, language=language)
    if kind == "csv":
        return table_writer.as_csv(rows, language=language)
    return table_writer.as_xlsx(rows, title=event.slug)


def _clock(after_midnight: timedelta) -> str:
    minutes = after_midnight // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"
