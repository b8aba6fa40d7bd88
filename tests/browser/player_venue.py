"""Set up a programme for tests of the player: `python -m tests.browser.player_venue` prints JSON.

`python -m tests.browser.player_venue --revoke KEY` signs the screen that KEY opens off.
"""

import argparse
import json
from datetime import timedelta

import django

MINUTE = timedelta(minutes=1)
# Minutes from now: a talk that runs, a break with the wall, another talk, and the day is over.
TALK, BREAK, NEXT, OVER = (-20, 20), (20, 50), (50, 80), 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revoke", default="")
    options = parser.parse_args()
    django.setup()
    if options.revoke:
        _revoke(options.revoke)
    else:
        print(json.dumps(_furnish()))


def _revoke(key: str) -> None:
    from wall import screens
    from wall.models import Screen

    screen = Screen.objects.with_key(key)
    assert screen is not None
    screens.revoke(screen)


def _furnish() -> dict[str, str]:
    from django.utils import timezone

    from agenda.models import Slot
    from eventhub.live.log import changing
    from tests import factories

    now = timezone.now().replace(second=0, microsecond=0)
    event = factories.make_event(
        name="Forum Nord",
        slug="forum-nord",
        hashtag="ForumNord",
        zone="UTC",
        day_boundary=(now + timedelta(hours=12)).time(),
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )
    room = factories.make_room(event, "Saal")
    for (start, end), title, kind in (
        (TALK, "Vor der Pause", "talk"),
        (BREAK, "Kaffee", "break"),
        (NEXT, "Nach der Pause", "talk"),
    ):
        session = factories.make_session(event, title, kind=kind)
        with changing(event) as log:
            log.add(
                Slot(
                    event=event,
                    session=session,
                    room=room,
                    starts_at=now + start * MINUTE,
                    ends_at=now + end * MINUTE,
                )
            )
    for number in range(6):
        factories.make_post(event, text=f"Beitrag Nummer {number}")
    for key in ("hall", "other"):
        factories.make_screen(event, key=key, name=key.title())
    return {"slug": event.slug}


if __name__ == "__main__":
    main()
