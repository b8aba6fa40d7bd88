"""Make the benchmark's event in a fresh database: a process of its own, run before the server."""

import os
from datetime import timedelta

SLUG = "bench"
CODE = "BENCH2"


def make() -> None:
    """An event of today with an empty programme. Without a rule its notes are shown at once."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventhub.settings")
    django.setup()

    from django.core.management import call_command
    from django.utils import timezone

    from agenda.models import Event

    call_command("migrate", verbosity=0)
    now = timezone.now()
    Event.objects.create(
        name="Bench", slug=SLUG, code=CODE, hashtag="bench", zone="Europe/Berlin", language="en",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )  # fmt: skip


if __name__ == "__main__":
    make()
