"""Make the benchmark's event in a fresh database: a process of its own, run before the server."""

import os
from datetime import timedelta

SLUG = "bench"
CODE = "BENCH2"


def make() -> None:
    """The database of `EVENTHUB_DATA_DIR` or `EVENTHUB_DATABASE_URL`, and the event in it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventhub.settings")
    django.setup()

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    furnish()


def furnish() -> None:
    """An event of today with an empty programme, whose notes are shown at once."""
    from django.utils import timezone

    from agenda.models import Event
    from eventhub.live.log import changing
    from wall import rules
    from wall.models import Rule

    now = timezone.now()
    event = Event.objects.create(
        name="Bench", slug=SLUG, code=CODE, hashtag="bench", zone="Europe/Berlin", language="en",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )  # fmt: skip
    with changing(event) as log:
        rule = rules.of(log, event)
        rule.mode, rule.fallback = Rule.Mode.FREE, Rule.Fallback.GO_ON
        log.touch(rule)


if __name__ == "__main__":
    make()
