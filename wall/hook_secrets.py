"""The secrets of a webhook: one that holds, and the one before it for a day. Checks signatures.

They are stored as one sealed text, "NEW" or "NEW OLD SECONDS", the end of the old one since 1970.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

HOLDS_ON = timedelta(days=1)
SCHEME = "v1="


def renewed(stored: str) -> tuple[str, str]:
    """What to store from now on, and the new secret in it, to be shown once."""
    secret = secrets.token_urlsafe(32)
    if not stored:
        return secret, secret
    until = int((timezone.now() + HOLDS_ON).timestamp())
    return f"{secret} {stored.split()[0]} {until}", secret


def accepted(stored: str, at: datetime) -> list[str]:
    """The secrets that hold at `at`."""
    current, *former = stored.split() or [""]
    found = [current] if current else []
    if len(former) == 2 and former[1].isdigit() and at.timestamp() < int(former[1]):
        found.append(former[0])
    return found


def sign(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """ "v1=" and the HMAC-SHA256 over timestamp.nonce.body in hexadecimal digits."""
    signed = f"{timestamp}.{nonce}.".encode() + body
    return SCHEME + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_signed(
    stored: str, signature: str, *, timestamp: str, nonce: str, body: bytes, at: datetime
) -> bool:
    """Whether one of the secrets made `signature`; takes as long for a wrong one as for a right."""
    given = signature.encode(errors="replace")
    matches = [
        hmac.compare_digest(sign(secret, timestamp, nonce, body).encode(), given)
        for secret in accepted(stored, at)
    ]
    return any(matches)
