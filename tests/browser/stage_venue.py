"""Set up a hall with three screens and their people: `python -m tests.browser.stage_venue`."""

import json
from datetime import timedelta

import django

SCREENS = {"saal": "Saal", "foyer": "Foyer", "flur": "Flur"}
MINUTE = timedelta(minutes=1)


def main() -> None:
    django.setup()
    from django.utils import timezone

    from agenda.models import Membership, Slot
    from eventhub.live.log import changing
    from tests import factories
    from tests.browser.venue import cookies_of
    from wall.models import Screen

    now = timezone.now().replace(second=0, microsecond=0)
    event = factories.make_event(
        name="Forum Nord",
        slug="buehne",
        hashtag="ForumNord",
        imprint="Forum Nord, Musterweg 1",
        privacy="Wir speichern wenig.",
        zone="UTC",
        day_boundary=(now + timedelta(hours=12)).time(),
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )
    room = factories.make_room(event, "Großer Saal")
    factories.make_room(event, "Raum 2")
    talk = factories.make_session(event, "Keynote", host="Ece Beispiel")
    # It ends soon: the scene is "ending" until somebody says that it runs late.
    start, end = now - 30 * MINUTE, now + 6 * MINUTE
    with changing(event) as log:
        log.add(Slot(event=event, session=talk, room=room, starts_at=start, ends_at=end))
    for key, name in SCREENS.items():
        shared = Screen.Wiring.SHARED if key == "saal" else Screen.Wiring.OWN
        factories.make_screen(event, key=key, name=name, room=room, wiring=shared)
    for number in range(3):
        factories.make_post(event, text=f"Beitrag Nummer {number}", author_name=f"Gast {number}")
    helper = factories.make_user("mira", first_name="Mira")
    role = Membership.Role.HELPER
    Membership.objects.create(user=helper, event=event, role=role, tasks=["stage"])
    organizer = factories.make_user("ina", first_name="Ina")
    Membership.objects.create(user=organizer, event=event, role=Membership.Role.ORGANIZER)
    print(json.dumps({"cookies": cookies_of(helper, organizer)}))


if __name__ == "__main__":
    main()
