"""The guest's cookie: one signed key per event; and the row that stands behind it."""

from collections.abc import Mapping

from django.core import signing
from django.db import transaction

from agenda.models import Attendee, Event
from eventhub.live.models import new_key

SALT = "agenda.attendee"
COOKIE_MAX_AGE_S = 60 * 24 * 3600


def cookie_name(event_id: int, base: str) -> str:
    """One cookie per event: `attendee-7`, under TLS `__Host-attendee-7`."""
    return f"{base}-{event_id}"


def sign(event_id: int, key: str) -> str:
    return signing.dumps([event_id, key], salt=SALT)


def key_from(cookie: str, event_id: int) -> str | None:
    """The attendee's key if the cookie was made here for this very event, else None."""
    if not cookie or len(cookie) > 200:
        return None
    try:
        signed_for, key = signing.loads(cookie, salt=SALT, max_age=COOKIE_MAX_AGE_S)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return key if signed_for == event_id and isinstance(key, str) else None


def name_of(cookies: Mapping[str, str], base: str) -> str:
    """A name for whoever is a guest of some event, "" for who is not. Asks no database."""
    for name in sorted(cookies):
        start, _, number = name.rpartition("-")
        if start == base and number.isascii() and number.isdigit() and len(number) < 19:
            event_id = int(number)
            if key := key_from(cookies[name], event_id):
                return f"guest:{event_id}:{key}"
    return ""


def fresh_cookie(event: Event) -> str:
    """A cookie for a guest who has just come in. No row yet: that comes with the first deed."""
    return sign(event.pk, new_key())


def row_for(
    event: Event, key: str, *, nickname: str | None = None, organisation: str | None = None
) -> Attendee:
    """The guest's row, made now if this is the first thing they do. None leaves what is there."""
    given = {"nickname": nickname, "organisation": organisation}
    with transaction.atomic():
        attendee, _ = Attendee.objects.get_or_create(event=event, key=key)
        new = [
            name for name, value in given.items() if value not in (None, getattr(attendee, name))
        ]
        for name in new:
            setattr(attendee, name, given[name])
        if new:
            attendee.save(update_fields=new)
    return attendee
