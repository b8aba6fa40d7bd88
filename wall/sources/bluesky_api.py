"""Ask Bluesky's servers for posts and authors, with words for every refusal. Translates nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import msgspec
from django.utils.translation import gettext_lazy as _

from wall import text
from wall.egress import EgressFailed, EgressRefused
from wall.sources.base import SourceError
from wall.sources.bluesky_shapes import Profile, View, each
from wall.sources.pacing import REFUSED_S, refusal
from wall.targets import parse_server

if TYPE_CHECKING:
    from wall.egress import Answer, Egress

APPVIEW = "https://public.api.bsky.app"
AT_ONCE = 25  # posts or authors in one question
MAX_QUERY_CHARS = 1950
MAX_BYTES = 4 << 20
NOT_SIGNED_IN = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})

T = TypeVar("T")


class _Posts(msgspec.Struct):
    posts: msgspec.Raw


class _Named(msgspec.Struct):
    uri: str


class _Profiles(msgspec.Struct):
    profiles: msgspec.Raw


class _Error(msgspec.Struct):
    error: str = ""


async def posts(
    config: Mapping[str, str], uris: Sequence[str], egress: Egress, now: datetime
) -> dict[str, View | None]:
    """Those of `uris` that stand, as everybody may see them; None: in a way we cannot read.

    Raises SourceError.
    """
    found: dict[str, View | None] = {}
    for some in _portions(uris):
        answer = await ask(
            egress, appview_of(config), "app.bsky.feed.getPosts", [("uris", uri) for uri in some]
        )
        told = decoded(answer, _Posts, now).posts
        found |= {named.uri: None for named in each(told, _Named)}
        found |= {view.uri: view for view in each(told, View)}
    return found


async def profiles(
    config: Mapping[str, str], dids: Sequence[str], egress: Egress, now: datetime
) -> dict[str, Profile]:
    """Those of `dids` that have an account, by DID. Raises SourceError."""
    found: list[Profile] = []
    for some in _portions(dids):
        answer = await ask(
            egress,
            appview_of(config),
            "app.bsky.actor.getProfiles",
            [("actors", did) for did in some],
        )
        found += each(decoded(answer, _Profiles, now).profiles, Profile)
    return {profile.did: profile for profile in found}


async def ask(
    egress: Egress,
    server: str,
    method: str,
    query: Sequence[tuple[str, str]] = (),
    *,
    token: str = "",
    body: bytes | None = None,
) -> Answer:
    """The answer to one question, whatever its status; with a `body`, an empty one too, to a POST.

    Raises SourceError if there is none.
    """
    url = f"{server}/xrpc/{method}" + (f"?{urlencode(query, safe=':/')}" if query else "")
    headers = {"Accept": "application/json"} | (
        {"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        if body is None:
            answer = await egress.get(url, headers=headers, max_bytes=MAX_BYTES)
        else:
            answer = await egress.post(url, body, headers=headers, max_bytes=MAX_BYTES)
    except EgressRefused as error:
        raise SourceError(error.message, retry_after_s=REFUSED_S) from error
    except EgressFailed as error:
        raise SourceError(error.message) from error
    # Bluesky names its limits without the X- that everybody else writes.
    limits = {f"x-{name}": value for name, value in answer.headers.items() if "ratelimit-" in name}
    return replace(answer, headers=limits | dict(answer.headers))


def decoded(answer: Answer, kind: type[T], now: datetime) -> T:
    """What a good answer says. Raises SourceError for any other."""
    if answer.status != 200:
        raise refused(answer, now)
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise SourceError(
            _("The server answers, but not as Bluesky does. Is its address right?")
        ) from error


def refused(answer: Answer, now: datetime) -> SourceError:
    """The failure behind a status other than 200, in words."""
    name = error_of(answer)
    if name == "AuthFactorTokenRequired":
        message = _(
            "Bluesky asks for a second factor. Please enter an app password instead of your own. "
            "You make one there: Settings, Privacy and security, App passwords."
        )
    elif name in ("AccountTakedown", "AccountDeactivated", "AccountSuspended"):
        message = _("This Bluesky account is closed.")
        return SourceError(message, retry_after_s=REFUSED_S)
    elif name in NOT_SIGNED_IN or answer.status == 401:
        message = _(
            "Bluesky does not accept this account with this app password. You make a new one "
            "there: Settings, Privacy and security, App passwords."
        )
    else:
        return refusal(answer, now)
    return SourceError(message, retry_after_s=REFUSED_S, wants_secret=True)


def error_of(answer: Answer) -> str:
    """The name of the error in an answer, "" if it names none."""
    try:
        return msgspec.json.decode(answer.body, type=_Error).error
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""


def tag_of(config: Mapping[str, str]) -> str:
    """The hashtag without #. Raises a permanent SourceError."""
    tag = text.normalise(config.get("tag", "")).removeprefix("#")
    if not text.is_tag(tag):
        raise SourceError(_("The hashtag must be one word of letters and digits."), permanent=True)
    return tag


def appview_of(config: Mapping[str, str]) -> str:
    """Where everybody may ask for posts and authors."""
    return server_of(config, "appview", APPVIEW)


def server_of(config: Mapping[str, str], name: str, usual: str) -> str:
    """The base URL in the settings, `usual` if none is given. Raises a permanent SourceError."""
    try:
        return parse_server(config.get(name) or usual)
    except ValueError as error:
        raise SourceError(error.args[0], permanent=True) from error


def _portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many as one address holds, at most AT_ONCE."""
    start = chars = 0
    for index, name in enumerate(names):
        chars += len(name) + len("actors=&")
        if index - start == AT_ONCE or chars > MAX_QUERY_CHARS:
            yield names[start:index]
            start, chars = index, len(name)
    if start < len(names):
        yield names[start:]
