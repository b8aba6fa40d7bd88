"""Set up an event whose programme is arranged: `python -m tests.browser.grid_venue`.

Its day ends in twelve hours, whatever time it is: all slots are of one day. Prints JSON.
"""

import json
from datetime import timedelta

import django

from tests.browser.venue import cookies_of, person


def main() -> None:
    django.setup()
    from django.utils import timezone

    from agenda import placing
    from agenda.models import Event, Membership, Room, Session, User

    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    event = Event(name="Forum Nord", slug="forum-nord", code="NORD26")
    event.starts_at, event.ends_at = now - timedelta(hours=2), now + timedelta(hours=8)
    event.purge_on = (now + timedelta(days=30)).date()
    event.day_boundary = (now + timedelta(hours=12)).astimezone(event.tz).time()
    event.save()
    for name in ("ina", "olga"):
        user = person(name)
        Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    rooms = [
        Room.objects.create(event=event, name=name, position=position)
        for position, name in enumerate(("Saal", "Werkstatt"))
    ]
    for title, room, start, minutes in (
        ("Podium", 0, -1, 120),
        ("Offene Daten", 1, 2, 30),
        ("Abschluss", 0, 4, 60),
        ("Löten", 1, 4, 60),
    ):
        session = Session.objects.create(event=event, title=title, host=f"Gast {title}")
        begins = now + timedelta(hours=start)
        placing.place(event, session, rooms[room], begins, begins + timedelta(minutes=minutes))
    for title in ("Nachtrag", "Zugabe"):
        Session.objects.create(event=event, title=title)
    cookies = cookies_of(*User.objects.all())
    known = {"slug": event.slug, "code": event.code, "screen_key": "", "cookies": cookies}
    print(json.dumps(known))


if __name__ == "__main__":
    main()
