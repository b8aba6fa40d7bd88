"""Set up one event for a browser test: `python -m tests.browser.venue [--mode review]`.

Prints as JSON what a person would know. Runs with the settings of the tested installation.
"""

import argparse
import json
import secrets
from datetime import timedelta
from functools import cache
from typing import Any

import django

PASSWORD = "a long password for tests"


def cookies_of(*people: Any) -> dict[str, dict[str, str]]:
    """What the browsers of these users carry; signing in would cost each of them a second."""
    from tests import guests

    browsers = {user.username: guests.signed_in(user) for user in people}
    return {
        name: {key: morsel.value for key, morsel in browser.cookies.items()}
        for name, browser in browsers.items()
    }


def person(name: str, **fields: Any) -> Any:
    """Somebody who may sign in."""
    from agenda.models import User

    return User.objects.create(username=name, password=hashed(), **fields)


@cache
def hashed() -> str:
    """Once for all: it takes as long as half of an event.

    A cheaper one would be renewed when somebody signs in, and end what is signed in already.
    """
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", default="free")
    parser.add_argument("--source", default="")
    parser.add_argument("--posts", type=int, default=0)
    parser.add_argument("--photos", action="store_true")
    parser.add_argument("--feedback", default="auto")
    options = parser.parse_args()
    django.setup()
    from django.utils import timezone

    from agenda.models import Event, Membership, Room, Session, Slot, User
    from eventhub.live.log import changing
    from wall.models import Post, Rule, Screen, Source

    now = timezone.now()
    event = Event.objects.create(
        name="Forum Nord",
        slug="forum-nord",
        code="NORD26",
        hashtag="ForumNord",
        place="Speicher 3",
        prompt="Was nimmst du mit?",
        imprint="Forum Nord, Musterweg 1",
        privacy="Wir speichern wenig.",
        contact="Infotresen im Foyer",
        photos=options.photos,
        feedback=options.feedback,
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=6),
        purge_on=(now + timedelta(days=30)).date(),
    )
    roles = Membership.Role
    people = {"mira": roles.MODERATOR, "ole": roles.MODERATOR, "ina": roles.ORGANIZER}
    for name, role in people.items():
        user = person(name, first_name=name.title())
        Membership.objects.create(user=user, event=event, role=role)
    room = Room.objects.create(event=event, name="Saal")
    key = secrets.token_urlsafe(16)
    with changing(event) as log:
        log.add(Rule(event=event, mode=options.mode, fallback=Rule.Fallback.GO_ON))
        # A panel is on; these tests are about the wall, so the screen is set to it by hand.
        hashed = Screen.hash_key(key)
        log.add(Screen(event=event, name="Saal", key_hash=hashed, view=Screen.View.WALL))
        for title, start, end in (("Podium", -1, 1), ("Kaffeepause", 1, 2), ("Abschluss", 2, 3)):
            kind = Session.Kind.BREAK if "pause" in title else Session.Kind.PANEL
            session = Session.objects.create(
                event=event, title=title, kind=kind, host="Ece Beispiel", hashtag=title
            )
            log.add(
                Slot(
                    event=event,
                    session=session,
                    room=room,
                    starts_at=now + timedelta(hours=start),
                    ends_at=now + timedelta(hours=end),
                )
            )
        for number in range(options.posts):
            log.add(
                Post(
                    event=event,
                    origin=f"https://social.example/{number}",
                    network="mastodon",
                    author_name=f"Gast {number}",
                    text=f"Beitrag Nummer {number}",
                    written_at=now,
                    state=Post.State.SHOWN,
                )
            )
        if options.source:
            config = {"server": options.source, "tag": "forumnord"}
            log.add(Source(event=event, adapter="mastodon", name="#forumnord", config=config))
    cookies = cookies_of(*User.objects.all())
    known = {"slug": event.slug, "code": event.code, "screen_key": key, "cookies": cookies}
    print(json.dumps(known))


if __name__ == "__main__":
    main()
