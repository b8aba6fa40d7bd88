"""`manage.py collect`: the sources in a process of their own, beside `serve --web-only`."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from eventhub import __version__
from wall.collector import Collector
from wall.egress import from_settings


class Command(BaseCommand):
    help = "Read all sources. A second one waits until the first has gone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--allow", action="append", default=[], metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        allow = ",".join([settings.EGRESS_ALLOW, *options["allow"]]).strip(",")
        agent = f"Eventhub/{__version__} ({settings.PUBLIC_URL or 'on site'})"
        collector = Collector(from_settings(allow, user_agent=agent), on_lead=self._say)
        asyncio.run(_until_stopped(collector))

    def _say(self, leading: bool) -> None:
        self.stdout.write(
            "Reading the sources." if leading else "Another collector is at work; waiting."
        )
        self.stdout.flush()


async def _until_stopped(collector: Collector) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(collector.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return
