"""Set up a barcamp whose board is arranged: `python -m tests.browser.plan_venue`. Prints JSON.

Tomorrow's board has four rooms, five time rows and lunch; some cards stand, others wait, with
`--cards` as many more. `--without` deletes a room from it again, as the admin does.
"""

import argparse
import json
from datetime import datetime, timedelta
from typing import Any

import django

from tests.browser.venue import cookies_of, person

ROOMS = (("Saal", 120), ("Raum 2", 40), ("Raum 3", 25), ("Foyer", 30))
ROWS = ("10:00", "11:00", "12:00", "14:00", "15:00")
# title, host, hands, row and room; without them it waits
CARDS: tuple[tuple[str, str, int | None, int | None, int], ...] = (
    ("Recht im Netz: was darf die Fotowand?", "Nils Vorlage", 61, 0, 0),
    ("Newsletter, der gelesen wird", "Karin Probst", 38, 0, 2),
    ("Digitale Werkstatt", "Olaf Muster", 44, 1, 0),
    ("Mastodon für Vereine", "Aylin K.", 18, 1, 2),
    ("Haushalt zum Anfassen", "Aylin K.", None, 1, 3),
    ("Offene Daten", "Ece Beispiel", 34, None, 0),
    ("LinkedIn für Handwerker", "Nils Vorlage", None, None, 0),
    ("Was darf ein Chatbot?", "Mira T. und Jonas B.", 22, None, 0),
    ("Podcast in einer Stunde", "", None, None, 0),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=0)
    parser.add_argument("--without", default="")
    options = parser.parse_args()
    django.setup()
    if options.without:
        without(options.without)
    else:
        known = {"slug": forum(options.cards), "code": "NORD26", "screen_key": ""}
        print(json.dumps(known | {"cookies": signed_in()}))


def signed_in() -> dict[str, dict[str, str]]:
    from agenda.models import User

    return cookies_of(*User.objects.all())


def forum(more: int) -> str:
    """The event with its people and its board; its slug."""
    from agenda.models import Event, Membership

    begins = (datetime.now().astimezone() + timedelta(days=1)).replace(hour=8, minute=0, second=0)
    event = Event(name="Forum Nord", slug="forum-nord", code="NORD26", hashtag="ForumNord")
    event.starts_at = begins.astimezone(event.tz).replace(hour=8, minute=0, microsecond=0)
    event.ends_at = event.starts_at + timedelta(hours=10)
    event.purge_on = (event.ends_at + timedelta(days=30)).date()
    event.save()
    for name, role in (("ina", "organizer"), ("olga", "moderator")):
        user = person(name, first_name=name.title())
        Membership.objects.create(user=user, event=event, role=role)
    board(event, more)
    return str(event.slug)


def board(event: Any, more: int) -> None:
    """Rooms, time rows, lunch, and cards in places, waiting, parked and held."""
    from agenda import barcamp, placing
    from agenda.models import Period, Proposal, Room, Session
    from eventhub.live.log import changing

    with changing(event) as log:
        camp = barcamp.set_up(event)
        camp.phase = "board"
        log.touch(camp)
        rooms = [
            Room.objects.create(event=event, name=name, capacity=seats, position=position)
            for position, (name, seats) in enumerate(ROOMS)
        ]
        rows = [
            log.add(Period(event=event, starts_at=at(event, clock), ends_at=at(event, clock, 45)))
            for clock in ROWS
        ]
        lunch = Session.objects.create(event=event, title="Mittagessen", kind="break")
        placing.place(event, lunch, None, at(event, "13:00"), at(event, "14:00"), fixed=True)
        for position, (title, host, hands, row, room) in enumerate(CARDS):
            card = log.add(
                Proposal(event=event, title=title, host=host, hands=hands, position=position)
            )
            if row is not None:
                barcamp.place(card, rooms[room], rows[row].starts_at, rows[row].ends_at)
        for number in range(more):
            log.add(Proposal(event=event, title=f"Vorschlag {number}", position=100 + number))
        log.add(Proposal(event=event, title="Strickzeug", position=20, state="parked"))
        log.add(Proposal(event=event, title="Noch nicht gelesen", position=21, state="held"))


def without(name: str) -> None:
    """What stands in the room moves to another one: only an empty room can be deleted."""
    from agenda import arranging, descriptions
    from agenda.models import Room, Slot

    room = Room.objects.get(name=name)
    for slot in Slot.objects.filter(room=room).select_related("session__proposal"):
        arranging.take_off(slot, version=None)
    descriptions.removed(room)


def at(event: Any, clock: str, minutes: int = 0) -> datetime:
    """The instant of `clock` on the event's day, `minutes` later."""
    hours, rest = clock.split(":")
    day: datetime = event.starts_at.astimezone(event.tz)
    return day.replace(hour=int(hours), minute=int(rest)) + timedelta(minutes=minutes)


if __name__ == "__main__":
    main()
