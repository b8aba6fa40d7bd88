"""Have a grid proposed for what waits: asked for, worked out, kept until it is looked at.

The solving is done by a thread of its own beside the requests, in a child process. Places nothing:
that is `agenda.accepting`.
"""

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agenda import placement
from agenda.models import Barcamp, Event, Suggestion, User
from agenda.solving.problem import in_rooms
from agenda.suggestion_words import Words, left_out
from agenda.waiting import Waiting, waiting

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
TAKES_S = placement.Limits().wall_s
LOST_AFTER = timedelta(minutes=1)  # longer than any solving takes
MAX_AT_ONCE = 2  # in this process: each has two cores' worth of work
State = Suggestion.State
Content = dict[str, Any]


class TooManyError(Exception):
    """As many grids are being worked out as this process may; nothing was begun."""


class NothingToSuggest(Exception):
    """There is no card, no free place, or no barcamp any more; `message` says which."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


_mutex = threading.Lock()
_running: dict[str, threading.Thread] = {}


def newest(event: Event) -> Suggestion | None:
    """The one that is being worked out or waits to be looked at."""
    found = Suggestion.objects.filter(event=event, state__in=(State.WORKING, State.READY))
    return found.select_related("event").order_by("-at").first()


def why_not(event: Event, about: Waiting) -> str:
    """Why there is nothing to suggest, "" if there is."""
    if Barcamp.objects.filter(event=event, phase=Barcamp.Phase.CLOSED).exists():
        return _("The barcamp is over.")
    if not about.proposals:
        return _("No proposal is waiting for a place.")
    if not about.periods:
        return _("There is no time row to come. Add some in the setup.")
    if not about.places:
        return _("Nothing is free any more: every room has something in every row to come.")
    return ""


def begin(event: Event, *, by: User, language: str) -> Suggestion:
    """Have a grid worked out; the one that is being worked out already if there is one.

    Raises TooManyError, NothingToSuggest.
    """
    now = timezone.now()
    forget_old(now)
    if reason := why_not(event, waiting(event, now)):
        raise NothingToSuggest(reason)
    with _mutex:
        under_way = newest(event)
        if under_way is not None and look(under_way, now).state == State.WORKING:
            return under_way
        if len(_running) >= MAX_AT_ONCE:
            raise TooManyError
        found = Suggestion.objects.create(event=event, by=by)
        thread = threading.Thread(
            target=_work, args=(found.pk, language), name="suggestion", daemon=True
        )
        _running[found.key] = thread
    thread.start()
    return found


def _work(pk: int, language: str) -> None:
    key = ""
    try:
        found = Suggestion.objects.select_related("event").get(pk=pk)
        key = found.key
        with translation.override(language):
            _guarded(found)
    except Suggestion.DoesNotExist:
        pass  # discarded, or the event was deleted meanwhile
    finally:
        with _mutex:
            _running.pop(key, None)
        connection.close()


def _guarded(found: Suggestion) -> None:
    try:
        _end(found, State.READY, work_out(found.event, timezone.now()))
    except NothingToSuggest as nothing:
        _end(found, State.FAILED, {"refused": nothing.message})
    except Exception:  # whatever broke: the person waits for a sentence, and nothing was placed
        log.exception("suggestion failed", extra={"suggestion": found.pk})
        words = _("This went wrong on our side, and nothing was placed. Please try again.")
        _end(found, State.FAILED, {"refused": words})


def work_out(event: Event, at: datetime) -> Content:
    """What the page shows: cards with reasons, what stays in the lot and why, who is torn."""
    about = waiting(event, at)
    if reason := why_not(event, about):
        raise NothingToSuggest(reason)
    placed = placement.propose(about.problem)
    words = Words(event, about, placed)
    rooms = in_rooms(about.problem, placed.grid)
    cards = [
        _card(about, words, card, row, room)
        for card, (row, room) in enumerate(zip(placed.grid, rooms, strict=True))
        if room is not None
    ]
    return {
        "cards": sorted(cards, key=lambda one: (one["starts_at"], one["order"])),
        "left": [
            {"title": about.proposals[card].title, "why": words.why_not(card)}
            for card in left_out(placed)
        ],
        "language": (translation.get_language() or "en")[:2],
        "conflicts": words.conflicts(),
        "torn": placed.score.torn,
        "greedy": placed.greedy.torn,
        # Of cards that stay, the bound counts who wants them as well: then it says less.
        "bound": placed.bound if not placed.score.left else None,
        "wishes": sum(map(len, about.problem.wishes)),
        "skipped": [words.row(period) for period in about.skipped],
    }


def _card(about: Waiting, words: Words, card: int, row: int, room: int) -> Content:
    proposal, period = about.proposals[card], about.periods[row]
    return {
        "key": proposal.key,
        "title": proposal.title,
        "host": proposal.host,
        "room": room,
        "room_name": about.rooms[room].name,
        "order": about.rooms[room].position,
        "period": period.pk,
        "starts_at": period.starts_at.isoformat(),
        "ends_at": period.ends_at.isoformat(),
        "row": words.row(period),
        "reasons": words.why_here(card, room),
        "state": "open",  # open, placed, refused
        "said": "",
    }


def _end(found: Suggestion, state: Suggestion.State, content: Content) -> None:
    still = Suggestion.objects.filter(pk=found.pk, state=State.WORKING)
    still.update(state=state, content=content)


def look(found: Suggestion, now: datetime) -> Suggestion:
    """As it stands at `now` (aware); failed if whoever worked on it is gone."""
    alive = found.key in _running or found.at > now - LOST_AFTER
    if found.state == State.WORKING and not alive:
        words = _("The server was stopped meanwhile. Please ask again.")
        _end(found, State.FAILED, {"refused": words})
        found.refresh_from_db()
    return found


def discard(found: Suggestion) -> None:
    Suggestion.objects.filter(pk=found.pk).delete()


def forget_old(now: datetime) -> int:
    """Suggestions hold titles and names: after a day they are gone."""
    gone, _rows = Suggestion.objects.filter(at__lt=now - KEPT).delete()
    return gone


def wait(key: str, timeout_s: float) -> None:
    """Until the work on this suggestion in this process is done."""
    if (thread := _running.get(key)) is not None:
        thread.join(timeout_s)
