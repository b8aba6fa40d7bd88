"""How fast a server may be asked, by what its answers say about limits. Sends nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from wall.sources.base import SourceError

if TYPE_CHECKING:
    from wall.egress import Answer

RESERVE = 50  # requests; with more left there is no need to spread them
LONGEST_S = 900.0  # the longest pause a server can impose: its clock may be wrong
SHORTEST_S = 5.0  # the shortest after a refusal
CLOCK_IS_OFF_S = 60.0
REFUSED_S = 300.0  # people have to mend it, so ask slowly, but do ask: tokens get fixed


def pause_s(answer: Answer, now: datetime, *, usual_s: float) -> tuple[float, int | None]:
    """Seconds until the next request, and the requests the server still grants (None: unsaid).

    Few requests left are spread over the time until they are renewed.
    """
    left = _whole(answer.headers.get("x-ratelimit-remaining", ""))
    until = _seconds_until(answer.headers.get("x-ratelimit-reset", ""), _clock_of(answer, now))
    if left is None or until is None or left > RESERVE:
        return usual_s, left
    return min(max(usual_s, until / max(left, 1)), LONGEST_S), left


def refusal(answer: Answer, now: datetime) -> SourceError:
    """The failure behind a status other than 200: what to tell people, and when to ask again.

    Nothing here is permanent: organizers correct tokens and servers change their minds. A fault of
    the server without a word on when to come back leaves the pause to the caller.
    """
    its_now = _clock_of(answer, now)
    asked = _seconds_until(answer.headers.get("retry-after", ""), its_now)
    match answer.status:
        case 429:
            reset = _seconds_until(answer.headers.get("x-ratelimit-reset", ""), its_now)
            wait = next((wait for wait in (asked, reset) if wait is not None), 60.0)
            return SourceError(
                _("The server asks us to wait before we ask again."),
                retry_after_s=min(max(wait, SHORTEST_S), LONGEST_S),
            )
        case 401:
            message = _("The server wants an access token, or does not accept the one given.")
        case 403:
            message = _("The server does not let us read this hashtag.")
        case 404 | 410:
            message = _("The server knows no such page. Perhaps it is no Mastodon server.")
        case 422:
            message = _("The server does not understand the question. Is the hashtag right?")
        case status if status >= 500:
            return SourceError(
                format_lazy(_("The server has a problem (HTTP {status})."), status=status),
                retry_after_s=None if asked is None else min(max(asked, SHORTEST_S), LONGEST_S),
            )
        case status:
            message = format_lazy(
                _("The server answers in an unexpected way (HTTP {status})."), status=status
            )
    return SourceError(message, retry_after_s=REFUSED_S, wants_secret=answer.status == 401)


def _clock_of(answer: Answer, now: datetime) -> datetime:
    """What time it is for a server whose own clock is off: its moments are to be read by that."""
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
        its_now = told if told.tzinfo else told.replace(tzinfo=UTC)
        return its_now if abs((its_now - now).total_seconds()) > CLOCK_IS_OFF_S else now
    except (ValueError, OverflowError, TypeError, IndexError):
        return now


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _seconds_until(text: str, now: datetime) -> float | None:
    """Seconds from `now` to what a header names: a number of seconds, an ISO or an HTTP date.

    Numbers above a billion are seconds since 1970, as some servers send. Never negative.
    """
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        if not isfinite(number):
            return None
        return max(number - now.timestamp() if number > 1e9 else number, 0.0)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return max((moment - now).total_seconds(), 0.0)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
