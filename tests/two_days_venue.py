"""Set up two event days that a screen plays in a hurry: `python -m tests.two_days_venue --speed N`.

With speed 1 nothing is rehearsed: they begin today, and scenes change every few minutes, by night
as well. Prints as JSON when the play began, and what
the director plans for the hall, in ms.
"""

import argparse
import json
from datetime import datetime, timedelta
from typing import Any

import django

# Of each day: start, minutes, kind, title; between them is the break.
DAY = (
    ("09:00", 30, "talk", "Begrüßung"),
    ("09:45", 60, "panel", "Podium"),
    ("11:15", 45, "workshop", "Werkstatt"),
    ("12:30", 60, "break", "Mittag"),
    ("13:30", 45, "barcamp", "Runde eins"),
    ("14:30", 45, "barcamp", "Runde zwei"),
    ("16:00", 45, "talk", "Schluss"),
)
# In real time: so often another session begins, and so long it lasts.
EVERY, LASTS = 15, 10
KEY = "hall"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=int, default=1)
    parser.add_argument("--from-hour", type=int, default=0)
    options = parser.parse_args()
    django.setup()
    print(json.dumps(furnish(options.speed, options.from_hour)))


def furnish(speed: int, from_hour: int) -> dict[str, Any]:
    from django.utils import timezone

    from eventhub.live.log import changing
    from tests import factories, guests
    from wall import directing
    from wall.models import Rehearsal
    from wall.scenes import HALL

    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    event = factories.make_event(
        name="Zwei Tage",
        slug="zwei-tage",
        hashtag="zweitage",
        zone="UTC",
        starts_at=today,
        ends_at=today + timedelta(days=2),
        purge_on=(today + timedelta(days=30)).date(),
    )
    rooms = [
        factories.make_room(event, name, position=n) for n, name in enumerate(("Saal", "Raum"))
    ]
    for day in range(2):
        for start, minutes, kind, title in DAY if speed > 1 else _all_day():
            _place(event, rooms, today + timedelta(days=day), start, minutes, kind, title)
    for number in range(20):
        factories.make_post(event, text=f"Beitrag Nummer {number}, und was dazu noch zu sagen ist.")
    factories.make_screen(event, key=KEY)
    moderator = guests.signed_in(factories.make_moderator(event))
    began = timezone.now()
    starts = today + timedelta(hours=from_hour) if speed > 1 else began
    if speed > 1:
        with changing(event) as log:
            log.add(Rehearsal(event=event, starts_at=starts, began_at=began, speed=speed))
    plan = directing.plan_of(event, starts)
    return {
        "slug": event.slug,
        "key": KEY,
        "starts": directing.ms(starts),
        "began": directing.ms(began),
        "speed": speed,
        "spells": [(directing.ms(spell.at), str(spell.scene)) for spell in plan.places[HALL]],
        "moderator": {name: morsel.value for name, morsel in moderator.cookies.items()},
    }


def _all_day() -> list[tuple[str, int, str, str]]:
    starts = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60, EVERY)]
    return [(start, LASTS, "talk", f"Vortrag um {start}") for start in starts]


def _place(
    event: Any, rooms: list[Any], day: datetime, start: str, minutes: int, kind: str, title: str
) -> None:
    from agenda.models import Slot
    from eventhub.live.log import changing
    from tests import factories

    hour, minute = map(int, start.split(":"))
    starts_at = day.replace(hour=hour, minute=minute)
    everywhere = kind == "break"
    for room in [None] if everywhere else rooms[: 2 if kind == "barcamp" else 1]:
        session = factories.make_session(event, title, kind=kind)
        with changing(event) as log:
            ends_at = starts_at + timedelta(minutes=minutes)
            log.add(
                Slot(event=event, session=session, room=room, starts_at=starts_at, ends_at=ends_at)
            )


if __name__ == "__main__":
    main()
