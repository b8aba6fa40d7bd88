"""`manage.py purge`: what the collector does by itself every hour, now."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agenda.models import Event
from wall import evidence, photos, purge, scrub


class Command(BaseCommand):
    help = "Delete what guests and sources wrote in events whose day of deletion has come."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--event", metavar="SLUG", help="this event only")
        parser.add_argument("--dry-run", action="store_true", help="count, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        events = purge.due(timezone.now())
        if options["event"] is not None:
            events = [self._named(options["event"], events)]
        for event in events:
            gone = purge.count(event) if options["dry_run"] else purge.purge(event)
            self._say(event, gone, would=options["dry_run"])
        if options["event"] is None:
            self._delete_evidence(dry_run=options["dry_run"])
        if options["dry_run"]:
            return
        photos.sweep()
        if scrub.scrub():
            self.stdout.write("The database has been rewritten without what was deleted.")

    def _delete_evidence(self, *, dry_run: bool) -> None:
        """It has a day of its own, whatever the day of its event is."""
        now = timezone.now()
        if number := len(evidence.due(now)) if dry_run else evidence.delete_due(now):
            self.stdout.write(f"evidence: {'would delete' if dry_run else 'deleted'} {number}")

    def _named(self, slug: str, due: list[Event]) -> Event:
        event = Event.objects.filter(slug=slug).first()
        if event is None:
            raise CommandError(f"There is no event {slug!r}.")
        if event not in due:
            raise CommandError(
                f"{slug} is deleted on {event.purge_on}, not before."
                " For an earlier day change the date of the event."
            )
        return event

    def _say(self, event: Event, gone: Counter[str], *, would: bool) -> None:
        words = ", ".join(f"{number} {name}" for name, number in gone.items()) or "nothing"
        self.stdout.write(f"{event.slug}: {'would delete' if would else 'deleted'} {words}")
