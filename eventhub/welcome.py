"""Tell the operator where everything is: each address alone on its line, and a code to scan."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from agenda.models import Event
from eventhub.addresses import public_base
from wall.demo import DemoEvent

Say = Callable[[str], None]


def keep_secrets(demo: DemoEvent) -> None:
    """Write what is known only now into a file that only this account can read."""
    if demo.screen_key is None and demo.password is None:
        return
    known = _secrets()
    for name in ("screen_key", "hall_key"):
        known[name] = getattr(demo, name) or known.get(name, "")
    if demo.password:
        known["password"] = demo.password
    path = _secrets_file()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(known, file, indent=1)


def print_addresses(say: Say, event: Event) -> None:
    """Phone, home, desk, admin, screens, stage; the password until it has been changed."""
    phones = f"{public_base()}/{event.code}"
    here = settings.PUBLIC_URL or f"http://localhost:{settings.PORT}"
    known = _secrets()
    say("")
    say(f"  {event.name}")
    say("")
    say(_("  Phones (same network):"))
    say(f"    {phones}")
    say(_("  Your event (numbers, helpers, what is missing):"))
    say(f"    {here}/{event.slug}/home/")
    say(_("  Desk:"))
    say(f"    {here}/{event.slug}/desk/")
    say(_("  Admin:"))
    say(f"    {here}/admin/")
    if password := _password_still_good(known.get("password", "")):
        say(
            _("    user name %(name)s, password %(password)s")
            % {"name": "organisation", "password": password}
        )
    if key := known.get("screen_key"):
        say(_("  Screen (open on the beamer, then F11):"))
        say(f"    {here}/screen#{key}")
    if key := known.get("hall_key"):
        say(_("  Screen in the hall, which follows the programme:"))
        say(f"    {here}/screen#{key}")
        say(_("  Stage (what the screens show):"))
        say(f"    {here}/{event.slug}/stage/")
    say("")
    for line in _picture(phones):
        say(line)
    say(_("  Stop with Ctrl-C."))


def _password_still_good(password: str) -> str:
    """The generated password, "" as soon as it has been changed."""
    from agenda.models import User

    if not password:
        return ""
    user = User.objects.filter(username="organisation").first()
    known = _secrets()
    if user is None:
        return ""
    # Comparing hashes costs a quarter of a second at every start: remember whose hash it was.
    if known.get("hash") == user.password:
        return password
    if "hash" not in known and user.check_password(password):
        _remember_hash(known, user.password)
        return password
    return ""


def _remember_hash(known: dict[str, str], value: str) -> None:
    path = _secrets_file()
    path.write_text(json.dumps(known | {"hash": value}, indent=1))


def _picture(url: str) -> list[str]:
    """The QR code in half blocks, if the terminal is one."""
    import io

    import segno

    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return []
    out = io.StringIO()
    segno.make(url, error="m", micro=False).terminal(out, border=2, compact=True)
    return [f"  {line}" for line in out.getvalue().splitlines()]


def _secrets_file() -> Path:
    return Path(settings.DATA_DIR) / "organisation.json"


def _secrets() -> dict[str, str]:
    try:
        known = json.loads(_secrets_file().read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
