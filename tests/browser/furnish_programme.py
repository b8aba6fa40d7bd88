"""A programme with everything a page may have to draw, around the present, in words of our own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LONG = (
    "Vom Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz zum Antrag auf einer "
    "Seite: was von vierzehn Jahren Vereinfachung übrig blieb und was sich davon mitnehmen lässt"
)
BIO = (
    "Arbeitet seit acht Jahren im Hafenamt, zuletzt als Leitung der Abteilung für alles, was in "
    "keine andere passt.\n\nWohnt auf einem Boot, das nicht mehr fährt."
)
TEXT = (
    "Ein Erfahrungsbericht aus drei Häusern, mit Zahlen, zwei Fehlschlägen und einem Ergebnis.\n\n"
    "Danach Gespräch im Foyer. Unterlagen: https://forum-nord.example/unterlagen"
)
PEOPLE = {
    "Nele Brandt": "Forum Nord e. V.",
    "Dr. Wiebke Petersen-Östergaard": "Hochschule für Schifffahrt und Logistik Niederelbe",
    "Ole Janssen": "",
    "Samira El-Hadi": "Kammer",
}


@dataclass(frozen=True, slots=True)
class Row:
    """`begins`: minutes from now."""

    title: str
    begins: int
    minutes: int = 60
    room: str = "Saal"
    kind: str = "talk"
    track: str = ""
    people: tuple[str, ...] = ()
    host: str = ""
    text: str = ""
    cancelled: bool = False
    moved: bool = False


ROWS = (
    Row("Begrüßung", -120, people=("Nele Brandt",)),
    Row("Was uns trägt", -60, 120, track="Zusammenhalt", people=tuple(PEOPLE), text=TEXT),
    Row("Anmeldung und Auskunft", -90, 480, room="", kind="break"),
    Row(LONG, -30, 90, "Kapitänszimmer im zweiten Obergeschoss links", track="Amt und Alltag"),
    Row("Kaffeepause", 60, 30, "Foyer", "break"),
    Row("Barcamp", 120, 45, "Saal", "barcamp", host="Jule M. und Ole Janssen", text=TEXT),
    Row("Deich und Daten", 120, 45, "Foyer", "barcamp", "Amt und Alltag", moved=True),
    Row("Rundgang durch den Speicher", 120, 45, "Foyer", "workshop", cancelled=True),
    Row("Nachtgespräch", 600, 120, "Foyer", people=("Ole Janssen",), track="Zusammenhalt"),
    Row("Frühstück", 22 * 60, 60, "Foyer", "break"),
    Row("Was bleibt", 24 * 60, 60, people=("Samira El-Hadi",), text=TEXT, moved=True),
)


ROOMS = (("Saal", 300), ("Foyer", None), ("Kapitänszimmer im zweiten Obergeschoss links", 12))
TRACKS = (("Zusammenhalt", "#00594a"), ("Amt und Alltag", "#6a2c70"))


def furnish_programme(event: Any, now: datetime) -> dict[str, Any]:
    """Rooms, tracks, speakers, sessions, slots; the rows that pages are asked for, by model."""
    from agenda.models import Track
    from eventhub.live.log import changing
    from tests import factories

    rooms = {
        name: factories.make_room(event, name, capacity=seats, where="Über die Treppe am Kai")
        for name, seats in ROOMS
    }
    tracks = {
        name: Track.objects.create(event=event, name=name, colour=colour) for name, colour in TRACKS
    }
    people = _people(event)
    with changing(event) as log:
        placed = {
            row.title: log.add(
                _slot(_session(event, row, tracks.get(row.track), people), row, rooms, now)
            )
            for row in ROWS
        }
    asked = placed["Was uns trägt"]
    return {
        "agenda/room": rooms["Saal"],
        "agenda/track": tracks["Zusammenhalt"],
        "agenda/speaker": people["Nele Brandt"],
        "agenda/session": asked.session,
        "agenda/slot": asked,
    }


def _people(event: Any) -> dict[str, Any]:
    from agenda.models import Speaker

    fields = {"event": event, "bio": BIO, "link": "https://forum-nord.example/wer"}
    return {
        name: Speaker.objects.create(name=name, organisation=organisation, **fields)
        for name, organisation in PEOPLE.items()
    }


def _session(event: Any, row: Row, track: Any, people: dict[str, Any]) -> Any:
    from agenda.models import Appearance
    from tests import factories

    session = factories.make_session(
        event,
        row.title,
        kind=row.kind,
        host=row.host,
        track=track,
        abstract=row.text,
        description=row.text,
        language="de",
        hashtag="DeichUndDaten" if row.moved else "",
        links=[{"title": "Unterlagen", "url": "https://forum-nord.example/unterlagen"}],
    )
    for position, name in enumerate(row.people):
        Appearance.objects.create(session=session, speaker=people[name], position=position)
    return session


def _slot(session: Any, row: Row, rooms: dict[str, Any], now: datetime) -> Any:
    from agenda.models import Slot

    starts_at = now + timedelta(minutes=row.begins)
    slot = Slot(
        event=session.event,
        session=session,
        room=rooms.get(row.room),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=row.minutes),
        cancelled=row.cancelled,
    )
    if row.moved:
        slot.moved_at, slot.sequence = now - timedelta(minutes=10), 1
        slot.was_room = rooms["Saal" if row.room == "Foyer" else "Foyer"]
        slot.was_starts_at = starts_at - timedelta(minutes=30)
    return slot
