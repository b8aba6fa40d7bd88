"""Events with a programme that has everything a programme can have; asserts nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agenda.models import Appearance, Event, Room, Session, Slot, Speaker, Track
from eventhub.live.log import changing
from tests.conftest import BACKEND
from tests.factories import make_event, make_room, make_session

NUL = "" if BACKEND == "postgresql" else "\x00"  # which no text on PostgreSQL can hold
ABSTRACT = "Zeile eins, mit Komma; und \\ Strich.\n\nZeile <b>drei</b> & „mehr“: 日本 🎉"


def make_full_event(**fields: Any) -> Event:
    """Two days in Berlin: two rooms, tracks, speakers, a repeated and a cancelled session."""
    defaults: dict[str, Any] = {
        "name": "Fest & <Tag>",
        "zone": "Europe/Berlin",
        "starts_at": datetime(2026, 10, 7, 6, tzinfo=UTC),
        "ends_at": datetime(2026, 10, 8, 20, tzinfo=UTC),
    }
    event = make_event(**defaults | fields)
    hall = make_room(event, "Saal, groß", capacity=300, where="Unten")
    yard = make_room(event, 'Hof "Nord"', position=1)
    red = Track.objects.create(event=event, name="Recht; Rathaus", colour="#aa0011")
    ada = Speaker.objects.create(event=event, name="Ada, Gräfin", organisation="Werk", bio="Über")
    bea = Speaker.objects.create(event=event, name="Bea")
    talk = make_full_session(event, red, ada, bea)
    lunch = make_session(event, "Pause", kind=Session.Kind.BREAK)
    barcamp = make_session(event, "=SUMME(1)", kind=Session.Kind.BARCAMP, host="Alle, die wollen")
    place(talk, hall, "2026-10-07T09:00", 45, sequence=3)
    place(talk, yard, "2026-10-08T09:00", 45)
    place(lunch, None, "2026-10-07T12:00", 60, fixed=True)
    place(barcamp, yard, "2026-10-08T00:30", 60)  # still the evening of the 7th
    place(make_session(event, "Abgesagt"), hall, "2026-10-07T15:00", 90, cancelled=True, sequence=1)
    return event


def make_full_session(event: Event, track: Track, *speakers: Speaker) -> Session:
    session = make_session(
        event,
        "Wie wir's machen",
        subtitle="Ein Anfang",
        kind=Session.Kind.PANEL,
        track=track,
        host="Haus 3",
        abstract=ABSTRACT,
        description="Länger.",
        language="de",
        hashtag="anfang",
        links=[
            {"title": 'Folien, "neu"', "url": "https://slides.example/a,b;c?d=e&f"},
            {"title": "", "url": "http://other.example/"},
        ],
    )
    for position, speaker in enumerate(speakers):
        Appearance.objects.create(session=session, speaker=speaker, position=position)
    return session


def place(session: Session, room: Room | None, start: str, minutes: int, **fields: Any) -> Slot:
    """`start` by the clock of the event, such as 2026-10-07T09:00."""
    starts_at = datetime.fromisoformat(start)
    if starts_at.tzinfo is None:
        starts_at = starts_at.replace(tzinfo=ZoneInfo(session.event.zone))
    starts_at = starts_at.astimezone(UTC)
    with changing(session.event) as log:
        return log.add(
            Slot(
                event=session.event,
                session=session,
                room=room,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=minutes),
                **fields,
            )
        )
