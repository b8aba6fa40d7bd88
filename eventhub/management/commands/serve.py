"""`manage.py serve`: web, hub and collectors in one process; the embedded default."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from eventhub import __version__
from eventhub.prepare import prepare, unapplied_migrations
from eventhub.serving import PortTakenError, check_port, run
from wall.organizers import ensure_group


class Command(BaseCommand):
    help = "Serve pages and sockets, and read the sources."
    requires_system_checks: list[str] = []  # asked below, only what concerns safety

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default=settings.BIND)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--web-only", action="store_true", help="leave the sources to collect")
        parser.add_argument("--demo", action="store_true", help="make the demo event, once")
        parser.add_argument("--hashtag", default="", help="a Mastodon tag for the demo event")
        parser.add_argument("--server", default="", help="the Mastodon server to read it from")

    def handle(self, *args: Any, **options: Any) -> None:
        translation.activate("en" if _operator_speaks_english() else "de")
        settings.BIND, settings.PORT = options["bind"], options["port"]
        self.check(tags=["security"], fail_level=40)
        _check_source(options)
        try:
            check_port(options["bind"], options["port"])
            self._prepare()
            event = self._demo(options) if options["demo"] or options["hashtag"] else None
        except PortTakenError as error:
            raise CommandError(
                _("%(address)s is in use already. Take another one: make run PORT=%(other)d")
                % {"address": error, "other": options["port"] + 1}
            ) from error
        except PermissionError as error:
            raise CommandError(
                _("%(path)s cannot be written. Take another folder: make run DATA=…")
                % {"path": error.filename or settings.DATA_DIR}
            ) from error
        except OperationalError as error:
            raise CommandError(
                _("The database cannot be reached: %(error)s") % {"error": str(error).strip()}
            ) from error
        except OSError as error:
            raise CommandError(
                _("%(bind)s port %(port)d cannot be used: %(error)s")
                % {"bind": options["bind"], "port": options["port"], "error": error.strerror}
            ) from error
        status = self._serve(options, event)
        if status:
            raise CommandError(_("The port could not be opened."))

    def _prepare(self) -> None:
        embedded = connection.vendor == "sqlite"
        prepare(self._say, migrate=embedded)
        if not embedded and (missing := unapplied_migrations()):
            raise CommandError(
                _("The database lacks %(count)d migrations. Run: manage.py migrate")
                % {"count": len(missing)}
            )
        ensure_group()

    def _demo(self, options: dict[str, Any]) -> Any:
        from eventhub import welcome
        from wall.demo import ensure_demo
        from wall.demo_tag import add_mastodon

        demo = ensure_demo(timezone.now())
        welcome.keep_secrets(demo)
        if options["hashtag"]:
            add_mastodon(
                demo.event,
                server=options["server"],
                tag=options["hashtag"],
                token=os.environ.get("EVENTHUB_SOURCE_TOKEN", ""),
            )
        demo.event.refresh_from_db()
        return demo.event

    def _serve(self, options: dict[str, Any], event: Any) -> int:
        from eventhub.asgi import application

        background = None if options["web_only"] else self._collector(options)

        def ready() -> None:
            if event is not None:
                from eventhub import welcome

                welcome.print_addresses(self._say, event)
            else:
                self._say(f"http://{options['bind']}:{options['port']}/")

        connection.close()  # the main thread runs the event loop from here on
        return run(
            application,
            host=options["bind"],
            port=options["port"],
            background=background,
            on_ready=ready,
        )

    def _collector(self, options: dict[str, Any]) -> Callable[[], Awaitable[None]]:
        async def collect() -> None:
            # Imported while the server already answers: reading sources can wait a second.
            from wall import trial
            from wall.collector import Collector
            from wall.egress import from_settings

            trial.also_allow(_typed_by_operator(options))
            allow = ",".join(filter(None, [settings.EGRESS_ALLOW, _typed_by_operator(options)]))
            agent = f"Eventhub/{__version__} ({settings.PUBLIC_URL or 'on site'})"
            await Collector(from_settings(allow, user_agent=agent), on_lead=self._lead).run()

        return collect

    def _lead(self, leading: bool) -> None:
        if not leading:
            self._say(_("Another process reads the sources; this one waits."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _check_source(options: dict[str, Any]) -> None:
    """Refuse a tag or server that cannot be one, before anything is made."""
    from wall.demo_tag import parse_tag
    from wall.targets import parse_server

    try:
        if options["hashtag"]:
            parse_tag(options["hashtag"])
        if options["hashtag"] or options["server"]:
            parse_server(options["server"])
    except ValueError as error:
        raise CommandError(str(error)) from error


def _typed_by_operator(options: dict[str, Any]) -> str:
    """host:port of `--server`, which may be on site for this run; "" for a public https server."""
    from urllib.parse import urlsplit

    from wall.targets import parse_server

    if not options["server"]:
        return ""
    parts = urlsplit(parse_server(options["server"]))
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _operator_speaks_english() -> bool:
    speech = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return speech.lower().startswith("en")
