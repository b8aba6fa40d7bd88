"""Asks a Mastodon server for the posts of its tags and translates them. Stores and judges nothing.

Facts: Mastodon's documentation, methods/timelines and api/rate-limits. Other servers that speak the
same interface differ in details, so what is missing or odd costs one item, never the batch.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from django.utils.translation import gettext_lazy as _

from wall import text
from wall.egress import EgressFailed, EgressRefused
from wall.sources.base import Batch, Incoming, Known, SourceError
from wall.sources.choice import SOURCE, also_read, is_another_tag
from wall.sources.mastodon_check import Listing, Questions
from wall.sources.mastodon_late import PAGE, LookingBack, is_of_late, read_to
from wall.sources.mastodon_status import age, id_of, translated
from wall.sources.mastodon_stream import TagStream
from wall.sources.pacing import pause_s, refusal
from wall.targets import parse_server

if TYPE_CHECKING:
    from wall.egress import Answer, Egress

FIRST_PAGE = 20  # posts
POLL_S = 10.0  # paging requests have a limit of their own: 300 in 15 minutes
SLOW_S = 300.0  # after a refusal that only people can end
MAX_TAGS = 4  # in one question
MAX_BYTES = 4 << 20  # forty posts with everything Mastodon says about them


class Mastodon:
    """config: "server" (a name or an address) and "tag"; the token is optional on most servers.

    The cursor is the highest id seen. Without one the newest page is taken; with one the page just
    above it, until no full page comes back, so nothing is left out however long we were away. Once
    a minute it is the newest page again: some posts are filed below what we have seen.
    """

    kind = "mastodon"

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._listing = Listing()
        self._back = LookingBack(now)

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        """The posts after `cursor`. Raises SourceError, permanent only for unusable settings.

        Faults that may pass carry no retry time: the caller waits longer each time.
        """
        server, tags = _place(config)
        back = self._back.is_due(config.get(SOURCE) or f"{server} {tags}") and bool(cursor)
        url = _timeline(server, tags, cursor, back=back)
        headers = {"Accept": "application/json"} | _authorization(token)
        try:
            answer = await egress.get(url, headers=headers, max_bytes=MAX_BYTES)
        except EgressRefused as error:
            raise SourceError(error.message, retry_after_s=SLOW_S) from error
        except EgressFailed as error:
            raise SourceError(error.message) from error
        now = self._now()
        if answer.status == 404 and await self._is_only_unknown(server, answer, headers, egress):
            return Batch(items=(), cursor=cursor, wait_s=POLL_S)
        if answer.status != 200:
            raise _refused(answer, now, has_token=bool(token.strip()))

        raw = _listed(answer, has_token=bool(token.strip()))
        seen, more = read_to([id_of(one) for one in raw], cursor, back=back)
        wait_s, rate_left = pause_s(answer, now, usual_s=0.0 if more else POLL_S)
        raw.sort(key=lambda one: age(id_of(one)))
        items = [translated(one, server, now) for one in raw if not (back and more)]
        return Batch(
            items=tuple(
                item
                for item in items
                if item is not None
                and not is_another_tag(item, tags)
                and (not back or is_of_late(item, cursor, now))
            ),
            cursor=seen,
            wait_s=wait_s,
            rate_left=rate_left,
        )

    async def _is_only_unknown(
        self, server: str, answer: Answer, headers: Mapping[str, str], egress: Egress
    ) -> bool:
        """Whether a server of this kind says that nobody has used the hashtag yet."""
        if not _says(answer):
            return False
        try:
            about = await egress.get(f"{server}/api/v1/instance", headers=headers)
        except (EgressRefused, EgressFailed):
            return False
        return about.status == 200 and bool(_says(about))

    async def stream(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> AsyncGenerator[Batch, None]:
        """What the server tells at once, to whoever has a user's token. Raises SourceError."""
        server, tags = _place(config)
        headers = _authorization(token)
        if not headers:
            message = _("With an access token the server tells of new posts at once.")
            raise SourceError(message, permanent=True)
        told = TagStream(server, tags, headers, egress, self._now).batches()
        async with aclosing(told):
            async for batch in told:
                yield batch

    def check_at_once(self, config: Mapping[str, str]) -> int:
        return self._listing.at_once(_place(config)[0])

    async def check(
        self, config: Mapping[str, str], token: str, posts: Sequence[Known], egress: Egress
    ) -> Sequence[Incoming]:
        """Each of `posts` as the server has it now. Raises SourceError before it has heard any."""
        server, tags = _place(config)
        headers = {"Accept": "application/json"} | _authorization(token)
        questions = Questions(server, tags, headers, egress, self._now)
        await questions.ask(posts, self._listing)
        return questions.heard


def _place(config: Mapping[str, str]) -> tuple[str, list[str]]:
    """The server's base URL and the tags to read. Raises a permanent SourceError."""
    try:
        server = parse_server(config.get("server", ""))
    except ValueError as error:
        raise SourceError(error.args[0], permanent=True) from error
    tag = text.normalise(config.get("tag", "")).removeprefix("#")
    if not text.is_tag(tag):
        raise SourceError(_("The hashtag must be one word of letters and digits."), permanent=True)
    return server, [tag, *also_read(config, tag)][:MAX_TAGS]


def _timeline(server: str, tags: Sequence[str], cursor: str, *, back: bool) -> str:
    page = f"limit={PAGE if cursor else FIRST_PAGE}"
    if cursor and not back:
        page += f"&min_id={quote(cursor, safe='')}"
    also = "".join(f"&any[]={quote(tag, safe='')}" for tag in tags[1:])
    return f"{server}/api/v1/timelines/tag/{quote(tags[0], safe='')}?{page}{also}"


def _authorization(token: str) -> dict[str, str]:
    token = token.strip()
    if not token:
        return {}
    if not token.isascii() or not token.isprintable() or " " in token:
        raise SourceError(_("The access token contains characters it cannot have."), permanent=True)
    return {"Authorization": f"Bearer {token}"}


def _says(answer: Answer) -> dict[str, object]:
    """The object of the answer; empty if it is none."""
    try:
        return msgspec.json.decode(answer.body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _refused(answer: Answer, now: datetime, *, has_token: bool) -> SourceError:
    """As everywhere; and that strangers may not read, which servers say in different ways.

    Pixelfed and Akkoma answer 403, Mastodon 422 where hashtags are for signed-in people only.
    """
    said = str(_says(answer).get("error", "")).lower()
    closed = answer.status in (401, 403) or (answer.status == 422 and "authenticated" in said)
    if not closed:
        return refusal(answer, now)
    if not has_token:
        words = _(
            "The server lets nobody read this hashtag without an access token. You get one there, "
            "signed in: Preferences, Development, New application."
        )
    elif answer.status == 403:
        words = _(
            "The server does not let this access token read the hashtag. You make another one "
            "there, with read:statuses ticked: Preferences, Development, New application."
        )
    else:
        words = _(
            "The server does not accept this access token. You make a new one there, signed in: "
            "Preferences, Development, New application."
        )
    return SourceError(words, retry_after_s=SLOW_S, wants_secret=True)


def _listed(answer: Answer, *, has_token: bool) -> list[msgspec.Raw]:
    """The items of the answer, each still unread. Raises SourceError if it is no list."""
    try:
        return msgspec.json.decode(answer.body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if answer.body.lstrip()[:1] == b"<":
            message = _(
                "The server answers with a web page instead of posts. Perhaps the network wants "
                "a log-in first, or this is no Mastodon server."
            )
            raise SourceError(message, wants_secret=not has_token) from error
        message = _("The server answers, but not with posts. Perhaps it is no Mastodon server.")
        raise SourceError(message) from error
