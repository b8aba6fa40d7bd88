"""`manage.py import_programme EVENT FILE`: what the upload page does, from the command line."""

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from agenda.exchange import creating, reading, writing
from agenda.exchange.plan import Plan, UnreadableError
from agenda.models import Event

BAR_CHARS = 30


class Command(BaseCommand):
    help = (
        "Make an event's programme what a file says: a schedule, a calendar, a table, or what "
        "pretalx and Sessionize hand out. All or nothing; exit code 1 if nothing was imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event", metavar="EVENT", help="the event's address, such as barcamp")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--preview", action="store_true", help="say what would change")
        parser.add_argument("--create", action="store_true", help="make the event from the file")
        parser.add_argument(
            "--zone", default="", help="IANA zone of times without one (that of the event)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                self._import(options)
            except UnreadableError as error:
                raise CommandError(f"Nothing was imported. {error}") from None
            except ValidationError as error:
                raise CommandError(f"Nothing was imported. {' '.join(error.messages)}") from None

    def _import(self, options: dict[str, Any]) -> None:
        event = Event.objects.filter(slug=options["event"]).first()
        if event is None and not options["create"]:
            raise CommandError(f"There is no event {options['event']!r}; --create makes it.")
        if event is not None and options["create"]:
            raise CommandError(f"There is an event {options['event']!r} already.")
        default = event.zone if event else Event._meta.get_field("zone").default
        plan = self._read(options["file"], options["zone"] or default)
        if options["create"]:
            self._create(plan, options)
            return
        assert event is not None
        if options["preview"]:
            report = writing.preview(event, plan)
        else:
            report = writing.apply(event, plan, progress=self._progress())
        self._say(report.lines())
        if not report:
            self.stdout.write("The programme is so already.")

    def _read(self, path: Path, zone: str) -> Plan:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Nothing was imported. {path}: {error.strerror}") from None
        return reading.read(data, path.name, zone=zone)

    def _create(self, plan: Plan, options: dict[str, Any]) -> None:
        fields = {"slug": options["event"]} | ({"zone": options["zone"]} if options["zone"] else {})
        plan.event.name = plan.event.name or options["event"]
        if options["preview"]:
            with transaction.atomic():
                report = writing.preview(creating.create_event(plan, **fields), plan)
                transaction.set_rollback(True)
        else:
            event = creating.create_event(plan, **fields)
            try:
                report = writing.apply(event, plan, progress=self._progress())
            except BaseException:
                event.delete()
                raise
        self._say(report.lines())

    def _say(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)

    def _progress(self) -> writing.Progress | None:
        """A bar for whoever sits in front of it; logs stay clean."""
        if not sys.stderr.isatty():
            return None

        def show(percent: int) -> None:
            done = "#" * (percent * BAR_CHARS // 100)
            self.stderr.write(f"\r[{done:<{BAR_CHARS}}] {percent:3d} %", ending="")
            if percent >= 100:
                self.stderr.write("")

        return show
