"""How a view declares that its answer may be kept and given to others. Keeps nothing. A leaf.

`eventhub.kept` keeps; what it needs to know travels on the response.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

MOST_S = 60.0  # whatever was overlooked heals within a minute
PROGRAMME = ("programme", "event")
MOVES = (*PROGRAMME, "moves")  # of a page that also tells what has moved
ALL_EVENTS = 0  # instead of an event's number: an answer about which events there are

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Keep:
    """Until when an answer stands: while nobody changes these topics of this event, and no longer.

    `for_everybody`: nothing in it depends on who asks. Else only those get it who bring no cookie
    but the language.
    """

    event_id: int
    topics: tuple[str, ...] = PROGRAMME
    seconds: float = MOST_S
    for_everybody: bool = False


def keepable(
    *,
    topics: tuple[str, ...] = PROGRAMME,
    seconds: float = MOST_S,
    for_everybody: bool = False,
    unless: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Mark a view below /SLUG/: its answers depend on path, query, language and these topics only.

    `seconds`: how long they may be right without any change, e.g. because they tell the time.
    `for_everybody`: the view itself is not told who asks, so that nothing personal can slip in.
    `unless`: with one of these in the query nothing is kept, e.g. with words that are looked for.
    What a closed event says, and what sets a cookie, is never kept.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def marked(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if for_everybody and not request.event.closed:
                _forget_who_asks(request)
            response = view(request, *args, **kwargs)
            if not request.event.closed and not any(name in request.GET for name in unless):
                keep(response, Keep(request.event.pk, topics, seconds, for_everybody))
            return response

        return marked

    return mark


def keep(response: HttpResponse, how: Keep) -> None:
    """Let this one answer be kept; for views that know only then whether it may be."""
    if response.status_code == 200:
        response.keep = how  # type: ignore[attr-defined]


def stands_for(request: HttpRequest, how: Keep) -> None:
    """Say deep inside a view what its answer will depend on; `keep_as_said` hears it."""
    request.keep = how  # type: ignore[attr-defined]


def keep_as_said(request: HttpRequest, response: HttpResponse) -> None:
    if (how := getattr(request, "keep", None)) is not None:
        keep(response, how)


def _forget_who_asks(request: Any) -> None:
    from django.contrib.auth.models import AnonymousUser  # not before the models are there

    request.COOKIES = {}
    request.attendee_key = None
    request.user = AnonymousUser()
    request.session = None  # whoever asks for it has not understood what they declared
