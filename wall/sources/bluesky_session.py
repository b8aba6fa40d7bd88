"""Being signed in at Bluesky with an app password. Remembers tokens in memory, stores none."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import regex
from django.utils.translation import gettext_lazy as _

from wall.sources.base import SourceError
from wall.sources.bluesky_api import NOT_SIGNED_IN, ask, decoded, error_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wall.egress import Answer, Egress

MAX_SESSIONS = 100
_HANDLE = regex.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|did:[a-z]+:\S+|[^\s@]+@[^\s@]+")


class _Tokens(msgspec.Struct, rename="camel"):
    access_jwt: str
    refresh_jwt: str


class Sessions:
    """One session for each account that is used. Signing in is rationed, so it is kept alive."""

    def __init__(self) -> None:
        self._known: dict[str, _Tokens] = {}

    async def ask(
        self,
        egress: Egress,
        server: str,
        method: str,
        query: Sequence[tuple[str, str]],
        *,
        account: tuple[str, str],
        now: datetime,
    ) -> Answer:
        """The answer to a question by `account` (handle, app password). Raises SourceError."""
        name = hashlib.sha256("\n".join((server, *account)).encode()).hexdigest()
        known = self._known.get(name)
        if known is not None:
            answer = await ask(egress, server, method, query, token=known.access_jwt)
            if not _is_over(answer):
                return answer
            known = await self._renewed(egress, server, known)
        tokens = known or await self._signed_in(egress, server, account, now)
        self._known.pop(name, None)
        while len(self._known) >= MAX_SESSIONS:
            del self._known[next(iter(self._known))]
        self._known[name] = tokens
        return await ask(egress, server, method, query, token=tokens.access_jwt)

    async def _renewed(self, egress: Egress, server: str, tokens: _Tokens) -> _Tokens | None:
        """Fresh tokens, None if only signing in helps."""
        method = "com.atproto.server.refreshSession"
        answer = await ask(egress, server, method, token=tokens.refresh_jwt, body=b"")
        try:
            return msgspec.json.decode(answer.body, type=_Tokens) if answer.status == 200 else None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None

    async def _signed_in(
        self, egress: Egress, server: str, account: tuple[str, str], now: datetime
    ) -> _Tokens:
        handle, password = account
        body = msgspec.json.encode({"identifier": handle, "password": password})
        method = "com.atproto.server.createSession"
        return decoded(await ask(egress, server, method, body=body), _Tokens, now)


def account_of(config: Mapping[str, str], token: str) -> tuple[str, str]:
    """Handle and app password of a source. Raises a permanent SourceError."""
    handle, password = config.get("handle", "").strip().removeprefix("@"), token.strip()
    if not handle or not password:
        raise SourceError(
            _(
                "Searching on Bluesky needs an account: its name and an app password. You make one "
                "there: Settings, Privacy and security, App passwords."
            ),
            permanent=True,
            wants_secret=True,
        )
    if not _HANDLE.fullmatch(handle):
        raise SourceError(
            _("This is not the name of a Bluesky account. Write it like name.bsky.social."),
            permanent=True,
        )
    return handle, password


def _is_over(answer: Answer) -> bool:
    return answer.status in (400, 401) and error_of(answer) in NOT_SIGNED_IN
