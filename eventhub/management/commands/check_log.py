"""`manage.py check_log [SLUG ...]`: is the log of these events, or of all, in order?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eventhub.live import check_log
from eventhub.live.topics import registry


class Command(BaseCommand):
    help = "Check density, tags and versions of the log while everything runs. Exit code 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="events; all if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        event_ids = [self._event_id(slug) for slug in options["slugs"]] or check_log.event_ids()
        problems = 0
        for event_id in event_ids:
            found = check_log.check(event_id)
            problems += len(found)
            for problem in found or ["in order"]:
                self.stdout.write(f"event {event_id}: {problem}")
        if problems:
            raise CommandError(f"{problems} things are wrong in {len(event_ids)} logs.")

    def _event_id(self, slug: str) -> int:
        event_id = registry.event_id(slug)
        if event_id is None:
            raise CommandError(f"There is no event {slug}.")
        return event_id
