"""Secrets that must be sent or shown again: encrypted at rest with the server's own key."""

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def seal(text: str, *, purpose: bytes) -> str:
    """`text` encrypted, "" for "". `purpose` (at most 16 bytes) keeps kinds of secrets apart."""
    return _fernet(purpose).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str, *, purpose: bytes) -> str:
    """What was sealed; "" if there is nothing, or it was sealed with another key or purpose."""
    from cryptography.fernet import InvalidToken

    if not sealed:
        return ""
    try:
        return _fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _fernet(purpose: bytes) -> "Fernet":
    from cryptography.fernet import Fernet  # on first use: it costs start time

    digest = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=purpose).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
