"""A browser that shows a code becomes a screen once an organizer has typed the code.

Codes and secrets are kept as hashes, and nothing lasts longer than fifteen minutes. The key of the
screen lies sealed until the browser that shows the code has it. Knows no requests.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from agenda.models import Event, User
from agenda.models.event import CODE_ALPHABET
from agenda.sealing import seal, unseal
from eventhub.live.log import changing
from wall import screens
from wall.models import Pairing, Screen

CODE_CHARS = 6
LIFE = timedelta(minutes=15)
MAX_WAITING = 500  # browsers; beyond it whoever has waited longest begins anew
_SEALED_FOR = b"screen pairing"


class PairingRefused(Exception):
    """What was typed pairs nothing; `message` says in one sentence what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A browser that shows `code`; with `key` it is a screen, and needs to know nothing else."""

    code: str
    secret: str
    left_s: float
    key: str = ""

    @property
    def cookie(self) -> str:
        return f"{self.code}.{self.secret}"


def begin() -> Waiting:
    """A new code; what has waited for too long is forgotten."""
    now = timezone.now()
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))
    secret = secrets.token_urlsafe(16)
    with transaction.atomic():
        forget_old(now)
        beyond = Pairing.objects.order_by("-pk").values_list("pk", flat=True)[MAX_WAITING - 1 :]
        Pairing.objects.filter(pk__in=list(beyond)).delete()
        Pairing.objects.filter(code_hash=_hash("code", code)).delete()
        Pairing.objects.create(
            code_hash=_hash("code", code), secret_hash=_hash("secret", secret), made_at=now
        )
    return Waiting(code, secret, LIFE.total_seconds())


def known(cookie: str) -> Waiting | None:
    """What the browser with this cookie waits for; None if its code has had its time. One query."""
    code, _dot, secret = cookie[:100].partition(".")
    row = Pairing.objects.filter(secret_hash=_hash("secret", secret)).first() if secret else None
    left = row.made_at + LIFE - timezone.now() if row is not None else timedelta(0)
    if row is None or left <= timedelta(0):
        return None
    if not constant_time_compare(row.code_hash, _hash("code", code)):
        return None
    return Waiting(code, secret, left.total_seconds(), unseal(row.sealed_key, purpose=_SEALED_FOR))


def fetched(screen: Screen) -> None:
    """Its browser has opened it with the key: nobody gets that a second time."""
    screens.opened(screen)
    Pairing.objects.filter(screen=screen).delete()


def forget_old(at: datetime) -> int:
    return Pairing.objects.filter(made_at__lte=at - LIFE).delete()[0]


def normal(typed: str) -> str:
    """What was typed, as it stands on the screen: small letters and spaces change nothing."""
    return "".join(char for char in typed[:60].upper() if char in CODE_ALPHABET)


def pair(event: Event, typed: str, *, by: User | None, **fields: Any) -> Screen:
    """The browser that shows `typed` is a new screen of `event`, set up as `fields` say.

    It begins with the test picture. Typed twice for the same event it is the first one.
    PairingRefused for a code that stands on no screen.
    """

    def add(key_hash: str) -> Screen:
        with changing(event) as log:
            return log.add(Screen(event=event, key_hash=key_hash, **fields))

    return _attach(event, typed, by=by, to=add)


def replace(screen: Screen, typed: str, *, by: User | None) -> Screen:
    """The browser that shows `typed` is `screen` from now on; the one so far is signed off."""
    return _attach(screen.event, typed, by=by, to=lambda it: screens.change_key(screen, it))


def _attach(event: Event, typed: str, *, by: User | None, to: Callable[[str], Screen]) -> Screen:
    code = normal(typed)
    if len(code) != CODE_CHARS:
        raise PairingRefused(_("A code has six letters and digits, as it stands on the screen."))
    with changing(event):
        alive = Pairing.objects.filter(made_at__gt=timezone.now() - LIFE)
        row = alive.select_for_update().filter(code_hash=_hash("code", code)).first()
        before = row.screen if row is not None else None
        if row is None or (before is not None and before.event_id != event.pk):
            raise PairingRefused(
                _("This code is on no screen now. Look once more: it changes every 15 minutes.")
            )
        if before is not None:
            return before
        key = secrets.token_urlsafe(16)
        screen = to(Screen.hash_key(key))
        row.screen, row.sealed_key = screen, seal(key, purpose=_SEALED_FOR)
        row.made_at = timezone.now()
        row.save()
        screens.show_test(screen, by=by)
    return screen


def _hash(what: str, word: str) -> str:
    """Keyed: thirty bits of a code alone would soon be found again by whoever reads the table."""
    return salted_hmac(f"pairing {what}", word, algorithm="sha256").hexdigest()
