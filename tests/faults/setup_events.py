"""Make tables, two events and their moderators: `python -m tests.faults.setup_events`.

Prints as JSON what the harness has to know. Runs with the settings of the tested installation.
"""

from __future__ import annotations

import argparse
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import django


def make_event(name: str, *, moderators: int, source: str) -> dict[str, Any]:
    """One public event in the mode "free", with a Mastodon source at `source` unless that is ""."""
    from agenda.models import Event, Membership, User
    from eventhub.live.log import changing
    from wall.models import Rule, Source

    now = datetime.now(UTC)
    event = Event.objects.create(
        name=f"Event {name}",
        slug=f"event-{name.lower()}",
        code=f"FAULT{name}",
        hashtag="faults",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        purge_on=(now + timedelta(days=30)).date(),
    )
    people = []
    for number in range(moderators):
        username, password = f"moderator-{name.lower()}-{number}", secrets.token_urlsafe(16)
        user = User.objects.create_user(username=username, password=password)
        Membership.objects.create(user=user, event=event, role=Membership.Role.MODERATOR)
        people.append({"username": username, "password": password})
    with changing(event) as log:
        log.add(Rule(event=event, mode=Rule.Mode.FREE, fallback=Rule.Fallback.GO_ON))
        if source:
            config = {"server": source, "tag": "faults"}
            log.add(Source(event=event, adapter="mastodon", name="#faults", config=config))
    return {"slug": event.slug, "code": event.code, "moderators": people}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moderators", type=int, default=2, help="of each event")
    parser.add_argument("--source", default="", help="address of a Mastodon server for event A")
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    made = {
        name: make_event(
            name, moderators=options.moderators, source=options.source if name == "A" else ""
        )
        for name in "AB"
    }
    print(json.dumps(made))


if __name__ == "__main__":
    main()
