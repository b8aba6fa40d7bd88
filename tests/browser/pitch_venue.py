"""Set up an event whose pitches are on: `python -m tests.browser.pitch_venue`. Prints JSON.

Its time rows begin in an hour, whatever time it is. Mira counts, Ben writes, Ina organizes.
"""

import json
from datetime import timedelta

import django

from tests.browser.venue import cookies_of, person

ROOMS = (("Saal", 120), ("Raum 2", 40), ("Raum 3", 25), ("Foyer", 30))
TITLES = (
    ("LinkedIn für Handwerker", "Nils Vorlage"),
    ("Was darf ein Chatbot?", "Mira T. und Jonas B."),
    ("Podcast in einer Stunde", ""),
)
TASKS = {"mira": ["pitch"], "ben": ["pitch"], "dora": ["desk"]}


def main() -> None:
    django.setup()
    from django.utils import timezone

    from agenda import barcamp, phases, pitching, placing, proposals
    from agenda.cards import Written
    from agenda.models import Event, Membership, Period, Room, Session, User
    from eventhub.live.log import changing
    from eventhub.live.models import new_key
    from wall.models import Screen

    now = timezone.now().replace(second=0, microsecond=0)
    event = Event(name="Forum Nord", slug="forum-nord", code="NORD26", hashtag="ForumNord")
    event.starts_at, event.ends_at = now - timedelta(hours=2), now + timedelta(hours=9)
    event.purge_on = (now + timedelta(days=30)).date()
    event.day_boundary = (now + timedelta(hours=12)).astimezone(event.tz).time()
    event.imprint, event.privacy = "Forum Nord, Musterweg 1", "Wir speichern wenig."
    event.save()
    for name, tasks in TASKS.items():
        user = person(name, first_name=name.title())
        Membership.objects.create(user=user, event=event, role=Membership.Role.HELPER, tasks=tasks)
    ina = person("ina", first_name="Ina")
    Membership.objects.create(user=ina, event=event, role=Membership.Role.ORGANIZER)
    rooms = [
        Room.objects.create(event=event, name=name, capacity=seats, position=position)
        for position, (name, seats) in enumerate(ROOMS)
    ]
    barcamp.set_up(event)
    key = new_key()
    with changing(event) as log:
        board = Screen.View.BOARD
        log.add(Screen(event=event, name="Saal", view=board, key_hash=Screen.hash_key(key)))
        periods = [
            log.add(Period(event=event, starts_at=start, ends_at=start + timedelta(minutes=45)))
            for start in (now + timedelta(hours=hours) for hours in (1, 3, 4))
        ]
    lunch = Session.objects.create(event=event, title="Mittagessen", kind=Session.Kind.BREAK)
    begins = now + timedelta(hours=2)
    placing.place(event, lunch, None, begins, begins + timedelta(minutes=45), fixed=True)
    phases.enter(event, "pitch")
    for title, host in TITLES:
        proposals.propose(event, Written(title, host=host), sent_key=new_key())
    for title, host, hands, room, period in (
        ("Recht im Netz: was darf die Fotowand?", "Karin Probst", 61, 0, 0),
        ("Newsletter, der gelesen wird", "Olaf Muster", 24, 2, 0),
    ):
        card = proposals.propose(event, Written(title, host=host), sent_key=new_key())
        pitching.count(card, hands)
        row = periods[period]
        barcamp.place(card, rooms[room], row.starts_at, row.ends_at)
    cookies = cookies_of(*User.objects.all())
    known = {"slug": event.slug, "code": event.code, "screen_key": key, "cookies": cookies}
    print(json.dumps(known))


if __name__ == "__main__":
    main()
